package accounts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// begins gives a new account the first stage of what it is said to be; see
// judgeBeginning for who may say so.
func begins(e *kit.Change[records.Account]) error {
	if e.Row.Stage() == "" {
		e.Row.SetStage(startStage(e.Row))
	}
	return nil
}

// startStage is where a new account begins, by what it is said to be.
func startStage(account records.Account) records.AccountStage {
	switch kind, status := account.Kind(), account.Status(); {
	case kind == "ka" && status == "dormant":
		return customers.StageDormant
	case kind == "ka":
		return customers.StageContracted
	case kind == "lost":
		return customers.StageLost
	}
	return customers.StageResearch
}

// judgeBeginning lets a new account be a prospect, unless somebody who may says
// that it is a customer already. Later only steps move what it counts as.
func judgeBeginning(e *kit.Change[records.Account], actor *core.Record) error {
	if gate.ByServer(e.RecordEvent) {
		return nil
	}
	if !e.Row.IsNew() {
		return gate.LockFields(e.RecordEvent, records.AccountColKind, records.AccountColStatus)
	}
	stage := e.Row.Stage()
	trusted := actor == nil || roleOf(actor) == people.RoleDeptManager || roleOf(actor) == people.RoleAdmin
	if stage != startStage(e.Row) || stage != customers.StageResearch && !trusted {
		return gate.RefuseField(records.AccountColStage, "field.locked")
	}
	if _, status := customers.StageKind(string(stage)); e.Row.Status() != "" && string(e.Row.Status()) != status && !trusted {
		return gate.RefuseField(records.AccountColStatus, "field.locked")
	}
	return nil
}

// stageArgs: the note is required for every step but advance.
type stageArgs struct {
	Note string `json:"note"`
}

// stageStep moves an account through its development (policy 3(2)) and logs it.
// Advancing asks the gate of the stage.
func (d desk) stageStep(verb string) kit.Action {
	return kit.Guarded(records.Accounts, kit.Do(records.Accounts, verb, d.staged),
		func(ctx context.Context, tx core.App, account records.Account) (func(string) bool, error) {
			var args stageArgs
			if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil {
				return nil, err
			}
			if verb != customers.StageAdvance {
				return customers.DevelopmentFacts{Reason: args.Note}.Holds, nil
			}
			facts, err := developmentFacts(tx, account)
			return facts.Holds, err
		})
}

// staged brings what an account counts as to its new stage.
func (d desk) staged(ctx context.Context, tx core.App, account records.Account, args stageArgs) error {
	kind, status := customers.StageKind(string(account.Stage()))
	account.SetKind(records.AccountKind(kind))
	account.SetStatus(records.AccountStatus(status))
	account.SetStageAt(d.now())
	entry, err := records.AccountStageLog.New(tx)
	if err != nil {
		return err
	}
	step := kit.StepOf(ctx)
	entry.SetAccount(account.ID())
	entry.SetDept(account.Dept())
	entry.SetFrom(step.From)
	entry.SetTo(string(account.Stage()))
	entry.SetStep(step.Action)
	entry.SetAt(d.now())
	entry.SetBy(records.UserID(gate.Of(ctx).User.Id))
	entry.SetNote(args.Note)
	return tx.SaveWithContext(gate.AsServer(ctx), entry.Raw())
}

// stageLog keeps every step as it was.
func stageLog() kit.Collection {
	return kit.Collection{Name: records.AccountStageEntryTable, Keep: &gate.Keep{Log: true}}
}

// validOnSite is the part of a query that finds visits on the spot that count.
const validOnSite = `counts = TRUE AND in_result IN ('inside', 'edge')`

// developmentFacts reads in one query what the gates ask.
func developmentFacts(app core.App, account records.Account) (customers.DevelopmentFacts, error) {
	var row struct {
		Selected   int `db:"selected"`
		Contacts   int `db:"contacts"`
		Visits     int `db:"visits"`
		Deciders   int `db:"deciders"`
		Terms      int `db:"terms"`
		Objections int `db:"objections"`
		Contracts  int `db:"contracts"`
	}
	err := app.DB().NewQuery(`SELECT
		(SELECT COUNT(*) FROM account_scorecards WHERE account = {:a} AND state = 'approved') AS selected,
		(SELECT COUNT(*) FROM communications WHERE account = {:a}) AS contacts,
		(SELECT COUNT(*) FROM visits WHERE account = {:a} AND ` + validOnSite + `) AS visits,
		(SELECT COUNT(*) FROM contacts WHERE account = {:a} AND role_in_decision = 'decider') AS deciders,
		(SELECT COUNT(*) FROM negotiations WHERE account = {:a} AND state <> 'failed'
			AND json_array_length(price_terms) > 0 AND json_array_length(service_terms) > 0) AS terms,
		(SELECT COUNT(*) FROM negotiations n, json_each(n.objections) o WHERE n.account = {:a} AND n.state <> 'failed'
			AND COALESCE(json_extract(o.value, '$.answer'), '') = '') AS objections,
		(SELECT COUNT(*) FROM contracts WHERE account = {:a} AND state IN ('effective', 'expiring')) AS contracts`).
		Bind(dbx.Params{"a": account.ID()}).One(&row)
	if err != nil {
		return customers.DevelopmentFacts{}, fmt.Errorf("read the facts of a gate: %w", err)
	}
	return customers.DevelopmentFacts{
		Researched: filled(account.Industry(), account.Region(), account.PurchaseNeeds()), FirstNeed: filled(account.FirstNeed()),
		Selected: row.Selected > 0, Contacts: row.Contacts, OnSiteVisits: row.Visits, DecisionMakers: row.Deciders,
		Terms: row.Terms > 0, OpenObjections: row.Objections, Contract: row.Contracts > 0,
	}, nil
}

// filled reports whether all texts say something.
func filled(texts ...string) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" })
}
