package incentives

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/incentive"
	"satchel/domain/sales"
	"satchel/records"
)

// share reckons what a manager gets of what receipts let pay of his team's commission, of
// the quarters in which the team reached its target. It follows what becomes of it later.
func (s *Service) share(ctx context.Context, tx core.App, o one) error {
	_, rules, found, err := planOf(tx, o.a.Dept(), o.period)
	if err != nil || !found {
		return err
	}
	row, old, before, err := s.draft(tx, o, incentive.KindShare)
	if err != nil {
		return err
	}
	earlier, reached, err := shares(tx, o.a.Subject(), row.ID())
	if err != nil {
		return err
	}
	if reached[o.cycle.Period()], err = s.teamReached(tx, o, rules.GateBP); err != nil {
		return err
	}
	team, err := teamLines(tx, o.a.Subject())
	if err != nil {
		return err
	}
	content, sum := incentive.Content{AsOf: o.asOf, Plan: &rules}, 0
	for _, t := range team {
		t.Reached, t.Before = reached[t.Sold], earlier[t.Sold]
		t.Fen = incentive.Share(t.PaidFen, rules.ManagerBP, t.Reached)
		if t.Fen != t.Before || t.Sold == o.cycle.Period() {
			content.Team = append(content.Team, t)
			sum += t.Fen - t.Before
		}
	}
	if sum == 0 && !old && (before > 0 || len(content.Team) == 0) {
		return nil
	}
	row.SetReason("")
	if !reached[o.cycle.Period()] {
		row.SetReason(incentive.NotReached)
	}
	row.SetGrade(o.a.Grade())
	row.SetAmountFen(sum)
	row.SetContent(content)
	return s.balanced(ctx, tx, o, row, sum)
}

// shares are what other results gave a manager of each quarter, and whether his team had
// reached its target in it.
func shares(tx core.App, manager records.UserID, but records.IncentiveResultID) (given map[string]int, reached map[string]bool, err error) {
	rows, err := records.IncentiveResults.All(tx, "person = {:p} AND kind = 'manager_share' AND id <> {:id}", dbx.Params{"p": manager, "id": but}, "period, version")
	if err != nil {
		return nil, nil, err
	}
	given, reached = map[string]int{}, map[string]bool{}
	for _, r := range rows {
		content, err := r.Content()
		if err != nil {
			return nil, nil, err
		}
		for _, t := range content.Team {
			given[t.Sold] += t.Fen - t.Before
			reached[t.Sold] = t.Reached
		}
	}
	return given, reached, nil
}

// teamLines add up the commission of what was sold under a manager, by quarter.
func teamLines(tx core.App, manager records.UserID) (out []incentive.TeamPart, err error) {
	var rows []struct {
		Sold string `db:"sold"`
		Fen  int    `db:"fen"`
		Paid int    `db:"paid"`
	}
	err = tx.DB().NewQuery(`SELECT sold, SUM(amount_fen) AS fen, SUM(payable_fen) AS paid FROM commission_lines WHERE manager = {:m} AND person <> {:m} GROUP BY sold ORDER BY sold`).
		Bind(dbx.Params{"m": manager}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("add up a team's commission: %w", err)
	}
	for _, r := range rows {
		out = append(out, incentive.TeamPart{Sold: r.Sold, TeamFen: r.Fen, PaidFen: r.Paid})
	}
	return out, nil
}

// teamReached reports whether what was sold under a manager in the cycle reaches his
// target of the days on which he led.
func (s *Service) teamReached(tx core.App, o one, gateBP int) (bool, error) {
	target, err := targetOf(tx, o.a.Subject(), sales.TargetOfManager, o)
	if err != nil {
		return false, err
	}
	var fen int
	err = tx.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen), 0) FROM sales_months WHERE month BETWEEN {:from} AND {:to} AND (manager = {:m} OR owner = {:m})`).
		Bind(dbx.Params{"m": o.a.Subject(), "from": domain.Month(o.period.From), "to": domain.Month(o.period.To)}).Row(&fen)
	if err != nil {
		return false, fmt.Errorf("add up what a team sold: %w", err)
	}
	return incentive.Attained(fen, target, gateBP), nil
}
