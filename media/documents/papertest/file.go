package papertest

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"strings"
	"unicode/utf16"
)

// XML is the invoice as a fully digital one comes.
func (v Invoice) XML() []byte {
	label := map[string]string{"31": "01", "32": "02"}[v.Kind]
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>` + v.Number + `</EIid><InherentLabel><GeneralOrSpecialVAT><LabelCode>` + label + `</LabelCode></GeneralOrSpecialVAT></InherentLabel></Header>
<EInvoiceData>
<SellerInformation><SellerIdNum>` + v.SellerTax + `</SellerIdNum><SellerName>` + v.Seller + `</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>` + v.BuyerTax + `</BuyerIdNum><BuyerName>` + v.Buyer + `</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>` + v.Ex + `</TotalAmWithoutTax><TotalTaxAm>` + v.Tax + `</TotalTaxAm>
<TotalTax-includedAmount>` + v.Total + `</TotalTax-includedAmount><RequestTime>` + v.Day + ` 10:11:12</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*住宿服务*住宿费</ItemName><Amount>` + v.Ex + `</Amount><TotaltaxIncludedAmount>` + v.Total + `</TotaltaxIncludedAmount></IssuItemInformation>
</EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>` + v.Number + `</InvoiceNumber><IssueTime>` + v.Day + `</IssueTime></TaxSupervisionInfo>
</EInvoice>`)
}

// Print is a text at a place of the paper, in points from the lower left corner.
type Print struct {
	X, Y float64
	Text string
}

// Prints is what stands where on a digital invoice: buyer left, seller right.
func (v Invoice) Prints() []Print {
	number := []Print{{430, 360, "发票号码："}, {482, 360, v.Number}}
	if v.Code != "" {
		number = append(number, Print{430, 374, "发票代码：" + v.Code})
	}
	out := append(number, Print{200, 372, v.Title()}, Print{430, 346, "开票日期："}, Print{482, 346, v.dayText()})
	for i, letter := range []string{"购", "买", "方", "信", "息"} {
		out = append(out, Print{14, 320 - 12*float64(i), letter})
	}
	for i, letter := range []string{"销", "售", "方", "信", "息"} {
		out = append(out, Print{306, 320 - 12*float64(i), letter})
	}
	return append(out,
		Print{30, 320, "名称："}, Print{60, 320, v.Buyer}, Print{322, 320, "名称："}, Print{352, 320, v.Seller},
		Print{30, 284, "统一社会信用代码/纳税人识别号：" + v.BuyerTax}, Print{322, 284, "统一社会信用代码/纳税人识别号：" + v.SellerTax},
		Print{40, 240, "*住宿服务*住宿费"}, Print{380, 240, v.Ex}, Print{520, 240, v.Tax},
		Print{60, 140, "合"}, Print{110, 140, "计"}, Print{376, 140, "¥" + v.Ex}, Print{516, 140, "¥" + v.Tax},
		Print{40, 120, "价税合计（大写）"}, Print{400, 120, "（小写）"}, Print{445, 120, "¥" + v.Total},
	)
}

// PDFOptions say what a PDF has beside the page.
type PDFOptions struct {
	Picture *image.Gray // a picture of a QR, nil for none
	JPEG    bool        // the picture is a JPEG, not pixels
	NoText  bool        // a scan: no text layer
	MapFont bool        // glyph numbers and a map to Unicode, in place of Unicode itself
	Form    bool        // the text is in a form
	Attach  []byte      // an attached file
}

// PDF is the invoice as a PDF.
func (v Invoice) PDF(opt PDFOptions) []byte {
	var text strings.Builder
	if !opt.NoText {
		for _, p := range v.Prints() {
			fmt.Fprintf(&text, "BT /F1 9 Tf 1 0 0 1 %g %g Tm <%s> Tj ET\n", p.X, p.Y, hexUTF16(p.Text, opt.MapFont))
		}
	}
	font := "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [ 9 0 R ] >>"
	if opt.MapFont {
		font = "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /ToUnicode 8 0 R /DescendantFonts [ 9 0 R ] >>"
	}
	content, form := text.String(), ""
	if opt.Form {
		content, form = "q 1 0 0 1 0 0 cm /T1 Do Q\n", content
	}
	if opt.Picture != nil {
		content += "q 80 0 0 80 10 310 cm /I1 Do Q\n"
	}
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 612 396 ] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /I1 6 0 R /T1 7 0 R >> >> >>",
		packed("", []byte(content)),
		font,
		pictureObject(opt),
		packed("/Type /XObject /Subtype /Form /BBox [ 0 0 612 396 ] /Resources << /Font << /F1 5 0 R >> >>", []byte(form)),
		packed("", []byte(shiftedMap)),
		"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
	}
	if opt.Attach != nil {
		objects = append(objects, packed("/Type /EmbeddedFile /Subtype /text#2Fxml", opt.Attach))
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}

func pictureObject(opt PDFOptions) string {
	if opt.Picture == nil {
		return "null"
	}
	box := opt.Picture.Rect
	head := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8", box.Dx(), box.Dy())
	if opt.JPEG {
		data := JPEG(opt.Picture, 80)
		return fmt.Sprintf("<< %s /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream", head, len(data), data)
	}
	return packed(head, opt.Picture.Pix)
}

func packed(head string, data []byte) string {
	var body bytes.Buffer
	w := zlib.NewWriter(&body)
	_, err := w.Write(data)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("papertest: %v", err)) // a buffer never fails
	}
	return fmt.Sprintf("<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", head, body.Len(), body.Bytes())
}

// shift is how far glyph numbers lie from Unicode in shiftedMap, in one page of it.
const shiftedMap = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def /CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0001> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end`

func hexUTF16(text string, shifted bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		if shifted {
			unit++
		}
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}

// OFDOptions say what an OFD has.
type OFDOptions struct {
	Attach  bool // the invoice as XML
	Custom  bool // custom data in OFD.xml
	Tags    bool // tags that refer to texts
	Picture *image.Gray
}

// OFD is the invoice as an OFD.
func (v Invoice) OFD(opt OFDOptions) []byte {
	const ns = `xmlns:ofd="http://www.ofdspec.org/2016"`
	head := `<?xml version="1.0" encoding="UTF-8"?>`
	custom := ""
	if opt.Custom {
		for _, f := range [][2]string{{"发票号码", v.Number}, {"开票日期", v.dayText()}, {"合计金额", v.Ex}, {"合计税额", v.Tax}, {"销售方纳税人识别号", v.SellerTax}} {
			custom += `<ofd:CustomData Name="` + f[0] + `">` + f[1] + `</ofd:CustomData>`
		}
	}
	files := [][2]string{
		{"OFD.xml", head + `<ofd:OFD ` + ns + `><ofd:DocBody><ofd:DocInfo><ofd:CustomDatas>` + custom + `</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`},
		{"Doc_0/Document.xml", head + `<ofd:Document ` + ns + `><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`},
	}
	var page strings.Builder
	refs := map[string]int{}
	for i, p := range v.Prints() {
		refs[p.Text] = 100 + i
		fmt.Fprintf(&page, `<ofd:TextObject ID="%d" Boundary="%g %g 60 4" Size="3.2"><ofd:TextCode X="0" Y="3">%s</ofd:TextCode></ofd:TextObject>`,
			100+i, p.X*0.35, (396-p.Y)*0.35, p.Text)
	}
	files = append(files, [2]string{"Doc_0/Pages/Page_0/Content.xml", head + `<ofd:Page ` + ns + `><ofd:Content><ofd:Layer>` + page.String() + `</ofd:Layer></ofd:Content></ofd:Page>`})
	if opt.Tags {
		tag := func(name, text string) string {
			return fmt.Sprintf(`<ofd:%s><ofd:ObjectRef PageRef="1">%d</ofd:ObjectRef></ofd:%s>`, name, refs[text], name)
		}
		files = append(files, [2]string{"Doc_0/Tags/CustomTag.xml", head + `<ofd:eInvoice ` + ns + `>` + tag("InvoiceNo", v.Number) + tag("IssueDate", v.dayText()) +
			`<ofd:Seller>` + tag("SellerName", v.Seller) + `</ofd:Seller><ofd:Buyer>` + tag("BuyerName", v.Buyer) + `</ofd:Buyer></ofd:eInvoice>`})
	}
	if opt.Attach {
		files = append(files, [2]string{"Doc_0/Attachs/original_invoice.xml", string(v.XML())})
	}
	if opt.Picture != nil {
		files = append(files, [2]string{"Doc_0/Res/image_1.jpg", string(JPEG(opt.Picture, 80))})
	}
	return Zip(files...)
}

// Zip packs names and contents.
func Zip(files ...[2]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		member, err := w.Create(f[0])
		if err == nil {
			_, err = member.Write([]byte(f[1]))
		}
		if err != nil {
			panic(fmt.Sprintf("papertest: %v", err)) // a buffer never fails
		}
	}
	if err := w.Close(); err != nil {
		panic(fmt.Sprintf("papertest: %v", err))
	}
	return out.Bytes()
}
