package darkroom

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
)

const (
	// Argument makes a process of this binary a darkroom.
	Argument = "developed-in-the-dark"

	memoryEnv = "SATCHEL_DARKROOM_MEMORY"
)

// job and answer go over the child's standard input and output.
type job struct {
	Path string
	Want media.Want
}

type answer struct {
	Developed media.Developed
	Refusal   *media.Refusal
	Failure   string
}

func (a answer) result() (media.Developed, error) {
	switch {
	case a.Refusal != nil:
		return media.Developed{}, a.Refusal
	case a.Failure != "":
		return media.Developed{}, errors.New(a.Failure)
	}
	return a.Developed, nil
}

// develop is what a darkroom is for; its tests plant files that kill it.
var develop = media.Develop

// Main makes a darkroom of this process if it was started as one, and does not
// return then. A program calls it before anything else.
func Main() {
	if len(os.Args) != 2 || os.Args[1] != Argument {
		return
	}
	runtime.GOMAXPROCS(1) // there is a process for each core
	if limit, err := strconv.ParseInt(os.Getenv(memoryEnv), 10, 64); err == nil && limit > 0 {
		// The collector works harder towards the limit, the system keeps it.
		debug.SetMemoryLimit(limit / 2)
		limitMemory(limit)
	}
	stepBack()
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "darkroom:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve develops what comes until the parent closes the line or is gone.
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
	data, err := read(j.Path, j.Want.Limits.Bytes)
	if err == nil {
		a.Developed, err = develop(data, j.Want)
	}
	if err == nil {
		return a
	}
	a = answer{Failure: err.Error()}
	if refusal, ok := errors.AsType[*media.Refusal](err); ok {
		a = answer{Refusal: refusal}
	}
	return a
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
