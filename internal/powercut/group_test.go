package powercut_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"satchel/hooks"
	"satchel/internal/powercut"
	"satchel/internal/store"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// BenchmarkGroupCommit: 256 phones push one mutation at a time onto a disk whose
// fsync takes 2 ms, each push with a commit of its own and with shared ones.
func BenchmarkGroupCommit(b *testing.B) {
	for _, c := range []struct {
		name string
		most int
	}{{"alone", 1}, {"shared", 0}} {
		b.Run(c.name, func(b *testing.B) { pushAtOnce(b, c.most) })
	}
}

func pushAtOnce(b *testing.B, most int) {
	disk := powercut.New(b.TempDir())
	b.Cleanup(disk.Close)
	for _, name := range []string{store.DataFile, "auxiliary.db"} {
		disk.Store(name, testapp.Database(b, name, options()...))
	}
	disk.OnSync = func(string) { time.Sleep(2 * time.Millisecond) }
	app := testapp.New(b, append(options(), testapp.Connect(disk.Connect(store.Full)),
		testapp.Hooks(func(c *hooks.Config) { c.Batch = most }))...)
	server, account := app.Handler(), app.AccountOf(who).Id
	call := func(token, path, body string, into any) int {
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		req.Header.Set("Authorization", token)
		out := httptest.NewRecorder()
		server.ServeHTTP(out, req)
		if into != nil {
			if err := json.Unmarshal(out.Body.Bytes(), into); err != nil {
				b.Error(err)
			}
		}
		return out.Code
	}
	const phones = 256
	devices, tokens := make([]string, phones), make([]string, phones)
	app.Setting("device.live_most", phones)
	for i := range devices {
		var hello syncer.HelloResponse
		call(app.Token(who), "/api/sync/hello", fmt.Sprintf(`{"install":"install-%05d","platform":"x","app":"1","schema":1}`, i), &hello)
		devices[i], tokens[i] = hello.Device, hello.Token
	}
	var all sync.WaitGroup
	var taken atomic.Int64
	b.ResetTimer()
	for i, device := range devices {
		all.Go(func() {
			for n := 1; taken.Add(1) <= int64(b.N); n++ {
				body := fmt.Sprintf(`{"device":%q,"schema":1,"mutations":[{"n":%d,"id":"m%06dx%07d","op":"create","c":"contacts","r":"c%06dx%07d","set":{"account":%q,"name":"x"},"captured":""}]}`,
					device, n, i, n, i, n, account)
				if code := call(tokens[i], "/api/sync/push", body, nil); code != http.StatusOK {
					b.Errorf("a push is answered %d", code)
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
}
