package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"satchel/media/documents"
	"satchel/media/documents/papertest"
)

// paperFigures are how many spoiled QRs are read, and what that costs.
type paperFigures struct {
	read, of  map[string]int // by harm
	wrong     int
	cpu       []time.Duration // of each sample, with decoding
	documents map[string]time.Duration
}

// papers reads the 40 spoiled samples, and a paper of each other kind.
func (r *report) papers() error {
	f := &r.papersRun
	f.read, f.of, f.documents = map[string]int{}, map[string]int{}, map[string]time.Duration{}
	for _, s := range papertest.SpoiledSamples() {
		how, _, _ := strings.Cut(s.Name, "-")
		paper, spent, err := readPaper(s.JPEG)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		f.cpu = append(f.cpu, spent)
		f.of[how]++
		switch {
		case slices.Equal(paper.QR, []string{s.Text}):
			f.read[how]++
		case len(paper.QR) > 0:
			f.wrong++
		}
	}
	slices.Sort(f.cpu)
	v := papertest.Sample
	for name, data := range map[string][]byte{
		"PDF": v.PDF(papertest.PDFOptions{Picture: papertest.QR(v.QRText(), 4)}), "OFD": v.OFD(papertest.OFDOptions{Custom: true, Tags: true}), "XML": v.XML(),
	} {
		paper, spent, err := readPaper(data)
		if err != nil || len(paper.Readings) == 0 {
			return fmt.Errorf("%s was not read: %w", name, err)
		}
		f.documents[name] = spent
	}
	return nil
}

func readPaper(data []byte) (documents.Paper, time.Duration, error) {
	runtime.GC()
	var usage syscall.Rusage
	before, err := cpuOf(&usage)
	if err != nil {
		return documents.Paper{}, 0, err
	}
	paper, err := documents.Read(data, documents.DefaultOptions)
	if err != nil {
		return paper, 0, err
	}
	after, err := cpuOf(&usage)
	return paper, after - before, err
}

func (f *paperFigures) write(line func(string, ...any)) {
	line("\n## QRs of 40 pictures that were spoiled on purpose\n")
	read, of := 0, 0
	var parts []string
	for _, how := range []string{"turn", "blur", "slant", "dark", "page"} {
		read, of = read+f.read[how], of+f.of[how]
		parts = append(parts, fmt.Sprintf("%s %d/%d", how, f.read[how], f.of[how]))
	}
	line("- %d of %d are read (%s), %d are read wrong", read, of, strings.Join(parts, ", "), f.wrong)
	line("- %d ms of CPU at the median, %d ms at most, decoding included", f.cpu[len(f.cpu)/2].Milliseconds(), f.cpu[len(f.cpu)-1].Milliseconds())
	for _, name := range []string{"PDF", "OFD", "XML"} {
		line("- an invoice as %s: %.1f ms of CPU", name, float64(f.documents[name].Microseconds())/1000)
	}
}
