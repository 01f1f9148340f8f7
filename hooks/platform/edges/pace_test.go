package edges

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
)

// pipes are lines in memory, whose deadlines follow the time of the test.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// entrance serves the bodies of one user, on a server with PocketBase's own deadlines.
func entrance(s *Service) pipes {
	lines := make(pipes)
	users := core.NewAuthCollection(gate.Users)
	who := core.NewRecord(users)
	who.Id = "somebody"
	server := &http.Server{ReadTimeout: 5 * time.Minute, WriteTimeout: time.Hour, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &router.RereadableReadCloser{ReadCloser: r.Body}
		e := &core.RequestEvent{Auth: who}
		e.Request, e.Response = r, w
		chain := &hook.Hook[*core.RequestEvent]{}
		chain.BindFunc(s.receive)
		chain.BindFunc(s.weigh)
		router.ErrorHandler(w, r, chain.Trigger(e, func(e *core.RequestEvent) error {
			text, err := io.ReadAll(e.Request.Body)
			if err != nil {
				return gate.BodyFault(0, err)
			}
			_, err = w.Write(text)
			return err
		}))
	})}
	go server.Serve(lines)
	return lines
}

func entrances(t *testing.T, test func(t *testing.T, s *Service, lines pipes)) {
	synctest.Test(t, func(t *testing.T) {
		s := &Service{cfg: Config{Limits: Limits{}.orUsual()}, budget: &budget{now: time.Now, pools: map[string]*pool{}}}
		lines := entrance(s)
		test(t, s, lines)
		close(lines)
		if len(s.budget.pools) > 0 {
			t.Errorf("the budget is not given back: %v", s.budget.pools)
		}
	})
}

// TestASlowLineTakesItsTime: a few bytes now and then, for longer than any deadline of
// the server's, are a body like another.
func TestASlowLineTakesItsTime(t *testing.T) {
	entrances(t, func(t *testing.T, _ *Service, lines pipes) {
		here, there := net.Pipe()
		lines <- there
		const times = 40
		fmt.Fprintf(here, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", times)
		for range times {
			time.Sleep(50 * time.Second)
			if _, err := here.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		resp, err := http.ReadResponse(bufio.NewReader(here), nil)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp, err)
		}
		here.Close()
		synctest.Wait()
	})
}

// TestASilentLineIsGivenUp, and told why.
func TestASilentLineIsGivenUp(t *testing.T) {
	entrances(t, func(t *testing.T, _ *Service, lines pipes) {
		here, there := net.Pipe()
		lines <- there
		fmt.Fprintf(here, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nxx")
		began := time.Now()
		resp, err := http.ReadResponse(bufio.NewReader(here), nil)
		if err != nil || resp.StatusCode != http.StatusRequestTimeout {
			t.Fatal(resp, err)
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil || !strings.Contains(string(text), `"body_stalled"`) || time.Since(began) != silence {
			t.Errorf("%s after %v: %v", text, time.Since(began), err)
		}
		here.Close()
		time.Sleep(time.Minute) // what is left of the line
		synctest.Wait()
	})
}
