// Package qrprogram reads QRs by a program that may be installed.
package qrprogram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

const (
	name      = "ZXingReader"
	limit     = time.Second
	maxOutput = 64 << 10
	maxTexts  = 12

	// limits bound memory in KiB, and CPU in seconds for when nobody is left to end it;
	// it writes no file.
	limits = `ulimit -v 524288; ulimit -t 2; ulimit -f 0; ulimit -c 0; exec "$0" "$@"`
)

// Find is the path of the program, or empty if it is not installed (Debian:
// zxing-cpp-tools).
func Find() string {
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// Program is the path of ZXingReader. It runs in a process of its own, which ends
// with its time, its memory and whoever started it.
type Program string

// Read tells the texts of the QRs on a picture.
func (p Program) Read(ctx context.Context, img *image.Gray) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", limits, string(p), "-format", "QRCode", "-1", "/dev/stdin")
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	cmd.WaitDelay = 100 * time.Millisecond // of what it started and left behind
	cmd.Stdin = bytes.NewReader(pgm(img))
	together(cmd)
	out := &capped{}
	cmd.Stdout = out
	// It exits with 1 if there is no QR.
	if err := cmd.Run(); err != nil && (ctx.Err() != nil || !exited(err)) {
		return nil, fmt.Errorf("%s: %w", name, errors.Join(ctx.Err(), err))
	}
	return texts(out.kept.Bytes()), nil
}

func exited(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && exit.Exited()
}

// pgm is the simplest file of a picture in grey.
func pgm(img *image.Gray) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := fmt.Appendf(make([]byte, 0, w*h+32), "P5\n%d %d\n255\n", w, h)
	for y := range h {
		out = append(out, img.Pix[y*img.Stride:][:w]...)
	}
	return out
}

// said is a line of the program's: the file, the format, and the text, in which
// what is not printed stands in angle brackets.
var (
	said    = regexp.MustCompile(`(?m)^/dev/stdin QR ?Code "(.*)"$`)
	escaped = regexp.MustCompile(`<U\+([0-9A-F]{4,6})>`)
)

func texts(out []byte) (list []string) {
	for _, m := range said.FindAllSubmatch(out, maxTexts) {
		list = append(list, escaped.ReplaceAllStringFunc(string(bytes.ToValidUTF8(m[1], nil)), func(s string) string {
			n, err := strconv.ParseInt(s[3:len(s)-1], 16, 32)
			if err != nil {
				return s
			}
			return string(rune(n))
		}))
	}
	return list
}

// capped keeps the beginning of what is written.
type capped struct{ kept bytes.Buffer }

func (c *capped) Write(p []byte) (int, error) {
	if room := maxOutput - c.kept.Len(); room > 0 {
		c.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
