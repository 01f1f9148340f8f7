package syncer

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// Bounds of a JSON value that is taken: below what the database and every client
// can read, so that it comes back as it was.
const (
	MaxDepth   = 100    // arrays and objects in each other
	MaxMembers = 10_000 // members and items in all
	// MaxValueBytes is how large one field is that people write: a list shows many,
	// and a phone keeps them all.
	MaxValueBytes = 64 << 10
)

// Readable refuses JSON that cannot be taken as it is, with a code and the place
// as a JSON pointer: json.syntax, json.text (no UTF-8, or half a character),
// json.duplicate, json.depth, json.members, json.number (beyond what a double
// holds, or an integer that it would alter). deeper is by how much the limits
// are higher, for what wraps values.
func Readable(raw []byte, deeper int) *Problem {
	if err := checkStrictly(raw); err != nil {
		return unreadable(err)
	}
	return bounded(raw, deeper)
}

// whole is how many members and items a body may have that carries several values.
const whole = 20 * MaxMembers

// ReadableStream is Readable for a body that holds one value of JSON among what
// carries it. An error is one of the reader.
func ReadableStream(r io.Reader) (*Problem, error) {
	src := &faulty{Reader: r}
	dec := jsontext.NewDecoder(src)
	for values := 0; ; values++ {
		token, err := dec.ReadToken()
		switch {
		case src.err != nil:
			return nil, src.err
		case err == io.EOF && values == 0: //nolint:errorlint // the decoder's own
			return unreadable(err), nil
		case err == io.EOF: //nolint:errorlint // the decoder's own
			return nil, nil
		case err != nil:
			return unreadable(err), nil
		}
		code := ""
		switch {
		case dec.StackDepth() > MaxDepth+2*wrapping:
			code = "json.depth"
		case values >= whole:
			code = "json.members"
		case token.Kind() == '0' && !exact(token.String()):
			code = "json.number"
		case dec.StackDepth() == 0 && values > 0 && token.Kind() != '}' && token.Kind() != ']':
			code = "json.syntax"
		}
		if code != "" {
			return &Problem{Code: code, Params: map[string]any{"place": clip(string(dec.StackPointer()))}}, nil
		}
	}
}

// faulty remembers why a reader failed.
type faulty struct {
	io.Reader
	err error
}

// Read implements io.Reader.
func (f *faulty) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

func checkStrictly(raw []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.ReadValue(); err != nil {
		return err
	}
	if dec.InputOffset() < int64(len(bytes.TrimRight(raw, " \t\r\n"))) {
		return errors.New("something follows")
	}
	return nil
}

// unreadable says why a strict reader stopped.
func unreadable(err error) *Problem {
	code, place := "json.syntax", ""
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		place = string(syntactic.JSONPointer)
		switch text := syntactic.Err.Error(); {
		case errors.Is(syntactic.Err, jsontext.ErrDuplicateName):
			code = "json.duplicate"
		case strings.Contains(text, "UTF-8"), strings.Contains(text, "surrogate"):
			code = "json.text"
		case strings.Contains(text, "depth"):
			code = "json.depth"
		}
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		code, place = "json.type", string(semantic.JSONPointer)
	}
	return &Problem{Code: code, Params: map[string]any{"place": clip(place)}}
}

// bounded holds valid JSON to its bounds.
func bounded(raw []byte, deeper int) *Problem {
	depth, members := 0, 0
	for at := 0; at < len(raw); at++ {
		code := ""
		switch c := raw[at]; {
		case c == '"':
			for at++; raw[at] != '"'; at++ {
				if raw[at] == '\\' {
					at++
				}
			}
		case c == '{', c == '[':
			if depth++; depth > MaxDepth+deeper {
				code = "json.depth"
			}
		case c == '}', c == ']':
			depth--
		case c == ',':
			if members++; members >= MaxMembers {
				code = "json.members"
			}
		case c == '-', c >= '0' && c <= '9':
			end := at + 1
			for end < len(raw) && strings.IndexByte("+-.eE0123456789", raw[end]) >= 0 {
				end++
			}
			if !exact(string(raw[at:end])) {
				code = "json.number"
			}
			at = end - 1
			if code != "" {
				return &Problem{Code: code, Params: map[string]any{"place": clip(placeOf(raw, int64(end)))}}
			}
		}
		if code != "" {
			return &Problem{Code: code, Params: map[string]any{"place": clip(placeOf(raw, int64(at+1)))}}
		}
	}
	return nil
}

// placeOf points at what is read last of the text up to an offset.
func placeOf(raw []byte, offset int64) string {
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	for dec.InputOffset() < offset {
		if _, err := dec.ReadToken(); err != nil {
			break
		}
	}
	return string(dec.StackPointer())
}

// exact reports whether a number comes back from a double: no bounds crossed, and
// no integer altered. A fraction is what a double makes of it.
func exact(number string) bool {
	if len(number) <= 15 && strings.IndexByte(number, 'e') < 0 && strings.IndexByte(number, 'E') < 0 {
		return true
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return false
	}
	digits := digitsOf(number)
	if f == 0 {
		return digits == ""
	}
	return math.Abs(f) < 1<<53 || digits == digitsOf(strconv.FormatFloat(f, 'e', -1, 64))
}

// digitsOf are the digits of a number without sign, point, exponent and the
// zeros at both ends.
func digitsOf(number string) string {
	mantissa, _, _ := strings.Cut(strings.ToLower(number), "e")
	return strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(mantissa), "0")
}
