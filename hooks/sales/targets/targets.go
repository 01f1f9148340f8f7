// Package targets binds the rules of sales targets: who sets them for whom, what
// a year is made of, and how a target is broken down to those below.
package targets

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// book knows today.
type service struct{ now func() time.Time }

// Area is what targets are.
func Area(cfg gate.Config) kit.Area {
	s := service{now: cfg.Now}
	return kit.Area{
		Name: "targets",
		Collections: []kit.Collection{{
			Name:    records.TargetTable,
			Machine: &sales.TargetMachine,
			Parties: kit.Parties(records.Targets, parties),
			Server: []string{
				records.TargetColManager, records.TargetColDept, records.TargetColVersion,
				records.TargetColIssuedBy, records.TargetColIssuedAt, records.TargetColReason,
			},
			Once: []string{
				records.TargetColLevel, records.TargetColOwner, records.TargetColMetric, records.TargetColYear, records.TargetColParent,
			},
			Within: &kit.Within{
				Field: records.TargetColParent, Parent: records.TargetTable, Refusal: "target.parent_over",
				Open: []string{sales.TargetDraft, sales.TargetIssued, sales.TargetCascaded},
			},
			Audit: gate.Audit{Fields: []string{
				records.TargetColState, records.TargetColValue, records.TargetColQuarters, records.TargetColMonths, records.TargetColVersion,
			}},
			Rules: []kit.Rule{
				kit.On(kit.Create, records.Targets, "targetCreate", create),
				kit.On(kit.Update, records.Targets, "targetUpdate", update),
				kit.On(kit.Delete, records.Targets, "targetDelete", remove),
			},
		}},
		Actions: []kit.Action{
			kit.Guarded(records.Targets, kit.Do(records.Targets, sales.TargetIssue, s.issue), guards),
			kit.Do(records.Targets, sales.TargetCascade, cascade),
			kit.Do(records.Targets, sales.TargetRevise, s.revise),
			kit.Guarded(records.Targets, kit.Do(records.Targets, sales.TargetCancel, s.cancel), guards),
		},
	}
}

// create takes a draft from who leads its owner, below the target that it is a part of.
func create(e *kit.Change[records.Target]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	owner, err := ownerOf(e.App, e.Row)
	if err != nil {
		return err
	}
	e.Row.SetManager(owner.Manager())
	e.Row.SetDept(owner.Department())
	e.Row.SetVersion(1)
	if err := writable(e); err != nil {
		return err
	}
	if err := checkParent(e.App, e.Row, owner); err != nil {
		return err
	}
	twice, err := records.Targets.Count(e.App, "owner = {:o} AND metric = {:m} AND year = {:y} AND state <> 'cancelled'",
		dbx.Params{"o": e.Row.Owner(), "m": e.Row.Metric(), "y": e.Row.Year()})
	if err != nil {
		return err
	}
	if twice > 0 {
		return gate.Refuse("target.twice")
	}
	return e.Next()
}

// update takes a draft's changes from who may have made it.
func update(e *kit.Change[records.Target]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := writable(e); err != nil {
		return err
	}
	return e.Next()
}

// remove keeps what others are broken down from, and what was in force before.
func remove(e *kit.Change[records.Target]) error {
	below, err := records.Targets.Count(e.App, "parent = {:p}", dbx.Params{"p": e.Row.ID()})
	if err != nil {
		return err
	}
	if below > 0 {
		return gate.Refuse("target.has_children")
	}
	if e.Row.Version() > 1 {
		return gate.Refuse("record.kept", "collection", records.TargetTable, "from", e.Row.State())
	}
	return e.Next()
}

// writable holds a draft to its author and to numbers that it may have.
func writable(e *kit.Change[records.Target]) error {
	if user := gate.From(e.RecordEvent).User; user != nil && !sets(user, e.Row) {
		return gate.Refuse("target.not_superior")
	}
	quarters, months, err := numbers(e.Row)
	if err != nil {
		return err
	}
	return gate.WrapError(sales.CheckTargetNumbers(quarters, months))
}

// ownerOf reads whose target it is: somebody active, of the level's role.
func ownerOf(app core.App, target records.Target) (owner records.User, err error) {
	owner, found, err := records.Users.Find(app, target.Owner())
	if err == nil && (!found || !owner.Active() || string(owner.Role()) != sales.TargetLevels[string(target.Level())].Role) {
		err = gate.RefuseField(records.TargetColOwner, "target.level_invalid", "level", target.Level())
	}
	return owner, err
}

// checkParent wants the target of who leads the owner, of the same year and metric.
func checkParent(app core.App, target records.Target, owner records.User) error {
	parent, found, err := records.Targets.Find(app, target.Parent())
	if err != nil {
		return err
	}
	over := sales.TargetLevels[string(target.Level())].Over
	if over == "" && target.Parent() == "" {
		return nil
	}
	fits := over != "" && found && string(parent.Level()) == over && parent.Metric() == target.Metric() && parent.Year() == target.Year() &&
		parent.Dept() == owner.Department() && (over == sales.TargetOfDept || parent.Owner() == owner.Manager())
	if !fits {
		return gate.RefuseField(records.TargetColParent, "target.parent_invalid")
	}
	return nil
}

// numbers reads a target's quarters and months; target.numbers_invalid if what
// somebody wrote is no list of whole numbers.
func numbers(target records.Target) (quarters, months []int, err error) {
	for into, raw := range map[*[]int]jsontext.Value{&quarters: target.Quarters(), &months: target.Months()} {
		if len(raw) > 0 && json.Unmarshal(raw, into) != nil {
			return nil, nil, gate.Refuse("target.numbers_invalid")
		}
	}
	return quarters, months, nil
}
