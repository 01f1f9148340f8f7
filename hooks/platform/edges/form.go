package edges

import (
	"bufio"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/syncer"
)

// textMost is how many bytes of a form in the manner of an address are read for
// what it holds, which is as many as the server's own reader takes.
const textMost = 10 << 20

// readableForm holds the values of a form to the bounds of JSON before PocketBase
// reads any: @jsonPayload stands for the whole body, and a field of JSON may be
// given as a text of it. What is no form is left to who reads it.
func readableForm(r *http.Request) (problem *syncer.Problem, err error) {
	body := &line{Reader: &once{Reader: r.Body}}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		problem = ofParts(r, body)
	} else {
		problem = ofText(body)
	}
	if problem == nil && body.fault == nil {
		_, _ = io.Copy(io.Discard, body) // up to its end, from where it begins anew
	}
	return problem, body.fault
}

// ofParts judges the parts of a form one after the other, and keeps none.
func ofParts(r *http.Request, body io.Reader) *syncer.Problem {
	r = &http.Request{Header: r.Header, Body: io.NopCloser(body)}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil //nolint:nilerr // PocketBase says what is wrong with the form
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil //nolint:nilerr // it ended, or its reader knows
		}
		if part.FileName() == "" {
			if problem := ofValue(part); problem != nil {
				return problem
			}
		}
	}
}

func ofValue(part *multipart.Part) *syncer.Problem {
	in := bufio.NewReader(part)
	first, err := in.Peek(1)
	if err != nil || part.FormName() != router.JSONPayloadKey && first[0] != '{' && first[0] != '[' {
		return nil //nolint:nilerr // an empty part has nothing deep
	}
	return judged(part.FormName(), in)
}

// ofText judges the values of a form that is written as an address is.
func ofText(body io.Reader) *syncer.Problem {
	text, err := io.ReadAll(io.LimitReader(body, textMost))
	if err != nil {
		return nil
	}
	for pair := range strings.SplitSeq(string(text), "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			continue
		}
		if value, err = url.QueryUnescape(value); err != nil || name != router.JSONPayloadKey && !strings.HasPrefix(value, "{") && !strings.HasPrefix(value, "[") {
			continue
		}
		if problem := judged(name, strings.NewReader(value)); problem != nil {
			return problem
		}
	}
	return nil
}

// judged refuses what is too deep or has too many members. A text that only looks
// like JSON is refused by nobody here.
func judged(name string, in io.Reader) *syncer.Problem {
	problem, err := syncer.ReadableStream(in)
	if err != nil || problem == nil {
		return nil //nolint:nilerr // of an error of the line its reader knows
	}
	if name != router.JSONPayloadKey && problem.Code != "json.depth" && problem.Code != "json.members" {
		return nil
	}
	return problem
}

// line remembers why a body could not be read on.
type line struct {
	io.Reader
	fault error
}

// Read implements io.Reader.
func (l *line) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		l.fault = err
	}
	return n, err
}
