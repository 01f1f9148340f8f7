package attack

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
)

// listen takes lines on a port of this machine until ctx is over.
func listen(ctx context.Context) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err == nil {
		context.AfterFunc(ctx, func() { _ = listener.Close() })
	}
	return listener, err
}

// silent takes lines, holds them and says nothing.
type silent struct {
	net.Listener
	taken atomic.Int64
}

func newSilent(ctx context.Context) (*silent, error) {
	listener, err := listen(ctx)
	s := &silent{Listener: listener}
	if err == nil {
		go s.serve(ctx, func(net.Conn) {})
	}
	return s, err
}

// serve hands each line on and holds it until ctx is over.
func (s *silent) serve(ctx context.Context, do func(net.Conn)) {
	for {
		line, err := s.Accept()
		if err != nil {
			return
		}
		context.AfterFunc(ctx, func() { _ = line.Close() }) // and so it is not lost before
		s.taken.Add(1)
		go do(line)
	}
}

// mailbox is a mail server that takes all mail and keeps none.
type mailbox struct {
	silent
	told atomic.Int64
}

func newMailbox(ctx context.Context) (*mailbox, error) {
	listener, err := listen(ctx)
	m := &mailbox{silent: silent{Listener: listener}}
	if err == nil {
		go m.serve(ctx, m.talk)
	}
	return m, err
}

// talk is SMTP as far as a client needs it.
func (m *mailbox) talk(line net.Conn) {
	defer line.Close() //nolint:errcheck // it is over
	say := func(text string) { _, _ = fmt.Fprintf(line, "%s\r\n", text) }
	say("220 attack")
	letter := false
	for in := bufio.NewScanner(line); in.Scan(); {
		verb, _, _ := strings.Cut(strings.ToUpper(in.Text()), " ")
		switch {
		case letter && in.Text() == ".":
			letter = false
			m.told.Add(1)
			say("250 taken")
		case letter:
		case verb == "DATA":
			letter = true
			say("354 go on")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 well")
		}
	}
}
