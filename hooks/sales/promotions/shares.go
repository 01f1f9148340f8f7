package promotions

import (
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/records"
)

// An order has parts of as many promotions as it has lines, and more; they are
// written by a statement each for all of them. Its uses are as rules on rows would
// leave them: nobody else writes them.

// write makes what an order asked for its uses, in place of what it had: what of
// that it asks for no longer is returned.
func write(tx core.App, order records.Order, asked, had []share) error {
	p := dbx.Params{
		"order": order.ID(), "account": order.Account(), "owner": order.Owner(), "dept": order.Dept(),
		"asked": listed(asked), "now": types.NowDateTime().String(),
	}
	if len(had) > 0 {
		_, err := tx.DB().NewQuery(`UPDATE promotion_uses SET state = 'returned', updated = {:now}
			WHERE "order" = {:order} AND state = 'held' AND promotion NOT IN (SELECT value ->> 0 FROM json_each({:asked}))`).Bind(p).Execute()
		if err != nil {
			return fmt.Errorf("return an order's part of promotions: %w", err)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	_, err := tx.DB().NewQuery(`INSERT INTO promotion_uses (id, promotion, "order", account, owner, dept, amount_fen, qty_milli, state, created, updated)
		SELECT value ->> 3, value ->> 0, {:order}, {:account}, {:owner}, {:dept}, value ->> 1, value ->> 2, 'held', {:now}, {:now}
		FROM json_each({:asked}) WHERE TRUE
		ON CONFLICT ("order", promotion) DO UPDATE SET account = excluded.account, owner = excluded.owner, dept = excluded.dept,
			amount_fen = excluded.amount_fen, qty_milli = excluded.qty_milli, state = excluded.state, updated = excluded.updated`).Bind(p).Execute()
	if err != nil {
		return fmt.Errorf("hold an order's part of promotions: %w", err)
	}
	return nil
}

// count adds to what is used of promotions that have a cap; each stands in moves
// once. Of others nobody asks, and phones hold their rows: they stay as they are.
func count(tx core.App, moves []share) error {
	if len(moves) == 0 {
		return nil
	}
	_, err := tx.DB().NewQuery(`UPDATE promotions SET used_fen = used_fen + m.fen, used_milli = used_milli + m.milli, updated = {:now}
		FROM (SELECT value ->> 0 AS promotion, value ->> 1 AS fen, value ->> 2 AS milli FROM json_each({:moves})) AS m
		WHERE promotions.id = m.promotion AND (cap_fen > 0 OR cap_milli > 0)`).
		Bind(dbx.Params{"moves": listed(moves), "now": types.NowDateTime().String()}).Execute()
	if err != nil {
		return fmt.Errorf("count what is used of promotions: %w", err)
	}
	return nil
}

// recount says what orders hold of a promotion that is to be saved: another cap may
// come upon what was not counted.
func recount(app core.App, p records.Promotion) error {
	var used struct {
		Fen   int `db:"fen"`
		Milli int `db:"milli"`
	}
	if p.CapFen() > 0 || p.CapMilli() > 0 {
		err := app.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen), 0) AS fen, COALESCE(SUM(qty_milli), 0) AS milli FROM promotion_uses
			WHERE promotion = {:p} AND state = 'held'`).Bind(dbx.Params{"p": p.ID()}).One(&used)
		if err != nil {
			return fmt.Errorf("count what is used of a promotion: %w", err)
		}
	}
	p.SetUsedFen(used.Fen)
	p.SetUsedMilli(used.Milli)
	return nil
}

// listed are shares as statements read them: promotion, fen, milli, and a new row's id.
func listed(shares []share) string {
	rows := make([][4]any, len(shares))
	for i, s := range shares {
		rows[i] = [4]any{s.Promotion, s.Fen, s.Milli, s.Use}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(text)
}
