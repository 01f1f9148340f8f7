package analysis

import (
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
)

// Reached reads what was sold in a year as the figures of amount, volume, profit and
// new accounts have it, by whose targets it counts for: a department's, everybody's if
// it is empty; of these one seller's, all if it is empty.
func (s *Service) Reached(app core.App, year, dept, seller string) (sales.TargetSales, error) {
	ends, err := json.Marshal([]string{year + "-12-31"})
	if err != nil {
		return nil, fmt.Errorf("write the end of a year: %w", err)
	}
	params := dbx.Params{
		"key": newAccounts.key, "today": domain.BusinessDay(s.cfg.Now()), "ends": string(ends),
		"from": year + "-01-01", "to": year + "-12-31", "first": year + "-01", "last": year + "-12",
	}
	whose := ""
	if dept != "" {
		whose, params["dept"] = " AND s.dept = {:dept}", dept
	}
	if seller != "" {
		whose, params["seller"] = whose+" AND s.owner = {:seller}", seller
	}
	var rows []struct {
		Month   int    `db:"month"`
		Owner   string `db:"owner"`
		Manager string `db:"manager"`
		Dept    string `db:"dept"`
		Account string `db:"account"`
		Amount  int    `db:"amount"`
		Volume  int    `db:"volume"`
		Profit  int    `db:"profit"`
		New     int    `db:"new"`
	}
	err = app.DB().NewQuery(`SELECT CAST(substr(s.month, 6) AS INTEGER) AS month, s.owner, s.manager, s.dept, s.account,
			s.amount_fen AS amount, s.base_milli AS volume, s.amount_fen - s.tax_fen - s.cost_fen - s.rebate_fen AS profit, 0 AS new
		FROM sales_months s WHERE s.month BETWEEN {:first} AND {:last}` + whose + ` UNION ALL
		SELECT CAST(substr(s.day, 6, 2) AS INTEGER), s.owner, s.manager, s.dept, s.customer, 0, 0, 0, s.num
		FROM (` + newAccounts.within() + `) s WHERE TRUE` + whose).Bind(params).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read what was sold in a year: %w", err)
	}
	out := sales.TargetSales{}
	for _, r := range rows {
		out.Add(sales.TargetSale{
			Month: r.Month, Owner: r.Owner, Manager: r.Manager, Dept: r.Dept, Account: r.Account,
			Amount: r.Amount, Volume: r.Volume, Profit: r.Profit, New: r.New,
		})
	}
	return out, nil
}
