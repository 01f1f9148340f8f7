package api

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// patience is how long a line may hold up the others. A socket with room takes a
// poke at once; one whose buffer is full of pokes has nobody at its end.
const patience = 20 * time.Millisecond

// line is the way to a phone.
type line interface {
	// say returns soon. After an error the line is of no use.
	say(m message) error
	// close ends the line; twice does no harm.
	close()
}

// message is an event as text, and as a chunk of HTTP/1.1.
type message struct{ plain, chunk []byte }

var (
	greeting  = textOf(": listening\n\n")
	stillHere = textOf(": still here\n\n")
	farewell  = message{chunk: []byte("0\r\n\r\n")}
	goodbye   = lastOf(fmt.Sprintf("event: bye\ndata: {\"code\":%q}\n\n", codeGaveWay))
)

func pokeOf(seq int64) message { return textOf(fmt.Sprintf("data: {\"seq\":%d}\n\n", seq)) }

func textOf(text string) message {
	return message{plain: []byte(text), chunk: fmt.Appendf(nil, "%x\r\n%s\r\n", len(text), text)}
}

// lastOf is a text with which the stream ends.
func lastOf(text string) message {
	m := textOf(text)
	m.chunk = append(m.chunk, farewell.chunk...)
	return m
}

// taken is a connection that the server gave up.
type taken struct{ conn net.Conn }

// say tries again what the socket was not asked for: on a busy machine the deadline may
// be over before the write begins.
func (t taken) say(m message) (err error) {
	for range 2 {
		//nolint:forbidigo // a socket's deadline is real time
		if err := t.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		var n int
		if n, err = t.conn.Write(m.chunk); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
	return err
}

func (t taken) close() {
	conn := t.conn
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn() // its own close would wait to say goodbye; the last chunk has
	}
	_ = conn.Close() // nothing is pending
}

// held is a line that a goroutine of its own writes to.
type held struct {
	next chan []byte // one that waits
	over chan struct{}
	once sync.Once
}

func (h *held) say(m message) error {
	if m.plain == nil {
		return nil
	}
	select {
	case <-h.next: // the phone has not read it; the newer one says as much
	default:
	}
	select {
	case h.next <- m.plain:
	default: // nobody else says anything here
	}
	return nil
}

func (h *held) close() { h.once.Do(func() { close(h.over) }) }
