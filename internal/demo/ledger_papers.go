package demo

import (
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/sales"
)

// rebate gives an account a term for the year by quarters, with what it has come to.
func (b *builder) rebate(a *booked) error {
	tiers := []sales.RebateTier{{FromFen: 0, BP: 100}, {FromFen: 500_000, BP: 200}, {FromFen: 2_000_000, BP: 300}}
	from, id := b.company.Today[:4]+"-01-01", b.id("rebate_terms", 0)
	err := b.w.insert("rebate_terms", dbx.Params{
		"id": id, "account": a.ID, "dept": a.Dept, "name": "年度返利(按季)", "period": sales.RebateQuarter, "valid_from": from, "valid_to": from[:4] + "-12-31",
		"tiers": toJSON(tiers), "settle": sales.RebateByDeduction, "active": true, "created": b.founded, "updated": b.founded,
	})
	if err != nil {
		return err
	}
	base := map[string]int{}
	var periods []string
	for _, e := range a.entries {
		if e.Kind != sales.EntryDelivery && e.Kind != sales.EntryReturn || e.On < from {
			continue
		}
		p := sales.RebatePeriod(sales.RebateQuarter, e.On)
		if _, known := base[p]; !known {
			periods = append(periods, p)
		}
		base[p] += e.Fen
	}
	for i, p := range periods {
		bp, fen := sales.RebateAccrued(tiers, base[p])
		state := sales.AccrualOpen
		if domain.AddDays(sales.RebateDays(p).To, 5) < b.company.Today {
			state = sales.AccrualClosed
		}
		err := b.w.insert("rebate_accruals", dbx.Params{
			"id": b.id("rebate_accruals", i), "term": id, "account": a.ID, "dept": a.Dept, "period": p, "base_fen": base[p], "rate_bp": bp, "accrued_fen": fen,
			"state": state, "created": stamp(b.today), "updated": stamp(b.today),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stated states last month: the first account's is confirmed, the other's disputed.
func (b *builder) stated(n int, a *booked) error {
	month := domain.Month(domain.AddDays(domain.Month(b.company.Today)+"-01", -1))
	opening, within := 0, []sales.Entry{}
	for _, e := range a.entries {
		switch {
		case e.On < month+"-01":
			opening += e.Fen
		case e.On <= sales.MonthEnd(month):
			within = append(within, e.Entry)
		}
	}
	sums := sales.Sum(opening, within)
	issued := stamp(b.today.AddDate(0, 0, 1-b.today.Day()).Add(30 * time.Minute))
	row := a.whose(dbx.Params{
		"id": b.id("statements", n), "month": month, "opening_fen": sums.Opening, "delivered_fen": sums.Delivered, "returned_fen": sums.Returned,
		"received_fen": sums.Received, "deducted_fen": sums.Deducted, "closing_fen": sums.Closing, "entries": sums.Entries, "sha256": sums.SHA256,
		"state": sales.StatementConfirmed, "issued_at": issued, "answered_by": "李会计", "answered_at": issued, "created": issued, "updated": issued,
	})
	if n == 1 {
		row["state"], row["reason"] = sales.StatementDisputed, "到货短少一箱未扣"
	}
	return b.w.insert("statements", row)
}
