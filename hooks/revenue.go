package hooks

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// revenue is an account's net sales from a day to another, in fen: what was delivered
// less what came back.
func revenue(app core.App, account, from, to string) (fen int64, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(SUM(amount_fen), 0) FROM account_entries WHERE account = {:a} AND kind IN ('delivery', 'return') AND \"on\" BETWEEN {:from} AND {:to}").
		Bind(dbx.Params{"a": account, "from": from, "to": to}).Row(&fen)
	if err != nil {
		return 0, fmt.Errorf("read the sales of account %s: %w", account, err)
	}
	return fen, nil
}
