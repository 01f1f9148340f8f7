package sim

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// check holds the settled world to what it promises.
func (w *world) check() {
	w.everyWriteEnded()
	w.serverEqualsModel()
	for _, d := range w.phones {
		w.phoneEqualsServer(d)
	}
	w.verdictsAreKept()
	w.numbersAreFound()
}

// numbersAreFound: no two orders bear one number, and each is found by the one that
// its customer was told.
func (w *world) numbersAreFound() {
	orders, err := w.app.FindAllRecords("orders")
	w.must(err)
	bearer := map[string]string{}
	for _, o := range orders {
		no := o.GetString("no")
		if other, taken := bearer[no]; taken || no == "" {
			w.fail("the orders %s and %s bear the number %q", other, o.Id, no)
		}
		bearer[no] = o.Id
	}
	for _, d := range w.phones {
		for id, no := range d.printed {
			if o, err := w.app.FindRecordById("orders", id); err == nil && o.GetString("no") != no && o.GetString("former_no") != no {
				w.fail("order %s of %s was printed %s, and is found by %q and %q", id, d.name, no, o.GetString("no"), o.GetString("former_no"))
			}
		}
	}
}

// mayResume: the rest of an answer is served only to whom it is still to see.
func (w *world) mayResume(d *device) {
	if gone := w.model.takenAway(d); len(gone) > 0 {
		w.fail("%s is served the rest of an answer that holds the accounts %v, which were taken away", d.name, gone)
	}
}

// everyWriteEnded: nothing is pending, and each mutation's verdict is the
// oracle's, whatever was lost on the way.
func (w *world) everyWriteEnded() {
	for _, d := range w.phones {
		if n, err := d.Pending(); err != nil || n != 0 {
			w.fail("%s has %d mutations without a verdict, %v", d.name, n, err)
		}
		rejected := map[int64]bool{}
		verdicts, err := d.Verdicts()
		w.must(err)
		for _, v := range verdicts {
			// An edit of what is no longer his is proposed to whom it belongs.
			// What builds on an edit that was refused is held.
			if v.Result.Status == "rejected" || v.Result.Status == "held" {
				rejected[v.Result.N] = true
			}
		}
		for n, want := range w.model.verdicts[d.name] {
			if want != "either" && rejected[n] != (want != "taken") {
				w.fail("mutation %d of %s: rejected is %v, the oracle says %s: %+v", n, d.name, rejected[n], want, verdicts)
			}
		}
	}
}

// serverEqualsModel: no acknowledged write is lost, none is applied twice, and
// edits of one field ended as the oracle says.
func (w *world) serverEqualsModel() {
	contacts, err := w.app.FindAllRecords("contacts")
	w.must(err)
	if len(contacts) != len(w.model.contacts) {
		w.fail("the server has %d contacts, the oracle %d", len(contacts), len(w.model.contacts))
	}
	for _, c := range contacts {
		want, ok := w.model.contacts[c.Id]
		if !ok {
			w.fail("contact %s should not be there", c.Id)
		}
		for _, f := range editable {
			if got := c.GetString(f); got != want.cells[f].value {
				w.fail("contact %s: %s is %q, the oracle says %q", c.Id, f, got, want.cells[f].value)
			}
		}
	}
	for id, want := range w.model.orders {
		if got := int64(w.record("orders", id).GetInt("shown_total_fen")); got != want.total {
			w.fail("order %s counts %d, the oracle %d", id, got, want.total)
		}
	}
}

// phoneEqualsServer: the phone holds exactly the rows that its user may see by
// a naive reading of the tables, with the values that the tables have.
func (w *world) phoneEqualsServer(d *device) {
	for collection, sees := range visible {
		base, err := d.Base(collection)
		w.must(err)
		records, err := w.app.FindAllRecords(collection)
		w.must(err)
		want := map[string]*core.Record{}
		for _, r := range records {
			if sees(w, d.user, r) {
				want[r.Id] = r
			}
		}
		for id := range base {
			if want[id] == nil {
				w.fail("%s holds %s %s, which is not his to see", d.name, collection, id)
			}
		}
		for id, r := range want {
			body, ok := base[id]
			if !ok {
				w.fail("%s lacks %s %s", d.name, collection, id)
			}
			w.sameRow(d, collection, body, r)
		}
		shown, err := d.List(collection)
		w.must(err)
		if len(shown) != len(base) {
			w.fail("%s shows %d of %s and holds %d: an overlay stayed", d.name, len(shown), collection, len(base))
		}
	}
}

func (w *world) sameRow(d *device, collection, body string, r *core.Record) {
	var got map[string]any
	w.must(json.Unmarshal([]byte(body), &got))
	export, err := json.Marshal(r)
	w.must(err)
	var want map[string]any
	w.must(json.Unmarshal(export, &want))
	for f, v := range got {
		a, b := fmt.Sprint(v), fmt.Sprint(want[f])
		if a != b {
			w.fail("%s holds %s %s with %s = %s, the server has %s", d.name, collection, r.Id, f, a, b)
		}
	}
}

// visible is who sees what, naively.
var visible = map[string]func(w *world, user string, r *core.Record) bool{
	"accounts": func(w *world, user string, r *core.Record) bool { return w.holder(r.Id, user) },
	"contacts": func(w *world, user string, r *core.Record) bool { return w.holder(r.GetString("account"), user) },
	"visits":   func(w *world, user string, r *core.Record) bool { return w.holder(r.GetString("account"), user) },
	"orders":   func(w *world, user string, r *core.Record) bool { return w.holder(r.GetString("account"), user) },
	"products": func(*world, string, *core.Record) bool { return true },
	"users": func(_ *world, user string, r *core.Record) bool {
		return r.Id == user || r.GetString("manager") == user
	},
	"sync_issues": func(_ *world, user string, r *core.Record) bool {
		return r.GetString("user") == user || r.GetString("manager") == user
	},
	"price_items": func(w *world, user string, r *core.Record) bool {
		return r.GetString("account") == "" || w.holder(r.GetString("account"), user)
	},
}

func (w *world) holder(account, user string) bool {
	r := w.record("accounts", account)
	return r.GetString("owner") == user || r.GetString("manager") == user
}

// verdictsAreKept: what was refused is in sync_issues, by itself or counted to an
// issue that says the same of the same work, or with whom it was proposed to, once.
func (w *world) verdictsAreKept() {
	issues, err := w.app.FindRecordsByFilter("sync_issues", "kind = 'rejected' || kind = 'held'", "", 0, 0)
	w.must(err)
	var got []string
	for _, i := range issues {
		got = append(got, i.GetString("user")+fmt.Sprint(i.GetInt("n")))
	}
	var counted []struct {
		User string `db:"user"`
		N    int64  `db:"n"`
	}
	w.must(w.app.DB().NewQuery(`SELECT i.user, p.n FROM _sync_push p JOIN sync_issues i ON i.id = p.result->>'issue'
		WHERE i.kind IN ('rejected', 'held') AND i.times > 1 AND i.n <> p.n AND i.code = p.result->>'code'`).All(&counted))
	for _, c := range counted {
		got = append(got, c.User+fmt.Sprint(c.N))
	}
	proposals, err := w.app.FindAllRecords("account_change_requests")
	w.must(err)
	for _, p := range proposals {
		var n int64
		w.must(w.app.DB().NewQuery("SELECT n FROM _sync_push WHERE mutation = {:m}").Bind(dbx.Params{"m": p.GetString("mutation")}).Row(&n))
		got = append(got, p.GetString("by")+fmt.Sprint(n))
	}
	var want []string
	for _, d := range w.phones {
		for n, v := range w.model.verdicts[d.name] {
			if v == "rejected" || v == "either" {
				want = append(want, d.user+fmt.Sprint(n))
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.fail("the issues kept are %v, the oracle has %v", got, want)
	}
}
