package hooks_test

import (
	"encoding/base64"

	"satchel/syncer"
)

// paid are rows between which money goes: a run with a payment that is planned, one whose
// bank has not answered, and an advance of which something came back.
func (b *breaker) paid() {
	b.t.Helper()
	fin := b.app.As("finance.zhao").Id
	payee, err := b.app.FindFirstRecordByData("payees", "user", b.actors["owner"].Id)
	if err != nil {
		b.t.Fatal(err)
	}
	b.make("payee_accounts", map[string]any{"payee": payee.Id, "change": b.rows["payee_changes"][0], "holder": "陈立", "bank": "银行", "number": "6222000011112222", "active": true})
	put := func(collection string, fields map[string]any) string {
		id := b.make(collection, fields).Id
		b.rows[collection] = append(b.rows[collection], id)
		return id
	}
	advance := func(fields map[string]any) string {
		fields["purpose"], fields["amount_fen"], fields["due_on"] = "展会", 100, "2031-05-01"
		return put("advances", b.with(fields))
	}
	payment := func(fields map[string]any) {
		fields["owner"], fields["dept"], fields["payee"] = b.actors["owner"].Id, b.line["dept"], payee.Id
		put("payments", fields)
	}
	run := func(no, state string) string {
		return put("payment_runs", map[string]any{"owner": fin, "title": "批次", "no": no, "state": state, "count": 1, "total_fen": 100})
	}
	payment(map[string]any{"run": run("B1", "draft"), "seq": 1, "kind": "advance", "advance": advance(map[string]any{"state": "approved"}), "amount_fen": 100, "state": "planned"})
	payment(map[string]any{"run": run("B2", "exported"), "seq": 1, "kind": "advance", "advance": advance(map[string]any{"state": "approved"}), "amount_fen": 100, "state": "sent"})
	back := advance(map[string]any{"state": "paid", "paid_fen": 100, "given_back_fen": 5})
	payment(map[string]any{"kind": "return", "advance": back, "amount_fen": 5, "state": "paid", "reversal_by": b.actors["owner"].Id, "reversal_reason": "退票"})
}

// restored makes the server one that goes on from an older copy, of which finance compared
// what the bank had.
func (b *breaker) restored() {
	b.t.Helper()
	if _, err := b.app.DB().NewQuery("INSERT OR REPLACE INTO _sync_state (key, value) VALUES ('life_from', 0)").Execute(); err != nil {
		b.t.Fatal(err)
	}
	life, err := syncer.Life(b.app.DB())
	if err != nil {
		b.t.Fatal(err)
	}
	b.make("payment_runs", map[string]any{"owner": b.app.As("finance.zhao").Id, "title": "恢复", "state": "cancelled", "compared_life": life})
}

// answer is what the bank says of the run it has.
var answer = base64.StdEncoding.EncodeToString([]byte("批次号,序号,金额(元),结果,流水号,原因\r\nB2,1,1.00,成功,F1,\r\n"))
