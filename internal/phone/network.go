package phone

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// ErrOffline is what every request meets without a network.
var ErrOffline = errors.New("no network")

// ErrCut is what a request meets when the line breaks.
var ErrCut = errors.New("the line broke")

// Network is a line with switches, between a phone and the real transport. It
// breaks when it is told to and never by itself.
type Network struct {
	Next http.RoundTripper // the line when it works

	mu       sync.Mutex
	offline  bool
	cutAfter int64 // bytes of request bodies that still pass; negative for no cut
	armed    bool
	lose     bool
	twice    bool
}

// SetOffline takes the network away or gives it back.
func (n *Network) SetOffline(off bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.offline = off
}

// Heal gives the network back and disarms every fault.
func (n *Network) Heal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.offline, n.armed, n.lose, n.twice = false, false, false, false
}

// CutAfter breaks the line once, after so many more bytes of request bodies.
func (n *Network) CutAfter(bytes int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cutAfter, n.armed = bytes, true
}

// LoseAnswer lets the next request reach the server and loses its answer.
func (n *Network) LoseAnswer() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lose = true
}

// Duplicate delivers the next request twice; the second answer counts.
func (n *Network) Duplicate() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.twice = true
}

// RoundTrip implements http.RoundTripper.
func (n *Network) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	offline, armed, lose, twice := n.offline, n.armed, n.lose, n.twice
	if !offline {
		n.lose, n.twice = false, false
	}
	n.mu.Unlock()
	if offline {
		return nil, ErrOffline
	}
	if armed && req.Body != nil {
		req = req.Clone(req.Context())
		req.Body = &cutReader{ReadCloser: req.Body, network: n}
	}
	if twice && req.GetBody != nil {
		again := req.Clone(req.Context())
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		again.Body = body
		if resp, err := n.Next.RoundTrip(req); err == nil {
			drain(resp)
		}
		req = again
	}
	resp, err := n.Next.RoundTrip(req)
	if err == nil && lose {
		drain(resp)
		return nil, ErrCut
	}
	return resp, err
}

func drain(resp *http.Response) {
	io.Copy(io.Discard, resp.Body) //nolint:errcheck // nobody reads it
	resp.Body.Close()              //nolint:errcheck // likewise
}

// cutReader breaks off when the line's bytes are used up.
type cutReader struct {
	io.ReadCloser
	network *Network
}

func (c *cutReader) Read(b []byte) (int, error) {
	c.network.mu.Lock()
	defer c.network.mu.Unlock()
	if !c.network.armed {
		return c.ReadCloser.Read(b)
	}
	if c.network.cutAfter <= 0 {
		c.network.armed = false
		c.network.offline = true // a broken line stays broken until it is given back
		return 0, ErrCut
	}
	if int64(len(b)) > c.network.cutAfter {
		b = b[:c.network.cutAfter]
	}
	read, err := c.ReadCloser.Read(b)
	c.network.cutAfter -= int64(read)
	return read, err
}
