package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"satchel/internal/testapp"
	"satchel/syncer"
)

// BenchmarkPush pushes new visits through the routes, so many a request. CPU is
// the process's, the caller's share with it: on a busy machine it says more than
// the rate.
func BenchmarkPush(b *testing.B) {
	for _, size := range []int{1, 50, 500} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { pushVisits(b, size) })
	}
}

func pushVisits(b *testing.B, size int) {
	app := testapp.New(b)
	account, token := app.AccountOf("rep.chen").Id, app.Token("rep.chen")
	server := app.Server(b)
	d := &desk{t: b, app: app, server: server, token: token}
	hello := d.call("POST", "/api/sync/hello", syncer.HelloRequest{Install: "install-bench", Platform: "bench", App: "1", Schema: 1})
	d.device, d.token = hello.body["device"].(string), hello.body["token"].(string)
	before := processCPU(b)
	for b.Loop() {
		var batch []map[string]any
		for range size {
			batch = append(batch, d.mutation("create", "visits", id(fmt.Sprintf("v%dx", d.n)), map[string]any{"set": map[string]any{
				"account": account, "type": "unplanned", "state": "planned", "planned_date": "2026-03-16", "objective": "新品陈列与订单",
			}}))
		}
		if got := d.push(batch...); got.status != 200 || got.verdicts()[size-1] != "applied" {
			b.Fatalf("%+v", got)
		}
	}
	all := float64(b.N * size)
	b.ReportMetric(float64((processCPU(b)-before).Microseconds())/all, "CPU-µs/mutation")
	b.ReportMetric(all/b.Elapsed().Seconds(), "mutations/s")
}

// processCPU is what the process has used, user and system.
func processCPU(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkPushVisits pushes twelve whole visits at a time: made, checked in,
// checked out and reported.
func BenchmarkPushVisits(b *testing.B) {
	app := testapp.New(b)
	account, token := app.AccountOf("rep.chen"), app.Token("rep.chen")
	server := app.Server(b)
	d := &desk{t: b, app: app, server: server, token: token}
	hello := d.call("POST", "/api/sync/hello", syncer.HelloRequest{Install: "install-bench", Platform: "bench", App: "1", Schema: 1})
	d.device, d.token = hello.body["device"].(string), hello.body["token"].(string)
	here := map[string]any{"at": testapp.Start, "lat": account.GetFloat("lat"), "lng": account.GetFloat("lng"), "acc_m": 10}
	for b.Loop() {
		var batch []map[string]any
		for range 12 {
			visit := id(fmt.Sprintf("v%dx", d.n))
			batch = append(batch,
				d.mutation("create", "visits", visit, map[string]any{"set": map[string]any{
					"account": account.Id, "type": "unplanned", "state": "planned", "planned_date": "2026-03-16", "objective": "新品陈列与订单",
				}}),
				d.mutation("action", "visits", visit, map[string]any{"action": "check_in", "args": here}),
				d.mutation("action", "visits", visit, map[string]any{"action": "check_out", "args": here}),
				d.mutation("action", "visits", visit, map[string]any{"action": "report", "args": map[string]any{"at": testapp.Start, "summary": "谈妥"}}),
			)
		}
		if got := d.push(batch...); got.status != 200 || got.verdicts()[47] != "applied" {
			b.Fatalf("%+v", got)
		}
	}
	b.ReportMetric(float64(b.N*48)/b.Elapsed().Seconds(), "mutations/s")
}

// BenchmarkIdlePull is a pull that brings nothing, without the line to the phone.
func BenchmarkIdlePull(b *testing.B) {
	app := testapp.New(b)
	p := app.Phone(app.Token("rep.chen"), "idle")
	p.Pull()
	handler := app.Handler()
	body := fmt.Sprintf(`{"device":%q,"schema":1,"cursor":%q}`, p.Device, p.Cursor)
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, "/api/sync/pull", strings.NewReader(body))
		req.Header.Set("Authorization", p.Token)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, req)
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Code, answer.Body)
		}
	}
}
