package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"

	"satchel/internal/demo"
	"satchel/syncer"
)

// client speaks the raw protocol, with no store behind it.
type client struct {
	http   *http.Client
	base   string
	from   string // its address
	token  string
	user   string
	device string
	n      int64
	cursor string
}

// addressHeader is where the proxy that the clients stand for says who asks.
const addressHeader = "X-Forwarded-For"

var addresses atomic.Int32

// newClient is somebody at an address of his own who keeps so many lines open.
func newClient(s *server, lines int) *client {
	n := addresses.Add(1)
	return &client{
		http: &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: lines}},
		base: s.base, from: fmt.Sprintf("10.%d.%d.%d", n>>16, n>>8&255, n&255),
	}
}

// call sends a request and decodes the answer.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	resp, err := c.open(ctx, method, path, in, "")
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end below
	if out == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

func (c *client) open(ctx context.Context, method, path string, in any, accept string) (*http.Response, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", c.token)
	req.Header.Set(addressHeader, c.from)
	if accept != "" {
		req.Header.Set("Accept-Encoding", accept)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 2000))
		resp.Body.Close() //nolint:errcheck // likewise
		return nil, fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, text)
	}
	return resp, nil
}

// register logs a person in and makes his phone a device.
func register(ctx context.Context, s *server, name string) (*client, error) {
	c := newClient(s, 4)
	if err := c.login(ctx, "users", demo.Email(name), demo.Password); err != nil {
		return nil, err
	}
	return c, c.hello(ctx, "bench-"+name+c.from)
}

// superuser logs the company's superuser in.
func superuser(ctx context.Context, s *server) (*client, error) {
	c := newClient(s, 4)
	return c, c.login(ctx, "_superusers", demo.SuperuserEmail, demo.Password)
}

func (c *client) login(ctx context.Context, collection, email, password string) error {
	var auth struct {
		Token  string `json:"token"`
		Record struct {
			ID string `json:"id"`
		} `json:"record"`
	}
	err := c.call(ctx, http.MethodPost, "/api/collections/"+collection+"/auth-with-password",
		map[string]string{"identity": email, "password": password}, &auth)
	c.token, c.user = auth.Token, auth.Record.ID
	return err
}

func (c *client) hello(ctx context.Context, install string) error {
	var hello syncer.HelloResponse
	err := c.call(ctx, http.MethodPost, "/api/sync/hello",
		syncer.HelloRequest{Install: install, Platform: "bench", App: "bench", Schema: 1}, &hello)
	c.device, c.n, c.token = hello.Device, hello.HighWater, hello.Token
	return err
}

// pull reads one answer to the end, checks counts and sum, and returns its rows and bytes.
func (c *client) pull(ctx context.Context, cursor, accept string) (rows int, size int64, err error) {
	resp, err := c.open(ctx, http.MethodPost, "/api/sync/pull", syncer.PullRequest{Device: c.device, Schema: 1, Cursor: cursor}, accept)
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end below
	counted := &countingReader{r: resp.Body}
	var plain io.Reader = counted
	if resp.Header.Get("Content-Encoding") == "zstd" {
		d, err := zstd.NewReader(counted)
		if err != nil {
			return 0, 0, err
		}
		defer d.Close()
		plain = d
	}
	var sum uint64
	scan := bufio.NewReaderSize(plain, 256<<10)
	for {
		line, err := scan.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		switch {
		case bytes.HasPrefix(line, []byte(`{"begin"`)):
		case bytes.HasPrefix(line, []byte(`{"end"`)):
			var last syncer.Line
			if err := json.Unmarshal(line, &last); err != nil {
				return 0, 0, err
			}
			if last.End.Puts+last.End.Leaves != rows || !strings.EqualFold(last.End.Sum, fmt.Sprintf("%016x", sum)) {
				return 0, 0, fmt.Errorf("the end %+v does not agree with %d rows", last.End, rows)
			}
			c.cursor = last.End.Cursor
			return rows, counted.n, nil
		default:
			rows++
			sum += uint64(crc32.ChecksumIEEE(line))
		}
	}
}

// rows reads the floor's answer to the end.
func (c *client) rows(ctx context.Context, accept string) (rows int, size int64, err error) {
	resp, err := c.open(ctx, http.MethodGet, "/rows", nil, accept)
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end below
	counted := &countingReader{r: resp.Body}
	var plain io.Reader = counted
	if accept == "zstd" {
		d, err := zstd.NewReader(counted)
		if err != nil {
			return 0, 0, err
		}
		defer d.Close()
		plain = d
	}
	var sum uint64
	scan := bufio.NewReaderSize(plain, 256<<10)
	for {
		line, err := scan.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return rows, counted.n, nil
		}
		if err != nil {
			return rows, counted.n, err
		}
		rows++
		sum += uint64(crc32.ChecksumIEEE(line))
	}
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
