package documents

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"satchel/media/qr"
)

// Limits of an OFD's zip.
const (
	maxFiles    = 500
	maxUnpacked = 64 << 20 // of all files that are read
	maxRatio    = 200      // unpacked to packed, of a file above a megabyte
	maxImages   = 8
)

// archive reads members of a zip within the limits.
type archive struct {
	files map[string]*zip.File
	left  int64
}

func openZip(data []byte) (*archive, error) {
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged(err)
	}
	if len(in.File) > maxFiles {
		return nil, &Refusal{Code: CodeTooMuch}
	}
	a := &archive{files: map[string]*zip.File{}, left: maxUnpacked}
	for _, f := range in.File {
		if f.UncompressedSize64 > 1<<20 && f.UncompressedSize64 > maxRatio*max(1, f.CompressedSize64) {
			return nil, &Refusal{Code: CodeTooMuch}
		}
		if _, twice := a.files[f.Name]; !twice { // two readers would take different ones of two
			a.files[f.Name] = f
		}
	}
	return a, nil
}

// read unpacks a member. What its header says of its size is not believed.
func (a *archive) read(name string) ([]byte, error) {
	f, ok := a.files[name]
	if !ok {
		return nil, nil
	}
	in, err := f.Open()
	if err != nil {
		return nil, damaged(err)
	}
	defer func() { _ = in.Close() }() // it was only read
	limit := min(a.left, maxXML)
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, damaged(err)
	}
	if int64(len(data)) > limit {
		return nil, &Refusal{Code: CodeTooMuch}
	}
	a.left -= int64(len(data))
	return data, nil
}

// names lists the members that keep takes, in order.
func (a *archive) names(keep func(name string) bool) (out []string) {
	for name := range a.files {
		if keep(name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// readOFD reads, in this order: an invoice as XML that is attached, the custom
// data and tags, and the text of the pages. Pictures are looked at for QRs.
func readOFD(paper *Paper, data []byte, opts Options, work *qr.Budget) error {
	a, err := openZip(data)
	if err != nil {
		return err
	}
	var pages, tagDocs []*document
	fields := map[string]string{}
	for _, name := range a.names(func(name string) bool { return strings.EqualFold(path.Ext(name), ".xml") }) {
		text, err := a.read(name)
		if err != nil {
			return err
		}
		doc, err := parseXML(text)
		if err != nil {
			return err
		}
		switch {
		case name == "OFD.xml":
			doc.customData(fields)
		case strings.Contains(name, "/Pages/") && path.Base(name) == "Content.xml", strings.Contains(name, "/Tpls/"):
			pages = append(pages, doc)
		case strings.Contains(name, "/Tags/"):
			tagDocs = append(tagDocs, doc)
		default:
			paper.add(SourceOFD, doc.invoice())
		}
	}
	if err := ofdPictures(paper, a, opts, work); err != nil {
		return err
	}
	ofdText(paper, pages, tagDocs, fields)
	return nil
}

// ofdPictures looks for QRs. A picture that is damaged takes nothing from the rest.
func ofdPictures(paper *Paper, a *archive, opts Options, work *qr.Budget) error {
	images := a.names(func(name string) bool {
		return slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(path.Ext(name)))
	})
	for _, name := range images[:min(len(images), maxImages)] {
		data, err := a.read(name)
		if err != nil {
			return err
		}
		if gray, err := decodeGray(data, opts); err == nil {
			paper.readQR(gray, opts, work)
		}
	}
	return nil
}

// ofdLabels are the names of an OFD's custom data.
var ofdLabels = map[string]string{
	"发票代码": fieldCode, "发票号码": fieldNumber, "开票日期": fieldDate, "校验码": fieldCheckCode,
	"合计金额": fieldEx, "合计税额": fieldTax, "价税合计": fieldTotal,
	"销售方名称": fieldSellerName, "销售方纳税人识别号": fieldSellerTax, "购买方名称": fieldBuyerName, "购买方纳税人识别号": fieldBuyerTax,
}

func (d *document) customData(into map[string]string) {
	for _, e := range d.elements {
		if e.name() == "CustomData" {
			if field := ofdLabels[strings.TrimSpace(e.attrs["Name"])]; field != "" && into[field] == "" {
				into[field] = e.text
			}
		}
	}
}

// textsOf returns the text of the text objects by their ids, and as pieces.
func textsOf(pages []*document) (byID map[string]string, pieces []piece) {
	byID = map[string]string{}
	for page, d := range pages {
		var object *element
		var box []float64
		for _, e := range d.elements {
			switch e.name() {
			case "TextObject":
				object, box = e, numbers(e.attrs["Boundary"])
			case "TextCode":
				if object == nil || len(box) < 4 || len(e.path) < len(object.path) || len(pieces) >= maxPieces {
					continue
				}
				byID[object.attrs["ID"]] += e.text
				size := number(object.attrs["Size"])
				pieces = append(pieces, piece{
					page: page, x: box[0] + number(e.attrs["X"]), y: -box[1] - number(e.attrs["Y"]), size: size, text: e.text,
				})
			}
		}
	}
	return byID, pieces
}

// customTags resolves the references of tagged fields to text objects.
func (d *document) customTags(byID, into map[string]string) {
	for _, e := range d.elements {
		if e.name() != "ObjectRef" || len(e.path) < 2 {
			continue
		}
		tag := e.path[len(e.path)-2]
		for field, names := range tags {
			for _, name := range names {
				if strings.EqualFold(name, tag) {
					into[field] = clip(into[field]+byID[e.text], maxText)
				}
			}
		}
	}
}

func ofdText(paper *Paper, pages, tagDocs []*document, fields map[string]string) {
	byID, pieces := textsOf(pages)
	for _, d := range tagDocs {
		d.customTags(byID, fields)
	}
	for field, value := range fieldsOf(lines(pieces)) {
		if fields[field] == "" {
			fields[field] = value
		}
	}
	paper.add(SourceOFD, fields)
}

func numbers(text string) (out []float64) {
	for word := range strings.FieldsSeq(text) {
		out = append(out, number(word))
	}
	return out
}

func number(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n != n || n > 1e6 || n < -1e6 {
		return 0
	}
	return n
}
