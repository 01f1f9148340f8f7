package quality

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/service"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (d desk) evaluations() kit.Collection {
	return kit.Collection{
		Name:    records.ServiceEvaluationTable,
		Machine: &service.EvaluationMachine,
		Parties: kit.Office(people.RoleService),
		Audit: gate.Audit{Fields: []string{
			records.ServiceEvaluationColState, records.ServiceEvaluationColScoreBp, records.ServiceEvaluationColResult, records.ServiceEvaluationColFindings,
		}},
		Follows: "t.state <> 'closed'",
		Open:    kit.Open(records.ServiceEvaluations, "owner = {:user} AND state = 'open'"),
		Rules:   []kit.Rule{{On: kit.Create, Collection: records.ServiceEvaluationTable, Name: "evaluationMade", Run: gate.OnlyServer}},
	}
}

// verdict is what the service makes of the figures.
type verdict struct {
	Findings string                        `json:"findings"`
	Result   string                        `json:"result"`
	Actions  []records.ImprovementActionID `json:"actions"` // improvements that follow
}

// evaluate says what the quarter was like, by its figures as they are now. What is
// to become better has its improvements (R5.9), and keeps them whatever is said later.
func (d desk) evaluate(ctx context.Context, tx core.App, row records.ServiceEvaluation, args verdict) error {
	switch {
	case strings.TrimSpace(args.Findings) == "" || !slices.Contains([]string{service.ResultGood, service.ResultFair, service.ResultImprove}, args.Result):
		return gate.Refuse("service_evaluation.findings_required")
	case args.Result == service.ResultImprove && len(args.Actions) == 0:
		return gate.Refuse("service_evaluation.action_required")
	}
	for _, id := range args.Actions {
		_, found, err := records.ImprovementActions.Find(tx, id)
		if err != nil {
			return err
		}
		if !found {
			return gate.RefuseField(records.ServiceEvaluationColActions, "record.not_found")
		}
	}
	if err := score(tx, row, d.now()); err != nil {
		return err
	}
	row.SetFindings(args.Findings)
	row.SetResult(records.ServiceEvaluationResult(args.Result))
	for _, id := range args.Actions {
		if kept := row.Actions(); !slices.Contains(kept, id) {
			row.SetActions(append(kept, id))
		}
	}
	row.SetEvaluatedBy(records.UserID(gate.Of(ctx).User.Id))
	row.SetEvaluatedAt(d.now())
	account, err := records.Accounts.Require(tx, row.Account())
	if err != nil {
		return err
	}
	line := []records.UserID{account.Owner()}
	if account.Manager() != account.Owner() {
		line = append(line, account.Manager())
	}
	for _, user := range line {
		err := gate.Notify(ctx, tx, d.now(), gate.Notice{
			User: string(user), Kind: "service.evaluated", Params: map[string]any{"account": account.Name(), "quarter": row.Quarter()},
			Link: records.ServiceEvaluationTable + "/" + string(row.ID()),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// improving is what closing asks: every improvement is verified, or given up.
func improving(_ context.Context, tx core.App, row records.ServiceEvaluation) (func(string) bool, error) {
	open, err := records.ImprovementActions.Count(tx,
		"state IN ('open', 'done') AND id IN (SELECT a.value FROM service_evaluations e, json_each(e.actions) a WHERE e.id = {:id})", dbx.Params{"id": row.ID()})
	return func(guard string) bool { return guard == service.EvaluationImproving && open == 0 }, err
}

func (d desk) close(ctx context.Context, _ core.App, row records.ServiceEvaluation, _ kit.None) error {
	row.SetClosedBy(records.UserID(gate.Of(ctx).User.Id))
	row.SetClosedAt(d.now())
	return nil
}

// score counts the quarter's promises and weighs how they were kept.
func score(app core.App, row records.ServiceEvaluation, now time.Time) error {
	counted, err := countKept(app, row.Account(), service.QuarterDays(row.Quarter()), now)
	if err != nil {
		return err
	}
	weights, err := gate.SettingsOn(app, domain.BusinessDay(now)).ServiceEvaluationWeights()
	if err != nil {
		return err
	}
	parts := service.NewParts(counted)
	bp, known := service.Score(parts, weights)
	row.SetParts(parts)
	row.SetMissing(service.Missing(parts))
	row.SetScored(known)
	row.SetScoreBp(bp)
	return nil
}

// countKept counts what was raised on the days of a period and is decided by now:
// it was answered, or solved, or its time is over. Nobody has asked the customers
// how satisfied they are, so that part is not counted.
func countKept(app core.App, account records.AccountID, days domain.Period, now time.Time) (map[string]service.Count, error) {
	from, to := days.Bounds()
	var n struct {
		First      int `db:"first_of"`
		FirstKept  int `db:"first_kept"`
		Solved     int `db:"solved_of"`
		SolvedKept int `db:"solved_kept"`
		Reply      int `db:"reply_of"`
		ReplyKept  int `db:"reply_kept"`
	}
	err := app.DB().NewQuery(`SELECT * FROM (SELECT
			COALESCE(SUM(responded_at <> '' OR first_response_due < {:now}), 0) AS first_of,
			COALESCE(SUM(responded_at <> '' AND responded_at <= first_response_due), 0) AS first_kept,
			COALESCE(SUM(resolved_at <> '' OR (resolve_due < {:now} AND state <> 'waiting_customer')), 0) AS solved_of,
			COALESCE(SUM(resolved_at <> '' AND resolved_at <= resolve_due), 0) AS solved_kept
		FROM cases WHERE account = {:a} AND state <> 'merged' AND raised_at >= {:from} AND raised_at < {:to}),
		(SELECT
			COALESCE(SUM(replied_at <> '' OR needs_reply_by < {:now}), 0) AS reply_of,
			COALESCE(SUM(replied_at <> '' AND replied_at <= needs_reply_by), 0) AS reply_kept
		FROM communications WHERE account = {:a} AND needs_reply_by <> '' AND at >= {:from} AND at < {:to})`).
		Bind(dbx.Params{"a": account, "from": gate.Stamp(from), "to": gate.Stamp(to), "now": gate.Stamp(now)}).One(&n)
	if err != nil {
		return nil, fmt.Errorf("count how service was kept: %w", err)
	}
	return map[string]service.Count{
		service.PartFirst:    {Num: n.FirstKept + n.ReplyKept, Den: n.First + n.Reply},
		service.PartSolution: {Num: n.SolvedKept, Den: n.Solved},
	}, nil
}
