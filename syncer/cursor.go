package syncer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

const (
	cursorVersion = 2
	cursorMAC     = 16
	cursorFixed   = 1 + 8 + 8 + 8 + 4 + 8 + 4 + 8
)

// Cursor is a point on the line of heads, as one device holds it.
type Cursor struct {
	Epoch  int64
	Seq    int64
	Link   Link
	Schema uint32
	Device string
	// Page is set between the pages of a large answer.
	Page Page
}

// Page says how far a device has taken an answer that comes in pages: rows up
// to (Priority, Doc) are as of the cursor's Seq, all others as of Base.
// A Doc of 0 is no page.
type Page struct {
	Base     int64
	Priority uint32
	Doc      int64
}

// Encode renders the cursor opaque and tamper-proof: base64url of version,
// epoch, seq, link, schema, page, device and a truncated HMAC-SHA-256.
func (c Cursor) Encode(secret []byte) string {
	b := make([]byte, 0, cursorFixed+len(c.Device)+cursorMAC)
	b = append(b, cursorVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Epoch))
	b = binary.BigEndian.AppendUint64(b, uint64(c.Seq))
	b = append(b, c.Link[:]...)
	b = binary.BigEndian.AppendUint32(b, c.Schema)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Page.Base))
	b = binary.BigEndian.AppendUint32(b, c.Page.Priority)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Page.Doc))
	b = append(b, c.Device...)
	return base64.RawURLEncoding.EncodeToString(append(b, seal(secret, b)...))
}

// DecodeCursor reads a cursor that this server made for this device.
// Anything else is a *Problem with code cursor_invalid.
func DecodeCursor(secret []byte, text, device string) (Cursor, error) {
	bad := refuseRequest(400, "cursor_invalid")
	// Decoding passes over line breaks: with one, the text is not the one made here.
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") || len(b) < cursorFixed+cursorMAC || b[0] != cursorVersion {
		return Cursor{}, bad
	}
	body, mac := b[:len(b)-cursorMAC], b[len(b)-cursorMAC:]
	if !hmac.Equal(mac, seal(secret, body)) {
		return Cursor{}, bad
	}
	u64 := func(at int) int64 { return int64(binary.BigEndian.Uint64(body[at:])) }
	c := Cursor{
		Epoch: u64(1), Seq: u64(9), Link: Link(body[17:25]),
		Schema: binary.BigEndian.Uint32(body[25:]),
		Page:   Page{Base: u64(29), Priority: binary.BigEndian.Uint32(body[37:]), Doc: u64(41)},
		Device: string(body[cursorFixed:]),
	}
	if c.Device != device || c.Seq < 0 || c.Page.Base < 0 || c.Page.Base > c.Seq || c.Page.Doc < 0 {
		return Cursor{}, bad
	}
	return c, nil
}

func seal(secret, body []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("cursor"))
	h.Write(body)
	return h.Sum(nil)[:cursorMAC]
}
