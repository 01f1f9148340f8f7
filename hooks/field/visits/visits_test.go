package visits_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// desk is a company with visits of rep.chen's.
type desk struct {
	testapp.Desk
	t *testing.T
}

func open(t *testing.T) desk { return desk{testapp.Open(t), t} }

// visit makes a visit of rep.chen's first account, of a type for which the
// company asks neither steps nor preparation.
func (d desk) visit(more ...map[string]any) *core.Record {
	d.t.Helper()
	base := map[string]any{"account": d.AccountOf("rep.chen").Id, "type": "unplanned", "planned_date": "2026-03-16"}
	record := d.Blank("visits", append([]map[string]any{base}, more...)...)
	if got := d.SaveBy("rep.chen", record); got != "" {
		d.t.Fatal(got)
	}
	return record
}

func TestVisitIsMadeByWhoServesTheAccount(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	base := map[string]any{"account": account.Id, "type": "unplanned", "planned_date": "2026-03-16"}
	for _, c := range []struct {
		who  string
		more map[string]any
		want string
	}{
		{"market.tang", nil, "record.not_allowed"},
		{"rep.he", nil, "record.not_allowed"},
		{"director.lin", nil, "record.not_allowed"},
		{"rep.chen", map[string]any{"owner": d.As("rep.he").Id}, "visit.not_owner"},
		{"manager.wu", map[string]any{"owner": d.As("rep.chen").Id}, "visit.not_owner"},
		{"rep.chen", nil, ""},
		{"rep.chen", map[string]any{"owner": d.As("rep.chen").Id, "state": "planned"}, ""},
		{"manager.wu", map[string]any{"type": "joint"}, ""},
		{"", map[string]any{"owner": d.As("rep.chen").Id}, ""},
		{"", nil, "validation"}, // nobody's
		{"rep.chen", map[string]any{"account": ""}, "visit.account_required account"},
		{"rep.chen", map[string]any{"account": "nosuchaccount00"}, "visit.account_required account"},
		{"rep.chen", map[string]any{"planned_date": "tomorrow"}, "validation"},
		{"rep.chen", map[string]any{"id": "UPPER"}, "validation"},
	} {
		t.Run(fmt.Sprint(c.who, c.more), func(t *testing.T) {
			visit := d.Blank("visits", base, c.more)
			if got := d.SaveBy(c.who, visit); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if c.want == "" && (visit.GetString("manager") != account.GetString("manager") ||
				visit.GetString("dept") != account.GetString("dept") || visit.GetString("state") != "planned") {
				t.Errorf("%v", visit.PublicExport())
			}
		})
	}
}

// locked is what only actions and our own code write, with a value that differs.
var locked = map[string]any{
	"state": "reported", "manager": "x", "dept": "x",
	"in_at": "2026-03-16 01:00:00Z", "in_lat": 1, "in_lng": 1, "in_acc_m": 1, "in_fixes": []int{1}, "in_distance_m": 1,
	"in_result": "inside", "received_at": "2026-03-16 01:00:00Z",
	"out_at": "2026-03-16 01:00:00Z", "out_lat": 1, "out_lng": 1, "out_acc_m": 1, "dwell_s": 900,
	"report_at": "2026-03-16 01:00:00Z", "late_record": true, "cancel_reason": "x", "photos_missing": 2,
}

// TestComputedFieldsRefuseEveryHand but the server's: the rep's, and the
// dashboard's that has no user at all.
func TestComputedFieldsRefuseEveryHand(t *testing.T) {
	d := open(t)
	visit := d.visit()
	frozen := maps.Clone(locked)
	maps.Copy(frozen, map[string]any{"owner": d.As("rep.he").Id, "account": d.AccountOf("rep.he").Id})
	for _, who := range []string{"rep.chen", ""} {
		for field, value := range locked {
			record := d.Blank("visits", map[string]any{
				"account": visit.GetString("account"), "owner": visit.GetString("owner"), "type": "planned", field: value,
			})
			if got := d.SaveBy(who, record); got != "field.locked "+field {
				t.Errorf("%q creates with %s: %q", who, field, got)
			}
		}
		for field, value := range frozen {
			record := d.Fresh(visit)
			record.Set(field, value)
			if got := d.SaveBy(who, record); got != "field.locked "+field {
				t.Errorf("%q sets %s: %q", who, field, got)
			}
		}
	}
}

func TestVisitIsEditedByItsOwnerWhileItRuns(t *testing.T) {
	d := open(t)
	visit := d.visit()
	edit := func(who, field, value string) string {
		record := d.Fresh(visit)
		record.Set(field, value)
		return d.SaveBy(who, record)
	}
	for state, want := range map[string]string{
		field.VisitPlanned: "", field.VisitInProgress: "", field.VisitCheckedOut: "",
		field.VisitReported: "visit.locked", field.VisitCancelled: "visit.locked",
	} {
		t.Run(state, func(t *testing.T) {
			d.Force(visit, state)
			for who, want := range map[string]string{"rep.he": "visit.not_owner", "manager.wu": "visit.not_owner", "rep.chen": want, "": want} {
				if got := edit(who, "objective", state+who); got != want {
					t.Errorf("%q edits: %q, want %q", who, got, want)
				}
			}
		})
	}
}

// TestLateEditTakesNoStateBack: an edit of a row that was loaded before the
// check-in keeps the check-in.
func TestLateEditTakesNoStateBack(t *testing.T) {
	d := open(t)
	visit := d.visit()
	stale := d.Fresh(visit)
	if got := d.Run("rep.chen", visit, "check_in", `{}`); got != "" {
		t.Fatal(got)
	}
	stale.Set("objective", "谈陈列")
	if got := d.SaveBy("rep.chen", stale); got != "" {
		t.Fatal(got)
	}
	now := d.Fresh(visit)
	if now.GetString("state") != field.VisitInProgress || now.GetDateTime("in_at").IsZero() || now.GetString("objective") != "谈陈列" {
		t.Errorf("state %s, in at %s, objective %q", now.GetString("state"), now.GetDateTime("in_at"), now.GetString("objective"))
	}
	stale = d.Fresh(visit)
	d.Force(visit, field.VisitReported)
	stale.Set("objective", "too late")
	if got := d.SaveBy("rep.chen", stale); got != "visit.locked" {
		t.Errorf("an edit that comes after the report: %q", got)
	}
}

func TestStepsJoinTheOwnersVisit(t *testing.T) {
	d := open(t)
	visit := d.visit()
	base := map[string]any{"visit": visit.Id, "key": "talk", "kind": "note"}
	for _, c := range []struct {
		who  string
		more map[string]any
		want string
	}{
		{"market.tang", nil, "visit.not_owner"},
		{"rep.he", nil, "visit.not_owner"},
		{"manager.wu", nil, "visit.not_owner"},
		{"rep.chen", map[string]any{"account": d.AccountOf("rep.he").Id}, "field.locked account"},
		{"rep.chen", map[string]any{"visit": "nosuchvisit0000"}, "record.not_found visit"},
		{"rep.chen", map[string]any{"kind": "dance"}, "validation"},
		{"rep.chen", nil, ""},
		{"", nil, ""},
	} {
		t.Run(fmt.Sprint(c.who, c.more), func(t *testing.T) {
			step := d.Blank("visit_steps", base, c.more)
			if got := d.SaveBy(c.who, step); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			for _, field := range []string{"account", "owner", "dept"} {
				if c.want == "" && step.GetString(field) != visit.GetString(field) {
					t.Errorf("%s %q", field, step.GetString(field))
				}
			}
		})
	}
	step := d.Blank("visit_steps", base)
	if got := d.SaveBy("rep.chen", step); got != "" {
		t.Fatal(got)
	}
	step.Set("answer", map[string]any{"text": "更正"})
	if got := d.SaveBy("rep.chen", step); got != "" {
		t.Errorf("before the report: %q", got)
	}
	for field, value := range map[string]any{"visit": d.visit().Id, "owner": ""} {
		again := d.Fresh(step)
		again.Set(field, value)
		if got := d.SaveBy("rep.chen", again); got != "field.locked "+field {
			t.Errorf("%s: %q", field, got)
		}
	}
	d.Force(visit, field.VisitReported)
	for _, who := range []string{"rep.chen", ""} {
		step.Set("answer", map[string]any{"text": "又改" + who})
		if got := d.SaveBy(who, step); got != "visit.locked" {
			t.Errorf("%q after the report: %q", who, got)
		}
		if got := testapp.Code(d.DeleteWithContext(d.By(who), d.Fresh(step))); got != "visit.locked" {
			t.Errorf("%q deletes after the report: %q", who, got)
		}
	}
	d.Force(visit, field.VisitCancelled)
	if got := d.SaveBy("rep.chen", d.Blank("visit_steps", base)); got != "visit.locked" {
		t.Errorf("to a cancelled visit: %q", got)
	}
}

// TestPhotosMissingCountsPendingBlobs through every way in which a blob changes.
func TestPhotosMissingCountsPendingBlobs(t *testing.T) {
	d := open(t)
	visit := d.visit()
	step := d.Blank("visit_steps", map[string]any{"visit": visit.Id, "key": "shelf", "kind": "photo"})
	if got := d.SaveBy("rep.chen", step); got != "" {
		t.Fatal(got)
	}
	missing := func(want int) {
		t.Helper()
		if got := d.Fresh(visit).GetInt("photos_missing"); got != want {
			t.Errorf("%d photos missing, want %d", got, want)
		}
	}
	sha := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	base := map[string]any{"sha256": sha, "size": 10, "mime": "image/jpeg", "purpose": "visit_photo", "step": step.Id}
	for _, c := range []struct {
		who  string
		more map[string]any
		want string
	}{
		{"market.tang", nil, "visit.not_owner"},
		{"rep.he", nil, "visit.not_owner"},
		{"rep.chen", map[string]any{"owner": d.As("rep.he").Id}, "visit.not_owner owner"},
		{"rep.chen", map[string]any{"visit": d.visit().Id}, "record.not_found visit"},
		{"rep.chen", map[string]any{"step": ""}, "record.not_found step"},
		{"rep.chen", map[string]any{"state": "stored"}, "field.locked state"},
		{"rep.chen", map[string]any{"has_gps": true}, "field.locked has_gps"},
		{"rep.chen", map[string]any{"code": "blob.damaged"}, "field.locked code"},
		{"rep.chen", map[string]any{"sha256": "short"}, "validation"},
	} {
		t.Run(fmt.Sprint(c.who, c.more), func(t *testing.T) {
			if got := d.SaveBy(c.who, d.Blank("blobs", base, c.more)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	missing(0)
	first := d.Blank("blobs", base)
	second := d.Blank("blobs", base, map[string]any{"state": "pending", "visit": visit.Id, "owner": visit.GetString("owner")})
	for i, blob := range []*core.Record{first, second} {
		if got := d.SaveBy("rep.chen", blob); got != "" {
			t.Fatal(got)
		}
		missing(i + 1)
	}
	if first.GetString("visit") != visit.Id || first.GetString("account") != visit.GetString("account") || first.GetString("owner") != visit.GetString("owner") {
		t.Errorf("first: %v", first.PublicExport())
	}
	for field, value := range map[string]any{"state": "stored", "sha256": sha[1:] + "0", "width": 1, "code": "x", "step": ""} {
		record := d.Fresh(first)
		record.Set(field, value)
		for _, who := range []string{"rep.chen", ""} {
			if got := d.SaveBy(who, record); got != "field.locked "+field {
				t.Errorf("%q sets %s: %q", who, field, got)
			}
		}
	}
	first.Set("state", "stored")
	if err := d.SaveWithContext(gate.AsServer(t.Context()), first); err != nil {
		t.Fatal(err)
	}
	missing(1)
	if err := d.Delete(second); err != nil {
		t.Fatal(err)
	}
	missing(0)
}

var checkInAt = time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC)
