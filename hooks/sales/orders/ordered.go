package orders

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/records"
)

// OrderedCredit counts orders that are not delivered, and nothing that was.
func OrderedCredit(tx core.App, account records.AccountID, except records.OrderID) (credit sales.Credit, err error) {
	row, err := records.Accounts.Require(tx, account)
	if err != nil {
		return credit, err
	}
	credit.LimitFen = int64(row.CreditLimitFen())
	err = tx.DB().NewQuery(`SELECT COALESCE(SUM(total_fen - delivered_fen), 0) FROM orders WHERE account = {:a} AND id <> {:o}
		AND state IN ('` + strings.Join(sales.CreditOrderStates, "', '") + `')`).Bind(dbx.Params{"a": account, "o": except}).Row(&credit.OpenFen)
	if err != nil {
		return credit, fmt.Errorf("read what is ordered: %w", err)
	}
	return credit, nil
}
