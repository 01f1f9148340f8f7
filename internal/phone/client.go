package phone

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzip"
)

// APIError is an answer that is not a success.
type APIError struct {
	Status int
	Code   string
	Text   string // for a person
	Data   map[string]any
	// RetryAfter is how long the server asks to wait; 0 if it does not say.
	RetryAfter time.Duration
}

// Error implements error.
func (e *APIError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Text) }

// CodeOf returns the stable code of an error of the server's, or an empty text.
func CodeOf(err error) string {
	if e := apiError(err); e != nil {
		return e.Code
	}
	return ""
}

func apiError(err error) *APIError {
	e, _ := errors.AsType[*APIError](err)
	return e
}

// call asks the server once, and once more with a fresh token if the old one is
// no longer good. A word to wipe is obeyed.
func (p *Phone) call(ctx context.Context, method, path string, in, out any) error {
	err := p.authed(ctx, func() error { return p.once(ctx, method, path, in, out, nil) })
	return err
}

// authed runs a request and repeats it after a renewal of the token.
func (p *Phone) authed(ctx context.Context, request func() error) error {
	err := request()
	if e := apiError(err); e != nil && e.Status == http.StatusUnauthorized {
		switch e.Code {
		case "auth_required", "token_expired", "": // to HEAD there is no code
			err = p.renew(ctx)
		case "login_spent": // the answer to hello was lost
			err = p.hello(ctx)
		default:
			return p.obey(err)
		}
		if err == nil {
			err = request()
		}
	}
	return p.obey(err)
}

// obey forgets everything if the server says so.
func (p *Phone) obey(err error) error {
	if e := apiError(err); e != nil && e.Data["wipe"] == true && !errors.Is(err, ErrWiped) {
		return errors.Join(ErrWiped, p.store.wipe())
	}
	return err
}

// once sends one request, packed if its header says so. out may be nil, an *io.ReadCloser that takes the body
// over, or what the JSON answer is read into.
func (p *Phone) once(ctx context.Context, method, path string, in, out any, header http.Header) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err == nil && header.Get("Content-Encoding") == "gzip" {
			b, err = packed(b)
		}
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.cfg.Server+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := p.send(req, header)
	if err != nil {
		return err
	}
	if take, ok := out.(**http.Response); ok {
		*take = resp
		return nil
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end or failed already
	if out == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	return json.UnmarshalRead(resp.Body, out)
}

// packed is a body as gzip.
func packed(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// send signs and sends a request; an answer that is no success is an *APIError.
func (p *Phone) send(req *http.Request, header http.Header) (*http.Response, error) {
	token, err := p.store.meta("token")
	if err != nil {
		return nil, err
	}
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 300 {
		return resp, nil
	}
	defer resp.Body.Close() //nolint:errcheck // the status is the error
	var answer struct {
		Message string         `json:"message"`
		Data    map[string]any `json:"data"`
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &answer)
	}
	if err != nil {
		answer.Message = string(text)
	}
	code, _ := answer.Data["code"].(string)
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return nil, &APIError{
		Status: resp.StatusCode, Code: code, Text: answer.Message, Data: answer.Data, RetryAfter: time.Duration(max(0, seconds)) * time.Second,
	}
}
