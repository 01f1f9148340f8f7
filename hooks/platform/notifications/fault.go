package notifications

import (
	"errors"
	"fmt"
	"net/textproto"
	"net/url"
)

// faultKind says whose fault it was that a message did not go out.
type faultKind int

const (
	none      faultKind = iota
	ofTarget            // it cannot be reached, or wants nobody: the message waits, and all behind it
	answered            // it did not take the message, perhaps because of the message
	ofMessage           // this one alone; the others go on
	forEver             // no attempt will help
)

// fault is why a message did not go out.
type fault struct {
	kind faultKind
	err  error
}

// faultText is the longest reason that is kept, in bytes.
const faultText = 500

// text is the reason, without the address: it may hold a key.
func (f fault) text() string {
	err := f.err
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return cut(err.Error(), faultText)
}

// count counts the faults in a row that are of a message alone.
func (f fault) count(before int) int {
	switch f.kind {
	case ofMessage:
		return before + 1
	case none:
		return 0
	default:
		return before
	}
}

// mailFault tells a mail that the server did not want from a server that wants none.
func mailFault(err error) fault {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		switch reply.Code {
		case 450, 452, 501, 550, 551, 552, 553, 554, 555, 556:
			return fault{ofMessage, fmt.Errorf("answered %d", reply.Code)}
		}
	}
	return fault{ofTarget, err}
}

// cut shortens a text to so many bytes, between two characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := 0
	for at := range text {
		if at > most {
			break
		}
		end = at
	}
	return text[:end]
}
