package ledger_test

import (
	"testing"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
)

// TestReceiptsThatAreRefused: by a push and over REST alike, each with its code;
// a corrected one is taken.
func TestReceiptsThatAreRefused(t *testing.T) {
	d := open(t)
	account, others := d.account("rep.chen"), d.account("rep.he")
	d.receipt(account, 500, map[string]any{"reference": "TT-1"})
	paper := d.Blank("blobs", whose(others), map[string]any{
		"sha256": "00000000000000000000000000000000000000000000000000000000000000aa", "size": 1, "mime": "image/jpeg", "purpose": "receipt", "state": "pending",
	})
	d.server(paper)
	for _, c := range []struct {
		what, by   string
		row        map[string]any
		push, rest string
	}{
		{"of nothing", "rep.chen", map[string]any{"amount_fen": 0}, "receipt.amount_invalid", "receipt.amount_invalid"},
		{"below nothing", "rep.chen", map[string]any{"amount_fen": -500}, "receipt.amount_invalid", "receipt.amount_invalid"},
		{"more than there is", "rep.chen", map[string]any{"amount_fen": sales.LedgerMost + 1}, "receipt.amount_invalid", "receipt.amount_invalid"},
		{"beyond all numbers", "rep.chen", map[string]any{"amount_fen": 1e300}, "receipt.amount_invalid", "receipt.amount_invalid"},
		{"of half a fen", "rep.chen", map[string]any{"amount_fen": 0.5}, "receipt.amount_invalid", "receipt.amount_invalid"},
		{"of tomorrow", "rep.chen", map[string]any{"received_on": "2026-03-17"}, "receipt.day_invalid received_on", "receipt.day_invalid received_on"},
		{"of no day", "rep.chen", map[string]any{"received_on": "2026-02-31"}, "field.day received_on", "field.day received_on"},
		{"of nobody", "rep.chen", map[string]any{"account": ""}, "receipt.account_required account", "400"},
		{"of another's account", "rep.chen", map[string]any{"account": others.Id}, "record.not_allowed", "400"},
		{"in another's name", "rep.chen", map[string]any{"owner": d.As("rep.he").Id}, "receipt.not_reporter", "receipt.not_reporter"},
		{"confirmed already", "rep.chen", map[string]any{"state": "confirmed"}, "field.locked state", "field.locked state"},
		{"with what is open", "rep.chen", map[string]any{"open_fen": 5}, "field.locked open_fen", "field.locked open_fen"},
		{"reported twice", "rep.chen", map[string]any{"reference": "TT-1"}, "receipt.twice reference", "receipt.twice reference"},
		{"with another's paper", "rep.chen", map[string]any{"paper": paper.Id}, "receipt.paper_invalid paper", "receipt.paper_invalid paper"},
		{"by his manager", "manager.wu", nil, "", ""},
		{"by finance", finance, nil, "", ""},
		{"once more, another amount", "rep.chen", map[string]any{"reference": "TT-1", "amount_fen": 600}, "", "receipt.twice reference"},
	} {
		row := map[string]any{"account": account.Id, "amount_fen": 500, "method": "transfer"}
		for name, value := range c.row {
			row[name] = value
		}
		d.Expect(c.what+", by a push", d.SaveBy(c.by, d.Blank("receipts", row)), c.push)
		_, refused := d.Create(c.by, "receipts", row)
		d.Expect(c.what+", over REST", refused, c.rest)
	}
}

// TestOnlyFinanceDecides on what others report, and only while it is reported.
func TestOnlyFinanceDecides(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	receipt := d.receipt(account, 500)
	deduction := d.Make("rep.chen", "deductions", map[string]any{"account": account.Id, "amount_fen": 100, "cause": "display"})
	for _, who := range []string{"rep.chen", "manager.wu", "director.lin", "admin.fang"} {
		d.Expect(who+" confirms", d.Run(who, receipt, "confirm", ""), "receipt.not_finance")
		d.Expect(who+" accepts", d.Run(who, deduction, "accept", ""), "deduction.not_finance")
	}
	d.Must(d.Update("rep.chen", receipt, map[string]any{"amount_fen": 400, "payer": "永辉"}))
	d.Must(d.Act(finance, receipt, "confirm", ""))
	d.Must(d.Act(finance, deduction, "reject", `{"reason":"无陈列照片"}`))
	d.Expect("an edit of a rejected one", d.SaveBy("rep.chen", change(d.Fresh(deduction), "amount_fen", 1)), "deduction.locked")
	row := d.Fresh(receipt)
	if row.GetString("decided_by") != d.As(finance).Id || row.GetDateTime("decided_at").IsZero() || row.GetString("received_on") != "2026-03-16" || row.GetInt("open_fen") != 400 {
		t.Errorf("%v", row.PublicExport())
	}
	for kind, want := range map[string]int{"receipt.confirmed": 1, "deduction.rejected": 1} {
		if n := d.Told("rep.chen", kind); n != want {
			t.Errorf("%s: told %d times", kind, n)
		}
	}
}

// TestDeductionsOfEachCause are taken off what is owed, of their order first.
func TestDeductionsOfEachCause(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	old := d.delivered(d.order(account, 100, "processing"), 100, "2026-01-10")
	order := d.order(account, 100, "processing")
	debt := d.delivered(order, 100, "2026-03-10")
	for _, cause := range []string{"rebate", "display", "shortage", "other"} {
		row := map[string]any{"account": account.Id, "amount_fen": 10, "cause": cause}
		if cause == "shortage" {
			row["order"] = order.Id
		}
		deduction := d.Make("rep.chen", "deductions", row)
		if d.entry(deduction) != nil {
			t.Error("what is reported counts")
		}
		d.Must(d.Act(finance, deduction, "accept", ""))
		if e := d.entry(deduction); e.GetInt("amount_fen") != -10 || e.GetInt("open_fen") != 0 {
			t.Errorf("%v", e.PublicExport())
		}
	}
	if a, b := d.openOf(old), d.openOf(debt); a != 70 || b != 90 {
		t.Errorf("open: %d and %d", a, b)
	}
	for what, c := range map[string]struct {
		row  map[string]any
		want string
	}{
		"below nothing":          {map[string]any{"amount_fen": -1}, "deduction.amount_invalid"},
		"too much":               {map[string]any{"amount_fen": sales.LedgerMost + 1}, "deduction.amount_invalid"},
		"of another's order":     {map[string]any{"order": d.order(d.account("rep.he"), 1, "processing").Id}, "deduction.order_invalid order"},
		"of another's account":   {map[string]any{"account": d.account("rep.he").Id}, "record.not_allowed"},
		"of an account not here": {map[string]any{"account": "nobodyhasthisid"}, "deduction.account_required account"},
		"accepted already":       {map[string]any{"state": "accepted"}, "field.locked state"},
	} {
		row := map[string]any{"account": account.Id, "amount_fen": 10, "cause": "other"}
		for name, value := range c.row {
			row[name] = value
		}
		d.Expect(what, d.SaveBy("rep.chen", d.Blank("deductions", row)), c.want)
	}
}

// TestAReceiptOfAnAccountThatMoved: who served it as he captured the receipt hands
// it in, nobody else; it goes to whoever is over the account now.
func TestAReceiptOfAnAccountThatMoved(t *testing.T) {
	d := open(t)
	account := d.account("rep.chen")
	d.Must(d.Update("manager.wu", account, map[string]any{"owner": d.As("rep.he").Id}))
	row := func() map[string]any {
		return map[string]any{"account": account.Id, "amount_fen": 500, "method": "cash"}
	}
	d.Expect("of a desk", d.SaveBy("rep.chen", d.Blank("receipts", row())), "record.not_allowed")
	then := gate.With(t.Context(), gate.Actor{User: d.As("rep.chen"), Held: func(string) (bool, error) { return true, nil }})
	receipt := d.Blank("receipts", row())
	if err := d.SaveWithContext(then, receipt); err != nil {
		t.Fatal(err)
	}
	if receipt.GetString("owner") != d.As("rep.chen").Id || receipt.GetString("manager") != d.Fresh(account).GetString("manager") {
		t.Errorf("%v", receipt.PublicExport())
	}
}
