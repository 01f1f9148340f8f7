package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Facts of what was sold, which only grow, their sums by month, and the months that
// are frozen: tables of the figures' own, which nobody reads or writes past them. What
// goods cost gets days.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			`CREATE TABLE sales_facts (seq INTEGER PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, line TEXT NOT NULL, ord TEXT NOT NULL,
				corrects TEXT NOT NULL, owner TEXT NOT NULL, manager TEXT NOT NULL, dept TEXT NOT NULL,
				account TEXT NOT NULL, tier TEXT NOT NULL, region TEXT NOT NULL, product TEXT NOT NULL, category TEXT NOT NULL, promotion TEXT NOT NULL,
				base_milli INTEGER NOT NULL, amount_fen INTEGER NOT NULL, tax_fen INTEGER NOT NULL, cost_fen INTEGER NOT NULL, costed INTEGER NOT NULL,
				rebate_fen INTEGER NOT NULL, receipt_fen INTEGER NOT NULL)`,
			`CREATE INDEX sales_facts_ref ON sales_facts (ref, line)`,
			`CREATE INDEX sales_facts_product ON sales_facts (product, day)`,
			`CREATE TABLE sales_months (month TEXT NOT NULL, account TEXT NOT NULL, owner TEXT NOT NULL, manager TEXT NOT NULL, dept TEXT NOT NULL, tier TEXT NOT NULL,
				amount_fen INTEGER NOT NULL, tax_fen INTEGER NOT NULL, cost_fen INTEGER NOT NULL, base_milli INTEGER NOT NULL,
				rebate_fen INTEGER NOT NULL, receipt_fen INTEGER NOT NULL,
				PRIMARY KEY (month, account, owner, manager, dept, tier)) WITHOUT ROWID`,
			`CREATE INDEX sales_months_account ON sales_months (account, month)`,
			`CREATE TABLE analysis_months (month TEXT PRIMARY KEY, frozen_at TEXT NOT NULL, frozen_by TEXT NOT NULL) WITHOUT ROWID`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for _, table := range []string{"analysis_months", "sales_months", "sales_facts"} {
			if _, err := app.DB().NewQuery("DROP TABLE " + table).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
