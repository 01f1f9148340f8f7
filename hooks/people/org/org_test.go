package org_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

// TestAccountsFollowTheirOwner to his new manager and department, and what
// hangs on them follows; the past stays as it was.
func TestAccountsFollowTheirOwner(t *testing.T) {
	app := testapp.New(t)
	chen, xu, tang := app.As("rep.chen"), app.As("manager.xu"), app.As("market.tang")
	past, err := app.FindFirstRecordByData("visits", "owner", chen.Id)
	if err != nil {
		t.Fatal(err)
	}
	chen.Set("manager", xu.Id)
	chen.Set("department", tang.GetString("department"))
	if err := app.Override(chen); err != nil {
		t.Fatal(err)
	}
	mine, err := app.FindAllRecords("accounts", dbx.HashExp{"owner": chen.Id})
	if err != nil || len(mine) == 0 {
		t.Fatalf("%d accounts, %v", len(mine), err)
	}
	for _, a := range mine {
		if a.GetString("manager") != xu.Id || a.GetString("dept") != tang.GetString("department") {
			t.Errorf("account %s: manager %s, department %s", a.Id, a.GetString("manager"), a.GetString("dept"))
		}
		for _, table := range []string{"contacts", "price_lists", "price_items"} {
			stays, err := app.CountRecords(table, dbx.HashExp{"account": a.Id}, dbx.Not(dbx.HashExp{"dept": tang.GetString("department")}))
			if err != nil || stays > 0 {
				t.Errorf("%d %s of %s stay, %v", stays, table, a.Id, err)
			}
		}
	}
	others, err := app.CountRecords("accounts", dbx.HashExp{"dept": tang.GetString("department")})
	if err != nil || int(others) != len(mine) {
		t.Errorf("%d accounts moved of %d, %v", others, len(mine), err)
	}
	after, err := app.FindRecordById("visits", past.Id)
	if err != nil || after.GetString("manager") != past.GetString("manager") || after.GetString("dept") != past.GetString("dept") {
		t.Errorf("a visit of the past changed hands: %v", err)
	}
}

// TestRenamedUserMovesNothing: only manager and department do.
func TestRenamedUserMovesNothing(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	chen := app.As("rep.chen")
	chen.Set("phone", "13800001234")
	if err := app.Save(chen); err != nil {
		t.Fatal(err)
	}
	after, err := app.FindRecordById("accounts", account.Id)
	if err != nil || after.GetString("updated") != account.GetString("updated") || after.GetString("manager") != account.GetString("manager") {
		t.Errorf("%v", err)
	}
}
