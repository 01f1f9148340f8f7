package attack

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
)

// side is how wide and high the bomb is: a few hundred kilobytes of file, and more
// than half a gigabyte as a picture.
const side = 12_000

// thumbBomb puts a picture that unfolds into the draft of a contract and asks for
// its thumb. No answer is to come of decoding it in the server: whether the file or
// the thumb is refused, no memory is taken.
func thumbBomb() Load {
	return Load{
		Name: "thumb bomb",
		Prepare: func(ctx context.Context, s *Scene) error {
			c, err := s.desk(ctx, "rep.chen")
			if err != nil {
				return err
			}
			var small bytes.Buffer
			if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 20, 20))); err != nil {
				return err
			}
			account, err := c.any(ctx, "accounts")
			if err != nil {
				return err
			}
			s.held["account"] = account
			a, err := c.draft(ctx, account, small.Bytes()) // or a refusal of the bomb would say nothing
			if err != nil || a.Status != http.StatusOK {
				return fmt.Errorf("a small picture is no draft: %s %.300s %w", a, a.Body, err)
			}
			s.held["picture"], err = hugePNG()
			return s.keep("rep.chen", c, err)
		},
		Run: func(ctx context.Context, s *Scene) error {
			c, account, picture := s.kept("rep.chen"), s.held["account"].(string), s.held["picture"].([]byte)
			return s.crowd(ctx, 2, func(int) error {
				a, err := c.draft(ctx, account, picture)
				if err != nil {
					return err
				}
				if s.note(a); a.faulty() {
					return fmt.Errorf("the draft: %s %.200s", a, a.Body)
				}
				if a.Status != http.StatusOK {
					return nil // it is not even kept
				}
				return s.thumb(ctx, c, a)
			})
		},
	}
}

func (s *Scene) thumb(ctx context.Context, c *Client, made Answer) error {
	var token struct {
		Token string `json:"token"`
	}
	if err := c.want(ctx, http.MethodPost, "/api/files/token", nil, &token); err != nil {
		return err
	}
	id, name := member(made.Body, "id"), member(made.Body, "draft")
	a, err := c.ask(ctx, http.MethodGet, "/api/files/contracts/"+id+"/"+name+"?thumb=100x100&token="+url.QueryEscape(token.Token), nil)
	if err != nil {
		return err
	}
	if s.note(a); a.Status < 400 || a.faulty() {
		return fmt.Errorf("the thumb of %d × %d: %s", side, side, a)
	}
	return nil
}

// draft makes a contract with a file.
func (c *Client) draft(ctx context.Context, account string, content []byte) (Answer, error) {
	return c.upload(ctx, http.MethodPost, "/api/collections/contracts/records", "draft", "draft.png", content, map[string]string{
		"account": account, "owner": c.user, "no": newID(), "type": "standard", "title": "框架合同", "state": "draft",
		"start_date": "2027-01-01", "end_date": "2027-12-31", "amount_fen": "100",
	})
}

// hugePNG writes a picture of one colour, four bytes a pixel, row by row.
func hugePNG() ([]byte, error) {
	var out, data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.DefaultCompression)
	if err != nil {
		return nil, err
	}
	row := make([]byte, 1+4*side)
	for range side {
		if _, err := z.Write(row); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	chunk := func(kind string, content []byte) {
		head := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
		body := append([]byte(kind), content...)
		out.Write(head)
		out.Write(body)
		out.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
	}
	out.WriteString("\x89PNG\r\n\x1a\n")
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, side), side)
	chunk("IHDR", append(size, 8, 6, 0, 0, 0))
	chunk("IDAT", data.Bytes())
	chunk("IEND", nil)
	return out.Bytes(), nil
}

// member reads a text of a flat JSON object.
func member(text, name string) string {
	at := bytes.Index([]byte(text), []byte(strconv.Quote(name)+":"))
	if at < 0 {
		return ""
	}
	value, err := strconv.QuotedPrefix(text[at+len(name)+3:])
	if err != nil {
		return ""
	}
	value, _ = strconv.Unquote(value) // it is quoted
	return value
}
