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

// write makes what an order asked for its uses, and returns those that it held else.
func write(tx core.App, order records.Order, asked []share) error {
	p := dbx.Params{
		"order": order.ID(), "account": order.Account(), "owner": order.Owner(), "dept": order.Dept(),
		"asked": listed(asked), "now": types.NowDateTime().String(),
	}
	_, err := tx.DB().NewQuery(`UPDATE promotion_uses SET state = 'returned', updated = {:now}
		WHERE "order" = {:order} AND state = 'held' AND promotion NOT IN (SELECT value ->> 'promotion' FROM json_each({:asked}))`).Bind(p).Execute()
	if err != nil {
		return fmt.Errorf("return an order's part of promotions: %w", err)
	}
	_, err = tx.DB().NewQuery(`INSERT INTO promotion_uses (id, promotion, "order", account, owner, dept, amount_fen, qty_milli, state, created, updated)
		SELECT value ->> 'use', value ->> 'promotion', {:order}, {:account}, {:owner}, {:dept}, value ->> 'fen', value ->> 'milli', 'held', {:now}, {:now}
		FROM json_each({:asked}) WHERE TRUE
		ON CONFLICT ("order", promotion) DO UPDATE SET account = excluded.account, owner = excluded.owner, dept = excluded.dept,
			amount_fen = excluded.amount_fen, qty_milli = excluded.qty_milli, state = excluded.state, updated = excluded.updated`).Bind(p).Execute()
	if err != nil {
		return fmt.Errorf("hold an order's part of promotions: %w", err)
	}
	return nil
}

// count adds to what is used of promotions; each stands in moves once.
func count(tx core.App, moves []share) error {
	if len(moves) == 0 {
		return nil
	}
	_, err := tx.DB().NewQuery(`UPDATE promotions SET used_fen = used_fen + m.fen, used_milli = used_milli + m.milli, updated = {:now}
		FROM (SELECT value ->> 'promotion' AS promotion, value ->> 'fen' AS fen, value ->> 'milli' AS milli FROM json_each({:moves})) AS m
		WHERE promotions.id = m.promotion`).
		Bind(dbx.Params{"moves": listed(moves), "now": types.NowDateTime().String()}).Execute()
	if err != nil {
		return fmt.Errorf("count what is used of promotions: %w", err)
	}
	return nil
}

// listed are shares as statements read them.
func listed(shares []share) string {
	text, err := json.Marshal(shares)
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(text)
}
