package documents

import (
	"archive/zip"
	"bytes"
	"fmt"

	"satchel/media"
	"satchel/media/qr"
)

// Sniff tells the type of a paper by its content, or fails with CodeType.
func Sniff(data []byte) (string, error) {
	if typ, err := media.Sniff(data[:min(len(data), 64)]); err == nil {
		return string(typ), nil
	}
	switch {
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return TypePDF, nil
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return "", damaged(err)
		}
		for _, f := range archive.File {
			if f.Name == "OFD.xml" {
				return TypeOFD, nil
			}
		}
	case looksLikeXML(data):
		return TypeXML, nil
	}
	return "", &Refusal{Code: CodeType}
}

func looksLikeXML(data []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xEF\xBB\xBF")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<?xml")) || len(head) > 1 && head[0] == '<' && (isLetter(head[1]) || head[1] == '!')
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// Read reads a paper. It fails with a *Refusal if data is none, is damaged or
// unpacks to too much; a paper of which nothing is readable is no failure.
func Read(data []byte, opts Options) (paper Paper, err error) {
	defer func() { // the libraries panic on some malformed files
		if fault := recover(); fault != nil {
			paper, err = Paper{}, damaged(fmt.Errorf("%v", fault))
		}
	}()
	if opts.Bytes > 0 && int64(len(data)) > opts.Bytes {
		return Paper{}, &Refusal{Code: CodeTooMuch}
	}
	typ, err := Sniff(data)
	if err != nil {
		return Paper{}, err
	}
	paper.Type = typ
	work := qr.NewBudget(opts.Work)
	switch typ {
	case TypePDF:
		err = readPDF(&paper, data, opts, work)
	case TypeOFD:
		err = readOFD(&paper, data, opts, work)
	case TypeXML:
		var doc *document
		if doc, err = parseXML(data); err == nil {
			paper.add(SourceXML, doc.invoice())
		}
	default:
		err = readPicture(&paper, data, opts, work)
	}
	if err != nil {
		return Paper{}, err
	}
	return paper, nil
}
