package ledger

import (
	"fmt"
	"io"
	"slices"

	"github.com/signintech/gopdf"

	"satchel/media/font"
)

// Measures of a page of A4, in points.
const (
	pdfLeft   = 48.0
	pdfWidth  = 499.0
	pdfTop    = 48.0
	pdfBottom = 790.0
	pdfRow    = 17.0
	pdfMark   = 818.0
)

// pdfColumns are the heads of the lines with their widths.
var pdfColumns = []struct {
	head  string
	width float64
	right bool
}{{"日期", 72, false}, {"类型", 60, false}, {"单号", 142, false}, {"金额(元)", 112, true}, {"余额(元)", 113, true}}

// sheet writes a document from top to bottom.
type sheet struct {
	gopdf.GoPdf
	y float64
	p paper

	bad error // of the foot of a page
}

// writePDF writes a statement as people print and sign it.
func writePDF(w io.Writer, p paper) error {
	s := &sheet{p: p}
	s.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	if err := s.AddTTFFontData("text", font.TTF()); err != nil {
		return err
	}
	if p.Mark != "" {
		s.AddFooter(s.mark)
	}
	for _, step := range []func() error{s.first, s.lines, s.signed} {
		if err := step(); err != nil {
			return err
		}
	}
	if s.bad != nil {
		return s.bad
	}
	_, err := s.WriteTo(w)
	return err
}

// mark says at the foot of each page who took it and when.
func (s *sheet) mark() {
	if err := s.SetFont("text", "", 8); err != nil {
		s.bad = err
		return
	}
	s.SetXY(pdfLeft, pdfMark)
	if err := s.Text(s.p.Mark); err != nil {
		s.bad = err
	}
}

// first is what stands above the lines.
func (s *sheet) first() error {
	s.AddPage()
	s.y = pdfTop
	if err := s.line(18, 30, "客户对账单"); err != nil {
		return err
	}
	texts := []string{"客户:" + s.p.Account, "账期:" + s.p.Month + "    出具日期:" + s.p.Issued + "    状态:" + s.p.Answer}
	for i, part := range s.p.Issuer {
		texts = slices.Insert(texts, i, part[0]+":"+part[1])
	}
	for _, text := range texts {
		if err := s.line(11, pdfRow, text); err != nil {
			return err
		}
	}
	s.y += 6
	for _, sum := range s.p.sums() {
		if err := s.row(11, []string{sum[0], "", "", "", sum[1]}); err != nil {
			return err
		}
	}
	s.y += 8
	return s.head()
}

func (s *sheet) head() error {
	cells := make([]string, len(pdfColumns))
	for i, c := range pdfColumns {
		cells[i] = c.head
	}
	err := s.row(10, cells)
	s.Line(pdfLeft, s.y-2, pdfLeft+pdfWidth, s.y-2)
	s.y += 4
	return err
}

func (s *sheet) lines() error {
	balance := s.p.Opening
	for _, e := range s.p.Lines {
		if s.y > pdfBottom {
			s.AddPage()
			s.y = pdfTop
			if err := s.head(); err != nil {
				return err
			}
		}
		balance += e.Fen
		if err := s.row(10, []string{e.On, entryNames[e.Kind], e.No, yuan(e.Fen), yuan(balance)}); err != nil {
			return err
		}
	}
	return nil
}

// signed is what stands below the lines.
func (s *sheet) signed() error {
	if s.y > pdfBottom-90 {
		s.AddPage()
		s.y = pdfTop
	}
	s.y += 14
	for _, text := range []string{
		fmt.Sprintf("共 %d 笔,期末余额 %s 元。", s.p.Entries, yuan(s.p.Closing)), "数据指纹:" + s.p.SHA256, "客户确认(签字盖章):____________________    日期:______________",
	} {
		if err := s.line(10, pdfRow+4, text); err != nil {
			return err
		}
	}
	return nil
}

// line writes a text on a line of its own, or on as many as it takes.
func (s *sheet) line(size, height float64, text string) error {
	if err := s.SetFont("text", "", size); err != nil {
		return err
	}
	parts, err := s.SplitText(text, pdfWidth)
	if err != nil {
		return err
	}
	for _, part := range parts {
		s.SetXY(pdfLeft, s.y)
		s.y += height
		if err := s.Cell(nil, part); err != nil {
			return err
		}
	}
	return nil
}

// row writes cells under the columns.
func (s *sheet) row(size float64, cells []string) error {
	if err := s.SetFont("text", "", size); err != nil {
		return err
	}
	x := pdfLeft
	for i, c := range pdfColumns {
		option := gopdf.CellOption{Align: gopdf.Left}
		if c.right {
			option.Align = gopdf.Right
		}
		s.SetXY(x, s.y)
		if err := s.CellWithOption(&gopdf.Rect{W: c.width, H: pdfRow}, cells[i], option); err != nil {
			return err
		}
		x += c.width
	}
	s.y += pdfRow
	return nil
}
