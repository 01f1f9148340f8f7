package phone

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// chunk is how much of a photo goes in one request: little is lost by a cut.
const chunk = 256 << 10

const blobsPath = "/api/sync/blobs"

// attempts is how often an upload asks anew from which byte to go on.
const attempts = 3

// Where a photo comes from.
const (
	Camera  = "camera"
	Gallery = "gallery"
)

// AddPhoto takes a photo for a visit step. Its row rides in the outbox, its
// bytes stay here until the row says that they may go.
func (p *Phone) AddPhoto(step string, jpeg []byte, source string) (string, error) {
	blob := p.NewID()
	return blob, p.addBytes(blob, jpeg, Row{"purpose": "visit_photo", "step": step, "source": source})
}

// addBytes makes the row of a file and keeps its bytes.
func (p *Phone) addBytes(blob string, data []byte, row Row) error {
	sum := sha256.Sum256(data)
	row["sha256"], row["size"], row["mime"], row["state"] = hex.EncodeToString(sum[:]), len(data), http.DetectContentType(data), "pending"
	if err := p.Create("blobs", blob, row); err != nil {
		return err
	}
	_, err := p.store.db.Exec("INSERT INTO photos (blob, n, bytes) SELECT ?, MAX(n), ? FROM outbox WHERE c = 'blobs' AND r = ?", blob, data, blob)
	return err
}

// PhotosLeft counts the photos whose bytes the server does not have.
func (p *Phone) PhotosLeft() (int, error) {
	var n int
	err := p.store.db.QueryRow("SELECT COUNT(*) FROM photos WHERE state = 'pending'").Scan(&n)
	return n, err
}

// Upload sends the photos whose rows the server has taken, each from the byte
// that the server has. It returns how many arrived. A photo whose row the
// server does not show this user stays pending.
func (p *Phone) Upload(ctx context.Context) (int, error) {
	ready, err := p.readyPhotos()
	if err != nil {
		return 0, err
	}
	done := 0
	for _, blob := range ready {
		var body []byte
		if err := p.store.db.QueryRow("SELECT bytes FROM photos WHERE blob = ?", blob).Scan(&body); err != nil {
			return done, err
		}
		err := p.authed(ctx, func() error { return p.upload(ctx, blob, body) })
		switch refused, ok := errors.AsType[*APIError](err); {
		case err == nil, CodeOf(err) == "blob.already_stored":
			// The bytes stay until the row says that they may go. If the row leaves
			// this phone, a mutation made after this and held by a copy off the
			// server's machine proves that the copy holds them too.
			_, err = p.store.db.Exec("UPDATE photos SET state = 'sent', n = (SELECT CAST(v AS INTEGER) FROM meta WHERE k = 'n') WHERE blob = ?", blob)
			done++
		case ok && refused.Status == http.StatusConflict && strings.HasPrefix(refused.Code, "blob."):
			_, err = p.store.db.Exec("UPDATE photos SET state = 'refused', code = ? WHERE blob = ?", refused.Code, blob)
		case CodeOf(err) == "record.not_found":
			err = nil // its row was refused or has left; the photo stays here and delays nothing else
		}
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// settlePhotos does what the rows say: takes up again the bytes that the server
// had and has no more, notes what it refused, and drops what may go: a photo that
// is durable, or stored already if the company's setting is content with that.
func settlePhotos(tx *sql.Tx, durable int64) error {
	const row = "(SELECT body->>'state' FROM base WHERE c = 'blobs' AND id = blob)"
	const enough = `(SELECT COUNT(*) FROM base WHERE c = 'settings' AND body->>'key' = 'media.keep_until' AND body->>'value' = 'stored')`
	for _, stmt := range []string{
		`UPDATE photos SET state = 'pending' WHERE state = 'sent' AND length(bytes) > 0 AND ` + row + ` = 'pending'`,
		`UPDATE photos SET state = 'refused', code = (SELECT body->>'code' FROM base WHERE c = 'blobs' AND id = blob)
			WHERE state IN ('pending', 'sent') AND ` + row + ` = 'rejected'`,
		`UPDATE photos SET bytes = x'' WHERE state = 'sent' AND (` + row + ` = 'durable' OR ` + row + ` = 'stored' AND ` + enough + ` > 0)`,
	} {
		if _, err := tx.Exec(stmt); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`UPDATE photos SET bytes = x'' WHERE state = 'sent' AND n < ? AND `+row+` IS NULL`, durable)
	return err
}

// PhotoStates tells for each photo how far it is: pending, sent or refused, and
// how many of its bytes are still here.
func (p *Phone) PhotoStates() (map[string]PhotoState, error) {
	rows, err := p.store.db.Query("SELECT blob, state, code, length(bytes) FROM photos")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	out := map[string]PhotoState{}
	for rows.Next() {
		var blob string
		var s PhotoState
		if err := rows.Scan(&blob, &s.State, &s.Code, &s.Bytes); err != nil {
			return nil, err
		}
		out[blob] = s
	}
	return out, rows.Err()
}

// PhotoState is how far a photo is.
type PhotoState struct {
	State, Code string // code of a refusal
	Bytes       int
}

// readyPhotos lists pending photos whose row is not waiting in the outbox.
func (p *Phone) readyPhotos() ([]string, error) {
	rows, err := p.store.db.Query(`SELECT blob FROM photos WHERE state = 'pending'
		AND blob NOT IN (SELECT r FROM outbox WHERE c = 'blobs' AND state = 'pending') ORDER BY n`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	var out []string
	for rows.Next() {
		var blob string
		if err := rows.Scan(&blob); err != nil {
			return nil, err
		}
		out = append(out, blob)
	}
	return out, rows.Err()
}

// upload sends one photo by tus 1.0. A request that was cut off may still be at
// work on the server when the offset is asked for; then it is asked for again.
func (p *Phone) upload(ctx context.Context, blob string, body []byte) error {
	var err error
	for range attempts {
		err = p.resume(ctx, blob, body)
		if code := CodeOf(err); code != "upload.offset_mismatch" && code != "upload.locked" {
			return err
		}
	}
	return err
}

func (p *Phone) resume(ctx context.Context, blob string, body []byte) error {
	location := blobsPath + "/" + blob
	offset, err := p.offset(ctx, location)
	if e, ok := errors.AsType[*APIError](err); ok && (e.Status == http.StatusNotFound || e.Status == http.StatusGone) {
		location, offset, err = p.begin(ctx, blob, len(body))
	}
	if err != nil {
		return err
	}
	for offset < len(body) {
		end := min(len(body), offset+chunk)
		got, err := p.tus(ctx, http.MethodPatch, location, body[offset:end], http.Header{
			"Content-Type": {"application/offset+octet-stream"}, "Upload-Offset": {strconv.Itoa(offset)},
		})
		if err != nil {
			return err
		}
		if offset, err = number(got, "Upload-Offset"); err != nil {
			return err
		}
	}
	return nil
}

func (p *Phone) offset(ctx context.Context, location string) (int, error) {
	got, err := p.tus(ctx, http.MethodHead, location, nil, nil)
	if err != nil {
		return 0, err
	}
	return number(got, "Upload-Offset")
}

func (p *Phone) begin(ctx context.Context, blob string, size int) (location string, offset int, err error) {
	got, err := p.tus(ctx, http.MethodPost, blobsPath, nil, http.Header{
		"Upload-Length": {strconv.Itoa(size)}, "Upload-Metadata": {"blob " + base64.StdEncoding.EncodeToString([]byte(blob))},
	})
	if err != nil {
		return "", 0, err
	}
	if location = got.Get("Location"); location == "" {
		return "", 0, errors.New("the server named no place for the upload")
	}
	if got.Get("Upload-Offset") != "" {
		offset, err = number(got, "Upload-Offset")
	}
	return location, offset, err
}

// tus sends one request of the upload protocol and returns the answer's header.
func (p *Phone) tus(ctx context.Context, method, location string, body []byte, header http.Header) (http.Header, error) {
	device, err := p.Device()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, p.cfg.Server+location, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	req.Header.Set("X-Sync-Device", device)
	resp, err := p.send(req, header)
	if err != nil {
		return nil, err
	}
	return resp.Header, resp.Body.Close()
}

func number(got http.Header, header string) (int, error) {
	n, err := strconv.Atoi(got.Get(header))
	if err != nil {
		return 0, fmt.Errorf("the server gave no %s: %w", header, err)
	}
	return n, nil
}
