package quality_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// desk is a company with a colleague of the service beside its head.
type desk struct {
	testapp.Desk
	t *testing.T
}

func open(t *testing.T) desk {
	t.Parallel()
	d := desk{testapp.Open(t), t}
	d.Make("", "users", map[string]any{
		"email": "service.yu@demo.test", "password": "a-password-of-tests", "name": "于晴", "role": "service",
		"department": d.As("service.qian").GetString("department"), "manager": d.As("service.qian").Id, "active": true,
	})
	return d
}

// channel is one of an account's of service.qian.
func (d desk) channel(account *core.Record, more ...map[string]any) *core.Record {
	base := map[string]any{"account": account.Id, "owner": d.As("service.qian").Id, "kind": "phone", "address": "400-800-1234", "hours": "office", "active": true}
	return d.Blank("service_channels", append([]map[string]any{base}, more...)...)
}

func (d desk) opened(account *core.Record, more ...map[string]any) *core.Record {
	channel := d.channel(account, more...)
	d.Must(d.SaveBy("service.qian", channel))
	return channel
}

// exec writes what no person can.
func (d desk) exec(sql string, bind dbx.Params) {
	d.t.Helper()
	if _, err := d.DB().NewQuery(sql).Bind(bind).Execute(); err != nil {
		d.t.Fatal(err)
	}
}

// only makes accounts of rep.chen the only important ones, as many as named.
func (d desk) only(n int) []*core.Record {
	d.t.Helper()
	d.exec("UPDATE accounts SET tier = 'C'", nil)
	rows, err := d.FindRecordsByFilter("accounts", "owner = {:o}", "id", n, 0, dbx.Params{"o": d.As("rep.chen").Id})
	if err != nil || len(rows) != n {
		d.t.Fatalf("%d accounts, %v", len(rows), err)
	}
	for _, r := range rows {
		d.exec("UPDATE accounts SET tier = 'A', stage = 'contracted' WHERE id = {:id}", dbx.Params{"id": r.Id})
	}
	return rows
}

func (d desk) state(row *core.Record) string { return d.Fresh(row).GetString("state") }

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}
