package syncer

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// ScopePart is how many rows of a scope are of one collection.
type ScopePart struct {
	Name string `db:"name" json:"name"`
	Rows int    `db:"rows" json:"rows"`
}

// largestNamed is how many collections are named of a scope that is too large.
const largestNamed = 3

// counts is the condition on a replica d that its row counts to the size of a
// scope: issues and notices come of what others do, as often as they do it, and
// must not cut anybody off.
const counts = "d.coll NOT IN (SELECT coll FROM _sync_name WHERE name IN ('sync_issues', 'notifications'))"

// LargestOf returns the collections that have most rows in a user's scope.
func LargestOf(tx dbx.Builder, user string) ([]ScopePart, error) {
	var out []ScopePart
	err := tx.NewQuery(`SELECT COALESCE(n.name, d.coll) AS name, COUNT(DISTINCT s.doc) AS "rows" FROM _sync_grant g
		CROSS JOIN _sync_scope s ON s.key = g.key AND s.to_seq = {:open} JOIN _sync_doc d ON d.id = s.doc LEFT JOIN _sync_name n ON n.coll = d.coll
		WHERE g.user = {:user} AND g.to_seq = {:open} AND ` + counts + ` GROUP BY d.coll ORDER BY 2 DESC, 1 LIMIT {:n}`).
		Bind(dbx.Params{"user": user, "open": int64(open), "n": largestNamed}).All(&out)
	if err != nil {
		return nil, fmt.Errorf("find what %s sees most of: %w", user, err)
	}
	return out, nil
}

// ScopeRows counts the rows that a user's phone holds once it is up to date,
// without issues and notices.
func ScopeRows(tx dbx.Builder, user string) (int, error) {
	var n int
	err := tx.NewQuery(`SELECT COUNT(DISTINCT s.doc) FROM _sync_grant g CROSS JOIN _sync_scope s ON s.key = g.key AND s.to_seq = {:open}
		JOIN _sync_doc d ON d.id = s.doc WHERE g.user = {:user} AND g.to_seq = {:open} AND ` + counts).Bind(dbx.Params{"user": user, "open": int64(open)}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("count the rows of %s: %w", user, err)
	}
	return n, nil
}
