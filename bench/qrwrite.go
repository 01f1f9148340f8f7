package main

import "time"

// The most CPU that reading may take, the pixels given.
const (
	qrMedian        = 150 * time.Millisecond
	qrMedianProgram = 50 * time.Millisecond
	qrMost          = 1500 * time.Millisecond
)

func writeQRs(figures []qrFigures, line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## QRs of pictures by which readers are compared, the pixels given\n")
	for _, f := range figures {
		name := f.name + ", " + f.reader
		if f.missing {
			line("- %s: **NOT MEASURED**", name)
			continue
		}
		bound := qrMedian
		if f.reader != figures[0].reader {
			bound = qrMedianProgram
		}
		median, most := f.cpu[len(f.cpu)/2], f.cpu[len(f.cpu)-1]
		met := f.read >= f.goal && f.wrong == 0 && most <= qrMost && (f.none || median <= bound)
		goal(name, met, "%d of %d read (goal: %d), %d wrong, %.1f ms of CPU at the median, %d ms at most",
			f.read, len(f.cpu), f.goal, f.wrong, float64(median.Microseconds())/1000, most.Milliseconds())
	}
}
