package torture

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// proxy is one phone's line to the server. What it does to the n-th request is
// the seed's choice.
type proxy struct {
	url, server string
	calm        atomic.Bool
	mu          sync.Mutex
	rng         *rand.Rand
	did         map[string]int
	http        *http.Server
}

var transport = &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8}

func newProxy(server string, rng *rand.Rand) (*proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{url: "http://" + listener.Addr().String(), server: server, rng: rng, did: map[string]int{}}
	p.http = &http.Server{Handler: p}
	go p.http.Serve(listener)
	return p, nil
}

// choose returns a fault, the share of an answer that passes, and a delay.
func (p *proxy) choose() (fault string, share float64, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dice, share, wait := p.rng.IntN(100), p.rng.Float64(), p.rng.IntN(200)
	switch {
	case p.calm.Load():
		return "pass", 1, 0
	case dice < 5:
		fault = "drop"
	case dice < 10:
		fault = "cut"
	case dice < 16:
		fault = "twice"
	case dice < 23:
		fault = "lose"
	case dice < 35:
		fault, delay = "delay", time.Duration(wait)*time.Millisecond
	default:
		fault = "pass"
	}
	p.did[fault]++
	return fault, share, delay
}

// ServeHTTP implements http.Handler. http.ErrAbortHandler breaks the connection.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fault, share, delay := p.choose()
	if fault == "drop" {
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	time.Sleep(delay)
	resp, text := p.forward(r, body)
	if fault == "twice" {
		resp, text = p.forward(r, body)
	}
	if fault == "lose" {
		panic(http.ErrAbortHandler)
	}
	for k, v := range resp.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(resp.StatusCode)
	if fault == "cut" {
		w.Write(text[:int(share*float64(len(text)))])
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	w.Write(text)
}

// forward sends the request whatever becomes of the phone's connection.
func (p *proxy) forward(r *http.Request, body []byte) (*http.Response, []byte) {
	req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, p.server+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	req.Header = r.Header.Clone()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return resp, text
}
