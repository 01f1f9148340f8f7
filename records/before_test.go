package records_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
	"satchel/records"
)

// TestBeforeIsTheRowAsItWasRead, while it is saved as well: one copy for all
// rules, none for a clone, another after the row was loaded again.
func TestBeforeIsTheRowAsItWasRead(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	was := account.GetString("name")
	account.Set("name", "別名")
	name := func(r *core.Record) string { return records.Before(r).GetString("name") }
	shared := func() bool {
		one, other := records.Before(account), records.Before(account)
		return one == other
	}
	if name(account) != was {
		t.Errorf("outside of a save: %q", name(account))
	}
	end := records.KeepBefore(account)
	copied := account.Clone()
	switch {
	case !shared():
		t.Error("each rule has its own copy")
	case name(account) != was:
		t.Errorf("in a save: %q", name(account))
	}
	if err := copied.PostScan(); err != nil {
		t.Fatal(err)
	}
	if name(copied) != "別名" {
		t.Errorf("a clone answers for another: %q", name(copied))
	}
	if err := account.PostScan(); err != nil {
		t.Fatal(err)
	}
	records.Reloaded(account)
	if name(account) != "別名" {
		t.Errorf("loaded again: %q", name(account))
	}
	inner := records.KeepBefore(account)
	inner()
	end()
	if shared() {
		t.Error("kept after the save")
	}
}
