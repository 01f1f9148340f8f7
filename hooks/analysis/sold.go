package analysis

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/records"
)

// SoldTo is what an account was delivered in a period, less what came back, and of
// how many orders, as the transaction sees it.
func SoldTo(app core.App, account records.AccountID, p domain.Period) (fen, orders int, err error) {
	return sold(app, "account = {:whose}", string(account), p)
}

// SoldBy is the same of somebody's orders.
func SoldBy(app core.App, owner records.UserID, p domain.Period) (fen, orders int, err error) {
	return sold(app, "owner = {:whose}", string(owner), p)
}

func sold(app core.App, where, whose string, p domain.Period) (fen, orders int, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(SUM(amount_fen), 0), COUNT(DISTINCT CASE WHEN kind = 'delivery' THEN ord END) FROM sales_facts WHERE "+
		where+" AND day BETWEEN {:from} AND {:to}").Bind(dbx.Params{"whose": whose, "from": p.From, "to": p.To}).Row(&fen, &orders)
	if err != nil {
		return 0, 0, fmt.Errorf("add up what was sold: %w", err)
	}
	return fen, orders, nil
}
