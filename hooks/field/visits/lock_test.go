package visits_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/domain/field"
	"satchel/hooks/field/visits"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// from is the context of what a phone of rep.chen's captured as its n-th change.
func (d desk) from(device string, n int64, kept time.Time) context.Context {
	return gate.With(d.t.Context(), gate.Actor{User: d.As("rep.chen"), Device: device, Work: gate.Work{Device: device, N: n, Kept: kept}})
}

// filled plays a visit with a row of each kind below it, which a phone reports
// as its 20th change.
func (d desk) filled(device string) *core.Record {
	d.t.Helper()
	visit := d.visit()
	step := d.Blank("visit_steps", map[string]any{"visit": visit.Id, "key": "shelf", "kind": "photo", "answer": map[string]any{"ok": true}})
	d.Must(d.SaveBy("rep.chen", step))
	for _, row := range []*core.Record{
		d.Blank("store_checks", map[string]any{"visit": visit.Id, "product": d.product(), "facings": 4, "price_fen": 1990}),
		d.Blank("visit_feedback", map[string]any{"visit": visit.Id, "theme": "price", "text": "对手降价"}),
		d.Blank("blobs", map[string]any{"sha256": strings.Repeat("ab", 32), "size": 1, "mime": "image/jpeg", "purpose": "visit_photo", "step": step.Id}),
	} {
		d.Must(d.SaveBy("rep.chen", row))
	}
	account := d.AccountOf("rep.chen")
	d.Clock.Set(testapp.Start)
	h := d.handset("rep.chen", "filled")
	d.Clock.Set(checkInAt.Add(time.Hour))
	h.does("check_in", visit, "{"+fixes(account, 10, checkInAt)+","+h.clock(checkInAt)+"}")
	out := checkInAt.Add(30 * time.Minute)
	h.does("check_out", visit, "{"+fixes(account, 12, out)+","+h.clock(out)+"}")
	d.Must(d.RunBy(d.from(device, 20, time.Time{}), visit, "report", fmt.Sprintf(`{"at":%q,"summary":"谈妥"}`, out.Format(time.RFC3339))))
	return d.Fresh(visit)
}

func (d desk) product() string {
	d.t.Helper()
	row, err := d.FindFirstRecordByFilter("products", "id != ''")
	if err != nil {
		d.t.Fatal(err)
	}
	return row.Id
}

func (d desk) chain() error { return visits.CheckChain(d.App, d.As("rep.chen").Id) }

// TestLateParts: what came after the report is taken if the phone captured it
// before, is a step of the chain, and nothing else is taken.
func TestLateParts(t *testing.T) {
	d := open(t)
	phone, other := d.phone("rep.chen", "one"), d.phone("rep.chen", "two")
	visit := d.filled(phone)
	reported := d.Clock.Now().Add(-time.Minute)
	d.Clock.Advance(time.Hour)
	late := d.Clock.Now()
	note := func() *core.Record {
		return d.Blank("visit_steps", map[string]any{"visit": visit.Id, "key": "talk", "kind": "note"})
	}
	first, err := d.FindFirstRecordByFilter("visit_steps", "visit = {:v}", dbx.Params{"v": visit.Id})
	if err != nil {
		t.Fatal(err)
	}
	parts := func() int { return len(d.all("visit_events", dbx.HashExp{"visit": visit.Id, "action": "late_part"})) }
	for _, c := range []struct {
		what string
		ctx  context.Context
		want string
	}{
		{"at a desk", d.By("rep.chen"), "visit.locked"},
		{"by nobody", t.Context(), "visit.locked"},
		{"captured after it", d.from(phone, 21, time.Time{}), "visit.locked"},
		{"on another phone, kept as it came", d.from(other, 3, reported.Add(time.Minute)), "visit.locked"},
		{"captured after it, kept before", d.from(phone, 21, reported), "visit.locked"},
		{"on another phone", d.from(other, 3, time.Time{}), "visit.locked"},
		{"on another phone, kept after it", d.from(other, 3, late), "visit.locked"},
		{"on a phone that is gone", d.from("", 3, late), "visit.locked"},
		{"by a colleague", d.By("rep.he"), "visit.not_owner"},
		{"captured before it", d.from(phone, 19, time.Time{}), ""},
		{"captured before it, handed in again", d.from(phone, 18, late), ""},
		{"on another phone, kept before it", d.from(other, 3, reported), ""},
		{"on a phone that is gone, kept before it", d.from("", 3, reported), ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			before := parts()
			if got := testapp.Code(d.SaveWithContext(c.ctx, note())); got != c.want {
				t.Errorf("%s: %q, want %q", c.what, got, c.want)
			}
			if taken := parts() - before; (taken == 1) != (c.want == "") {
				t.Errorf("%s: %d events", c.what, taken)
			}
			if err := d.chain(); err != nil {
				t.Errorf("%s: %v", c.what, err)
			}
		})
	}
	if now := d.Fresh(visit); !slices.Contains(flags(now), "late_part") || now.GetString("state") != field.VisitReported || !now.GetBool("counts") {
		t.Errorf("%v %s", flags(now), now.GetString("state"))
	}
	first.Set("answer", map[string]any{"ok": "held"})
	if got := testapp.Code(d.SaveWithContext(d.from(phone, 17, late), first)); got != "" {
		t.Errorf("a change that was captured before: %q", got)
	}
	if got := testapp.Code(d.DeleteWithContext(d.from(phone, 17, late), d.Fresh(first))); got != "visit.locked" {
		t.Errorf("a deletion: %q", got)
	}
	said := d.all("visit_events", dbx.HashExp{"visit": visit.Id, "action": "late_part"})
	var data struct {
		Collection, Record, Op string
		Row                    map[string]any
	}
	if err := json.Unmarshal([]byte(said[len(said)-1].GetString("data")), &data, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if answer, _ := data.Row["answer"].(map[string]any); data.Record != first.Id || data.Collection != "visit_steps" || data.Op != "update" || answer["ok"] != "held" {
		t.Errorf("the event says %s", said[len(said)-1].GetString("data"))
	}
	first = d.Fresh(first)
	first.Set("answer", map[string]any{"ok": "an administrator's"})
	if err := d.Override(first); err != nil {
		t.Fatal(err)
	}
	if n := len(d.all("visit_events", dbx.HashExp{"visit": visit.Id, "action": "override"})); n != 1 {
		t.Errorf("%d events of an override", n)
	}
	d.Force(visit, field.VisitVoidFraud)
	if got := testapp.Code(d.SaveWithContext(d.from(phone, 19, time.Time{}), note())); got != "visit.locked" {
		t.Errorf("after a fraud: %q", got)
	}
	if err := d.chain(); err != nil {
		t.Error(err)
	}
}

// TestBytesComeAfterTheReport: what the server writes on a part is not the part.
func TestBytesComeAfterTheReport(t *testing.T) {
	d := open(t)
	visit := d.filled(d.phone("rep.chen", "one"))
	photo, err := d.FindFirstRecordByFilter("blobs", "visit = {:v}", dbx.Params{"v": visit.Id})
	if err != nil {
		t.Fatal(err)
	}
	photo.Set("state", evidence.BlobStored)
	photo.Set("width", 640)
	if err := d.SaveWithContext(gate.AsServer(t.Context()), photo); err != nil {
		t.Fatal(err)
	}
	if now := d.Fresh(visit); now.GetInt("photos_missing") != 0 || len(flags(now)) != 0 {
		t.Errorf("%d missing, %v", now.GetInt("photos_missing"), flags(now))
	}
	if err := d.chain(); err != nil {
		t.Error(err)
	}
}

// TestReopen: the owner takes back what is not accepted, his superior what is;
// nobody who is suspected of a fraud. It counts once it is reported again.
func TestReopen(t *testing.T) {
	d := open(t)
	phone := d.phone("rep.chen", "one")
	visit := d.filled(phone)
	const why = `{"reason":"价格写错"}`
	step := func() string {
		return d.SaveBy("rep.chen", d.Blank("visit_steps", map[string]any{"visit": visit.Id, "key": "talk", "kind": "note"}))
	}
	for who, want := range map[string]string{"manager.wu": "visit.not_owner", "rep.he": "visit.not_owner", "": "visit.not_owner"} {
		if got := d.Run(who, visit, "reopen", why); got != want {
			t.Errorf("%q reopens: %q", who, got)
		}
	}
	if got := d.Run("rep.chen", visit, "reopen", `{}`); got != "visit.reason_required" {
		t.Errorf("without a reason: %q", got)
	}
	d.Must(d.Run("rep.chen", visit, "reopen", why))
	if now := d.Fresh(visit); now.GetString("state") != field.VisitCheckedOut || now.GetBool("counts") || !now.GetDateTime("report_at").IsZero() || !slices.Contains(flags(now), "corrected") {
		t.Errorf("reopened: %s %v", now.GetString("state"), now.PublicExport())
	}
	d.Must(step())
	d.Clock.Advance(96 * time.Hour)
	d.Must(d.Run("rep.chen", visit, "report", `{"summary":"更正"}`))
	if now := d.Fresh(visit); !now.GetBool("counts") || now.GetBool("late_record") || strings.Contains(reasons(now), "submitted_late") {
		t.Errorf("a correction is a late record: %s", reasons(now))
	}
	if got := step(); got != "visit.locked" {
		t.Errorf("after the second report: %q", got)
	}

	d.Must(d.Run("manager.wu", visit, "question", `{"note":"价格?"}`))
	d.Must(d.Run("rep.chen", visit, "reopen", why))
	d.Must(d.Run("rep.chen", visit, "report", `{"summary":"再更正"}`))
	if now := d.Fresh(visit); now.GetString("verdict") != "" || !now.GetBool("counts") {
		t.Errorf("the doubt stands: %v", now.PublicExport())
	}

	d.Must(d.Run("manager.wu", visit, "accept", `{}`))
	if got := d.Run("rep.chen", visit, "reopen", why); got != "visit.not_superior" {
		t.Errorf("the owner reopens what is accepted: %q", got)
	}
	d.Must(d.Run("manager.wu", visit, "void", `{"reason":"假的"}`))
	if got := d.Run("manager.wu", visit, "reopen", why); got != "visit.void_pending" {
		t.Errorf("with a fraud to decide: %q", got)
	}
	d.Must(d.Run("director.lin", visit, "refuse_void", `{"reason":"真的"}`))
	d.Must(d.Run("manager.wu", visit, "reopen", why))
	if now := d.Fresh(visit); now.GetString("state") != field.VisitCheckedOut || now.GetString("verdict") != "" {
		t.Errorf("%v", now.PublicExport())
	}
	if n := len(d.all("notifications", dbx.HashExp{"user": d.As("rep.chen").Id, "kind": "visit.reopened"})); n != 1 {
		t.Errorf("the owner is told %d times", n)
	}
	if n := len(d.all("notifications", dbx.HashExp{"user": d.As("manager.wu").Id, "kind": "visit.reopened"})); n != 2 {
		t.Errorf("the manager is told %d times", n)
	}
	if err := d.chain(); err != nil {
		t.Error(err)
	}

	alone := d.visit()
	d.Must(d.Run("rep.chen", alone, "check_in", "{}"))
	d.Force(alone, field.VisitAutoClosed)
	d.Must(d.Run("rep.chen", alone, "report", `{"summary":"没签退"}`))
	if got := d.Fresh(alone).GetString("state"); got != field.VisitReported {
		t.Fatal(got)
	}
	d.Must(d.Run("rep.chen", alone, "reopen", why))
	if got := d.Fresh(alone).GetString("state"); got != field.VisitAutoClosed {
		t.Errorf("nobody checked out of it: %s", got)
	}
}

// rewritten are ways to change what hangs on a visit past all hooks.
var rewritten = map[string][]string{
	"visit_steps":    {"UPDATE visit_steps SET answer = '{\"ok\":false}' WHERE visit = {:v}", "UPDATE visit_steps SET done_at = '2026-03-16 00:00:00.000Z' WHERE visit = {:v}"},
	"store_checks":   {"UPDATE store_checks SET price_fen = 1 WHERE visit = {:v}", "DELETE FROM store_checks WHERE visit = {:v}"},
	"visit_feedback": {"UPDATE visit_feedback SET text = '满意' WHERE visit = {:v}"},
	"blobs":          {"UPDATE blobs SET sha256 = '" + strings.Repeat("cd", 32) + "' WHERE visit = {:v}", "UPDATE blobs SET visit = '' WHERE visit = {:v}"},
}

// TestTheChainCoversWhatHangsOnAVisit: what raw SQL rewrites after the report,
// or after the verdict, does not fit the hash any more.
func TestTheChainCoversWhatHangsOnAVisit(t *testing.T) {
	d := open(t)
	visit := d.filled(d.phone("rep.chen", "one"))
	tried := 0
	for _, verdict := range []string{"", "question", "accept"} {
		if verdict != "" {
			d.Must(d.Run("manager.wu", visit, verdict, `{"note":"看过"}`))
		}
		for _, all := range rewritten {
			for _, query := range all {
				tried++
				err := d.RunInTransaction(func(txApp core.App) error {
					done, err := txApp.DB().NewQuery(query).Bind(dbx.Params{"v": visit.Id}).Execute()
					if err != nil {
						return err
					}
					if n, _ := done.RowsAffected(); n != 1 {
						return fmt.Errorf("%d rows", n)
					}
					if err := visits.CheckChain(txApp, visit.GetString("owner")); err == nil || !strings.Contains(err.Error(), visit.Id) {
						t.Errorf("%s: %v", query, err)
					}
					return context.Canceled
				})
				if err == nil || err.Error() != context.Canceled.Error() {
					t.Fatal(err)
				}
			}
		}
		if err := d.chain(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d rewritings", tried)
}

// BenchmarkReport reports a visit on which so many rows hang. The goal is that
// thirty cost less than a tenth more than none.
func BenchmarkReport(b *testing.B) {
	for _, rows := range []int{0, 30} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			app := testapp.New(b)
			chen := app.As("rep.chen")
			ctx := gate.With(b.Context(), gate.Actor{User: chen})
			report := app.Bound.Actions["visits.report"]
			make1 := func(collection string, values map[string]any) *core.Record {
				coll, err := app.FindCachedCollectionByNameOrId(collection)
				if err != nil {
					b.Fatal(err)
				}
				r := core.NewRecord(coll)
				r.Load(values)
				if err := app.SaveWithContext(ctx, r); err != nil {
					b.Fatal(err)
				}
				return r
			}
			visit := make1("visits", map[string]any{"account": app.AccountOf("rep.chen").Id, "type": "unplanned", "planned_date": "2026-03-16"})
			for i := range rows {
				make1("visit_steps", map[string]any{"visit": visit.Id, "key": fmt.Sprint("s", i), "kind": "form", "answer": map[string]any{"facings": i, "note": "齐全"}})
			}
			b.ResetTimer()
			for b.Loop() {
				err := app.RunInTransaction(func(txApp core.App) error {
					row, err := txApp.FindRecordById("visits", visit.Id)
					if err != nil {
						return err
					}
					row.Set("state", field.VisitCheckedOut)
					return report(ctx, txApp, row, []byte(`{"summary":"谈妥"}`))
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
