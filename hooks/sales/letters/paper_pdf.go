package letters

import (
	"fmt"
	"io"
	"strings"

	"github.com/signintech/gopdf"

	"satchel/domain/sales"
	"satchel/media/font"
)

// Measures of a page of A4, in points.
const (
	pageLeft   = 56.0
	pageWidth  = 483.0
	pageTop    = 56.0
	pageBottom = 780.0
	rowHeight  = 18.0
)

// Heads of the numbers of a target.
var (
	quarters = []string{"第一季度", "第二季度", "第三季度", "第四季度"}
	months   = []string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}
)

// sheet writes a letter from top to bottom.
type sheet struct {
	gopdf.GoPdf
	y float64
	p paper
}

// writePDF writes a letter as people print it, with both signatures drawn in.
func writePDF(w io.Writer, p paper) error {
	s := &sheet{p: p}
	s.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	if err := s.AddTTFFontData("text", font.TTF()); err != nil {
		return err
	}
	s.page()
	for _, step := range []func() error{s.head, s.targets, s.terms, s.signatures} {
		if err := step(); err != nil {
			return err
		}
	}
	_, err := s.WriteTo(w)
	return err
}

func (s *sheet) page() {
	s.AddPage()
	s.y = pageTop
}

// room begins another page where so much does not fit on this one.
func (s *sheet) room(height float64) {
	if s.y+height > pageBottom {
		s.page()
	}
}

// head is the title, and the text that was made of the template.
func (s *sheet) head() error {
	if err := s.middle(20, 34, "目标责任书"); err != nil {
		return err
	}
	if err := s.middle(11, 26, fmt.Sprintf("%s 年度    第 %d 版    状态：%s", s.p.Year, s.p.Version, s.p.State)); err != nil {
		return err
	}
	if s.p.Company != "" {
		if err := s.text(11, "公司："+s.p.Company); err != nil {
			return err
		}
	}
	for line := range strings.Lines(s.p.Text) {
		if err := s.text(11, strings.TrimRight(line, "\r\n")); err != nil {
			return err
		}
	}
	s.y += 8
	return nil
}

// targets are the year's numbers of each, by quarters and months.
func (s *sheet) targets() error {
	for i, t := range s.p.Targets {
		s.room(7*rowHeight + 16)
		title := fmt.Sprintf("指标%d：%s（%s，目标第 %d 版）    年度目标：%s", i+1, sales.TargetMetrics[t.Metric].ZH, unitOf(t.Metric), t.Version, number(t.Metric, t.Value))
		if err := s.text(11, title); err != nil {
			return err
		}
		if err := s.grid(quarters, t.Metric, t.Quarters); err != nil {
			return err
		}
		if err := s.grid(months, t.Metric, t.Months); err != nil {
			return err
		}
		s.y += 4
		for _, basis := range [][2]string{{"公司目标", t.Basis.Company}, {"市场情况", t.Basis.Market}, {"业务能力", t.Basis.Capability}} {
			if basis[1] != "" {
				if err := s.text(10, "依据（"+basis[0]+"）："+basis[1]); err != nil {
					return err
				}
			}
		}
		s.y += 8
	}
	return nil
}

func (s *sheet) terms() error {
	if strings.TrimSpace(s.p.Terms) == "" {
		return nil
	}
	for line := range strings.Lines("补充约定：" + s.p.Terms) {
		if err := s.text(11, strings.TrimRight(line, "\r\n")); err != nil {
			return err
		}
	}
	s.y += 8
	return nil
}

// signatures stand side by side, below the fingerprint of what was signed.
func (s *sheet) signatures() error {
	s.room(176)
	if err := s.text(9, "内容指纹（SHA-256）："+s.p.SHA256); err != nil {
		return err
	}
	s.y += 8
	top := s.y
	for i, by := range s.p.Signatures {
		left := pageLeft + float64(i)*(pageWidth/2)
		s.y = top
		if err := s.cell(left, 11, pageWidth/2, by.label+"（签字）："+by.name); err != nil {
			return err
		}
		s.y += rowHeight
		s.RectFromUpperLeftWithStyle(left, s.y, 200, 80, "D")
		switch {
		case by.picture != nil:
			if err := s.picture(*by.picture, left+4, s.y+4, 192, 72); err != nil {
				return err
			}
		case !by.at.IsZero():
			s.y += 30
			if err := s.cell(left+10, 10, 180, "（已签字，签名图像待上传）"); err != nil {
				return err
			}
			s.y -= 30
		}
		s.y += 86
		for _, line := range by.said() {
			if err := s.cell(left, 9, pageWidth/2, line); err != nil {
				return err
			}
			s.y += 14
		}
	}
	return nil
}
