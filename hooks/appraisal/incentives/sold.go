package incentives

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/incentive"
	"satchel/records"
)

// sold is what somebody sold in a period, by the orders.
type sold struct {
	sales   []incentive.Sale
	low     []string          // lines that the margin guards, in their order
	manager map[string]string // of an order
	back    map[string]bool   // orders of which something came back after the period
}

// fen is all of it.
func (s sold) fen() (sum int) {
	for _, sale := range s.sales {
		sum += sale.Fen
	}
	return sum
}

// soldIn reads what somebody sold in a period as it stands on a day: what came back since
// is out. Which lines are guarded is known, or judged by what goods cost.
func soldIn(app core.App, person records.UserID, p domain.Period, upTo string, floorBP int, known []string) (out sold, err error) {
	var rows []struct {
		Line     string `db:"line"`
		Order    string `db:"ord"`
		Manager  string `db:"manager"`
		Kind     string `db:"kind"`
		Day      string `db:"day"`
		Fen      int    `db:"amount_fen"`
		Tax      int    `db:"tax_fen"`
		Cost     int    `db:"cost_fen"`
		Uncosted int    `db:"uncosted"`
	}
	err = app.DB().NewQuery(`SELECT line, ord, manager, kind, day, amount_fen, tax_fen, cost_fen, uncosted FROM sales_facts
		WHERE line IN (SELECT line FROM sales_facts WHERE owner = {:p} AND day BETWEEN {:from} AND {:to} AND kind = 'delivery') AND kind IN ('delivery', 'return', 'cost') AND day <= {:up}
		ORDER BY line, day, seq`).Bind(dbx.Params{"p": person, "from": p.From, "to": p.To, "up": upTo}).All(&rows)
	if err != nil {
		return out, fmt.Errorf("read what somebody sold: %w", err)
	}
	byOrder := map[string]*incentive.Sale{}
	out.manager, out.back = map[string]string{}, map[string]bool{}
	for from := 0; from < len(rows); {
		line, to := rows[from].Line, from
		var moves []incentive.Moved
		fen, tax, cost, uncosted := 0, 0, 0, 0
		for ; to < len(rows) && rows[to].Line == line; to++ {
			r := rows[to]
			if r.Kind != "cost" {
				moves = append(moves, incentive.Moved{Day: r.Day, Fen: r.Fen})
			}
			out.back[r.Order] = out.back[r.Order] || r.Kind == "return" && r.Day > p.To
			if r.Day <= p.To {
				uncosted += r.Uncosted
			}
			if r.Kind == "delivery" && r.Day >= p.From && r.Day <= p.To {
				out.manager[r.Order] = r.Manager
				fen, tax, cost = fen+r.Fen, tax+r.Tax, cost+r.Cost
			}
		}
		for _, r := range rows[from:to] {
			if r.Kind == "cost" && r.Day <= p.To {
				cost += r.Cost
			}
		}
		order := rows[from].Order
		if byOrder[order] == nil {
			byOrder[order] = &incentive.Sale{Order: order}
		}
		net := incentive.SoldIn(moves, p, upTo)
		byOrder[order].Fen += net
		if known == nil && incentive.Low(fen, tax, cost, floorBP, uncosted <= 0) || slices.Contains(known, line) {
			byOrder[order].LowFen += net
			out.low = append(out.low, line)
		}
		from = to
	}
	for _, order := range slices.Sorted(maps.Keys(byOrder)) {
		out.sales = append(out.sales, *byOrder[order])
	}
	return out, nil
}

// targetOf is somebody's target of what he sells in a quarter, at a level, for the days
// on which it was his; 0 if there is none in force.
func targetOf(app core.App, person records.UserID, level string, o one) (decimal.Decimal, error) {
	row, found, err := records.Targets.First(app, "owner = {:p} AND level = {:l} AND metric = 'amount' AND year = {:y} AND account = '' AND state IN ('issued', 'cascaded')",
		dbx.Params{"p": person, "l": level, "y": o.cycle.Period()[:4]}, "version DESC")
	if err != nil || !found {
		return decimal.Zero, err
	}
	var quarters []int
	if err := json.Unmarshal(row.Quarters(), &quarters); err != nil || len(quarters) != 4 {
		return decimal.Zero, nil //nolint:nilerr // a target without quarters has none for this one
	}
	days, all := o.a.Days(), o.a.CycleDays()
	if all == 0 {
		days, all = 1, 1
	}
	return incentive.Prorated(quarters[int(o.cycle.Period()[5]-'1')], days, all), nil
}

// collected reads what confirmed receipts brought of orders: now, and until a day.
func collected(app core.App, orders []string, till string) (now, then map[string]incentive.Collected, err error) {
	list, err := json.Marshal(orders)
	if err != nil {
		return nil, nil, fmt.Errorf("list orders: %w", err)
	}
	var rows []struct {
		Order string `db:"ord"`
		Open  int    `db:"open"`
		Fen   int    `db:"fen"`
		Then  int    `db:"till"`
	}
	err = app.DB().NewQuery(`SELECT e."order" AS ord, SUM(e.open_fen) AS open, SUM(COALESCE(p.fen, 0)) AS fen, SUM(COALESCE(p.till, 0)) AS till
		FROM account_entries e LEFT JOIN (
			SELECT a.debit, SUM(a.amount_fen) AS fen, SUM(CASE WHEN c."on" <= {:till} THEN a.amount_fen ELSE 0 END) AS till
			FROM receipt_allocations a JOIN account_entries c ON c.id = a.credit AND c.kind = 'receipt'
			WHERE a.debit IN (SELECT id FROM account_entries WHERE "order" IN (SELECT value FROM json_each({:orders}))) GROUP BY a.debit
		) p ON p.debit = e.id
		WHERE e."order" IN (SELECT value FROM json_each({:orders})) AND e.kind = 'delivery' GROUP BY e."order"`).
		Bind(dbx.Params{"orders": string(list), "till": till}).All(&rows)
	if err != nil {
		return nil, nil, fmt.Errorf("read what was paid of orders: %w", err)
	}
	now, then = map[string]incentive.Collected{}, map[string]incentive.Collected{}
	for _, r := range rows {
		now[r.Order] = incentive.Collected{Fen: r.Fen, OpenFen: r.Open}
		then[r.Order] = incentive.Collected{Fen: r.Then, OpenFen: r.Open + r.Fen - r.Then}
	}
	return now, then, nil
}
