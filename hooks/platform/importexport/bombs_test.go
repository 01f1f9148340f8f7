package importexport_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"satchel/domain"
	"satchel/hooks"
	"satchel/hooks/platform/importexport"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// mostHeap is what a table may add to the memory of the process that reads it.
const mostHeap = 120 << 20

// xmlPart is a part of a workbook that is written as it is compressed: before,
// so many times what is repeated, after.
type xmlPart struct {
	name, before, again string
	times               int
	after               string
}

func sheetOf(before, again string, times int, after string) xmlPart {
	return xmlPart{"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + before, again, times, after + `</sheetData></worksheet>`}
}

func stringsOf(before, again string, times int, after string) xmlPart {
	return xmlPart{"xl/sharedStrings.xml", before, again, times, after}
}

const (
	headRow = `<row r="1"><c r="A1" t="inlineStr"><is><t>客户</t></is></c><c r="B1" t="inlineStr"><is><t>姓名</t></is></c></row>`
	oneRow  = `<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" t="s"><v>0</v></c></row>`
)

// bookOf makes a workbook of some parts beside those that all have.
func bookOf(t *testing.T, parts ...xmlPart) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	const types = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	parts = append([]xmlPart{
		{name: "_rels/.rels", before: `<Relationships><Relationship Id="r1" Type="` + types + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{name: "xl/workbook.xml", before: `<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{name: "xl/_rels/workbook.xml.rels", before: `<Relationships><Relationship Id="r1" Type="` + types + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + types + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="` + types + `styles" Target="styles.xml"/></Relationships>`},
	}, parts...)
	has := map[string]bool{}
	for _, p := range parts {
		has[p.name] = true
	}
	for name, text := range map[string]string{"xl/sharedStrings.xml": `<sst><si><t>y</t></si></sst>`, "xl/styles.xml": `<styleSheet/>`, "xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + headRow + oneRow + `</sheetData></worksheet>`} {
		if !has[name] {
			parts = append(parts, xmlPart{name: name, before: text})
		}
	}
	for _, p := range parts {
		file, err := archive.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		w := bufio.NewWriter(file)
		io.WriteString(w, p.before)
		for i := range p.times {
			io.WriteString(w, strings.ReplaceAll(p.again, "#", strconv.Itoa(i+2)))
		}
		io.WriteString(w, p.after)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// falseSize is a workbook whose list of parts says that the sheet is small.
func falseSize(t *testing.T) []byte {
	whole := bookOf(t, sheetOf(headRow, `<row r="#"><c r="A#"><v>1</v></c></row>`, 1000, ""))
	from, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range from.File {
		header := f.FileHeader
		header.UncompressedSize64, header.CRC32 = 10, crc32.ChecksumIEEE([]byte("0123456789"))
		raw, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		w, err := to.CreateRaw(&header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, raw); err != nil {
			t.Fatal(err)
		}
	}
	to.Close()
	return out.Bytes()
}

// manyParts is a zip whose list of parts is large.
func manyParts(t *testing.T) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := range 30_000 {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return out.Bytes()
}

// bombs are small files that say much, with the codes of what becomes of them.
var bombs = []struct {
	name, code string
	make       func(t *testing.T) []byte
}{
	{"a far cell in each row", "rows import.too_wide", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, `<row r="#"><c r="A#"><v>1</v></c><c r="XFD#"><v>1</v></c></row>`, 1000, ""))
	}},
	{"a far row", "", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, "", 0, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`))
	}},
	{"a row beyond the last", "import.workbook", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, "", 0, `<row r="1048577"><c><v>1</v></c></row>`))
	}},
	{"a column beyond the last", "import.workbook", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, "", 0, `<row r="2"><c r="AAAAAAAAAA2"><v>1</v></c></row>`))
	}},
	{"rows that go up", "import.workbook", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, "", 0, `<row r="1"><c><v>1</v></c></row>`))
	}},
	{"a wide head", "import.too_many_columns", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(`<row r="1">`, `<c><v>1</v></c>`, 16384, `</row>`))
	}},
	{"more rows than are taken", "import.too_many", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, `<row r="#"><c><v>1</v></c></row>`, 20_000, ""))
	}},
	{"rows of nothing", "", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, `<row r="#"><c s="1"/></row>`, 200_000, `<row r="300000"><c><v>1</v></c></row>`))
	}},
	{"texts that nobody names", "", func(t *testing.T) []byte {
		return bookOf(t, stringsOf(`<sst><si><t>y</t></si>`, `<si><t/></si>`, 500_000, `</sst>`))
	}},
	{"a text that is not there", "import.workbook", func(t *testing.T) []byte { return bookOf(t, stringsOf(`<sst/>`, "", 0, "")) }},
	{"one endless text", "import.row_too_long", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow+`<row r="2"><c t="inlineStr"><is><t>`, strings.Repeat("a", 1000), 30_000, `</t></is></c></row>`))
	}},
	{"one endless shared text", "import.cell_too_long", func(t *testing.T) []byte {
		return bookOf(t, stringsOf(`<sst><si><t>`, strings.Repeat("a", 1000), 30_000, `</t></si></sst>`))
	}},
	{"a text of many runs", "import.cell_too_long", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow+`<row r="2"><c t="inlineStr"><is>`, `<r><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></r>`, 100_000, `</is></c></row>`))
	}},
	{"a shared text of many runs", "import.cell_too_long", func(t *testing.T) []byte {
		return bookOf(t, stringsOf(`<sst><si>`, `<r><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></r>`, 100_000, `</si></sst>`))
	}},
	{"much text", "import.too_much_text", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow, `<row r="#"><c t="inlineStr"><is><t>`+strings.Repeat("a", 10_000)+`</t></is></c></row>`, 4000, ""))
	}},
	{"more than is unzipped", "import.too_large", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow+oneRow, `<!--`+strings.Repeat("a", 1<<18)+`-->`, 257, ""))
	}},
	{"marks in marks", "import.workbook", func(t *testing.T) []byte { return bookOf(t, sheetOf(headRow, `<a>`, 1_000_000, "")) }},
	{"marks in marks of a text", "import.workbook", func(t *testing.T) []byte { return bookOf(t, stringsOf(`<sst><si>`, `<r>`, 1_000_000, "")) }},
	{"an attribute again and again", "import.row_too_long", func(t *testing.T) []byte {
		return bookOf(t, sheetOf(headRow+`<row `, `a#="" `, 200_000, `/>`))
	}},
	{"entities", "import.workbook", func(t *testing.T) []byte {
		return bookOf(t, stringsOf(`<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>`, "", 0, ""))
	}},
	{"styles", "", func(t *testing.T) []byte {
		return bookOf(t, xmlPart{"xl/styles.xml", `<styleSheet><numFmts>`, `<numFmt numFmtId="#" formatCode="yy"/>`, 100_000, `</numFmts><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`})
	}},
	{"formats of cells", "", func(t *testing.T) []byte {
		return bookOf(t, xmlPart{"xl/styles.xml", `<styleSheet><cellXfs>`, `<xf numFmtId="14"/>`, 300_000, `</cellXfs></styleSheet>`})
	}},
	{"merged cells, sheets and drawings", "", func(t *testing.T) []byte {
		other := func(name string) xmlPart {
			return xmlPart{name, `<x>`, strings.Repeat(`<m ref="A1:XFD1048576"/>`, 100), 5000, `</x>`}
		}
		sheet := xmlPart{
			"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + headRow + oneRow + `</sheetData><mergeCells>`,
			`<mergeCell ref="A1:XFD1048576"/>`, 200_000, `</mergeCells></worksheet>`,
		}
		return bookOf(t, sheet, other("xl/worksheets/sheet2.xml"), other("xl/drawings/drawing1.xml"))
	}},
	{"false sizes", "import.workbook", falseSize},
	{"a long list of parts", "import.workbook", manyParts},
	{"a zip in a zip", "import.workbook", func(t *testing.T) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		inner, _ := w.CreateHeader(&zip.FileHeader{Name: "xl.zip"})
		inner.Write(bookOf(t))
		w.Close()
		return out.Bytes()
	}},
	{"a zip that ends early", "import.workbook", func(t *testing.T) []byte { b := bookOf(t); return b[:len(b)/2] }},
	{"one line", "import.row_too_long", func(*testing.T) []byte { return bytes.Repeat([]byte("a"), 20<<20) }},
	{"five million empty columns", "import.row_too_long", func(*testing.T) []byte { return bytes.Repeat([]byte(","), 5<<20) }},
	{"as many behind tabs", "import.row_too_long", func(*testing.T) []byte { return append([]byte("a\tb\n1"), bytes.Repeat([]byte("\t"), 5<<20)...) }},
	{"many columns", "import.too_many_columns", func(*testing.T) []byte { return bytes.Repeat([]byte("a,"), 100_000) }},
	{"cells beyond the head", "rows import.too_wide", func(*testing.T) []byte {
		return append([]byte("a,b\n"), bytes.Repeat(append(bytes.Repeat([]byte(","), 4000), "x\n"...), 1000)...)
	}},
	{"a quote that nobody closes", "import.row_too_long", func(*testing.T) []byte { return append([]byte("a,b\n\""), bytes.Repeat([]byte("a\n"), 5<<20)...) }},
}

// TestOneProcess is the process that reads bombs: it says what became of each, and
// what its heap has come to.
func TestOneProcess(t *testing.T) {
	dir := os.Getenv("SATCHEL_TEST_TABLES")
	if dir == "" {
		t.Skip("it is started by another test")
	}
	testapp.Sparing(t)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, entry := range files {
		file, err := os.Open(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		info, _ := file.Stat()
		_, bad, err := importexport.ReadTable(context.Background(), file, info.Size(), os.Getenv("SATCHEL_TEST_PLANTED") != "")
		file.Close()
		code := ""
		if p, ok := errors.AsType[domain.Problem](err); ok {
			code = p.Code
			if p.Text("zh") == p.Text("en") || strings.Contains(p.Text("zh")+p.Text("en"), "{") {
				t.Errorf("%s says %q and %q", code, p.Text("zh"), p.Text("en"))
			}
		} else if err != nil {
			code = err.Error()
		}
		for _, b := range bad {
			p, _ := errors.AsType[domain.Problem](b)
			code = "rows " + p.Code
		}
		fmt.Printf("table %s %q\n", entry.Name(), code)
	}
	runtime.ReadMemStats(&after) // the heap never gives back addresses: this is its peak
	fmt.Printf("heap %d\n", after.HeapSys-before.HeapSys)
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		_, peak, _ := strings.Cut(string(status), "VmHWM:")
		peak, _, _ = strings.Cut(peak, "\n")
		fmt.Printf("peak %s\n", strings.TrimSpace(peak))
	}
}

// read has a process of its own read the files, and returns their codes and what
// its heap grew to.
func read(t *testing.T, planted string, files ...[]byte) (codes []string, heap int) {
	t.Helper()
	dir := t.TempDir()
	for i, f := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d", i)), f, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestOneProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "SATCHEL_TEST_TABLES="+dir, "SATCHEL_TEST_PLANTED="+planted)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.4000s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.SplitN(strings.TrimSpace(line), " ", 3)
		switch words[0] {
		case "table":
			code, err := strconv.Unquote(words[2])
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		case "heap":
			heap, _ = strconv.Atoi(words[1])
		case "peak":
			t.Logf("%s: the heap grew by %d MB, peak of the process %s", t.Name(), heap>>20, strings.Join(words[1:], " "))
		}
	}
	return codes, heap
}

// TestNoListTakesTheServerWithIt: each bomb has its verdict, and all of them in
// one process need no more memory than a few tables.
func TestNoListTakesTheServerWithIt(t *testing.T) {
	var files [][]byte
	for _, b := range bombs {
		f := b.make(t)
		if len(f) > 20<<20 {
			t.Errorf("%s: %d bytes are no bomb", b.name, len(f))
		}
		files = append(files, f)
	}
	codes, heap := read(t, "", files...)
	if len(codes) != len(bombs) {
		t.Fatalf("%d verdicts of %d", len(codes), len(bombs))
	}
	for i, b := range bombs {
		if codes[i] != b.code {
			t.Errorf("%s: %q, want %q", b.name, codes[i], b.code)
		}
	}
	if heap > mostHeap {
		t.Errorf("the heap grew to %d MB", heap>>20)
	}
}

// TestBoundlessIsNoticed: with the bounds taken out, a workbook of some kilobytes
// is more than the check allows, and the switch reaches the route.
func TestBoundlessIsNoticed(t *testing.T) {
	effort.Late(t)
	small := bombs[0].make(t)
	if _, heap := read(t, "1", small); heap <= mostHeap {
		t.Errorf("%d bytes without bounds: the heap grew to %d MB only", len(small), heap>>20)
	}
	wide := []byte(strings.Repeat("a,", 200) + "\nx\n")
	for planted, want := range map[syncer.Planted]string{syncer.PlantNone: "import.too_many_columns", syncer.PlantImportUnbounded: "import.column"} {
		app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = planted }))
		if _, out := send(t, app, "admin.fang", "users", "", wide); out.Data.Code != want {
			t.Errorf("%q: %q, want %q", planted, out.Data.Code, want)
		}
	}
}
