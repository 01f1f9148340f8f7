package attack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// idleLines is how many connections hold a part of a body: at a megabyte each they
// are more than all bodies together may be.
const idleLines = 80

// bodies opens connections that announce a body, bring most of it and wait:
// without a token, with one that is none, and of a rep. Strangers are to be
// answered before their body has come.
func bodies() Load {
	return Load{
		Name: "parts of bodies",
		Prepare: func(ctx context.Context, s *Scene) error {
			c, err := s.phone(ctx, "rep.he")
			return s.keep("rep.he", c, err)
		},
		Run: func(ctx context.Context, s *Scene) error {
			var all sync.WaitGroup
			var answered atomic.Int64
			for i := range 3 * idleLines {
				token := []string{"", "nothing", s.kept("rep.he").Token}[i%3]
				all.Go(func() {
					if status, err := s.part(ctx, token); i%3 != 2 && err == nil && status == http.StatusUnauthorized && answered.Add(1) == 2*idleLines {
						s.shows()
					}
				})
			}
			all.Wait()
			if answered.Load() < 2*idleLines {
				return fmt.Errorf("of %d strangers %d were answered before their bodies came", 2*idleLines, answered.Load())
			}
			return nil
		},
	}
}

// part sends the head of a push and most of its bytes, and holds the line until ctx is
// over or an answer comes.
func (s *Scene) part(ctx context.Context, token string) (status int, err error) {
	line, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(s.Base, "http://"))
	if err != nil {
		return 0, err
	}
	defer line.Close() //nolint:errcheck // it is cut off on purpose
	stop := context.AfterFunc(ctx, func() { _ = line.SetDeadline(time.Now()) })
	defer stop()
	_, err = fmt.Fprintf(line, "POST /api/sync/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nAuthorization: %s\r\n\r\n%s", token, strings.Repeat(" ", 900_000))
	if err != nil && ctx.Err() != nil {
		return 0, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(line), nil)
	if err != nil {
		return 0, errors.Join(err, ctx.Err())
	}
	resp.Body.Close() //nolint:errcheck // nothing of it is read
	s.note(Answer{Status: resp.StatusCode})
	return resp.StatusCode, nil
}
