package demo_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// withCustomers is a company whose customers are kept, with a month of visits.
func withCustomers(t *testing.T) *testapp.App {
	t.Helper()
	opt := demo.Full(testapp.Start)
	opt.Days, opt.Papers, opt.Products, opt.CheapLogin = 45, 0, 24, true
	return testapp.New(t, testapp.Company(opt))
}

// TestCustomersAreKept: every row of what is done with customers would pass the
// rules that a write meets, and there is something of everything.
func TestCustomersAreKept(t *testing.T) {
	app := withCustomers(t)
	for _, table := range []string{
		"communications", "care_dates", "care_tasks", "account_plans", "cases", "case_events", "opportunities", "opportunity_stage_log", "negotiations", "contracts", "account_competitors",
		"account_scorecards", "account_stage_log", "account_coverage", "account_reviews", "outreach_campaigns", "value_services", "account_handovers", "account_assignments", "service_channels", "service_standards", "service_evaluations",
	} {
		rows, err := app.FindAllRecords(table)
		if err != nil || len(rows) == 0 {
			t.Errorf("%s has %d rows, %v", table, len(rows), err)
		}
		for _, row := range rows {
			if err := app.Validate(row); err != nil {
				t.Errorf("%s %s: %v", table, row.Id, err)
			}
		}
	}
}

// TestTheServiceIsWhole: accounts are named who answers them, a standard is in
// force, and an evaluation says what is missing.
func TestTheServiceIsWhole(t *testing.T) {
	app := withCustomers(t)
	for what, n := range map[string]string{
		"a channel whose owner is not named": "SELECT COUNT(*) FROM service_channels c JOIN accounts a ON a.id = c.account WHERE a.service_owner <> c.owner",
		"an important account without one":   "SELECT COUNT(*) FROM accounts WHERE stage = 'contracted' AND tier IN ('A', 'B') AND service_owner = ''",
		"an evaluation without a gap":        `SELECT COUNT(*) FROM service_evaluations WHERE missing NOT LIKE '%satisfaction%'`,
		"a score of nothing":                 `SELECT COUNT(*) FROM service_evaluations WHERE scored = TRUE AND missing LIKE '%solution%'`,
		"no standard":                        "SELECT 1 - COUNT(*) FROM service_standards WHERE state = 'in_force'",
		"nothing evaluated":                  "SELECT 1 - COUNT(*) FROM service_evaluations WHERE state = 'evaluated'",
		"nobody was at fault":                "SELECT 1 - COUNT(*) FROM cases WHERE fault = 'own' AND responsible <> ''",
	} {
		var found int
		if err := app.DB().NewQuery(n).Row(&found); err != nil || found != 0 {
			t.Errorf("%s: %d, %v", what, found, err)
		}
	}
}

// TestSignedPapersAreTheirs: a contract in force has the file that its hash is of.
func TestSignedPapersAreTheirs(t *testing.T) {
	app := withCustomers(t)
	rows, err := app.FindRecordsByFilter("contracts", "state = 'effective' || state = 'expiring'", "no", 0, 0)
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d contracts, %v", len(rows), err)
	}
	files, err := app.NewFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	for _, r := range rows {
		reader, err := files.GetReader(r.BaseFilesPath() + "/" + r.GetString("signed"))
		if err != nil {
			t.Fatalf("%s: %v", r.GetString("no"), err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != r.GetString("signed_sha256") {
			t.Errorf("%s: the file is another", r.GetString("no"))
		}
	}
}

// TestProspectsCouldHaveComeThisFar: each stage is reached by some, and each has
// what the gates before it ask for.
func TestProspectsCouldHaveComeThisFar(t *testing.T) {
	app := withCustomers(t)
	order := []string{"research", "screened", "first_contact", "in_depth", "negotiating"}
	has := func(account, table, condition string) bool {
		n, err := app.CountRecords(table, dbx.HashExp{"account": account}, dbx.NewExp(condition))
		if err != nil {
			t.Fatal(err)
		}
		return n > 0
	}
	for reached, stage := range order {
		rows, err := app.FindRecordsByFilter("accounts", "kind = 'prospect' && stage = {:s}", "id", 0, 0, dbx.Params{"s": stage})
		if err != nil || len(rows) == 0 {
			t.Errorf("nobody is at %s, %v", stage, err)
		}
		for _, a := range rows {
			for from, asked := range []struct {
				what string
				ok   bool
			}{
				{"a card that lets it in", has(a.Id, "account_scorecards", "state = 'approved' AND total_bp >= 6000")},
				{"", true},
				{"a message", has(a.Id, "communications", "TRUE")},
				{"a valid visit and somebody who decides", has(a.Id, "visits", "counts = TRUE") && has(a.Id, "contacts", "role_in_decision = 'decider'")},
			} {
				if from < reached && !asked.ok {
					t.Errorf("%s is at %s without %s", a.GetString("name"), stage, asked.what)
				}
			}
		}
	}
}
