package media

import "bytes"

// Type is the MIME type of a photo that is accepted.
type Type string

// The accepted types. HEIC is converted on the phone: decoding it here costs
// seconds and up to 2 GB.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	WebP Type = "image/webp"
)

// Sniff tells the type from the first bytes; 32 are enough. Names and
// announced types play no part. Any other content is refused with
// CodeType, HEIC with CodeConvert.
func Sniff(head []byte) (Type, error) {
	switch {
	case len(head) == 0:
		return "", Damaged(nil)
	case bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")):
		return JPEG, nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case riff(head, "WEBP"):
		return WebP, nil
	}
	refusal := &Refusal{Code: CodeType, Params: map[string]any{"found": foreign(head)}}
	if refusal.Params["found"] == "image/heic" {
		refusal.Code = CodeConvert
	}
	return "", refusal
}

func riff(head []byte, form string) bool {
	return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == form
}

// foreign names the types that people do send, for a message they understand.
func foreign(head []byte) string {
	switch {
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		switch string(head[8:12]) {
		case "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1":
			return "image/heic"
		case "avif", "avis":
			return "image/avif"
		}
		return "video/mp4"
	case bytes.HasPrefix(head, []byte("GIF8")):
		return "image/gif"
	case bytes.HasPrefix(head, []byte("BM")):
		return "image/bmp"
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return "image/tiff"
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "application/pdf"
	}
	return ""
}
