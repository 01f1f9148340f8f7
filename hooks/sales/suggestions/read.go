package suggestions

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// reader reads what is known of an account.
type reader struct {
	app     core.App
	account records.AccountID
	today   string
}

// goods are what an account may order and has ordered.
type goods struct {
	ID   string `db:"id"`
	Sku  string `db:"sku"`
	Name string `db:"name"`
	Pack int64  `db:"pack"`
	Step int64  `db:"step_milli"`
	Min  int64  `db:"min_qty_milli"`
}

// input gathers what the rule reads: a handful of queries, however much there is.
func (r reader) input() (in sales.SuggestInput, byID map[string]*goods, err error) {
	in.Today = r.today
	if in.NextVisit, err = r.nextVisit(); err != nil {
		return in, nil, err
	}
	taken, units, err := r.taken()
	if err != nil {
		return in, nil, err
	}
	shelves, err := r.shelves()
	if err != nil {
		return in, nil, err
	}
	sellable, err := r.sellable()
	if err != nil {
		return in, nil, err
	}
	factors, err := r.factors()
	if err != nil {
		return in, nil, err
	}
	byID = map[string]*goods{}
	for _, g := range sellable {
		byID[g.ID] = &g
		next := sales.SuggestGoods{Product: g.ID, StepMilli: g.Step, MinMilli: g.Min, Taken: taken[g.ID], Shelf: shelves[g.ID]}
		if next.StepMilli == 0 && g.Pack > 1 {
			next.StepMilli = g.Pack * 1000
		}
		if unit := units[g.ID]; factors[g.ID+" "+unit] > 0 {
			next.Unit, next.FactorMilli = unit, factors[g.ID+" "+unit]
		}
		in.Goods = append(in.Goods, next)
	}
	return in, byID, nil
}

// nextVisit is the day of the next visit that is planned, empty if none is.
func (r reader) nextVisit() (day string, err error) {
	err = r.app.DB().NewQuery(`SELECT COALESCE(MIN(planned_date), '') FROM visits
		WHERE account = {:a} AND planned_date > {:today} AND state IN ('planned', 'approved')`).
		Bind(dbx.Params{"a": r.account, "today": r.today}).Row(&day)
	return day, wrapped(err, "the next visit")
}

// taken reads what was ordered, by product, and in which unit it was last. Of what
// is delivered counts what stayed; free goods are nobody's wish.
func (r reader) taken() (taken map[string][]sales.Taken, units map[string]string, err error) {
	since, err := time.ParseInLocation(time.DateOnly, domain.AddDays(r.today, -lookBack), domain.BusinessZone)
	if err != nil {
		return nil, nil, fmt.Errorf("read today: %w", err)
	}
	var rows []struct {
		Product   string `db:"product"`
		Unit      string `db:"unit"`
		Submitted string `db:"submitted_at"`
		Milli     int64  `db:"milli"`
	}
	err = r.app.DB().NewQuery(`SELECT l.product, l.unit, o.submitted_at,
			CASE WHEN o.state IN ('delivered', 'accepted', 'settled') AND l.qty_milli > l.cut_milli
				THEN CAST(1.0 * base * (l.delivered_milli - l.returned_milli) / (l.qty_milli - l.cut_milli) AS INTEGER) ELSE base END AS milli
		FROM (SELECT *, CASE WHEN base_milli > 0 THEN base_milli ELSE qty_milli END AS base FROM order_lines) l JOIN orders o ON o.id = l."order"
		WHERE o.account = {:a} AND o.state NOT IN ('draft', 'rejected', 'cancelled') AND o.submitted_at >= {:since} AND l.free = FALSE
		ORDER BY o.submitted_at, l.id`).
		Bind(dbx.Params{"a": r.account, "since": gate.Stamp(since)}).All(&rows)
	if err != nil {
		return nil, nil, wrapped(err, "what was ordered")
	}
	taken, units = map[string][]sales.Taken{}, map[string]string{}
	for _, row := range rows {
		at, err := time.Parse("2006-01-02 15:04:05.000Z", row.Submitted)
		if err != nil {
			return nil, nil, fmt.Errorf("read when an order was submitted: %w", err)
		}
		taken[row.Product] = append(taken[row.Product], sales.Taken{Day: domain.BusinessDay(at), Milli: row.Milli})
		units[row.Product] = row.Unit
	}
	return taken, units, nil
}

// shelves reads what the last visit that looked saw, by product.
func (r reader) shelves() (map[string]*sales.Shelf, error) {
	checks, err := records.StoreChecks.All(r.app, `account = {:a} AND visit = (SELECT visit FROM store_checks WHERE account = {:a} ORDER BY at DESC, created DESC LIMIT 1)`,
		dbx.Params{"a": r.account}, "at, created")
	if err != nil {
		return nil, err
	}
	out := map[string]*sales.Shelf{}
	for _, c := range checks {
		at := c.At()
		if at.IsZero() {
			at = c.Created()
		}
		out[string(c.Product())] = &sales.Shelf{Day: domain.BusinessDay(at), Milli: int64(c.StockMilli()), Out: c.OutOfStock()}
	}
	return out, nil
}

// sellable reads the products that the account may order today: those that are
// sold, not delisted, and of those listed if any is.
func (r reader) sellable() (all []goods, err error) {
	err = r.app.DB().NewQuery(`WITH a AS (SELECT product, state FROM assortments WHERE account = {:a}
			AND (valid_from = '' OR valid_from <= {:today}) AND (valid_to = '' OR valid_to >= {:today}))
		SELECT id, sku, name, pack, step_milli, min_qty_milli FROM products p WHERE status = 'active'
			AND NOT EXISTS (SELECT 1 FROM a WHERE a.product = p.id AND a.state = 'delisted')
			AND (NOT EXISTS (SELECT 1 FROM a WHERE a.state = 'listed') OR EXISTS (SELECT 1 FROM a WHERE a.product = p.id AND a.state = 'listed'))
		ORDER BY sku`).Bind(dbx.Params{"a": r.account, "today": r.today}).All(&all)
	return all, wrapped(err, "what may be ordered")
}

// factors are of units, by "product unit".
func (r reader) factors() (map[string]int64, error) {
	var rows []struct {
		Product string `db:"product"`
		Unit    string `db:"unit"`
		Factor  int64  `db:"factor_milli"`
	}
	err := r.app.DB().NewQuery("SELECT product, unit, factor_milli FROM product_units").All(&rows)
	out := map[string]int64{}
	for _, row := range rows {
		out[row.Product+" "+row.Unit] = row.Factor
	}
	return out, wrapped(err, "units")
}

func wrapped(err error, what string) error {
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}
