package syncapi_test

import (
	"fmt"
	"testing"

	"satchel/internal/testapp"
	"satchel/syncer"
)

// BenchmarkPush pushes fifty new visits at a time through the routes.
func BenchmarkPush(b *testing.B) {
	app := testapp.New(b)
	account, token := app.AccountOf("rep.chen").Id, app.Token("rep.chen")
	server := app.Server(b)
	d := &desk{t: b, app: app, server: server, token: token}
	hello := d.call("POST", "/api/sync/hello", syncer.HelloRequest{Install: "install-bench", Platform: "bench", App: "1", Schema: 1})
	d.device = hello.body["device"].(string)
	for b.Loop() {
		var batch []map[string]any
		for range 50 {
			batch = append(batch, d.mutation("create", "visits", id(fmt.Sprintf("v%dx", d.n)), map[string]any{"set": map[string]any{
				"account": account, "type": "unplanned", "state": "planned", "planned_date": "2026-03-16", "objective": "新品陈列与订单",
			}}))
		}
		if got := d.push(batch...); got.status != 200 || got.verdicts()[49] != "applied" {
			b.Fatalf("%+v", got)
		}
	}
	b.ReportMetric(float64(b.N*50)/b.Elapsed().Seconds(), "mutations/s")
}

// BenchmarkPushVisits pushes twelve whole visits at a time: made, checked in,
// checked out and reported.
func BenchmarkPushVisits(b *testing.B) {
	app := testapp.New(b)
	account, token := app.AccountOf("rep.chen"), app.Token("rep.chen")
	server := app.Server(b)
	d := &desk{t: b, app: app, server: server, token: token}
	hello := d.call("POST", "/api/sync/hello", syncer.HelloRequest{Install: "install-bench", Platform: "bench", App: "1", Schema: 1})
	d.device = hello.body["device"].(string)
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
