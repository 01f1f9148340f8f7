package syncer

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"slices"
	"unicode/utf8"
)

// ReadPush reads the body of a push: the envelope strictly, each mutation as it
// stands, so that one that nobody can read is refused alone. The error is a
// *Problem with code body_malformed.
func ReadPush(body []byte) (PushRequest, error) {
	var req PushRequest
	bad := refuseRequest(400, "body_malformed")
	whole, mutations, ok := cutMutations(body)
	if !ok {
		whole, mutations = body, nil
	}
	if json.Unmarshal(whole, &req, json.RejectUnknownMembers(true)) != nil {
		return PushRequest{}, bad
	}
	if ok {
		req.Mutations = mutations
	}
	return req, nil
}

// cutMutations takes the mutations out of a body by their brackets and quotes
// alone. Bytes that are no UTF-8 may be two to a character, of which the second
// looks like a backslash: if the body does not come apart so, they are not.
func cutMutations(body []byte) (rest []byte, mutations []jsontext.Value, ok bool) {
	for _, pairs := range []bool{true, false} {
		l := lexer{body, pairs}
		members, whole := l.members()
		at := slices.IndexFunc(members, func(m rawMember) bool { return m.name == "mutations" })
		if !whole || at < 0 || members[at].value[0] != '[' {
			continue
		}
		value := members[at].value
		items, whole := (lexer{value, pairs}).items()
		if !whole {
			continue
		}
		// The same array without its content, for the strict reader.
		rest = slices.Concat(body[:members[at].from], []byte("[]"), body[members[at].from+len(value):])
		return rest, items, true
	}
	return nil, nil, false
}

// rawMember is a member of an object as it stands; its name is empty if that
// cannot be read.
type rawMember struct {
	name  string
	value jsontext.Value
	from  int // where the value begins
}

// lexer finds the ends of JSON values without looking into them.
type lexer struct {
	text  []byte
	pairs bool // bytes that are no UTF-8 come in pairs
}

// members lists those of the object that the text is, as far as they can be told
// apart; whole is false if that is not to its end.
func (l lexer) members() (out []rawMember, whole bool) {
	at, ok := l.expect(0, '{')
	if !ok {
		return nil, false
	}
	if end, empty := l.expect(at, '}'); empty {
		return nil, l.space(end) == len(l.text)
	}
	for {
		start := l.space(at)
		if start == len(l.text) || l.text[start] != '"' {
			return out, false
		}
		end, ok := l.value(start)
		if !ok {
			return out, false
		}
		var m rawMember
		_ = json.Unmarshal(l.text[start:end], &m.name) // a name of no text is none
		if at, ok = l.expect(end, ':'); !ok {
			return out, false
		}
		m.from = l.space(at)
		if end, ok = l.value(m.from); !ok {
			return out, false
		}
		m.value = jsontext.Value(l.text[m.from:end])
		out = append(out, m)
		if at, ok = l.expect(end, ','); ok {
			continue
		}
		at, ok = l.expect(end, '}')
		return out, ok && l.space(at) == len(l.text)
	}
}

// items lists those of the array that the text is.
func (l lexer) items() (out []jsontext.Value, whole bool) {
	at, ok := l.expect(0, '[')
	if !ok {
		return nil, false
	}
	if end, empty := l.expect(at, ']'); empty {
		return nil, end == len(l.text)
	}
	for {
		start := l.space(at)
		end, ok := l.value(start)
		if !ok {
			return nil, false
		}
		out = append(out, jsontext.Value(l.text[start:end]))
		if at, ok = l.expect(end, ','); ok {
			continue
		}
		at, ok = l.expect(end, ']')
		return out, ok && at == len(l.text)
	}
}

// value returns the end of the value that begins at a place.
func (l lexer) value(at int) (end int, ok bool) {
	if at >= len(l.text) {
		return at, false
	}
	var closing []byte
	for at < len(l.text) {
		switch c := l.text[at]; c {
		case '"':
			if at, ok = l.quoted(at); !ok {
				return at, false
			}
			if len(closing) == 0 {
				return at, true
			}
			continue
		case '{', '[':
			closing = append(closing, c+2) // } and ] stand two behind
		case '}', ']':
			if len(closing) == 0 || closing[len(closing)-1] != c {
				return at, false
			}
			if closing = closing[:len(closing)-1]; len(closing) == 0 {
				return at + 1, true
			}
		default:
			if len(closing) == 0 {
				end = at
				for end < len(l.text) && !slices.Contains([]byte(" \t\r\n,:{}[]\""), l.text[end]) {
					end++
				}
				return end, end > at
			}
		}
		at++
	}
	return at, false
}

// quoted returns the end of a text in quotes.
func (l lexer) quoted(at int) (end int, ok bool) {
	for at++; at < len(l.text); at++ {
		switch c := l.text[at]; {
		case c == '"':
			return at + 1, true
		case c == '\\':
			at++
		case c < utf8.RuneSelf:
		default:
			r, size := utf8.DecodeRune(l.text[at:])
			switch {
			case r != utf8.RuneError || size > 1:
				at += size - 1
			case l.pairs && at+1 < len(l.text) && l.text[at+1] >= 0x40 && l.text[at+1] != 0x7F:
				at++
			}
		}
	}
	return at, false
}

func (l lexer) space(at int) int {
	for at < len(l.text) && (l.text[at] == ' ' || l.text[at] == '\t' || l.text[at] == '\r' || l.text[at] == '\n') {
		at++
	}
	return at
}

// expect passes over one byte, and spaces before it.
func (l lexer) expect(at int, c byte) (after int, ok bool) {
	if at = l.space(at); at < len(l.text) && l.text[at] == c {
		return at + 1, true
	}
	return at, false
}

// compact is the text without what stands between its words.
func (l lexer) compact() []byte {
	out := make([]byte, 0, len(l.text))
	for at := 0; at < len(l.text); {
		if next := l.space(at); next > at {
			at = next
			continue
		}
		end := at + 1
		if l.text[at] == '"' {
			end, _ = l.quoted(at)
			end = min(end, len(l.text))
		}
		out = append(out, l.text[at:end]...)
		at = end
	}
	return out
}
