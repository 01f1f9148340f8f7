package documents

import (
	"errors"
	"fmt"
	"image"
	"maps"
	"slices"
	"strings"
	"testing"

	"satchel/media/documents/papertest"
	"satchel/media/qr"
)

// whole are the fields that every structured file of the sample tells.
var whole = map[string]string{
	fieldKind: "32", fieldNumber: "25432000000031411143", fieldEx: "617.92", fieldTax: "37.08", fieldTotal: "655.00",
	fieldSellerName: "长沙湘江大酒店有限公司", fieldSellerTax: "91430100MADEM0001D", fieldBuyerName: "禾漾快消品股份有限公司", fieldBuyerTax: "91310000MADEM0002C",
	fieldGoods: "*住宿服务*住宿费",
}

func with(date string) map[string]string {
	out := maps.Clone(whole)
	out[fieldDate] = date
	return out
}

func show(fields map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(&b, "%s=%s ", name, strings.ReplaceAll(strings.TrimLeft(fields[name], "¥"), "￥", ""))
	}
	return b.String()
}

func TestReadsEachKindOfPaper(t *testing.T) {
	v := papertest.Sample
	code := papertest.QR(v.QRText(), 4)
	printed, stored := with("2025年03月11日"), with("2025-03-11")
	type reading struct {
		source string
		fields map[string]string
	}
	for name, c := range map[string]struct {
		data []byte
		typ  string
		qr   bool
		want []reading
	}{
		"picture":                      {papertest.JPEG(papertest.Page(900, 1200, 260, 1, v.QRText()), 80), "image/jpeg", true, nil},
		"picture of nothing":           {papertest.JPEG(papertest.Page(600, 800, 0, 2), 80), "image/jpeg", false, nil},
		"XML":                          {v.XML(), TypeXML, false, []reading{{SourceXML, stored}}},
		"PDF, pixels":                  {v.PDF(papertest.PDFOptions{Picture: code}), TypePDF, true, []reading{{SourcePDF, printed}}},
		"PDF, JPEG":                    {v.PDF(papertest.PDFOptions{Picture: code, JPEG: true}), TypePDF, true, []reading{{SourcePDF, printed}}},
		"PDF, scan":                    {v.PDF(papertest.PDFOptions{Picture: code, JPEG: true, NoText: true}), TypePDF, true, nil},
		"PDF, map to Unicode":          {v.PDF(papertest.PDFOptions{MapFont: true}), TypePDF, false, []reading{{SourcePDF, printed}}},
		"PDF, text in a form":          {v.PDF(papertest.PDFOptions{Form: true}), TypePDF, false, []reading{{SourcePDF, printed}}},
		"PDF, XML attached":            {v.PDF(papertest.PDFOptions{NoText: true, Attach: v.XML()}), TypePDF, false, []reading{{SourceXML, stored}}},
		"PDF, attached XML is a bomb":  {v.PDF(papertest.PDFOptions{Attach: []byte(laughs)}), TypePDF, false, []reading{{SourcePDF, printed}}},
		"PDF of an older invoice":      {older.PDF(papertest.PDFOptions{}), TypePDF, false, []reading{{SourcePDF, olderPrinted}}},
		"OFD, XML attached":            {v.OFD(papertest.OFDOptions{Attach: true}), TypeOFD, false, []reading{{SourceOFD, stored}, {SourceOFD, printed}}},
		"OFD, custom data":             {v.OFD(papertest.OFDOptions{Custom: true}), TypeOFD, false, []reading{{SourceOFD, printed}}},
		"OFD, tags":                    {v.OFD(papertest.OFDOptions{Tags: true}), TypeOFD, false, []reading{{SourceOFD, printed}}},
		"OFD, text and a picture only": {v.OFD(papertest.OFDOptions{Picture: code}), TypeOFD, true, []reading{{SourceOFD, printed}}},
	} {
		paper, err := Read(c.data, DefaultOptions)
		if err != nil || paper.Type != c.typ {
			t.Errorf("%s: %s %v", name, paper.Type, err)
			continue
		}
		if got := len(paper.QR) == 1 && paper.QR[0] == v.QRText(); got != c.qr {
			t.Errorf("%s: QR %q", name, paper.QR)
		}
		if len(paper.Readings) != len(c.want) {
			t.Errorf("%s: %d readings, want %d: %v", name, len(paper.Readings), len(c.want), paper.Readings)
			continue
		}
		for i, want := range c.want {
			if got := paper.Readings[i]; got.Source != want.source || show(got.Fields) != show(want.fields) {
				t.Errorf("%s:\n got %s %s\nwant %s %s", name, got.Source, show(got.Fields), want.source, show(want.fields))
			}
		}
	}
}

var (
	older = papertest.Invoice{
		Kind: "10", Code: "050003523456", Number: "29342181", Day: "2018-06-13", Ex: "104.72", Tax: "6.28", Total: "111.00",
		Seller: "重庆小面馆（个体）", SellerTax: "91500000MADEM0001J", Buyer: "禾漾快消品股份有限公司", BuyerTax: "91310000MADEM0002C",
	}
	olderPrinted = map[string]string{
		fieldKind: "10", fieldCode: older.Code, fieldNumber: older.Number, fieldDate: "2018年06月13日", fieldEx: "104.72", fieldTax: "6.28", fieldTotal: "111.00",
		fieldSellerName: "重庆小面馆(个体)", fieldSellerTax: older.SellerTax, fieldBuyerName: older.Buyer, fieldBuyerTax: older.BuyerTax, fieldGoods: "*住宿服务*住宿费",
	}
)

// TestSeveralPapersOnOnePicture: each QR is told.
func TestSeveralPapersOnOnePicture(t *testing.T) {
	other := papertest.Sample
	other.Number = "25432000000031411150"
	page := papertest.Page(900, 1200, 260, 3, papertest.Sample.QRText(), other.QRText())
	paper, err := Read(papertest.JPEG(page, 85), DefaultOptions)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paper.QR)
	if want := []string{papertest.Sample.QRText(), other.QRText()}; !slices.Equal(paper.QR, want) {
		t.Errorf("QRs %q", paper.QR)
	}
}

// TestSamples of pixels as PDFs hold them.
func TestPixels(t *testing.T) {
	code := papertest.QR("满一百", 4)
	w, h := code.Rect.Dx(), code.Rect.Dy()
	bit := make([]byte, 0, h*((w+7)/8))
	rgb, ink, up := []byte{}, []byte{}, []byte{}
	for y := range h {
		row := make([]byte, (w+7)/8)
		up = append(up, 2)
		for x := range w {
			v := code.Pix[y*w+x]
			row[x/8] |= v >> 7 << (7 - x%8)
			rgb, ink = append(rgb, v, v, v), append(ink, 0, 0, 0, 255-v)
			above := byte(0)
			if y > 0 {
				above = code.Pix[(y-1)*w+x]
			}
			up = append(up, v-above)
		}
		bit = append(bit, row...)
	}
	for name, img := range map[string]*image.Gray{
		"one bit": pixels(bit, w, h, 1, false), "red green blue": pixels(rgb, w, h, 8, false), "ink": pixels(ink, w, h, 8, false),
		"predicted": pixels(up, w, h, 8, true),
	} {
		var paper Paper
		if paper.readQR(img, DefaultOptions, qr.NewBudget(DefaultOptions.Work)); !slices.Equal(paper.QR, []string{"满一百"}) {
			t.Errorf("%s: %q", name, paper.QR)
		}
	}
	if pixels(bit[:10], w, h, 1, false) != nil {
		t.Error("a picture of too few bytes")
	}
}

func refused(err error) string {
	r, _ := errors.AsType[*Refusal](err)
	if r == nil {
		return fmt.Sprint(err)
	}
	return r.Code
}
