package syncer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

const (
	cursorVersion = 1
	cursorMAC     = 16
)

// Cursor is a point on the line of heads, as one device holds it.
type Cursor struct {
	Seq    int64
	Schema uint32
	Device string
}

// Encode renders the cursor opaque and tamper-proof:
// base64url of version, seq, schema, device and a truncated HMAC-SHA-256.
func (c Cursor) Encode(secret []byte) string {
	b := []byte{cursorVersion}
	b = binary.BigEndian.AppendUint64(b, uint64(c.Seq))
	b = binary.BigEndian.AppendUint32(b, c.Schema)
	b = append(b, c.Device...)
	return base64.RawURLEncoding.EncodeToString(append(b, seal(secret, b)...))
}

// DecodeCursor reads a cursor that this server made for this device.
// Anything else is a *Problem with code cursor_invalid.
func DecodeCursor(secret []byte, text, device string) (Cursor, error) {
	bad := refuseRequest(400, "cursor_invalid")
	// Decoding passes over line breaks: with one, the text is not the one made here.
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") || len(b) < 13+cursorMAC || b[0] != cursorVersion {
		return Cursor{}, bad
	}
	body, mac := b[:len(b)-cursorMAC], b[len(b)-cursorMAC:]
	if !hmac.Equal(mac, seal(secret, body)) {
		return Cursor{}, bad
	}
	c := Cursor{
		Seq:    int64(binary.BigEndian.Uint64(body[1:])),
		Schema: binary.BigEndian.Uint32(body[9:]),
		Device: string(body[13:]),
	}
	if c.Device != device || c.Seq < 0 {
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
