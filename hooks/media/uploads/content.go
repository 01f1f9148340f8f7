package uploads

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"

	"satchel/domain/evidence"
	"satchel/media"
)

// sniffed is how much of a file tells its type.
const sniffed = 1024

// contentType tells a file's type by its content, "" if it is of no kind that we
// know. Whether a document can be read is for those who read it.
func contentType(path string) (string, error) {
	start, err := head(path, sniffed)
	if err != nil {
		return "", err
	}
	typ, err := media.Sniff(start)
	if err == nil {
		return string(typ), nil
	}
	refusal, ok := errors.AsType[*media.Refusal](err)
	if !ok {
		return "", fmt.Errorf("sniff upload: %w", err)
	}
	if bytes.HasPrefix(start, []byte("PK\x03\x04")) {
		return packed(path), nil
	}
	if text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xEF\xBB\xBF")), " \t\r\n"); bytes.HasPrefix(text, []byte("<?xml")) {
		return evidence.TypeXML, nil
	}
	found, _ := refusal.Params["found"].(string)
	return found, nil
}

// packed tells an OFD document from other zip archives, of which nothing is unpacked.
func packed(path string) string {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return ""
	}
	defer func() { _ = archive.Close() }() // it was only read
	for _, f := range archive.File {
		if f.Name == "OFD.xml" {
			return evidence.TypeOFD
		}
	}
	return "application/zip"
}
