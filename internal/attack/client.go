package attack

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json/v2"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"satchel/internal/demo"
	"satchel/syncer"
)

// Client is somebody at an address of his own, as behind a proxy.
type Client struct {
	http          *http.Client
	base, from    string
	Token, Device string
	user          string
	n             int64
	cursor        string
}

// Answer is what came back, at most a megabyte of it.
type Answer struct {
	Status int
	Code   string // of a refusal
	Retry  string // the header Retry-After
	Body   string
}

func (a Answer) String() string {
	if a.Code == "" {
		return fmt.Sprint(a.Status)
	}
	return fmt.Sprintf("%d %s", a.Status, a.Code)
}

func cut(said string) (status, code string, ok bool) { return strings.Cut(said, " ") }

// faulty reports whether the server broke: it neither did nor refused it, nor said
// when to come again.
func (a Answer) faulty() bool {
	busy := a.Status == http.StatusServiceUnavailable || a.Status == http.StatusTooManyRequests
	return a.Status >= 500 && !busy || busy && a.Retry == ""
}

// addressHeader is where the proxy says who asks.
const addressHeader = "X-Forwarded-For"

var addresses atomic.Int32

func newClient(base string) *Client {
	n := addresses.Add(1)
	return &Client{
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute},
		base: base, from: fmt.Sprintf("10.77.%d.%d", n>>8&255, n&255),
	}
}

// ask sends in as JSON, or as it is if it is bytes. headers are name, value, …
func (c *Client) ask(ctx context.Context, method, path string, in any, headers ...string) (Answer, error) {
	body, ok := in.([]byte)
	if !ok && in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return Answer{}, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", c.Token)
	req.Header.Set(addressHeader, c.from)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end below
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
	}
	a := Answer{Status: resp.StatusCode, Retry: resp.Header.Get("Retry-After"), Body: string(text)}
	if a.Status >= 400 {
		var shape struct {
			Data struct {
				Code any `json:"code"`
			} `json:"data"`
		}
		_ = json.Unmarshal(text, &shape) // one of another form has no code
		a.Code, _ = shape.Data.Code.(string)
	}
	return a, err
}

// want asks for what must be given, and waits while it is told to.
func (c *Client) want(ctx context.Context, method, path string, in, out any) error {
	for {
		a, err := c.ask(ctx, method, path, in)
		switch {
		case err != nil:
			return err
		case a.Retry != "" && (a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable):
			if !sleep(ctx, time.Second) {
				return ctx.Err()
			}
			continue
		case a.Status >= 300:
			return fmt.Errorf("%s %s: %s %.300s", method, path, a, a.Body)
		case out == nil || a.Body == "":
			return nil
		}
		return json.Unmarshal([]byte(a.Body), out)
	}
}

// sleep waits, and reports whether ctx goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func (c *Client) login(ctx context.Context, collection, email string) error {
	var auth struct {
		Token  string `json:"token"`
		Record struct {
			ID string `json:"id"`
		} `json:"record"`
	}
	err := c.want(ctx, http.MethodPost, "/api/collections/"+collection+"/auth-with-password", map[string]string{"identity": email, "password": demo.Password}, &auth)
	c.Token, c.user = auth.Token, auth.Record.ID
	return err
}

func (c *Client) hello(ctx context.Context) error {
	var hello syncer.HelloResponse
	err := c.want(ctx, http.MethodPost, "/api/sync/hello", syncer.HelloRequest{Install: "attack" + newID(), Platform: "attack", App: "attack", Schema: 1}, &hello)
	c.Device, c.n, c.Token = hello.Device, hello.HighWater, hello.Token
	return err
}

// any is the first row of a collection that the client may see.
func (c *Client) any(ctx context.Context, collection string) (string, error) {
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	err := c.want(ctx, http.MethodGet, "/api/collections/"+collection+"/records?perPage=1&sort=id", nil, &page)
	if err == nil && len(page.Items) == 0 {
		err = fmt.Errorf("there is no row of %s", collection)
	}
	if err != nil {
		return "", err
	}
	return page.Items[0].ID, nil
}

// push sends mutations, each without its number and id. Nothing is numbered unless
// it was taken.
func (c *Client) push(ctx context.Context, mutations ...map[string]any) (Answer, error) {
	for i, m := range mutations {
		m["n"], m["id"] = c.n+int64(i)+1, newID()
	}
	a, err := c.ask(ctx, http.MethodPost, "/api/sync/push", map[string]any{"device": c.Device, "schema": 1, "mutations": mutations})
	if err == nil && a.Status == http.StatusOK {
		c.n += int64(len(mutations))
	}
	return a, err
}

// pull takes what is new.
func (c *Client) pull(ctx context.Context) (Answer, error) {
	a, err := c.ask(ctx, http.MethodPost, "/api/sync/pull", syncer.PullRequest{Device: c.Device, Schema: 1, Cursor: c.cursor, MaxBytes: 256 << 10})
	if err != nil || a.Status != http.StatusOK {
		return a, err
	}
	end := strings.LastIndex(a.Body, `{"end"`)
	if end < 0 {
		return a, nil // longer than what is read
	}
	var last syncer.Line
	if err := json.Unmarshal([]byte(a.Body[end:]), &last); err != nil {
		return a, err
	}
	c.cursor = last.End.Cursor
	return a, nil
}

func newID() string { return strings.ToLower(rand.Text())[:15] }
