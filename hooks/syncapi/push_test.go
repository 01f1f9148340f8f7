package syncapi_test

import (
	"testing"
)

func TestPushCreatesUpdatesAndDeletesContacts(t *testing.T) {
	app, server := serve(t)
	rep := sit(t, app, server, "rep.chen")
	rep.pull()
	account := app.AccountOf("rep.chen").Id
	rep.want(rep.push(
		rep.mutation("create", "contacts", id("c1"), map[string]any{"set": map[string]any{"account": account, "name": "王采购"}}),
		rep.mutation("create", "contacts", id("c2"), map[string]any{"set": map[string]any{"account": account, "name": "李店长"}}),
	), "applied", "applied")
	rep.pull()
	row := rep.rows["contacts "+id("c1")]
	if row == nil || row["name"] != "王采购" || row["dept"] == "" {
		t.Fatalf("the phone holds %v", row)
	}
	rep.want(rep.push(
		rep.mutation("update", "contacts", id("c1"), map[string]any{"base": row["@v"], "set": map[string]any{"phone": "13800000000"}}),
		rep.mutation("delete", "contacts", id("c2"), nil),
		rep.mutation("delete", "contacts", id("c2"), nil),
	), "applied", "applied", "duplicate")
	if puts, leaves := rep.pull(); puts != 1 || leaves != 1 {
		t.Errorf("%d puts, %d leaves", puts, leaves)
	}
}
