package audits_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
)

// desk is a company in April 2026 that paid claims of rep.chen's in March.
type desk struct {
	testapp.Desk
	t      *testing.T
	claims []*core.Record
}

func open(t *testing.T, opts ...testapp.Option) *desk {
	t.Helper()
	d := &desk{Desk: testapp.Open(t, opts...), t: t}
	d.Clock.Set(time.Date(2026, 4, 10, 2, 0, 0, 0, time.UTC))
	d.Make("", "users", map[string]any{
		"email": "audit.ke@example.com", "password": "a-password-of-tests", "name": "柯", "role": "auditor", "department": d.As("finance.zhao").GetString("department"),
		"active": true, "verified": true,
	})
	for i := range 20 {
		d.claims = append(d.claims, d.paid(i, "2026-03-20 02:00:00.000Z"))
	}
	d.paid(20, "2026-03-31 16:00:00.000Z") // of April already
	return d
}

// paid is a claim of 1,000 yuan and more that manager.wu signed, paid at a moment.
func (d *desk) paid(n int, at string) *core.Record {
	d.t.Helper()
	chen := d.As("rep.chen")
	claim := d.kept("expense_claims", map[string]any{
		"owner": chen.Id, "manager": chen.GetString("manager"), "dept": chen.GetString("department"), "title": fmt.Sprint("招待 ", n), "period": "2026-03",
		"payee_kind": "employee", "state": "paid", "total_fen": 1000_00 + n, "approved_fen": 1000_00 + n, "paid_fen": 1000_00 + n, "paid_at": at,
		"special": n == 3, "warnings": n % 3,
	})
	d.kept("approvals", map[string]any{
		"ref_collection": "expense_claims", "ref_id": claim.Id, "key": "manager", "author": chen.Id, "approver": d.As("manager.wu").Id, "state": "approved", "round": 1, "step": 1,
	})
	return claim
}

// kept is a row that our own code wrote.
func (d *desk) kept(collection string, values map[string]any) *core.Record {
	d.t.Helper()
	row := d.Blank(collection, values)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), row); err != nil {
		d.t.Fatal(err)
	}
	return row
}

func (d *desk) sample(who string, more map[string]any) (*core.Record, string) {
	row := d.Blank("audit_samples", map[string]any{"month": "2026-03"}, more)
	return row, d.SaveBy(who, row)
}

func (d *desk) finding(more map[string]any) *core.Record {
	return d.Blank("audit_findings", map[string]any{
		"claim": d.claims[0].Id, "kind": "private", "text": "家庭聚餐", "repay_fen": 300_00, "points": 5, "liable": []string{d.As("manager.wu").Id}, "liable_points": 2,
	}, more)
}

// policy: R7.9 audit_samples
//
// TestASampleIsDrawnAgain: the same seed and claims give the same sample. Who draws knows
// no seed before, and drawing again adds to what was drawn.
func TestASampleIsDrawnAgain(t *testing.T) {
	d := open(t)
	_, refused := d.sample("finance.zhao", map[string]any{"month": "2026-04"})
	d.Expect("of a month that runs", refused, "sample.month_open month")
	_, refused = d.sample("finance.zhao", map[string]any{"month": "2026-02"})
	d.Expect("of nothing", refused, "sample.nothing_paid month")
	_, refused = d.sample("finance.zhao", map[string]any{"picks": `[{"claim":"x"}]`})
	d.Expect("chosen by hand", refused, "field.locked picks")
	_, refused = d.sample("finance.zhao", map[string]any{"seed": 7})
	d.Expect("a seed that was tried before", refused, "field.locked seed")
	claims := []expense.AuditClaim{}
	for n, c := range d.claims {
		claims = append(claims, expense.AuditClaim{ID: c.Id, Fen: 1000_00 + n, Special: n == 3, Warnings: n % 3})
	}
	seeds := map[int]bool{}
	for round := 1; len(claims) > 0; round++ {
		sample, refused := d.sample([]string{"finance.zhao", "auditor.jin"}[round%2], nil)
		d.Must(refused)
		row := records.AuditSamples.Of(d.Fresh(sample))
		picks, err := row.Picks()
		if err != nil || row.Population() != len(claims) || row.Size() != 5 || len(picks) != 5 || seeds[row.Seed()] {
			t.Fatalf("%v %+v", err, row.Raw().PublicExport())
		}
		seeds[row.Seed()] = true
		if again := expense.DrawAudit(claims, row.Seed(), row.Size()); !reflect.DeepEqual(again, picks) {
			t.Errorf("%v, before %v", again, picks)
		}
		if row.ContentHash() != expense.AuditHash(claims) {
			t.Error("of other claims")
		}
		claims = slices.DeleteFunc(claims, func(c expense.AuditClaim) bool {
			return slices.ContainsFunc(picks, func(p expense.AuditPick) bool { return p.Claim == c.ID })
		})
	}
	_, refused = d.sample("finance.zhao", nil)
	d.Expect("when all were drawn", refused, "sample.nothing_paid month")
}

// policy: R7.9 audit_findings
// policy: R7.10 penalties
//
// TestAFindingBecomesPenalties: another decides than who found it and whom it concerns;
// who signed is liable; what is to be paid back is tracked until it is.
func TestAFindingBecomesPenalties(t *testing.T) {
	d := open(t)
	for what, c := range map[string]struct {
		more map[string]any
		want string
	}{
		"more than was paid":   {map[string]any{"repay_fen": 1001_00}, "finding.repay_invalid repay_fen"},
		"who never signed":     {map[string]any{"liable": []string{d.As("manager.xu").Id}}, "finding.not_signed liable"},
		"decided at once":      {map[string]any{"state": "confirmed"}, "field.locked state"},
		"of another's account": {map[string]any{"person": d.As("rep.he").Id}, "field.locked person"},
	} {
		d.Expect(what, d.SaveBy("finance.zhao", d.finding(c.more)), c.want)
	}
	row := d.finding(nil)
	d.Must(d.SaveBy("finance.zhao", row))
	for who, want := range map[string]int{"rep.chen": 1, "manager.wu": 1, "rep.he": 0} {
		if n := d.Told(who, "finding.made"); n != want {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	d.Must(d.Act("rep.chen", row, "answer", `{"text":"客户临时带家属"}`))
	d.Must(d.Act("manager.wu", row, "answer", `{"text":"未细看"}`))
	d.Expect("by who found it", d.Act("finance.zhao", row, "confirm", ""), "finding.not_another")
	d.Expect("by whom it concerns", d.Act("rep.chen", row, "dismiss", `{"reason":"x"}`), "finding.not_another")
	d.Expect("without a reason", d.Act("executive.sun", row, "dismiss", `{"reason":""}`), "finding.reason_required")
	d.Must(d.Act("executive.sun", row, "confirm", ""))
	d.Expect("once", d.Act("executive.sun", row, "confirm", ""), "finding.state")
	d.Expect("an edit", d.Set("finance.zhao", row, "points", 1), "finding.locked")

	all, err := records.Penalties.All(d.App, "", nil, "kind, points")
	if err != nil || len(all) != 3 {
		t.Fatalf("%d penalties, %v", len(all), err)
	}
	debt := all[2].Raw()
	if all[0].Owner() != records.UserID(d.As("manager.wu").Id) || all[0].Points() != 2 || all[1].Points() != 5 || all[1].Month() != "2026-04" || all[2].AmountFen() != 300_00 || all[2].Due() != "2026-05-10" {
		t.Errorf("%v %v %v", all[0].Raw().PublicExport(), all[1].Raw().PublicExport(), debt.PublicExport())
	}
	d.deducted("rep.chen", 5)
	d.deducted("manager.wu", 2)
	d.Expect("by himself", d.Act("rep.chen", debt, "repay", `{"fen":100,"day":"2026-04-10"}`), "penalty.not_finance")
	d.Expect("too much", d.Act("finance.zhao", debt, "repay", `{"fen":30001,"day":"2026-04-10"}`), "penalty.amount_invalid")
	d.Expect("in the future", d.Act("finance.zhao", debt, "repay", `{"fen":1,"day":"2026-04-11"}`), "penalty.day_invalid")
	d.Expect("points", d.Act("finance.zhao", all[1].Raw(), "repay", `{"fen":1,"day":"2026-04-10"}`), "penalty.no_repayment")
	d.Must(d.Act("finance.zhao", debt, "repay", `{"fen":10000,"day":"2026-04-10"}`))
	d.Clock.Set(time.Date(2026, 5, 11, 2, 0, 0, 0, time.UTC))
	d.Job("repayments")
	d.Job("repayments")
	for _, who := range []string{"rep.chen", "finance.zhao"} {
		if n := d.Told(who, "penalty.overdue"); n != 1 {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	d.Must(d.Act("finance.zhao", debt, "repay", `{"fen":20000,"day":"2026-05-11"}`))
	if r := records.Penalties.Of(d.Fresh(debt)); r.State() != expense.PenaltySettled || r.RepaidFen() != 300_00 {
		t.Errorf("%v", r.Raw().PublicExport())
	}
	d.Expect("after it was settled", d.Act("finance.zhao", debt, "repay", `{"fen":1,"day":"2026-05-11"}`), "penalty.state")
	d.Expect("by finance", d.Act("finance.zhao", all[0].Raw(), "waive", `{"reason":"x"}`), "penalty.not_management")
	d.Must(d.Act("executive.sun", all[0].Raw(), "waive", `{"reason":"初犯"}`))
	if n := d.Told("manager.wu", "penalty.waived"); n != 1 {
		t.Errorf("told %d times", n)
	}
	d.deducted("rep.chen", 5)
	d.deducted("manager.wu", 0)
}

// deducted compares the points that the appraisal of April deducts of somebody.
func (d *desk) deducted(who string, points int) {
	d.t.Helper()
	path := "/api/ka/analysis/deductions?from=2026-04&to=2026-04&person=" + d.As(who).Id
	for _, reader := range []string{who, "finance.zhao"} {
		var answer struct {
			Total struct{ Value *int } `json:"total"`
		}
		got := d.Do(reader, http.MethodGet, path, "")
		if err := json.Unmarshal(got.Body.Bytes(), &answer, json.MatchCaseInsensitiveNames(true)); err != nil || got.Code != http.StatusOK {
			d.t.Fatalf("%d %s %v", got.Code, got.Body, err)
		}
		if v := answer.Total.Value; v == nil && points > 0 || v != nil && *v != points {
			d.t.Errorf("of %s %v points are deducted, want %d", who, v, points)
		}
	}
}

// policy: R7.11 cost_savings
//
// TestASavingIsConfirmedByFinance, and by nobody else.
func TestASavingIsConfirmedByFinance(t *testing.T) {
	d := open(t)
	blank := func(more map[string]any) *core.Record {
		return d.Blank("cost_savings", map[string]any{
			"owner": d.As("rep.chen").Id, "month": "2026-03", "title": "陈列改用周转架", "how": "旧架翻新", "before_fen": 800_00, "after_fen": 300_00,
		}, more)
	}
	d.Expect("nothing", d.SaveBy("rep.chen", blank(map[string]any{"after_fen": 800_00})), "saving.none after_fen")
	d.Expect("counted by himself", d.SaveBy("rep.chen", blank(map[string]any{"saved_fen": 1})), "field.locked saved_fen")
	row := blank(nil)
	d.Must(d.SaveBy("rep.chen", row))
	if got := d.Fresh(row).GetInt("saved_fen"); got != 500_00 {
		t.Errorf("saved %d", got)
	}
	d.Expect("by himself", d.Act("rep.chen", row, "confirm", ""), "saving.not_finance")
	d.Must(d.Act("finance.zhao", row, "confirm", ""))
	d.Expect("an edit", d.Set("rep.chen", row, "before_fen", 900_00), "saving.locked")
	d.Expect("deleted", d.DeleteBy("rep.chen", row), "saving.locked")
	other := blank(nil)
	d.Must(d.SaveBy("rep.chen", other))
	d.Must(d.Act("finance.zhao", other, "decline", `{"reason":"无对比数据"}`))
	if n := d.Told("rep.chen", "saving.declined"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// TestAClaimIsPaidBackOnce: all that is found about it asks for no more than it paid; what
// was dismissed asks for nothing.
func TestAClaimIsPaidBackOnce(t *testing.T) {
	d := open(t)
	first := d.finding(map[string]any{"repay_fen": 900_00})
	d.Must(d.SaveBy("finance.zhao", first))
	d.Must(d.Set("finance.zhao", first, "repay_fen", 800_00))
	d.Expect("more than is left", d.SaveBy("finance.zhao", d.finding(map[string]any{"repay_fen": 200_01})), "finding.repay_invalid repay_fen")
	d.Must(d.SaveBy("finance.zhao", d.finding(map[string]any{"repay_fen": 200_00})))
	d.Must(d.Act("executive.sun", first, "dismiss", `{"reason":"已说明"}`))
	d.Must(d.SaveBy("finance.zhao", d.finding(map[string]any{"repay_fen": 800_00})))
}

// TestWhoSignedAClaimDoesNotDecide what was found about it.
func TestWhoSignedAClaimDoesNotDecide(t *testing.T) {
	d := open(t)
	d.kept("approvals", map[string]any{
		"ref_collection": "expense_claims", "ref_id": d.claims[0].Id, "key": "finance", "author": d.As("rep.chen").Id, "approver": d.As("finance.zhao").Id,
		"state": "approved", "round": 1, "step": 2,
	})
	row := d.finding(nil)
	d.Must(d.SaveBy("auditor.jin", row))
	d.Expect("who cut it", d.Act("finance.zhao", row, "dismiss", `{"reason":"无妨"}`), "finding.not_another")
	d.Must(d.Act("executive.sun", row, "dismiss", `{"reason":"已说明"}`))
}
