package demo_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// tables are those that the generator fills.
var tables = []string{
	"_superusers", "departments", "users", "accounts", "contacts", "products", "product_costs", "price_lists",
	"price_items", "visit_templates", "visits", "visit_steps", "orders", "order_lines", "order_events", "deliveries", "delivery_lines", "returns", "return_lines", "invoices",
	"annual_plans", "approvals", "business_reviews", "improvement_actions", "policy_docs", "policy_acks", "notifications",
	"competitors", "surveys", "survey_answers", "store_checks", "visit_audits", "visit_feedback", "intel_reports", "support_requests", "product_requests", "product_request_values",
	"consents", "work_sessions", "work_reports", "targets", "target_progress", "expense_categories", "expense_rules", "appraisal_schemes", "budgets", "budget_nodes", "budget_entries", "budget_adjustments",
	"preapprovals", "cost_savings", "trainings", "training_keys", "training_records",
	"payees", "payee_changes", "payee_accounts", "advances", "payment_runs", "payments",
}

// The same options give the same rows, byte for byte; another seed gives others.
func TestSameSeedSameRows(t *testing.T) {
	build := func(opt demo.Options) string {
		app := testapp.New(t, testapp.Empty())
		if _, err := demo.Build(app, opt); err != nil {
			t.Fatal(err)
		}
		return digest(t, app)
	}
	opt := demo.Small(testapp.Start)
	first, again := build(opt), build(opt)
	if first != again {
		t.Errorf("digests differ: %s and %s", first, again)
	}
	opt.Seed++
	if other := build(opt); other == first {
		t.Error("another seed gave the same rows")
	}
}

func digest(t *testing.T, app core.App) string {
	t.Helper()
	h := sha256.New()
	for _, table := range tables {
		rows, err := app.DB().Select("*").From(table).OrderBy("id").Rows()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			row := dbx.NullStringMap{}
			if err := rows.ScanMap(row); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(h, table, row) // fmt prints maps in the order of their keys
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// A directory that somebody works in is never filled.
func TestBuildRefusesUsers(t *testing.T) {
	app := testapp.New(t)
	if _, err := demo.Build(app, demo.Small(testapp.Start)); err == nil {
		t.Error("a second company was built")
	}
}

func TestFind(t *testing.T) {
	if _, found, err := demo.Find(testapp.New(t, testapp.Empty())); err != nil || found {
		t.Errorf("found a company in an empty directory (%v)", err)
	}
	marker, found, err := demo.Find(testapp.New(t))
	if err != nil || !found {
		t.Fatalf("did not find the company: %v", err)
	}
	if want := "2026-03-16"; marker.Today != want {
		t.Errorf("today = %s, want %s", marker.Today, want)
	}
}

// The demo's company has the size that is promised.
func TestFull(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t, testapp.Empty())
	began := time.Now()
	made, err := demo.Build(app, demo.Full(testapp.Start))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows in %v", made.Rows, time.Since(began))
	for _, c := range []struct {
		table string
		where dbx.Expression
		want  int
	}{
		{"users", dbx.HashExp{"role": "dept_manager"}, 1},
		{"users", dbx.HashExp{"role": "ka_manager"}, 3},
		{"users", dbx.HashExp{"role": "rep", "active": true}, 12},
		{"users", dbx.HashExp{"active": false}, 0},
		{"accounts", nil, 120},
		{"products", nil, 300},
		{"product_costs", nil, 300},
		{"price_lists", nil, 10},
	} {
		var got int
		if err := app.DB().Select("count(*)").From(c.table).Where(c.where).Row(&got); err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("%s %v: %d rows, want %d", c.table, c.where, got, c.want)
		}
	}
	for state, least := range map[string]int{"reported": 15, "accepted": 1500, "questioned": 5, "missed": 30, "cancelled": 50, "planned": 24, "checked_out": 6} {
		var got int
		if err := app.DB().Select("count(*)").From("visits").Where(dbx.HashExp{"state": state}).Row(&got); err != nil {
			t.Fatal(err)
		}
		if got < least {
			t.Errorf("%d visits are %s, want at least %d", got, state, least)
		}
	}
	for table, least := range map[string]int{"visit_plans": 36, "monthly_plans": 6, "plan_items": 150, "plan_progress": 50, "improvement_actions": 3, "track_points": 300} {
		rows, err := app.FindAllRecords(table)
		if err != nil || len(rows) < least {
			t.Errorf("%d rows of %s, want at least %d, %v", len(rows), table, least, err)
		}
		for _, r := range rows {
			if err := app.Validate(r); err != nil {
				t.Errorf("%s %s: %v", table, r.Id, err)
			}
		}
	}
	for _, state := range []string{"draft", "submitted", "approved", "rejected", "cancelled"} {
		var got int
		if err := app.DB().Select("count(*)").From("orders").Where(dbx.HashExp{"state": state}).Row(&got); err != nil {
			t.Fatal(err)
		}
		if got == 0 {
			t.Errorf("no order is %s", state)
		}
	}
}

// The benchmark's visits all belong to one rep.
func TestBench(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t, testapp.Company(demo.Bench(testapp.Start, 500)))
	var all, own int
	if err := app.DB().Select("count(*)").From("visits").Row(&all); err != nil {
		t.Fatal(err)
	}
	err := app.DB().Select("count(*)").From("visits").Where(dbx.HashExp{"owner": app.As("rep.chen").Id}).Row(&own)
	if err != nil {
		t.Fatal(err)
	}
	if all != 500 || own != 500 {
		t.Errorf("%d visits, %d of rep.chen, want 500 of both", all, own)
	}
}
