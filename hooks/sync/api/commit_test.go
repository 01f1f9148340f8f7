package api_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"satchel/syncer"
)

// TestPushesShareACommit lets many phones push at once: a gap, a refusal that
// had written something and a good push of one commit do not disturb each other.
func TestPushesShareACommit(t *testing.T) {
	app, server := serve(t)
	mine, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	const phones = 48
	app.Setting("device.live_most", phones)
	got := make([]answered, phones)
	var all sync.WaitGroup
	for i := range phones {
		d := &desk{t: t, app: app, server: server, token: app.Token("rep.chen")}
		hello := d.call("POST", "/api/sync/hello", syncer.HelloRequest{Install: fmt.Sprintf("install-%04d", i), Platform: "test", App: "1", Schema: 1})
		d.device, d.token = hello.body["device"].(string), hello.body["token"].(string)
		d.n = int64(i * 10)
		m := d.contact(id(fmt.Sprintf("phone%dx", i)), map[bool]string{true: foreign, false: mine}[i%4 == 2], "同时", nil)
		if m["n"] = int64(1); i%4 == 3 {
			m["n"] = int64(5)
		}
		all.Go(func() { got[i] = d.push(m) })
	}
	all.Wait()
	for i, a := range got {
		switch i % 4 {
		case 3:
			if a.status != 409 || a.code() != "sync_gap" {
				t.Errorf("phone %d: a gap is answered %d %q", i, a.status, a.code())
			}
		case 2:
			if !slices.Equal(a.verdicts(), []string{"rejected record.not_allowed"}) {
				t.Errorf("phone %d: %v", i, a.verdicts())
			}
		default:
			if !slices.Equal(a.verdicts(), []string{"applied"}) {
				t.Errorf("phone %d: %d %v", i, a.status, a.verdicts())
			}
		}
		_, err := app.FindRecordById("contacts", id(fmt.Sprintf("phone%dx", i)))
		if (err == nil) != (i%4 < 2) {
			t.Errorf("phone %d: the contact is there: %v", i, err == nil)
		}
	}
}
