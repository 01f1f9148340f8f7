// Package demo invents a Chinese consumer-goods company: its people, key
// accounts, goods, prices, and a history of visits and orders.
//
// One generator serves the demo, the tests and the benchmarks. The same
// Options give the same rows, byte for byte, on any machine: there is no clock
// and no randomness but the seed. Names, firms and numbers are invented.
package demo

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/analysis/facts"
)

// MarkerKey is the key of the settings row that marks a data directory as the
// demo's own. Its value is a Marker.
const MarkerKey = "demo.company"

// Marker tells what the demo company was built from.
type Marker struct {
	Name  string `json:"name"`
	Seed  uint64 `json:"seed"`
	Today string `json:"today"` // YYYY-MM-DD, the day after the last of the history
}

// Options say how large a company is to be. They are comparable.
type Options struct {
	Seed  uint64
	Today time.Time // its day in Shanghai ends the history

	Accounts int // at most 40 per rep have a name of their own
	Products int // at most 300
	Days     int // of history; weekends are free
	PerDay   int // visits of a rep on a working day

	AccountLists int  // price lists made for one account
	Papers       int  // invoices with a photograph of them
	Customers    bool // adds deals, messages, care and issues of key accounts
	Former       bool // adds rep.gone, who is no longer active
	Cashiers     bool // adds two more of finance
	CheapLogin   bool // password hashes that cost 1 ms to check, for tests only

	// BenchVisits, if positive, are that many bare visits of rep.chen's
	// accounts in place of the history of all.
	BenchVisits int
}

// Small is the company of tests: all people, two accounts and a week of
// history for each rep. It builds in less than 300 ms.
func Small(today time.Time) Options {
	return Options{
		Seed: 1, Today: today, Accounts: 24, Products: 24, Days: 7, PerDay: 1,
		AccountLists: 2, Former: true, CheapLogin: true,
	}
}

// Full is the company of the demo: 120 accounts, 300 products, 90 days.
func Full(today time.Time) Options {
	return Options{Seed: 2026, Today: today, Accounts: 120, Products: 300, Days: 90, PerDay: 3, AccountLists: 8, Papers: 6, Customers: true, Cashiers: true}
}

// Bench is Small without history, but with visits of rep.chen's 40 accounts,
// some 400 bytes of JSON each.
func Bench(today time.Time, visits int) Options {
	return Options{
		Seed: 3, Today: today, Accounts: 480, Products: 24, Days: 90, AccountLists: 2,
		CheapLogin: true, BenchVisits: visits,
	}
}

// Company tells what Build made.
type Company struct {
	Name     string
	Today    string            // YYYY-MM-DD
	People   map[string]string // user ids by name, such as "rep.chen"
	Accounts []string          // ids
	Products []string          // ids
	Visits   int
	Orders   int
	Rows     int // all rows written
}

// Build fills an app that is migrated and has no company yet. All rows come in
// one transaction or not at all. It writes them below the hooks, so it fills
// every computed field itself.
//
// It fails if the app is in use: its logins are known to everybody.
func Build(app core.App, opt Options) (*Company, error) {
	used, err := InUse(app)
	if err != nil {
		return nil, err
	}
	if used {
		return nil, errors.New("the data directory already has users")
	}
	var made *Company
	var b *builder
	err = app.RunInTransaction(func(txApp core.App) error {
		b = newBuilder(txApp, opt)
		defer b.w.close()
		for _, part := range []func() error{
			b.settings, b.departments, b.users, b.accountRows, b.goods, b.prices, b.promote, b.visitTemplates, b.history, b.leases, b.promotionRows, b.field, b.office, b.targets, b.letters, b.customers, b.invoices, b.ledger, b.facts, b.targetProgress, b.requested, b.trainings, b.appliedFor,
		} {
			if err := part(); err != nil {
				return err
			}
		}
		made = b.company
		made.Rows = b.w.rows
		return nil
	})
	if err == nil {
		err = b.store(app)
	}
	if err != nil {
		return nil, fmt.Errorf("build the demo company: %w", err)
	}
	return made, nil
}

// facts writes the facts of what was sold, as the rules would have.
func (b *builder) facts() error { return facts.In(b.w.tx, b.company.Today).All() }

// InUse reports whether the app has users or superusers, PocketBase's installer aside.
func InUse(app core.App) (bool, error) {
	var n int
	err := app.DB().NewQuery("SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM _superusers WHERE email <> {:installer})").
		Bind(dbx.Params{"installer": core.DefaultInstallerEmail}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("count users: %w", err)
	}
	return n > 0, nil
}

// Find returns the marker of an app that holds a demo company, and whether it does.
func Find(app core.App) (Marker, bool, error) {
	var values []string
	err := app.DB().Select("value").From("settings").Where(dbx.HashExp{"key": MarkerKey}).Column(&values)
	if err != nil {
		return Marker{}, false, fmt.Errorf("look for the demo company: %w", err)
	}
	if len(values) == 0 {
		return Marker{}, false, nil
	}
	var m Marker
	if err := json.Unmarshal([]byte(values[0]), &m); err != nil {
		return Marker{}, false, fmt.Errorf("read the demo marker: %w", err)
	}
	return m, true, nil
}
