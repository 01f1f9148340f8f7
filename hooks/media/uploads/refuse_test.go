package uploads_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"testing"

	"satchel/hooks/media/uploads"
)

func TestCreateRefuses(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)

	chen.create(blob, len(data)+1).expect(t, 400, "blob.size_mismatch")
	chen.create(blob, 0).expect(t, 400, "blob.size_mismatch")
	chen.create(blob, 26<<20).expect(t, 413, "blob.too_large")
	chen.create(blob, len(data), "Upload-Length", "").expect(t, 400, "upload.request")
	chen.create(blob, len(data), "Upload-Length", "-5").expect(t, 400, "upload.request")
	chen.create(blob, len(data), "Upload-Length", "", "Upload-Defer-Length", "1").expect(t, 501, "upload.request")
	chen.create(blob, len(data), "Tus-Resumable", "0.2.2").expect(t, 412, "upload.request")
	chen.create(blob, len(data), "Upload-Metadata", "filename YQ==").expect(t, 404, "record.not_found")
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}
}

func TestPatchRefuses(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.patch(blob, 0, data).expect(t, 404, "upload.not_found")

	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 10, data[10:]).expect(t, 409, "upload.offset_mismatch")
	chen.patch(blob, -1, data).expect(t, 400, "upload.request")
	chen.patch(blob, 0, append(bytes.Clone(data), 0)).expect(t, 413, "blob.size_mismatch")
	chen.send(http.MethodPatch, uploads.Path+"/"+blob, bytes.NewReader(data), "Upload-Offset", "0").expect(t, 400, "upload.request")
	chen.head(blob).expectOffset(t, 0)
	w.expectState(blob, "pending")
}

func TestWrongHashIsDiscardedAndSentAgain(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	spoilt := bytes.Clone(data)
	spoilt[len(spoilt)/2] ^= 1

	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 0, spoilt).expect(t, 400, "blob.hash_mismatch")
	w.expectState(blob, "pending")
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}
	chen.head(blob).expect(t, 404, "")

	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 0, data).expect(t, 204, "")
	w.expectState(blob, "stored")
}

func TestNoAcceptablePhotoIsRejected(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	whole := photo(t, 1, 1)
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"text":           {[]byte("no picture at all"), "blob.type_refused"},
		"HEIC":           {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heic"), "blob.convert"},
		"PDF":            {[]byte("%PDF-1.7 is for papers"), "blob.type_refused"},
		"bomb":           {pngHeader(16384, 16384), "blob.too_many_pixels"},
		"cut photo":      {whole[:len(whole)/2], "blob.damaged"},
		"damaged header": {whole[:40], "blob.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			blob := w.announce(c.data)
			chen.create(blob, len(c.data)).expect(t, 201, "")
			chen.patch(blob, 0, c.data).expect(t, 204, "")
			w.expectState(blob, "rejected")
			if got := w.row(blob).GetString("code"); got != c.code {
				t.Errorf("code of the row is %q", got)
			}
			if kept := w.file(w.row(blob), w.row(blob).GetString("original")); !bytes.Equal(kept, c.data) {
				t.Errorf("kept %d bytes", len(kept))
			}
			chen.head(blob).expect(t, 410, "")
			chen.patch(blob, 0, c.data).expect(t, 410, c.code)
			chen.create(blob, len(c.data)).expect(t, 409, c.code)
		})
	}
	if got := w.photos(); len(got) > 0 {
		t.Errorf("photos %v", got)
	}
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}
}

func pngHeader(width, height uint32) []byte {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, width)
	chunk = binary.BigEndian.AppendUint32(chunk, height)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}
