package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/customers"
)

// deals writes what is being agreed with customers: opportunities in each stage,
// negotiations, and contracts, one of which is due for renewal.
func (b *builder) deals(served []account) error {
	for _, part := range []func([]account) error{b.opportunities, b.contracts, b.rivals} {
		if err := part(served); err != nil {
			return err
		}
	}
	return nil
}

// contracts are in force with tier A customers; each has its signed paper.
func (b *builder) contracts(served []account) error {
	n, notice := 0, standard[int]("contract.renew_days")
	for _, a := range served {
		if a.tier != "A" {
			continue
		}
		start, end := b.today.AddDate(0, -10, 0), b.today.AddDate(0, 2, n*9)
		state := customers.ContractOn(customers.ContractEffective, end.Format(dayFormat), b.today.Format(dayFormat), notice)
		row := dbx.Params{
			"owner": a.owner.id, "no": b.today.Format("2006") + "-KA-" + string(rune('A'+n/10)) + string(rune('0'+n%10)), "type": "standard",
			"title": "年度购销合同", "amount_fen": 60_000_000 + n*1_500_000, "start_date": start.Format(dayFormat), "end_date": end.Format(dayFormat),
			"terms": toJSON([]customers.Term{{Name: "账期", Value: "60 天"}, {Name: "返利", Value: "季度 2%"}}), "state": state, "version": 1,
			"renew_notice_days": notice, "effective_at": stamp(start.Add(10 * time.Hour)), "approval_round": 1,
		}
		paper := signedPaper(row["no"].(string))
		sum, name := sha256.Sum256(paper), "signed_"+b.id("contracts", n)[:10]+".pdf"
		row["signed"], row["signed_sha256"] = name, hex.EncodeToString(sum[:])
		b.files = append(b.files, file{"contracts", b.id("contracts", n) + "/" + name, paper})
		if err := b.w.insert("contracts", b.hung("contracts", n, a, start, row)); err != nil {
			return err
		}
		n++
	}
	return nil
}

// rivals: what else stands on the shelves of tier A customers.
func (b *builder) rivals(served []account) error {
	for i, a := range served {
		if a.tier != "A" {
			continue
		}
		err := b.w.insert("account_competitors", b.hung("account_competitors", i, a, b.at(10, 16), dbx.Params{
			"competitor": b.id("competitors", i%2), "share_bp": 1200 + 100*(i%9), "products": "同类饮料与调味品",
			"contract_end": b.today.AddDate(0, 4, 0).Format(dayFormat), "note": "下半年可能重新招标",
		}))
		if err != nil {
			return err
		}
	}
	return nil
}
