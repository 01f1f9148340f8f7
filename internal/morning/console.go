package morning

import (
	"fmt"
	"io"
	"strings"
)

// column is where the English text begins, in terminal cells.
const column = 50

// console writes every line in Chinese with English beside it.
type console struct {
	out io.Writer
	err error // the first that a write met
}

func (c *console) raw(text string) {
	if c.err == nil {
		_, c.err = io.WriteString(c.out, text+"\n")
	}
}

// head opens a part of the play.
func (c *console) head(zh, en string) { c.raw("\n" + pad("▌ "+zh, column) + "  " + en) }

// say tells one step. Both texts take the same arguments.
func (c *console) say(zh, en string, args ...any) {
	c.raw(pad("  "+fmt.Sprintf(zh, args...), column) + "  " + fmt.Sprintf(en, args...))
}

// table writes rows of cells under a header, with columns as wide as they need.
func (c *console) table(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], cells(cell))
		}
	}
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString("  " + pad(cell, widths[i]))
		}
		c.raw(strings.TrimRight(line.String(), " "))
		if n == 0 {
			var rule strings.Builder
			for _, w := range widths {
				rule.WriteString("  " + strings.Repeat("─", w))
			}
			c.raw(rule.String())
		}
	}
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-cells(text)))
}

// cells is how many terminal cells a text takes: Chinese characters and
// full-width signs take two.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x2E80 && r <= 0xFFDC && (r < 0xD800 || r > 0xFEFF) || r >= 0xFF00 && r <= 0xFF60 {
			n++
		}
	}
	return n
}

// grouped writes a whole number with its thousands apart.
func grouped[T int | int64](n T) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// yuan writes an amount in fen.
func yuan(fen int) string { return fmt.Sprintf("¥%s.%02d", grouped(fen/100), fen%100) }
