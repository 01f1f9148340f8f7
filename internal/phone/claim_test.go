package phone

import (
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"satchel/domain"
	"satchel/domain/expense"
)

// claimPhone is a rep's phone without a network, with categories and rules down.
type claimPhone struct {
	*Phone
	t     *testing.T
	claim string
}

func newClaimPhone(t *testing.T) *claimPhone {
	store, err := OpenStore("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	now := time.Date(2026, 3, 16, 4, 0, 0, 0, time.UTC)
	p := &claimPhone{New(Config{Now: func() time.Time { return now }, Rand: rand.New(rand.NewPCG(1, 2))}, store), t, ""}
	p.must(store.setMeta("user", "chen"))
	p.pulled("users", Row{"id": "chen", "role": "rep"})
	for _, code := range []string{"travel", "taxi", "mileage", "gift", "parking"} {
		p.pulled("expense_categories", Row{"id": code, "code": code, "name_zh": code, "active": true})
	}
	p.claim, err = p.NewClaim(Row{"title": "三月"})
	p.must(err)
	return p
}

func (p *claimPhone) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *claimPhone) pulled(collection string, row Row) {
	p.t.Helper()
	body, err := json.Marshal(row)
	p.must(err)
	_, err = p.store.db.Exec("INSERT OR REPLACE INTO base (c, id, v, body, sum) VALUES (?, ?, 1, ?, 0)", collection, row.Text("id"), string(body))
	p.must(err)
}

func (p *claimPhone) rule(kind, severity string, params map[string]any, categories ...string) {
	p.t.Helper()
	of, found := expense.RuleKindOf(kind)
	if !found {
		p.t.Fatal(kind)
	}
	said, err := json.Marshal(params)
	p.must(err)
	raw, err := of.Fill(said, func(string) (int, error) { return 30, nil })
	p.must(err)
	var filled map[string]any
	p.must(json.Unmarshal(raw, &filled))
	p.pulled("expense_rules", Row{"id": kind, "code": kind, "version": 1, "kind": kind, "severity": severity, "params": filled, "categories": categories, "from_day": "2026-01-01", "active": true})
}

func (p *claimPhone) line(category string, fen int, more Row) string {
	p.t.Helper()
	id := p.NewID()
	row := Row{"claim": p.claim, "category": category, "day": "2026-03-09", "amount_fen": fen}
	for k, v := range more {
		row[k] = v
	}
	p.must(p.Create("expense_lines", id, row))
	return id
}

func (p *claimPhone) finds(what, want string) {
	p.t.Helper()
	check, err := p.CheckClaim(p.claim, false)
	p.must(err)
	codes := []string{}
	for _, h := range check.Hits {
		codes = append(codes, h.Code)
	}
	if check.Problem != nil {
		codes = append(codes, domain.CodeOf(check.Problem))
	}
	if got := strings.Join(codes, " "); got != want {
		p.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// policy: R7.3 expense_claims
//
// TestAClaimIsCheckedWithoutANetwork: sums, papers, rules and the folder, by what the
// phone holds, at every step of writing it down.
func TestAClaimIsCheckedWithoutANetwork(t *testing.T) {
	p := newClaimPhone(t)
	p.finds("nothing yet", "claim.empty")
	p.rule("late", expense.HitWarns, map[string]any{"days": 3})
	p.rule("no_invoice", expense.HitBlocks, map[string]any{"allowed": []string{"parking"}, "month_fen": 1_000})
	parking := p.line("parking", 600, nil)
	p.finds("no paper and no reason", "expense.late expense.statement_required claim.invoice_required")
	p.must(p.Update("expense_lines", parking, Row{"no_invoice_reason": "投币", "reason": "出差在外"}))
	p.finds("with both", "expense.late")
	p.pulled("expense_claims", Row{"id": "earlier", "owner": "chen", "state": "submitted"})
	p.pulled("expense_lines", Row{"id": "earlier1", "claim": "earlier", "category": "parking", "day": "2026-03-02", "amount_fen": 500})
	p.finds("with what he claimed before", "expense.late expense.no_invoice_month claim.rule_blocked")
	p.must(p.Update("expense_lines", parking, Row{"amount_fen": 500}))
	p.finds("within the month's limit", "expense.late")

	qr := "01,32,,26312000000000000001,655.00,20260309,,"
	dinner := p.line("travel", 65_500, Row{"reason": "出差在外"})
	invoice, err := p.AddReceipt([]byte("photo"), Row{"qr_raw": qr, "typed": Row{"seller_name": "江南酒家"}})
	p.must(err)
	use := p.NewID()
	p.must(p.Create("expense_uses", use, Row{"claim": p.claim, "line": dinner, "invoice": invoice, "amount_fen": 65_400}))
	p.finds("less than the line", "expense.late expense.late claim.uses_sum")
	p.must(p.Update("expense_uses", use, Row{"amount_fen": 65_500}))
	p.finds("to the fen", "expense.late expense.late")
	p.pulled("own_companies", Row{"id": "own", "name": "禾漾快消品股份有限公司", "active": true})
	p.must(p.Update("invoices", invoice, Row{"typed": Row{"seller_name": "江南酒家", "buyer_name": "别家公司"}}))
	p.finds("to another company", "expense.late expense.late invoice.buyer_name")
	p.must(p.Update("invoices", invoice, Row{"typed": Row{"seller_name": "江南酒家", "buyer_name": "禾漾快消品股份有限公司"}}))
	p.finds("to ours", "expense.late expense.late")
	_, err = p.AddReceipt([]byte("photo again"), Row{"qr_raw": qr})
	p.must(err)
	p.finds("the same invoice twice in his folder", "expense.late expense.late invoice.own_twice")
}

// TestAmountsOnAPhone are reckoned as on the server, by the rate of the day.
func TestAmountsOnAPhone(t *testing.T) {
	p := newClaimPhone(t)
	p.rule(expense.RuleMileage, expense.HitWarns, map[string]any{"km_fen": 100}, "mileage")
	p.pulled("work_sessions", Row{"id": "day", "owner": "chen", "date": "2026-03-09", "distance_m": 10_000})
	driven := p.line("mileage", 0, Row{"distance_m": 12_000})
	check, err := p.CheckClaim(p.claim, false)
	p.must(err)
	if check.TotalFen != 1_150 || check.Problem != nil {
		t.Errorf("%d, %v", check.TotalFen, check.Problem)
	}
	p.must(p.Update("expense_lines", driven, Row{"amount_fen": 1_200}))
	p.finds("above it", "expense.mileage claim.reason_required")
	p.must(p.Update("expense_lines", driven, Row{"reason": "绕行"}))
	p.finds("with a reason", "expense.mileage")
}

// TestGiftsAndVisitsOnAPhone: what the phone knows of the year's gifts and of the day's visits.
func TestGiftsAndVisitsOnAPhone(t *testing.T) {
	p := newClaimPhone(t)
	p.rule(expense.RuleGift, expense.HitBlocks, map[string]any{"each_fen": 20_000, "year_fen": 100_000, "person_year_fen": 50_000}, "gift")
	p.rule("taxi", expense.HitWarns, nil, "taxi")
	p.line("gift", 10_000, Row{"account": "a", "contact": "c", "no_invoice_reason": "x"})
	p.line("taxi", 2_000, Row{"no_invoice_reason": "x", "at": "2026-03-09T06:00:00Z"})
	p.finds("without a visit", "expense.taxi claim.reason_required")
	p.pulled("visits", Row{"id": "v", "owner": "chen", "account": "a", "in_at": "2026-03-09 05:00:00.000Z", "out_at": "2026-03-09 05:30:00.000Z", "counts": true})
	p.finds("after one", "")
	for i, fen := range []int{40_000, 1} {
		p.pulled("care_tasks", Row{"id": fmt.Sprint("t", i), "account": "a", "contact": "c", "state": "done", "due": "2026-02-0" + fmt.Sprint(i+1), "gift_value_fen": fen})
	}
	p.finds("with what care gave", "expense.gift_person_year claim.rule_blocked")
}

// TestWhatWasHandedInCountsOnAPhone: nights that another claim of his has.
func TestWhatWasHandedInCountsOnAPhone(t *testing.T) {
	p := newClaimPhone(t)
	p.rule(expense.RuleLodging, expense.HitBlocks, nil, "travel")
	p.line("travel", 30_000, Row{"nights": 1, "no_invoice_reason": "x"})
	p.finds("alone", "")
	p.pulled("expense_claims", Row{"id": "earlier", "owner": "chen", "state": "submitted"})
	p.pulled("expense_lines", Row{"id": "earlier1", "claim": "earlier", "category": "travel", "day": "2026-03-08", "nights": 2, "amount_fen": 60_000})
	p.finds("beside the same night", "expense.lodging claim.rule_blocked")
}

// TestARuleOfANewerServer is left to the server, with all its versions; the rest is checked.
func TestARuleOfANewerServer(t *testing.T) {
	p := newClaimPhone(t)
	p.rule("late", expense.HitBlocks, map[string]any{"days": 3}, "parking")
	p.rule("no_invoice", expense.HitBlocks, map[string]any{"allowed": []string{"parking"}})
	p.line("parking", 600, Row{"no_invoice_reason": ""})
	p.finds("by its own", "expense.late expense.statement_required claim.invoice_required")
	late := Row{"id": "late2", "code": "late", "version": 2, "kind": "late", "severity": "block", "params": map[string]any{"days": 60, "issue_days": 90, "hours": 1}, "from_day": "2026-02-01", "active": true}
	p.pulled("expense_rules", late)
	p.pulled("expense_rules", Row{"id": "x", "code": "weather", "version": 1, "kind": "weather", "severity": "block", "from_day": "2026-02-01", "active": true})
	p.finds("a version that it does not know", "expense.statement_required claim.invoice_required")
	check, err := p.CheckClaim(p.claim, false)
	p.must(err)
	if got := strings.Join(check.Later, " "); got != "late weather" {
		t.Errorf("the server judges %q", got)
	}
}

// TestWhatCannotBeReadIsSaid and ends no check: a red-letter invoice, an invoice that is not
// down, a day that has not come.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	p := newClaimPhone(t)
	line := p.line("parking", 600, nil)
	invoice, err := p.AddReceipt([]byte("photo"), Row{"typed": Row{"number": "26312000000000000001", "total_fen": -600}})
	p.must(err)
	p.finds("in the folder only", "claim.invoice_required")
	use := p.NewID()
	p.must(p.Create("expense_uses", use, Row{"claim": p.claim, "line": line, "invoice": invoice, "amount_fen": 600}))
	p.finds("red-letter", "invoice.red_letter")
	p.must(p.Update("expense_uses", use, Row{"invoice": "gone"}))
	p.finds("not down", "invoice.not_owner")
	p.must(p.Delete("expense_uses", use))
	p.must(p.Update("expense_lines", line, Row{"no_invoice_reason": "投币", "to_day": "2026-03-17"}))
	p.finds("tomorrow", "claim.day_future")
}

// TestAGiftOfCareCountsOnceOnAPhone.
func TestAGiftOfCareCountsOnceOnAPhone(t *testing.T) {
	p := newClaimPhone(t)
	p.rule(expense.RuleGift, expense.HitBlocks, map[string]any{"each_fen": 20_000, "year_fen": 50_000, "person_year_fen": 50_000}, "gift")
	p.pulled("care_tasks", Row{"id": "t", "account": "a", "contact": "c", "state": "done", "due": "2026-02-01", "gift_value_fen": 40_000})
	gift := p.line("gift", 20_000, Row{"account": "a", "contact": "c", "no_invoice_reason": "x"})
	p.finds("beside it", "expense.gift_year claim.rule_blocked")
	p.must(p.Update("expense_lines", gift, Row{"care_task": "t"}))
	p.finds("of it", "")
}
