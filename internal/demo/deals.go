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

func (b *builder) opportunities(served []account) error {
	for i, o := range []struct {
		title, stage string
		fen          int
	}{
		{"中秋礼盒集中采购", customers.OppNegotiation, 68_000_000},
		{"全省门店冷饮柜合作", customers.OppProposal, 180_000_000},
		{"自有品牌代工试单", customers.OppQualified, 24_000_000},
		{"会员日联合促销", customers.OppFound, 8_000_000},
		{"社区店快反补货", customers.OppLost, 12_000_000},
	} {
		a, at := served[(i*5)%len(served)], b.at(25-4*i, 11)
		row := dbx.Params{
			"owner": a.owner.id, "title": o.title, "source": "拜访", "needs": "稳定供货与陈列支持", "amount_fen": o.fen, "stage": o.stage,
			"close_date": b.today.AddDate(0, 0, 20+10*i).Format(dayFormat), "strategy": "先试点两家门店", "next_action": "提交报价",
			"next_at": b.today.AddDate(0, 0, 3+i).Format(dayFormat), "is_major": o.fen >= standard[int]("opportunity.major_fen"), "decision_note": "", "lost_reason": "",
		}
		if o.stage == customers.OppLost {
			row["lost_reason"] = "对方改用自有物流"
		}
		if row["is_major"] == true {
			row["decision"], row["decided_by"], row["decided_at"] = "go", b.people["director.lin"].id, stamp(at.Add(30*time.Hour))
			row["decision_note"] = "同意推进，毛利不低于 18%"
		}
		if err := b.w.insert("opportunities", b.hung("opportunities", i, a, at, row)); err != nil {
			return err
		}
		if o.stage != customers.OppNegotiation {
			continue
		}
		err := b.w.insert("negotiations", b.hung("negotiations", i, a, at, dbx.Params{
			"opportunity": b.id("opportunities", i), "topic": o.title, "cooperation_model": "年度框架加订单", "state": "open",
			"price_terms":   toJSON([]customers.Term{{Name: "供货折扣", Value: "九二折"}, {Name: "账期", Value: "45 天"}}),
			"service_terms": toJSON([]customers.Term{{Name: "到货", Value: "48 小时内"}}),
			"objections":    toJSON([]customers.Objection{{Text: "希望承担全部堆头费", Answer: "各承担一半"}, {Text: "要求独家口味", Answer: ""}}),
		}))
		if err != nil {
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
