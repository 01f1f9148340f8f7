package imageworker

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"

	"satchel/media"
	"satchel/media/documents"
)

const (
	// Argument makes a process of this binary an image worker.
	Argument = "developed-in-the-dark"

	memoryEnv = "SATCHEL_DARKROOM_MEMORY"
)

// largeMemory is what decoding a picture takes, in bytes, from which it is made
// alone: a plain JPEG of a phone stays below.
const largeMemory = 48 << 20

// job and answer go over the child's standard input and output. A job is a photo
// to be developed, unless Paper says how it is to be read as a paper, or Preview
// of which size one is made.
type job struct {
	Path    string
	Want    media.Want
	Paper   *documents.Options
	Preview string
	Alone   bool // no other large one is at work
}

type answer struct {
	Large        bool // it is to be made alone; nothing was decoded
	Developed    media.Developed
	Preview      []byte
	Paper        documents.Paper
	Refusal      *media.Refusal
	PaperRefusal *documents.Refusal
	Failure      string
}

func (a answer) result() (answer, error) {
	switch {
	case a.Refusal != nil:
		return answer{}, a.Refusal
	case a.PaperRefusal != nil:
		return answer{}, a.PaperRefusal
	case a.Failure != "":
		return answer{}, errors.New(a.Failure)
	}
	return a, nil
}

// What an image worker is for; its tests plant files that kill it.
var (
	develop     = media.Develop
	readPaper   = documents.Read
	makePreview = media.Preview
)

// Main makes an image worker of this process if it was started as one, and does not
// return then. A program calls it before anything else.
func Main() {
	if len(os.Args) != 2 || os.Args[1] != Argument {
		return
	}
	runtime.GOMAXPROCS(1) // there is a process for each core
	if limit, err := strconv.ParseInt(os.Getenv(memoryEnv), 10, 64); err == nil && limit > 0 {
		// The collector works from where one small picture is, the system keeps the limit.
		debug.SetMemoryLimit(limit / 8)
		limitMemory(limit)
	}
	stepBack()
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "image worker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve works on what comes until the parent closes the line or is gone.
func serve(in io.Reader, out io.Writer) error {
	from, to := gob.NewDecoder(in), gob.NewEncoder(out)
	for {
		var j job
		if err := from.Decode(&j); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := to.Encode(work(j)); err != nil {
			return err
		}
	}
}

func work(j job) (a answer) {
	most := j.Want.Limits.Bytes
	if j.Paper != nil {
		most = j.Paper.Bytes
	}
	data, err := read(j.Path, most)
	if err == nil && j.Paper == nil && !j.Alone {
		if facts, err := media.Inspect(data, j.Want.Limits); err == nil && facts.Memory > largeMemory {
			return answer{Large: true}
		}
	}
	if j.Alone { // what the ones before left must not add up with it
		debug.FreeOSMemory()
		defer debug.FreeOSMemory()
	}
	if err == nil {
		switch {
		case j.Paper != nil:
			a.Paper, err = readPaper(data, *j.Paper)
		case j.Preview != "":
			a.Preview, err = makePreview(data, j.Want.Limits, j.Preview)
		default:
			a.Developed, err = develop(data, j.Want)
		}
	}
	if err == nil {
		return a
	}
	if refusal, ok := errors.AsType[*media.Refusal](err); ok {
		return answer{Refusal: refusal}
	}
	if refusal, ok := errors.AsType[*documents.Refusal](err); ok {
		return answer{PaperRefusal: refusal}
	}
	return answer{Failure: err.Error()}
}

// read takes one byte more than the limit, by which the guard knows the file for too large.
func read(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	if most > 0 {
		size = min(size, most+1)
	}
	data := make([]byte, size)
	_, err = io.ReadFull(file, data)
	return data, err
}
