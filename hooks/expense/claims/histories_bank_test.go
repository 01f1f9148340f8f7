package claims_test

import (
	"encoding/base64"
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
)

// cashier is a second one of finance, who pays.
const cashier = "ops.bai"

// bank is what the bank did with the files that it got, by the payments in them: it knows
// nothing of claims.
type bank map[string]banked

type banked struct {
	run       string // id
	no        string
	seq       int
	fen       int
	paid      bool
	cameBack  bool
	claim, of string // whose it is, for the recount
}

func (b bank) clone() bank { return maps.Clone(b) }

// hasBank lets reps be paid.
func (d *desk) hasBank() {
	d.t.Helper()
	for _, table := range []string{"payments", "payment_runs", "advances", "payee_accounts", "payee_changes", "payees"} {
		d.sql("DELETE FROM " + table)
	}
	second := d.Fresh(d.As(cashier))
	second.Set("role", "finance")
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), second); err != nil {
		d.t.Fatal(err)
	}
	category := d.category()
	d.sql("UPDATE expense_categories SET ledger_account = '660205', input_tax = 'deducted' WHERE id = {:id}", dbx.Params{"id": category.Id})
	for _, who := range claimants {
		payee := d.Make(finance, "payees", map[string]any{"kind": "employee", "user": d.As(who).Id, "name": who, "active": true})
		change := d.Make(finance, "payee_changes", map[string]any{
			"owner": d.As(finance).Id, "payee": payee.Id, "holder": who, "bank": "工商银行", "number": "6222021234567890", "reason": "入职",
		})
		d.Must(d.Act(cashier, change, "confirm", ""))
	}
}

// send makes a run of what waits, and gives the bank its file: the bank pays some of it.
func (h *history) send() {
	pick := func(table string, most int) (ids []string) {
		rows, err := h.FindRecordsByFilter(table, "state = 'approved'", "id", 0, 0)
		if err != nil {
			h.t.Fatal(err)
		}
		h.dice.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, row := range rows[:min(len(rows), most)] {
			n, err := h.CountRecords("payments", dbx.NewExp("(claim = {:id} OR advance = {:id} AND kind = 'advance') AND state IN ('planned', 'sent', 'paid')", dbx.Params{"id": row.Id}))
			if err != nil {
				h.t.Fatal(err)
			}
			if n == 0 || h.dice.IntN(10) == 0 { // what is on its way is refused
				ids = append(ids, row.Id)
			}
		}
		return ids
	}
	run := h.Make(cashier, "payment_runs", map[string]any{"owner": h.As(cashier).Id, "title": "三月"})
	text, err := json.Marshal(map[string]any{"claims": pick("expense_claims", 4), "advances": pick("advances", 2)})
	if err != nil {
		h.t.Fatal(err)
	}
	if h.Act(cashier, run, "plan", string(text)) != "" || h.Act(cashier, run, "export", `{"encoding":"utf8"}`) != "" {
		h.Act(cashier, run, "cancel", "")
		return
	}
	rows, err := h.FindRecordsByFilter("payments", "run = {:r}", "seq", 0, 0, dbx.Params{"r": run.Id})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, row := range rows {
		if row.GetInt("amount_fen") > 0 {
			h.bank[row.Id] = banked{run: run.Id, no: h.Fresh(run).GetString("no"), seq: row.GetInt("seq"), fen: row.GetInt("amount_fen"), paid: h.dice.IntN(3) > 0, claim: row.GetString("claim"), of: row.GetString("advance")}
		}
	}
}

// answer imports what the bank says of a run: of some of its payments, in any order, some
// of it twice, now and then with a line of another run.
func (h *history) answer() {
	runs, all := map[string]bool{}, h.dice.IntN(4) == 0
	for id, b := range h.bank {
		if all || h.Row("payments", id).GetString("state") == "sent" {
			runs[b.run] = true
		}
	}
	if len(runs) == 0 {
		return
	}
	ids := slices.Sorted(maps.Keys(runs))
	run := ids[h.dice.IntN(len(ids))]
	text := "批次号,序号,金额(元),结果,流水号,原因\r\n"
	names := slices.Sorted(maps.Keys(h.bank))
	h.dice.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		b := h.bank[name]
		if b.run != run && h.dice.IntN(40) > 0 || h.dice.IntN(3) == 0 {
			continue
		}
		for range 1 + h.dice.IntN(2) {
			text += fmt.Sprintf("%s,%d,%s,%s,T%d,\r\n", b.no, b.seq, domain.Yuan(int64(b.fen)), map[bool]string{true: "成功", false: "失败"}[b.paid], b.seq)
		}
	}
	for range 1 + h.dice.IntN(2) {
		h.Act(cashier, h.Row("payment_runs", run), "answer", `{"encoding":"utf8","file":"`+base64.StdEncoding.EncodeToString([]byte(text))+`"}`)
	}
}

// comesBack is a payment that the bank takes back.
func (h *history) comesBack() {
	rows, err := h.FindRecordsByFilter("payments", "state = 'paid' && kind != 'return'", "id", 0, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(rows) == 0 {
		return
	}
	p := rows[h.dice.IntN(len(rows))]
	h.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`)
	if h.Act(director, p, "reverse", "") == "" {
		h.gotBack(p.Id)
	}
}

func (h *history) gotBack(id string) {
	if b, known := h.bank[id]; known {
		b.cameBack = true
		h.bank[id] = b
	}
}

// reverse takes a claim back; what was paid for it, its owner pays back now and then.
func (h *history) reverse(c *core.Record) {
	h.Act(finance, c, "ask_reversal", `{"reason":"x"}`)
	if h.Act(director, c, "reverse", "") != "" {
		return
	}
	for id, b := range h.bank {
		if b.claim == c.Id && b.paid && h.n%2 == 0 && h.Act(finance, h.Row("payments", id), "came_back", `{"ref":"T"}`) == "" {
			h.gotBack(id)
		}
	}
}

// giveBack is money of an advance that comes back.
func (h *history) giveBack() {
	if len(h.advances) > 0 {
		a := h.Row("advances", h.advances[h.dice.IntN(len(h.advances))])
		h.Act(cashier, a, "give_back", fmt.Sprintf(`{"fen":%d}`, 1+h.dice.IntN(max(a.GetInt("amount_fen"), 1))))
	}
}

// byBank holds what the bank really paid, and did not get back, to what was approved.
func (h *history) byBank() string {
	paid := map[string]int{}
	for _, b := range h.bank {
		if b.paid && !b.cameBack {
			paid[b.claim] += b.fen
		}
	}
	for id, fen := range paid {
		if id == "" {
			continue
		}
		c := h.Row("expense_claims", id)
		if most := c.GetInt("approved_fen") - c.GetInt("cleared_fen"); fen > most || c.GetString("state") == "paid" && fen != c.GetInt("paid_fen") {
			return fmt.Sprintf("the bank paid %d for %s, %s over %d of which %d is noted", fen, id, c.GetString("state"), most, c.GetInt("paid_fen"))
		}
	}
	return ""
}
