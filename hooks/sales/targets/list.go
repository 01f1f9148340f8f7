package targets

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/records"
)

// Complete makes a target of a line of a list, which wrote some of its fields: its
// level is that of its owner's role, or an account's if it names one; it hangs on the
// target over it; quarters that the line leaves out follow from its months. What it
// says of the year has to add up.
func Complete(app core.App, record *core.Record, wrote map[string]any) error {
	target := records.Targets.Of(record)
	if target.IsNew() {
		if err := place(app, target); err != nil {
			return err
		}
	}
	quarters, months, err := numbers(target)
	if err != nil {
		return err
	}
	if wrote[records.TargetColMonths] != nil && wrote[records.TargetColQuarters] == nil && sales.TargetAdds(string(target.Metric())) {
		quarters = sales.TargetQuarters(months)
		target.SetQuarters(quarters)
	}
	if len(quarters) == 0 && len(months) == 0 {
		return nil
	}
	_, err = whole(target)
	return err
}

// place puts a new target below the one over it; whether it may be there is judged
// when it is saved.
func place(app core.App, target records.Target) error {
	owner, found, err := records.Users.Find(app, target.Owner())
	if err != nil || !found {
		return err
	}
	for level, l := range sales.TargetLevels {
		if string(owner.Role()) == l.Role && (level == sales.TargetOfAccount) == (target.Account() != "") {
			target.SetLevel(records.TargetLevel(level))
		}
	}
	over, whose := sales.TargetLevels[string(target.Level())].Over, owner.Manager()
	switch over {
	case "":
		return nil
	case sales.TargetOfRep:
		whose = owner.ID()
	}
	parent, found, err := records.Targets.First(app, "level = {:l} AND dept = {:d} AND (level = 'dept' OR owner = {:o}) AND metric = {:m} AND year = {:y} AND state <> 'cancelled'",
		dbx.Params{"l": over, "d": owner.Department(), "o": whose, "m": target.Metric(), "y": target.Year()}, "created, id")
	if found {
		target.SetParent(parent.ID())
	}
	return err
}
