// Package ocr reads the text of a picture by a program that may be installed.
package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Reader reads the text of the picture at a path, line by line.
type Reader interface {
	// Available reports whether there is something to read with.
	Available() bool
	Text(ctx context.Context, path string) (string, error)
}

const (
	defaultLimit = 60 * time.Second
	maxOutput    = 256 << 10
	maxThreads   = "OMP_THREAD_LIMIT=1" // it would take every core
)

// Tesseract is the program of that name, with the data for Chinese and English
// (Debian: tesseract-ocr, tesseract-ocr-chi-sim). It runs in a process of its
// own that lets others go first, and ends with its time.
type Tesseract struct {
	Limit time.Duration // a minute by default
}

// Available reports whether the program is on the PATH.
func (Tesseract) Available() bool {
	_, err := exec.LookPath("tesseract")
	return err == nil
}

// Text implements Reader.
func (t Tesseract) Text(ctx context.Context, path string) (string, error) {
	limit := t.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	args := []string{"tesseract", path, "stdout", "-l", "chi_sim+eng", "--psm", "6"}
	if nice, err := exec.LookPath("nice"); err == nil {
		args = append([]string{nice, "-n", "15"}, args...)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(cmd.Environ(), maxThreads)
	cmd.WaitDelay = time.Second // of what it started and left behind
	var out, said capped
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = errors.Join(ctx.Err(), err)
		}
		return "", fmt.Errorf("tesseract: %w: %s", err, strings.TrimSpace(said.kept.String()))
	}
	return out.kept.String(), nil
}

// capped keeps the beginning of what is written.
type capped struct{ kept bytes.Buffer }

func (c *capped) Write(p []byte) (int, error) {
	if room := maxOutput - c.kept.Len(); room > 0 {
		c.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (c *capped) String() string { return strings.ToValidUTF8(c.kept.String(), "") }
