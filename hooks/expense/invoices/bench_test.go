package invoices_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// errAgain takes a row back, so that the next finds what this one found.
var errAgain = errors.New("again")

// BenchmarkJudge judges one invoice by all others: its number, its file, its looks, its
// seller's bills of those days. SATCHEL_INVOICES says how many there are.
func BenchmarkJudge(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("SATCHEL_INVOICES"))
	if err != nil {
		n = 10_000
	}
	app := testapp.New(b)
	chen := app.As("rep.chen")
	for _, stmt := range []string{
		`INSERT INTO invoices (id, owner, state, kind, code, number, key, issue_date, total_fen, seller_tax, seller_name, sha256, typed, qr_raw, verify_state, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < {:n} - 1),
			u AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users)
		SELECT printf('bench%010d', i), u.id, 'reimbursed', '32', '',
			printf('2531%016d', i), printf('D:2531%016d', i), date('2025-01-01', (i % 365) || ' days'), 100 + i, printf('91310000%010d', i % 5000), '甲' || (i % 5000),
			printf('%064x', i), '{}', '', 'valid', '2026-01-01 00:00:00.000Z', '2026-01-01 00:00:00.000Z'
		FROM g JOIN u ON u.n = i % (SELECT COUNT(*) FROM u)`,
		// one of a hundred has a photo; the one in hand looks like twenty of them
		`INSERT INTO blobs (id, owner, purpose, state, mime, size, sha256, phash, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < {:n} / 100)
		SELECT printf('benchblob%06d', i), (SELECT id FROM users WHERE email LIKE 'rep.chen@%'), 'invoice', 'stored', 'image/jpeg', 1, printf('%064x', -i - 1), 'ffffffffffffffff',
			'2026-01-01 00:00:00.000Z', '2026-01-01 00:00:00.000Z' FROM g`,
		`UPDATE invoices SET blob = printf('benchblob%06d', CAST(SUBSTR(id, 6) AS INTEGER) / 100) WHERE id LIKE 'bench%' AND CAST(SUBSTR(id, 6) AS INTEGER) % 100 = 0`,
		`INSERT INTO photo_matches (id, blob, other, kind, distance) WITH RECURSIVE g (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < 20)
		SELECT printf('benchmatch%05d', i), 'benchblob000000', printf('benchblob%06d', i), 'similar', 3 FROM g`,
	} {
		if _, err := app.DB().NewQuery(stmt).Bind(dbx.Params{"n": n}).Execute(); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := app.DB().NewQuery("ANALYZE").Execute(); err != nil {
		b.Fatal(err)
	}
	invoices, err := app.FindCollectionByNameOrId("invoices")
	if err != nil {
		b.Fatal(err)
	}
	ctx := gate.With(b.Context(), gate.Actor{User: chen})
	i := 0
	for b.Loop() {
		i++
		row := core.NewRecord(invoices)
		row.Load(map[string]any{"owner": chen.Id, "blob": "benchblob000000", "typed": map[string]any{
			"number": fmt.Sprintf("2631%016d", i), "issue_date": "2025-03-09", "total_fen": 100 + i, "seller_tax": "913100000000000042", "seller_name": "甲42",
		}})
		err := app.RunInTransaction(func(tx core.App) error {
			if err := tx.SaveWithContext(ctx, row); err != nil {
				return err
			}
			return errAgain
		})
		if !errors.Is(err, errAgain) {
			b.Fatal(err)
		}
	}
}
