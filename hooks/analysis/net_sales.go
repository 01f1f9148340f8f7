package analysis

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// NetSales is what was delivered to an account less what came back, with tax, from a
// day to another, as the transaction sees it.
func NetSales(app core.App, account, from, to string) (fen int64, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(SUM(amount_fen), 0) FROM sales_facts WHERE account = {:a} AND day BETWEEN {:from} AND {:to}").
		Bind(dbx.Params{"a": account, "from": from, "to": to}).Row(&fen)
	if err != nil {
		return 0, fmt.Errorf("add up what an account bought: %w", err)
	}
	return fen, nil
}
