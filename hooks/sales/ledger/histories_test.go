package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// naive is a ledger as somebody keeps it on paper: it knows the documents and
// nothing of the rules' code.
type naive struct {
	account   *core.Record
	closed    string // last day that was stated
	documents []*noted
	parts     []*partOf
}

type noted struct {
	doc       *core.Record
	kind      string
	order     string
	fen, left int // signed: what is owed is above zero
	on, due   string
	id        string // of its entry, for ties
}

type partOf struct {
	credit, debit *noted
	fen           int
}

// add writes a document down and crosses off what it covers.
func (n *naive) add(d *noted, day string, days int) *noted {
	d.left, d.on = d.fen, day
	if d.on <= n.closed {
		d.on = domain.AddDays(n.closed, 1)
	}
	if d.fen > 0 {
		d.due = domain.AddDays(day, days)
	}
	n.documents = append(n.documents, d)
	return d
}

// match crosses off until one side is empty: the oldest credit, against the debits
// of its order and then the one due first.
func (n *naive) match() {
	for {
		var credit, debit *noted
		for _, d := range n.documents {
			if d.left < 0 && (credit == nil || d.on+d.id < credit.on+credit.id) {
				credit = d
			}
		}
		if credit == nil {
			return
		}
		own := false
		for _, d := range n.documents {
			same := credit.order != "" && d.order == credit.order
			if d.left > 0 && (debit == nil || same && !own || same == own && d.due+d.id < debit.due+debit.id) {
				debit, own = d, same
			}
		}
		if debit == nil {
			return
		}
		n.cross(credit, debit, min(-credit.left, debit.left))
	}
}

func (n *naive) cross(credit, debit *noted, fen int) {
	credit.left += fen
	debit.left -= fen
	n.parts = append(n.parts, &partOf{credit, debit, fen})
}

// takeBack undoes what a receipt covered, and crosses it off against its reversal.
func (n *naive) takeBack(receipt, reversal *noted) {
	for _, p := range n.parts {
		if p.credit == receipt {
			p.credit.left -= p.fen
			p.debit.left += p.fen
			p.fen = 0
		}
	}
	n.cross(receipt, reversal, -receipt.left)
}

// history throws dice for an account until so many things have happened.
type history struct {
	*desk
	dice *rand.Rand
	world
	kept   *keptCopy
	handed []func() // by phones since the copy was made
	back   int      // times that the server went back to a copy
}

// id is one that a phone gives.
func (h *history) id() map[string]any {
	id := make([]byte, 15)
	for i := range id {
		id[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[h.dice.IntN(36)]
	}
	return map[string]any{"id": string(id)}
}

// note writes down a document that is in the ledger now, and how it is crossed off.
func (h *history) note(doc *core.Record, kind, order, day string, fen int) {
	h.t.Helper()
	entry := h.entry(doc, kind)
	if entry == nil {
		h.t.Fatalf("%s %s left no entry", kind, doc.Id)
	}
	h.naive.add(&noted{doc: doc, kind: kind, order: order, fen: fen, id: entry.Id}, day, 10)
	h.naive.match()
}

func (h *history) today() string { return domain.BusinessDay(h.Clock.Now()) }

// someDay is today, or some weeks ago: phones come late.
func (h *history) someDay() string {
	if h.dice.IntN(3) > 0 {
		return h.today()
	}
	return domain.AddDays(h.today(), -h.dice.IntN(50))
}

func (h *history) amount() int { return 1 + h.dice.IntN(5000) }

// confirmed are the receipts that count.
func (h *history) confirmed() (out []*noted) {
	for _, d := range h.naive.documents {
		if d.kind == "receipt" && h.Fresh(d.doc).GetString("state") == "confirmed" {
			out = append(out, d)
		}
	}
	return out
}

// happen lets one thing happen.
func (h *history) happen() {
	h.t.Helper()
	if h.dice.IntN(25) == 0 {
		h.copyOrGoBack()
		return
	}
	switch h.dice.IntN(12) {
	case 0, 1:
		id, total, state := h.id(), h.amount(), []string{"draft", "submitted", "approved", "processing", "cancelled"}[h.dice.IntN(5)]
		h.hand(func() { h.orders = append(h.orders, h.order(h.naive.account, total, state, id)) })
	case 2, 3, 4:
		if len(h.orders) == 0 {
			return
		}
		order := h.orders[h.dice.IntN(len(h.orders))]
		id, fen, day, state := h.id(), h.amount(), h.someDay(), []string{"partly_delivered", "delivered"}[h.dice.IntN(2)]
		h.hand(func() {
			doc := h.delivered(order, fen, day, id)
			was := h.Fresh(order)
			h.Must(h.serverSet(order, map[string]any{"delivered_fen": was.GetInt("delivered_fen") + fen, "state": state}))
			h.note(doc, "delivery", order.Id, day, fen)
		})
	case 5:
		if len(h.orders) == 0 {
			return
		}
		order := h.orders[h.dice.IntN(len(h.orders))]
		id, fen, day := h.id(), h.amount(), h.someDay()
		h.hand(func() { h.note(h.came(order, fen, day, id), "return", order.Id, day, -fen) })
	case 6, 7:
		id, fen, day := h.id(), h.amount(), h.someDay()
		h.hand(func() {
			h.waiting = append(h.waiting, h.receipt(h.naive.account, fen, map[string]any{"received_on": day, "method": "cash"}, id))
		})
	case 8, 9:
		if len(h.waiting) == 0 {
			return
		}
		i := h.dice.IntN(len(h.waiting))
		receipt := h.waiting[i]
		h.waiting = slices.Delete(h.waiting, i, i+1)
		if h.dice.IntN(5) == 0 {
			h.Must(h.Act(finance, receipt, "reject", `{"reason":"未到账"}`))
			return
		}
		h.Must(h.Act(finance, receipt, "confirm", ""))
		h.note(receipt, "receipt", "", receipt.GetString("received_on"), -receipt.GetInt("amount_fen"))
	case 10:
		if all := h.confirmed(); len(all) > 0 && h.dice.IntN(2) == 0 {
			receipt := all[h.dice.IntN(len(all))]
			h.Must(h.Act(finance, receipt.doc, "reverse", `{"reason":"退票"}`))
			reversal := h.naive.add(&noted{doc: receipt.doc, kind: "reversal", fen: -receipt.fen, id: h.entry(receipt.doc, "reversal").Id}, h.today(), 10)
			h.naive.takeBack(receipt, reversal)
			h.naive.match()
			return
		}
		row := map[string]any{"account": h.naive.account.Id, "amount_fen": h.amount(), "cause": []string{"rebate", "display", "shortage"}[h.dice.IntN(3)]}
		order := ""
		if len(h.orders) > 0 && h.dice.IntN(2) == 0 {
			order = h.orders[h.dice.IntN(len(h.orders))].Id
			row["order"] = order
		}
		id := h.id()
		var deduction *core.Record
		h.hand(func() { deduction = h.Make("rep.chen", "deductions", row, id) })
		h.Must(h.Act(finance, deduction, "accept", ""))
		h.note(deduction, "deduction", order, h.today(), -deduction.GetInt("amount_fen"))
	case 11:
		h.Clock.Advance(time.Duration(1+h.dice.IntN(9)) * 24 * time.Hour)
		h.Job("creditsAsOfToday")
		if h.Job("statementsIssued"); h.dice.IntN(2) == 0 {
			h.Must(h.serverSet(h.naive.account, map[string]any{"credit_limit_fen": h.dice.IntN(100_000)}))
		}
		if row, err := h.FindFirstRecordByFilter("statements", "account = {:a}", dbx.Params{"a": h.naive.account.Id}); err == nil && row != nil {
			last := h.lastMonth()
			h.naive.closed = domain.AddDays(domain.NextMonth(last)+"-01", -1)
		}
	}
}

func (h *history) lastMonth() (month string) {
	h.t.Helper()
	if err := h.DB().NewQuery("SELECT MAX(month) FROM statements WHERE account = {:a}").Bind(dbx.Params{"a": h.naive.account.Id}).Row(&month); err != nil {
		h.t.Fatal(err)
	}
	return month
}

// recount compares the ledger with the paper; what differs, a line each.
func (h *history) recount() string {
	h.t.Helper()
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	entries, err := h.FindAllRecords("account_entries", dbx.HashExp{"account": h.naive.account.Id})
	if err != nil {
		h.t.Fatal(err)
	}
	if len(entries) != len(h.naive.documents) {
		say("%d entries of %d documents", len(entries), len(h.naive.documents))
	}
	ledger, overdue, ordered := 0, 0, 0
	paid, byMonth := map[string]int{}, map[string]int{}
	for _, d := range h.naive.documents {
		ledger += d.fen
		byMonth[d.on[:7]] += d.fen
		if d.left > 0 && d.due < h.today() {
			overdue += d.left
		}
		if d.kind == "delivery" {
			paid[d.order] += d.fen - d.left
		}
		e := h.entry(d.doc, d.kind)
		if e.GetInt("amount_fen") != d.fen || e.GetInt("open_fen") != d.left || e.GetString("on") != d.on || d.fen > 0 && d.kind == "delivery" && e.GetString("due_on") != d.due {
			say("%s: %d of %d open on %s due %s, not %d of %d on %s due %s", d.kind, e.GetInt("open_fen"), e.GetInt("amount_fen"), e.GetString("on"), e.GetString("due_on"), d.left, d.fen, d.on, d.due)
		}
		if d.kind == "receipt" && h.Fresh(d.doc).GetInt("open_fen") != -d.left {
			say("a receipt has %d open, not %d", h.Fresh(d.doc).GetInt("open_fen"), -d.left)
		}
	}
	for _, o := range h.orders {
		order := h.Fresh(o)
		if got := order.GetInt("paid_fen"); got != paid[o.Id] {
			say("an order is paid by %d, not %d", got, paid[o.Id])
		}
		if slices.Contains([]string{"submitted", "credit_review", "approved", "confirmed", "processing", "partly_delivered"}, order.GetString("state")) {
			ordered += max(0, order.GetInt("total_fen")-order.GetInt("delivered_fen"))
		}
	}
	limit := h.Fresh(h.naive.account).GetInt("credit_limit_fen")
	free := 0
	if limit > 0 {
		free = limit - ordered - ledger
	}
	want := fmt.Sprint(limit, ordered, ledger, ordered+ledger, overdue, free)
	if got := h.credit(h.naive.account); got != want && (got != "none" || limit+ordered != 0 || len(h.naive.documents) > 0) {
		say("credit is %s, not %s", got, want)
	}
	statements, err := h.FindRecordsByFilter("statements", "account = {:a}", "month", 0, 0, dbx.Params{"a": h.naive.account.Id})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range statements {
		closing := 0
		for month, fen := range byMonth {
			if month <= s.GetString("month") {
				closing += fen
			}
		}
		if s.GetInt("closing_fen") != closing || s.GetInt("closing_fen") != s.GetInt("opening_fen")+s.GetInt("delivered_fen")-s.GetInt("returned_fen")-s.GetInt("received_fen")-s.GetInt("deducted_fen") {
			say("%s closes with %d, not %d", s.GetString("month"), s.GetInt("closing_fen"), closing)
		}
	}
	return strings.Join(wrong, "\n")
}

// live lets n things happen to an account, and recounts on the way; it says how
// often the server went back.
func live(t *testing.T, d *desk, seed uint64, n int) (wrong string, back int) {
	t.Helper()
	h := &history{desk: d, dice: rand.New(rand.NewPCG(seed, 23))}
	h.naive.account = d.account("rep.chen")
	d.Must(d.serverSet(h.naive.account, map[string]any{"payment_days": 10}))
	for i := range n {
		before := h.back
		h.happen()
		if i%5 == 4 || i == n-1 || h.back > before {
			if wrong := h.recount(); wrong != "" {
				return fmt.Sprintf("seed %d, after %d, %d times back: %s", seed, i+1, h.back, wrong), h.back
			}
		}
	}
	return "", h.back
}

// policy: R4.12 ledger-recount
//
// TestTheLedgerEqualsANaiveRecount over random histories of an account, in which the
// server goes back to copies of itself and phones push again.
func TestTheLedgerEqualsANaiveRecount(t *testing.T) {
	d, all := open(t), 0
	for seed := range uint64(effort.Times(2, 60)) {
		wrong, back := live(t, d, seed, 80)
		if wrong != "" {
			t.Fatal(wrong)
		}
		all += back
	}
	if all < effort.Times(1, 3) {
		t.Errorf("the server went back %d times", all)
	}
}

// TestPlantedLedgerFaultsAreNoticed by the same recount.
func TestPlantedLedgerFaultsAreNoticed(t *testing.T) {
	effort.Late(t)
	for _, planted := range []syncer.Planted{syncer.PlantReturnAdds, syncer.PlantReversalKept} {
		d := open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = planted }))
		found := false
		for seed := uint64(0); seed < 6 && !found; seed++ {
			wrong, _ := live(t, d, seed, 80)
			found = wrong != ""
		}
		if !found {
			t.Errorf("nobody noticed: %s", planted)
		}
	}
}
