package documents

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"satchel/media/documents/papertest"
)

// laughs is the bomb of entities that refer to entities.
const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><EInvoice><InvoiceNumber>&lol3;</InvoiceNumber></EInvoice>`

const outside = `<?xml version="1.0"?><!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><EInvoice><InvoiceNumber>&xxe;</InvoiceNumber></EInvoice>`

// TestHostileFiles are refused, and cost little.
func TestHostileFiles(t *testing.T) {
	zeros := strings.Repeat("0", 100<<20)
	ofd := func(name, content string) []byte {
		return papertest.Zip([2]string{"OFD.xml", "<OFD/>"}, [2]string{name, content})
	}
	many := [][2]string{{"OFD.xml", "<OFD/>"}}
	for i := range 600 {
		many = append(many, [2]string{fmt.Sprintf("a/%d.xml", i), "<a/>"})
	}
	filled := [][2]string{{"OFD.xml", "<OFD/>"}} // each below every limit, all together above one
	for i := range 12 {
		filled = append(filled, [2]string{fmt.Sprintf("a/%02d.xml", i), "<a>" + random(7<<20) + "</a>"})
	}
	pdf := string(papertest.Sample.PDF(papertest.PDFOptions{}))
	wantCases := map[string]struct {
		data []byte
		code string
	}{
		"nothing":                       {nil, CodeType},
		"text":                          {[]byte("hello"), CodeType},
		"zip, no OFD":                   {papertest.Zip([2]string{"a.txt", "x"}), CodeType},
		"zip, cut":                      {ofd("a.xml", "<a/>")[:60], CodeDamaged},
		"zip bomb":                      {ofd("Doc_0/a.xml", zeros), CodeTooMuch},
		"zip bomb that lies":            {lying(ofd("Doc_0/a.xml", zeros), 100<<20, 1000), ""},
		"zip of many files":             {papertest.Zip(many...), CodeTooMuch},
		"zip of large files":            {papertest.Zip(filled...), CodeTooMuch},
		"billion laughs":                {[]byte(laughs), CodeDoctype},
		"billion laughs in an OFD":      {ofd("Doc_0/Attachs/original_invoice.xml", laughs), CodeDoctype},
		"external entity":               {[]byte(outside), CodeDoctype},
		"external entity in an OFD":     {ofd("Doc_0/Document.xml", outside), CodeDoctype},
		"an entity nobody declared":     {[]byte(`<?xml version="1.0"?><a>&xxe;</a>`), CodeDamaged},
		"deep":                          {[]byte(strings.Repeat("<a>", 100_000)), CodeTooMuch},
		"wide":                          {[]byte("<a>" + strings.Repeat("<b/>", 200_000) + "</a>"), CodeTooMuch},
		"many attributes":               {[]byte("<a" + attributes(5000) + "/>"), CodeTooMuch},
		"huge XML":                      {[]byte("<?xml version='1.0'?><a>" + zeros[:20<<20] + "</a>"), CodeTooMuch},
		"XML of another charset":        {[]byte(`<?xml version="1.0" encoding="EBCDIC"?><a/>`), CodeDamaged},
		"XML that ends early":           {[]byte("<a><b></b>"), CodeDamaged},
		"XML that closes what is shut":  {[]byte("<a></b>"), CodeDamaged},
		"PDF, no table":                 {[]byte("%PDF-1.4\nhello"), CodeDamaged},
		"PDF of billions of objects":    {[]byte(strings.Replace(pdf, "/Size 10", "/Size 9999999999", 1)), CodeTooMuch},
		"PDF that hides its size":       {[]byte(strings.Replace(pdf, "/Size 10", "/#53ize 9999999999", 1)), CodeTooMuch},
		"PDF section that starts far":   {[]byte(strings.Replace(pdf, "xref\n0 10", "xref\n99999999999 10", 1)), CodeTooMuch},
		"PDF whose pages go in circles": {[]byte(strings.Replace(pdf, "/Kids [ 3 0 R ]", "/Kids [ 2 0 R ]", 1)), CodeDamaged},
	}
	for name, c := range wantCases {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(c.data, DefaultOptions)
		runtime.ReadMemStats(&after)
		if got := refused(err); got != c.code && (c.code != "" || err == nil) {
			t.Errorf("%s: %s", name, got)
		}
		if used := int64(after.TotalAlloc-before.TotalAlloc) >> 20; used > 260 {
			t.Errorf("%s: took %d MB in all", name, used)
		}
	}
}

// TestHugeAttribute is cut, and so is a long text.
func TestHugeAttribute(t *testing.T) {
	doc, err := parseXML([]byte(`<a x="` + strings.Repeat("y", 1<<20) + `">` + strings.Repeat("发", 1<<20) + `</a>`))
	if err != nil {
		t.Fatal(err)
	}
	if e := doc.elements[0]; len(e.attrs["x"]) != maxText || len(e.text) > maxText {
		t.Errorf("kept %d and %d bytes", len(e.attrs["x"]), len(e.text))
	}
}

// lying makes the zip's headers name another size than the content has.
func lying(data []byte, size, lie uint32) []byte {
	was, is := binary.LittleEndian.AppendUint32(nil, size), binary.LittleEndian.AppendUint32(nil, lie)
	return bytes.ReplaceAll(data, was, is)
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` a%d="1"`, i)
	}
	return b.String()
}

// random is text that packs badly.
func random(n int) string {
	out := make([]byte, n)
	x := uint64(1)
	for i := range out {
		x = x*6364136223846793005 + 1442695040888963407
		out[i] = 'a' + byte(x>>33)%26
	}
	return string(out)
}

func FuzzRead(f *testing.F) {
	v := papertest.Sample
	code := papertest.QR(v.QRText(), 2)
	for _, seed := range [][]byte{
		v.XML(), []byte(laughs), []byte(outside), v.PDF(papertest.PDFOptions{}), v.PDF(papertest.PDFOptions{MapFont: true, Form: true, Picture: code, Attach: v.XML()}),
		v.OFD(papertest.OFDOptions{Custom: true, Tags: true, Attach: true}), papertest.JPEG(code, 60),
	} {
		f.Add(seed)
	}
	opts := DefaultOptions
	opts.Work, opts.Pixels = 200_000, 1_000_000
	f.Fuzz(func(t *testing.T, data []byte) {
		paper, err := Read(data, opts)
		if err != nil && refused(err) == fmt.Sprint(err) {
			if !strings.HasPrefix(err.Error(), "paper.") {
				t.Fatal(err)
			}
		}
		for _, r := range paper.Readings {
			for name, value := range r.Fields {
				if value == "" || len(value) > maxText {
					t.Fatalf("%s has %d bytes", name, len(value))
				}
			}
		}
	})
}

func FuzzXML(f *testing.F) {
	f.Add(string(papertest.Sample.XML()))
	f.Add(laughs)
	f.Add(outside)
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := parseXML([]byte(text))
		if err == nil {
			doc.invoice()
		}
	})
}

// FuzzPDF goes past the checks of the whole file to the content of a page.
func FuzzPDF(f *testing.F) {
	f.Add([]byte("BT /F1 9 Tf 1 0 0 1 30 40 Tm <53D17968> Tj ET"))
	f.Add([]byte("q 1 0 0 1 0 0 cm [ (a) -200 (b) ] TJ T* (c) ' Q /T1 Do"))
	f.Fuzz(func(t *testing.T, content []byte) {
		data := papertest.Sample.PDF(papertest.PDFOptions{Attach: content})
		_, _ = Read(bytes.Replace(data, []byte("/Contents 4 0 R"), []byte("/Contents 10 0 R"), 1), DefaultOptions)
	})
}
