package incentives

import (
	"io"

	"github.com/signintech/gopdf"

	"satchel/media/font"
)

// Measures of a page of A4, in points.
const (
	pageLeft   = 56.0
	pageWidth  = 483.0
	pageTop    = 56.0
	pageBottom = 780.0
	pageFoot   = 812.0
	rowHeight  = 18.0
)

// sheet writes a paper from top to bottom.
type sheet struct {
	gopdf.GoPdf
	y   float64
	bad error // of the foot of a page
}

func begin(size gopdf.Rect, mark string) (*sheet, error) {
	s := &sheet{}
	s.Start(gopdf.Config{PageSize: size})
	if err := s.AddTTFFontData("text", font.TTF()); err != nil {
		return nil, err
	}
	if mark != "" {
		s.AddFooter(func() {
			if s.bad = s.SetFont("text", "", 8); s.bad == nil {
				s.SetXY(pageLeft, pageFoot)
				s.bad = s.Text(mark)
			}
		})
	}
	s.AddPage()
	s.y = pageTop
	return s, nil
}

// end writes the paper out.
func (s *sheet) end(w io.Writer) error {
	if s.bad != nil {
		return s.bad
	}
	_, err := s.WriteTo(w)
	return err
}

// writeStatement writes a statement as people print it.
func writeStatement(w io.Writer, p sheetOf) error {
	s, err := begin(*gopdf.PageSizeA4, p.mark)
	if err != nil {
		return err
	}
	if err := s.middle(20, 36, p.title); err != nil {
		return err
	}
	for _, text := range p.above {
		if err := s.text(10.5, text); err != nil {
			return err
		}
	}
	s.y += 8
	if len(p.rows) > 0 {
		if err := s.row(p.heads, len(p.heads)); err != nil {
			return err
		}
	}
	for _, cells := range p.rows {
		if s.y > pageBottom-rowHeight {
			s.AddPage()
			s.y = pageTop
			if err := s.row(p.heads, len(p.heads)); err != nil {
				return err
			}
		}
		if err := s.row(cells, len(p.heads)); err != nil {
			return err
		}
	}
	s.y += 10
	for _, sum := range p.sums {
		if err := s.room(rowHeight); err != nil {
			return err
		}
		if err := s.pair(sum[0], sum[1]+" 元"); err != nil {
			return err
		}
	}
	s.y += 10
	for _, text := range p.below {
		if err := s.text(9, text); err != nil {
			return err
		}
	}
	return s.end(w)
}

// room begins another page where so much does not fit on this one.
func (s *sheet) room(height float64) error {
	if s.y+height > pageBottom {
		s.AddPage()
		s.y = pageTop
	}
	return nil
}

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
	parts, err := s.SplitText(text, pageWidth)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err := s.room(rowHeight); err != nil {
			return err
		}
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

// row writes cells of the same width, the last to the right.
func (s *sheet) row(cells []string, columns int) error {
	if err := s.SetFont("text", "", 9.5); err != nil {
		return err
	}
	width := pageWidth / float64(columns)
	for i, text := range cells {
		align := gopdf.Left
		if i == columns-1 {
			align = gopdf.Right
		}
		s.SetXY(pageLeft+float64(i)*width, s.y)
		if err := s.CellWithOption(&gopdf.Rect{W: width, H: rowHeight}, " "+text+" ", gopdf.CellOption{Align: align | gopdf.Middle, Border: gopdf.AllBorders}); err != nil {
			return err
		}
	}
	s.y += rowHeight
	return nil
}

// pair writes what a sum is, and the sum to the right.
func (s *sheet) pair(name, sum string) error {
	if err := s.SetFont("text", "", 11); err != nil {
		return err
	}
	s.SetXY(pageLeft, s.y)
	if err := s.CellWithOption(&gopdf.Rect{W: pageWidth * 0.65, H: rowHeight}, name, gopdf.CellOption{Align: gopdf.Left}); err != nil {
		return err
	}
	s.SetXY(pageLeft+pageWidth*0.65, s.y)
	s.y += rowHeight
	return s.CellWithOption(&gopdf.Rect{W: pageWidth * 0.35, H: rowHeight}, sum, gopdf.CellOption{Align: gopdf.Right})
}

// writeCertificate writes a certificate, across: name, period and category, no number.
func writeCertificate(w io.Writer, name, period, category, issuer, day string) error {
	const across, high = 842.0, 595.0
	s, err := begin(gopdf.Rect{W: across, H: high}, "")
	if err != nil {
		return err
	}
	s.SetStrokeColor(176, 134, 58)
	s.SetLineWidth(3)
	s.RectFromUpperLeftWithStyle(30, 30, across-60, high-60, "D")
	s.SetLineWidth(1)
	s.RectFromUpperLeftWithStyle(38, 38, across-76, high-76, "D")
	for _, line := range []struct {
		y, size float64
		text    string
	}{
		{96, 44, "荣 誉 证 书"},
		{210, 26, name + " 同志"},
		{270, 18, "在 " + period + " 考核中表现突出，授予"},
		{320, 32, "“" + category + "”"},
		{378, 18, "荣誉称号，特发此证，以资鼓励。"},
		{462, 16, issuer},
		{490, 14, day},
	} {
		if line.text == "" {
			continue
		}
		if err := s.SetFont("text", "", line.size); err != nil {
			return err
		}
		s.SetXY(60, line.y)
		if err := s.CellWithOption(&gopdf.Rect{W: across - 120, H: line.size + 8}, line.text, gopdf.CellOption{Align: gopdf.Center}); err != nil {
			return err
		}
	}
	return s.end(w)
}
