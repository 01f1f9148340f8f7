package syncer

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// ScopeRows counts the rows that a user's phone holds once it is up to date.
func ScopeRows(tx dbx.Builder, user string) (int, error) {
	var n int
	err := tx.NewQuery(`SELECT COUNT(DISTINCT s.doc) FROM _sync_grant g CROSS JOIN _sync_scope s ON s.key = g.key AND s.to_seq = {:open}
		WHERE g.user = {:user} AND g.to_seq = {:open}`).Bind(dbx.Params{"user": user, "open": int64(open)}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("failed to count the rows of %s: %w", user, err)
	}
	return n, nil
}
