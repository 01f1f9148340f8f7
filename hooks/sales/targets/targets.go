// Package targets binds the rules of sales targets: who sets them for whom, what
// a year is made of, how a target is broken down to those below, and how far it is
// reached.
package targets

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	// Reached reads what was sold in a year, by whose targets it counts for: a
	// department's, everybody's if it is empty, and of these one seller's if it is not.
	Reached func(app core.App, year, dept, seller string) (sales.TargetSales, error)
}

type service struct{ Config }

// Area is what targets are.
func Area(cfg Config) kit.Area {
	s := service{cfg}
	return kit.Area{
		Name: "targets",
		Collections: []kit.Collection{{
			Name:    records.TargetTable,
			Machine: &sales.TargetMachine,
			Parties: kit.Parties(records.Targets, parties),
			Server: []string{
				records.TargetColManager, records.TargetColDept, records.TargetColVersion,
				records.TargetColIssuedBy, records.TargetColIssuedAt, records.TargetColReason, records.TargetColSpread,
			},
			Once: []string{
				records.TargetColLevel, records.TargetColOwner, records.TargetColMetric, records.TargetColYear, records.TargetColParent,
				records.TargetColAccount,
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
				kit.On(kit.UpdateExecute, records.Targets, "targetProgress", s.inForce),
			},
		}, {Name: records.TargetProgressRowTable}, s.besideDeliveries(), s.besideReturns()},
		Actions: []kit.Action{
			kit.Do(records.Targets, sales.TargetSpread, s.spread),
			kit.Do(records.Targets, sales.TargetSplit, s.split),
			kit.Guarded(records.Targets, kit.Do(records.Targets, sales.TargetIssue, s.issue), guards),
			kit.Do(records.Targets, sales.TargetCascade, cascade),
			kit.Do(records.Targets, sales.TargetRevise, s.revise),
			kit.Guarded(records.Targets, kit.Do(records.Targets, sales.TargetCancel, s.cancel), guards),
		},
		Jobs:   []gate.Job{{Name: "targetProgress", Schedule: "7 * * * *", Run: s.recount}},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/targets/{id}/progress", Run: s.answerProgress}},
	}
}

// create takes a draft from who sets its owner's targets, below the target that it
// is a part of.
func create(e *kit.Change[records.Target]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := begin(e.App, e.Row); err != nil {
		return err
	}
	if err := writable(e); err != nil {
		return err
	}
	if !domain.IsPlausibleYear(e.Row.Year()) {
		return gate.RefuseField(records.TargetColYear, "target.year_invalid")
	}
	if err := fits(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// begin fills a new target with who leads its owner now.
func begin(app core.App, target records.Target) error {
	owner, err := ownerOf(app, target)
	if err != nil {
		return err
	}
	target.SetManager(owner.Manager())
	target.SetDept(owner.Department())
	target.SetVersion(1)
	return nil
}

// fits holds a new target to the one above, and to being the only one of its kind.
func fits(app core.App, target records.Target) error {
	if err := checkParent(app, target); err != nil {
		return err
	}
	_, twice, err := alike(app, target)
	if err != nil {
		return err
	}
	if twice {
		return gate.Refuse("target.twice")
	}
	return nil
}

// alike finds a target of the same owner, metric, year and account that is not cancelled.
func alike(app core.App, target records.Target) (records.Target, bool, error) {
	return records.Targets.First(app, "owner = {:o} AND metric = {:m} AND year = {:y} AND account = {:a} AND state <> 'cancelled'",
		dbx.Params{"o": target.Owner(), "m": target.Metric(), "y": target.Year(), "a": target.Account()}, "")
}

// update takes a draft's changes from who may have made it.
func update(e *kit.Change[records.Target]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := writable(e); err != nil {
		return err
	}
	if before := e.Before(); !bytes.Equal(before.Months(), e.Row.Months()) || !bytes.Equal(before.Quarters(), e.Row.Quarters()) || before.Value() != e.Row.Value() {
		e.Row.SetSpread("")
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

// ownerOf reads whose target it is: somebody active, of the level's role; an
// account's is of who holds it.
func ownerOf(app core.App, target records.Target) (owner records.User, err error) {
	level := string(target.Level())
	owner, found, err := records.Users.Find(app, target.Owner())
	if err != nil {
		return owner, err
	}
	if !found || !owner.Active() || string(owner.Role()) != sales.TargetLevels[level].Role {
		return owner, gate.RefuseField(records.TargetColOwner, "target.level_invalid", "level", level)
	}
	if (level == sales.TargetOfAccount) != (target.Account() != "") {
		return owner, gate.RefuseField(records.TargetColAccount, "target.account_invalid")
	}
	if level != sales.TargetOfAccount {
		return owner, nil
	}
	if !sales.TargetOfAccounts(string(target.Metric())) {
		return owner, gate.RefuseField(records.TargetColMetric, "target.account_metric")
	}
	account, found, err := records.Accounts.Find(app, target.Account())
	if err == nil && (!found || account.Owner() != owner.ID()) {
		err = gate.RefuseField(records.TargetColAccount, "target.account_invalid")
	}
	return owner, err
}

// checkParent wants the target of who leads the owner, of the same year and metric;
// of an account's, that of its owner himself.
func checkParent(app core.App, target records.Target) error {
	parent, found, err := records.Targets.Find(app, target.Parent())
	if err != nil {
		return err
	}
	over := sales.TargetLevels[string(target.Level())].Over
	if over == "" && target.Parent() == "" {
		return nil
	}
	if !found || over == "" || string(parent.Level()) != over || parent.Metric() != target.Metric() || parent.Year() != target.Year() ||
		parent.Dept() != target.Dept() || !leads(parent, target) {
		return gate.RefuseField(records.TargetColParent, "target.parent_invalid")
	}
	return nil
}

// leads reports whether who has one target is over who has another.
func leads(parent, target records.Target) bool {
	switch string(parent.Level()) {
	case sales.TargetOfManager:
		return parent.Owner() == target.Manager()
	case sales.TargetOfRep:
		return parent.Owner() == target.Owner()
	}
	return true
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
