package targets

import (
	"context"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// spreading is how a draft comes to its months: by the twelve weights, or as was
// delivered the year before.
type spreading struct {
	By      string `json:"by"`
	Weights []int  `json:"weights"`
}

// spread fills the quarters and months of a draft, exactly.
func (s service) spread(_ context.Context, tx core.App, target records.Target, args spreading) error {
	var season []int
	if args.By == sales.BySeason {
		months, err := s.season(tx, target, of(target))
		if err != nil {
			return err
		}
		season = months[0]
	}
	weights, by, err := sales.TargetWeights(args.By, 12, args.Weights, season)
	if err != nil {
		return gate.WrapError(err)
	}
	quarters, months := sales.SpreadTarget(string(target.Metric()), target.Value(), weights)
	target.SetQuarters(quarters)
	target.SetMonths(months)
	target.SetSpread(records.TargetSpread(by))
	return nil
}

// splitting is how a target is divided over those below: the parts that are named,
// else all whose targets may hang on it.
type splitting struct {
	By     string `json:"by"`
	Parts  []part `json:"parts"`
	OverBp int    `json:"over_bp"`
}

// part is one of those below: somebody, or an account of whose target it is.
type part struct {
	Owner   records.UserID    `json:"owner"`
	Account records.AccountID `json:"account"`
	Weight  int               `json:"weight"`
}

// split makes or rewrites the drafts of those below, who have all of a target then
// and so much more as is asked for.
func (s service) split(ctx context.Context, tx core.App, target records.Target, args splitting) error {
	year, err := whole(target)
	if err != nil {
		return err
	}
	over, err := gate.SettingsNow(tx).TargetOverBp()
	if err != nil {
		return err
	}
	drafts, err := s.drafts(tx, target, args.Parts)
	if err != nil {
		return err
	}
	weights, by, err := s.weigh(tx, target, drafts, args)
	if err != nil {
		return err
	}
	parts, err := sales.SplitTarget(string(target.Metric()), year, weights, args.OverBp, over)
	if err != nil {
		return gate.WrapError(err)
	}
	for i, draft := range drafts {
		draft.SetValue(parts[i].Value)
		draft.SetQuarters(parts[i].Quarters)
		draft.SetMonths(parts[i].Months)
		draft.SetSpread(records.TargetSpread(by))
		if err := tx.SaveWithContext(gate.AsServer(ctx), draft.Raw()); err != nil {
			return fmt.Errorf("save a part of target %s: %w", target.ID(), err)
		}
	}
	return nil
}

// weigh finds the weights of drafts.
func (s service) weigh(tx core.App, target records.Target, drafts []records.Target, args splitting) ([]int, string, error) {
	given, season, parts := make([]int, len(args.Parts)), make([]int, len(drafts)), make([]sales.TargetOf, len(drafts))
	for i, p := range args.Parts {
		given[i] = p.Weight
	}
	for i, draft := range drafts {
		parts[i] = of(draft)
	}
	if args.By == sales.BySeason {
		months, err := s.season(tx, target, parts...)
		if err != nil {
			return nil, "", err
		}
		for i := range season {
			for _, n := range months[i] {
				season[i] += n
			}
		}
	}
	weights, by, err := sales.TargetWeights(args.By, len(drafts), given, season)
	return weights, by, gate.WrapError(err)
}

// season are the months of the year before, of what counted for each.
func (s service) season(tx core.App, target records.Target, parts ...sales.TargetOf) ([][]int, error) {
	year, err := strconv.Atoi(target.Year())
	if err != nil {
		return nil, fmt.Errorf("read the year of target %s: %w", target.ID(), err)
	}
	sold, err := s.Reached(tx, strconv.Itoa(year-1), string(target.Dept()), "")
	out := make([][]int, len(parts))
	for i, p := range parts {
		out[i] = sold.Season(p)
	}
	return out, err
}

// drafts are those below a target: who is named has his draft, or gets one.
func (s service) drafts(tx core.App, target records.Target, parts []part) ([]records.Target, error) {
	below := sales.TargetBelow(string(target.Level()))
	if below == "" {
		return nil, gate.Refuse("target.level_last")
	}
	if len(parts) == 0 {
		var err error
		if parts, err = everybody(tx, target); err != nil {
			return nil, err
		}
	}
	if len(parts) == 0 {
		return nil, gate.Refuse("target.parts_required")
	}
	named, drafts := map[part]bool{}, make([]records.Target, len(parts))
	for i, p := range parts {
		if p.Weight = 0; p.Owner == "" && below == sales.TargetOfAccount {
			p.Owner = target.Owner()
		}
		if named[p] {
			return nil, gate.Refuse("target.part_twice")
		}
		named[p] = true
		var err error
		if drafts[i], err = draft(tx, target, below, p); err != nil {
			return nil, err
		}
	}
	return drafts, nil
}

// draft is that of a part.
func draft(tx core.App, target records.Target, level string, p part) (records.Target, error) {
	row, err := records.Targets.New(tx)
	if err != nil {
		return row, err
	}
	row.SetLevel(records.TargetLevel(level))
	row.SetOwner(p.Owner)
	row.SetAccount(p.Account)
	row.SetMetric(target.Metric())
	row.SetYear(target.Year())
	row.SetParent(target.ID())
	if err := begin(tx, row); err != nil {
		return row, err
	}
	if err := checkParent(tx, row); err != nil {
		return row, err
	}
	there, found, err := alike(tx, row)
	if err != nil || !found {
		return row, err
	}
	if there.State() != sales.TargetDraft || there.Parent() != target.ID() {
		owner, err := records.Users.Require(tx, there.Owner())
		if err != nil {
			return there, err
		}
		return there, gate.Refuse("target.part_taken", "name", owner.Name())
	}
	return there, nil
}

// everybody are all whose targets may hang on one: the managers of a department, a
// manager's reps, a rep's accounts that are customers.
func everybody(tx core.App, target records.Target) (parts []part, err error) {
	who, params := "role = 'ka_manager'", dbx.Params{"o": target.Owner(), "d": target.Dept()}
	switch string(target.Level()) {
	case sales.TargetOfRep:
		accounts, err := records.Accounts.All(tx, "owner = {:o} AND kind = 'ka'", params, "id")
		for _, a := range accounts {
			parts = append(parts, part{Account: a.ID()})
		}
		return parts, err
	case sales.TargetOfManager:
		who = "role = 'rep' AND manager = {:o}"
	}
	people, err := records.Users.All(tx, "active = TRUE AND department = {:d} AND "+who, params, "id")
	for _, p := range people {
		parts = append(parts, part{Owner: p.ID()})
	}
	return parts, err
}

// of is what a target counts.
func of(target records.Target) sales.TargetOf {
	return sales.TargetOf{
		Level: string(target.Level()), Metric: string(target.Metric()), Owner: string(target.Owner()), Dept: string(target.Dept()), Account: string(target.Account()),
	}
}

// whole are the numbers of a target whose periods add up.
func whole(target records.Target) (sales.TargetYear, error) {
	quarters, months, err := numbers(target)
	if err != nil {
		return sales.TargetYear{}, err
	}
	year := sales.TargetYear{Value: target.Value(), Quarters: quarters, Months: months}
	return year, gate.WrapError(sales.CheckTargetPeriods(string(target.Metric()), year.Value, quarters, months))
}
