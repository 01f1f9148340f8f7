package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
)

// lent is what rep.chen got before a fair, in fen.
const lent = 3_000_00

// payments are two payees, the account of one, asked for and confirmed by two, and an
// advance that was paid. Who pays is not who approved for finance: with one person in it,
// the management signed in its place.
func (b *builder) payments() error {
	chen, wu, zhao, sun := b.people["rep.chen"], b.people["manager.wu"], b.people["finance.zhao"], b.people["executive.sun"]
	if qiu, found := b.people["finance.qiu"]; found {
		sun = qiu
	}
	at := b.at(20, 10)
	then := func(hours int) string { return stamp(at.Add(time.Duration(hours) * time.Hour)) }
	payee, number := b.id("payees", 0), "6222020012345678"
	advance, run, day := b.id("advances", 0), b.id("payment_runs", 0), b.at(16, 0).Format("2006-01-02")
	no := "B" + day + "-01"
	file, err := bankFile(no, expense.BankLine{Seq: 1, Holder: chen.Name, Number: number, Bank: "中国工商银行", Fen: lent, Person: true, Purpose: "借款"})
	if err != nil {
		return err
	}
	hash := sha256.Sum256(file)
	for _, row := range []struct {
		table  string
		values dbx.Params
	}{
		{"payees", dbx.Params{"id": payee, "kind": expense.PayeeEmployee, "user": chen.id, "name": chen.Name, "bank": "中国工商银行", "masked": expense.MaskedNumber(number), "active": true}},
		{"payees", dbx.Params{"id": b.id("payees", 1), "kind": expense.PayeeSupplier, "name": "浦江印务有限公司", "active": true}},
		{"payee_changes", dbx.Params{
			"id": b.id("payee_changes", 0), "owner": zhao.id, "payee": payee, "holder": chen.Name, "bank": "中国工商银行", "number": number,
			"masked": expense.MaskedNumber(number), "reason": "入职登记", "state": expense.PayeeChangeConfirmed, "decided_by": sun.id, "decided_at": then(2),
		}},
		{"payee_accounts", dbx.Params{"id": b.id("payee_accounts", 0), "payee": payee, "change": b.id("payee_changes", 0), "holder": chen.Name, "bank": "中国工商银行", "number": number, "active": true}},
		{"advances", dbx.Params{
			"id": advance, "owner": chen.id, "manager": chen.managerID, "dept": chen.deptID, "purpose": "糖酒会布展", "amount_fen": lent, "due_on": b.dayAt(20),
			"state": expense.AdvancePaid, "paid_fen": lent, "paid_at": then(80), "reviewers": toJSON([]string{wu.id, sun.id}), "approval_round": 1, "submitted_at": then(1),
		}},
		{"payment_runs", dbx.Params{
			"id": run, "owner": zhao.id, "no": no, "title": "员工借款", "state": expense.RunClosed, "count": 1, "total_fen": lent, "paid_count": 1, "paid_fen": lent,
			"encoding": "utf8", "sha256": hex.EncodeToString(hash[:]), "file": base64.StdEncoding.EncodeToString(file), "exported_by": zhao.id, "exported_at": then(72),
			"answers": "[]", "closed_by": zhao.id, "closed_at": then(81),
		}},
		{"payments", dbx.Params{
			"id": b.id("payments", 0), "run": run, "seq": 1, "kind": expense.PaysAdvance, "advance": advance, "owner": chen.id, "dept": chen.deptID, "payee": payee,
			"payee_name": chen.Name, "payee_account": b.id("payee_accounts", 0), "masked": expense.MaskedNumber(number), "amount_fen": lent, "state": expense.PaymentPaid,
			"voucher_no": expense.VoucherNo(day, 1), "bank_ref": "T0001", "paid_by": zhao.id, "paid_at": then(80),
		}},
	} {
		row.values["created"], row.values["updated"] = then(0), then(81)
		if err := b.w.insert(row.table, row.values); err != nil {
			return err
		}
	}
	content := map[string]any{"purpose": "糖酒会布展", "amount_fen": lent, "due_on": b.dayAt(20)}
	for i, s := range []struct {
		key string
		by  person
	}{{"superior", wu}, {"finance", sun}} {
		if err := b.approved("advances", advance, 30+i, i+1, s.key, chen, s.by, content, at.Add(time.Duration(5+i)*time.Hour)); err != nil {
			return err
		}
	}
	return nil
}

// bankFile is what the bank got.
func bankFile(no string, line expense.BankLine) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	err := w.WriteAll(expense.BankRows(no, []expense.BankLine{line}))
	return b.Bytes(), err
}
