package accounts

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// stageActions move an account through its development (policy 3(2)).
type stageActions struct{ now func() time.Time }

// stageArgs: the note is required for every step but advance.
type stageArgs struct {
	Note string `json:"note"`
}

func (s stageActions) actions() gate.Actions {
	out := gate.Actions{}
	for _, step := range []string{domain.StageAdvance, domain.StageDrop, domain.StageReopen, domain.StageRest, domain.StageLose} {
		out[accounts+"."+step] = func(ctx context.Context, txApp core.App, account *core.Record, raw jsontext.Value) error {
			return s.step(ctx, txApp, account, step, raw)
		}
	}
	return out
}

// step takes one step and logs it. Advancing asks the gate of the stage.
func (s stageActions) step(ctx context.Context, txApp core.App, account *core.Record, step string, raw jsontext.Value) error {
	actor := gate.Of(ctx).User
	if actor == nil || !gate.InLine(actor, account) {
		return gate.Refuse("record.not_allowed")
	}
	var args stageArgs
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if step != domain.StageAdvance && strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("account.stage_reason")
	}
	facts, err := developmentFacts(txApp, account)
	if err != nil {
		return err
	}
	from := stageOf(account)
	to, err := domain.StageMove(from, step, facts)
	if err != nil {
		return gate.WrapError(err)
	}
	setStage(account, to, s.now())
	if err := txApp.SaveWithContext(gate.AsServer(ctx), account); err != nil {
		return err
	}
	return logStage(ctx, txApp, account, from, step, actor.Id, args.Note, s.now())
}

func logStage(ctx context.Context, txApp core.App, account *core.Record, from, step, by, note string, at time.Time) error {
	coll, err := txApp.FindCachedCollectionByNameOrId(stageLog)
	if err != nil {
		return err
	}
	record := core.NewRecord(coll)
	record.Load(map[string]any{
		"account": account.Id, fieldDept: deptOf(account), "from": from, "to": stageOf(account), "step": step, "at": at, "by": by, "note": note,
	})
	return txApp.SaveWithContext(gate.AsServer(ctx), record)
}

// developmentFacts reads in one query what the gates ask.
func developmentFacts(app core.App, account *core.Record) (domain.DevelopmentFacts, error) {
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
		Bind(dbx.Params{"a": account.Id}).One(&row)
	if err != nil {
		return domain.DevelopmentFacts{}, fmt.Errorf("failed to read the facts of a gate: %w", err)
	}
	return domain.DevelopmentFacts{
		Researched: researched(account), FirstNeed: hasFirstNeed(account),
		Selected: row.Selected > 0, Contacts: row.Contacts, OnSiteVisits: row.Visits, DecisionMakers: row.Deciders,
		Terms: row.Terms > 0, OpenObjections: row.Objections, Contract: row.Contracts > 0,
	}, nil
}
