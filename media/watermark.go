package media

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	bundled "satchel/media/font"
)

const (
	markLines   = 6  // more would cover the photo
	markShare   = 36 // letters of this height fit onto the shorter side
	smallestPx  = 9  // below this nobody reads Chinese
	markOpacity = 120
)

// takenMark begins a line that gives way to the camera's own time. It is a
// letter for private use, which no text has.
const takenMark = "\uE000"

// TakenLine is a line of a watermark that says when the photo was taken, as its
// camera noted it, or otherwise if it noted nothing.
func TakenLine(otherwise string) string { return takenMark + otherwise }

// lineOf is what a line of a watermark says on a photo.
func lineOf(line string, facts Facts) string {
	otherwise, taken := strings.CutPrefix(line, takenMark)
	if !taken || len(facts.TakenAt) < len("2006-01-02T15:04") {
		return otherwise
	}
	return facts.TakenAt[:len("2006-01-02")] + " " + facts.TakenAt[len("2006-01-02T"):len("2006-01-02T15:04")]
}

var parsed = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(bundled.TTF()) })

// watermark writes lines at the lower left, on a darkened band. A line that is
// wider than the picture ends in an ellipsis; a picture too small for any
// letter stays as it is.
func watermark(img *image.NRGBA, lines []string, facts Facts) error {
	if len(lines) == 0 {
		return nil
	}
	lines = lines[:min(len(lines), markLines)]
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := max(smallestPx, min(w, h)/markShare)
	pad := size / 2
	high := size * 4 / 3
	band := image.Rect(0, h-len(lines)*high-2*pad, w, h)
	if band.Min.Y < h/3 || w < 8*size {
		return nil
	}
	typeface, err := parsed()
	if err != nil {
		return fmt.Errorf("read the font: %w", err)
	}
	face, err := opentype.NewFace(typeface, &opentype.FaceOptions{Size: float64(size), DPI: 72})
	if err != nil {
		return fmt.Errorf("set the font: %w", err)
	}
	defer func() { _ = face.Close() }() // it holds nothing
	canvas := asRGBA(img)
	draw.Draw(canvas, band, image.NewUniform(color.NRGBA{A: markOpacity}), image.Point{}, draw.Over)
	pen := font.Drawer{Dst: canvas, Src: image.White, Face: face}
	for i, line := range lines {
		pen.Dot = fixed.P(pad, band.Min.Y+pad+i*high+size)
		pen.DrawString(cut(face, lineOf(line, facts), w-2*pad))
	}
	return nil
}

// cut shortens a line to a width in pixels.
func cut(face font.Face, line string, width int) string {
	if font.MeasureString(face, line).Ceil() <= width {
		return line
	}
	runes := []rune(line)
	for len(runes) > 0 {
		runes = runes[:len(runes)-1]
		if font.MeasureString(face, string(runes)+"…").Ceil() <= width {
			break
		}
	}
	return string(runes) + "…"
}
