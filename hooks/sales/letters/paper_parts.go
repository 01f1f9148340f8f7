package letters

import (
	"fmt"
	"strings"

	"github.com/signintech/gopdf"
)

// middle writes a line in the middle of the page.
func (s *sheet) middle(size, height float64, text string) error {
	if err := s.SetFont("text", "", size); err != nil {
		return err
	}
	s.SetXY(pageLeft, s.y)
	s.y += height
	return s.CellWithOption(&gopdf.Rect{W: pageWidth, H: height}, text, gopdf.CellOption{Align: gopdf.Center})
}

// text writes a paragraph on as many lines as it takes.
func (s *sheet) text(size float64, text string) error {
	if err := s.SetFont("text", "", size); err != nil {
		return err
	}
	if text == "" {
		s.y += rowHeight / 2
		return nil
	}
	parts, err := s.SplitText(text, pageWidth)
	if err != nil {
		return err
	}
	for _, part := range hung(parts) {
		s.room(rowHeight)
		if err := s.SetFont("text", "", size); err != nil {
			return err
		}
		s.SetXY(pageLeft, s.y)
		s.y += rowHeight
		if err := s.Cell(nil, part); err != nil {
			return err
		}
	}
	return nil
}

// hung lets marks that end a phrase stand behind the line that they end.
func hung(lines []string) (out []string) {
	for _, line := range lines {
		rest := strings.TrimLeft(line, "，。；：、！？）”》")
		if len(out) > 0 {
			out[len(out)-1] += line[:len(line)-len(rest)]
			line = rest
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

// cell writes a line at a place of its own.
func (s *sheet) cell(x, size, width float64, text string) error {
	if err := s.SetFont("text", "", size); err != nil {
		return err
	}
	s.SetXY(x, s.y)
	return s.CellWithOption(&gopdf.Rect{W: width, H: rowHeight}, text, gopdf.CellOption{Align: gopdf.Left})
}

// gridMost is the most columns of a grid.
const gridMost = 6

// grid writes numbers below their heads, on as many rows as they take.
func (s *sheet) grid(heads []string, metric string, numbers []int) error {
	if err := s.SetFont("text", "", 9); err != nil {
		return err
	}
	columns := min(gridMost, len(heads))
	width := pageWidth / float64(columns)
	put := func(column, row int, text string, align int) error {
		s.SetXY(pageLeft+float64(column)*width, s.y+float64(row)*rowHeight)
		return s.CellWithOption(&gopdf.Rect{W: width, H: rowHeight}, text, gopdf.CellOption{Align: align | gopdf.Middle, Border: gopdf.AllBorders})
	}
	for i, n := range numbers[:min(len(numbers), len(heads))] {
		if err := put(i%columns, 0, heads[i], gopdf.Center); err != nil {
			return err
		}
		if err := put(i%columns, 1, number(metric, n)+" ", gopdf.Right); err != nil {
			return err
		}
		if i%columns == columns-1 || i == len(numbers)-1 {
			s.y += 2 * rowHeight
		}
	}
	return nil
}

// picture draws one into a box, as large as it fits.
func (s *sheet) picture(p picture, x, y, width, height float64) error {
	holder, err := gopdf.ImageHolderByBytes(p.jpeg)
	if err != nil {
		return fmt.Errorf("read a signature: %w", err)
	}
	scale := min(width/p.width, height/p.height)
	w, h := p.width*scale, p.height*scale
	return s.ImageByHolder(holder, x+(width-w)/2, y+(height-h)/2, &gopdf.Rect{W: w, H: h})
}
