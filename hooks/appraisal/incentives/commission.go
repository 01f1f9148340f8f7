package incentives

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/incentive"
	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// lines are what holds of every line: the area alone writes them.
func lines() kit.Collection {
	return kit.Collection{Name: records.CommissionLineTable, Rules: serverAlone(records.CommissionLineTable, "commissionLines")}
}

// draft finds what is reckoned anew of a kind, or begins the next version; old is false
// for a row that is not stored yet.
func (s *Service) draft(tx core.App, o one, kind string) (row records.IncentiveResult, old bool, versions int, err error) {
	rows, err := records.IncentiveResults.All(tx, "cycle = {:c} AND person = {:p} AND kind = {:k}",
		dbx.Params{"c": o.cycle.ID(), "p": o.a.Subject(), "k": kind}, "version")
	if err != nil {
		return row, false, 0, err
	}
	if n := len(rows); n > 0 && rows[n-1].State() == incentive.ResultDraft {
		return rows[n-1], true, n - 1, nil
	}
	if row, err = s.blank(tx, o, kind, len(rows)+1); err == nil && len(rows) > 0 {
		row.SetCorrects(rows[len(rows)-1].ID())
	}
	return row, false, len(rows), err
}

// paper is a statement of commission that is being made.
type paper struct {
	one

	row     records.IncentiveResult
	first   bool // no version of it stands
	content incentive.Content
	fresh   []records.CommissionLine
	upTo    string // the day up to which what came back is out
	heads   map[string]records.CommissionLine
	totals  map[string]int // by head
}

// commission reckons what somebody earned in a quarter, what returns take of earlier
// ones, and what receipts let pay of all of them.
func (s *Service) commission(ctx context.Context, tx core.App, o one) error {
	if o.a.Role() != people.RoleRep {
		return nil
	}
	p := &paper{one: o, upTo: o.period.To}
	row, old, before, err := s.draft(tx, o, incentive.KindCommission)
	if err != nil {
		return err
	}
	p.row, p.first = row, before == 0
	var last string
	err = tx.DB().NewQuery(`SELECT COALESCE(MAX(c.to_day), '') FROM incentive_results r JOIN appraisal_cycles c ON c.id = r.cycle WHERE r.person = {:p} AND r.kind = 'commission' AND r.id <> {:id}`).
		Bind(dbx.Params{"p": o.a.Subject(), "id": row.ID()}).Row(&last)
	if err != nil {
		return fmt.Errorf("find the last statement: %w", err)
	}
	if old {
		content, err := row.Content()
		if err != nil {
			return err
		}
		p.content.Parts = content.Parts // what the draft pays is added to
	}
	p.upTo = max(p.upTo, last)
	planned, err := s.earned(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := s.clawedBack(ctx, tx, p); err != nil {
		return err
	}
	if err := p.read(tx); err != nil {
		return err
	}
	if err := s.paid(ctx, tx, p); err != nil {
		return err
	}
	if !old && len(p.fresh) == 0 && len(p.content.Parts) == 0 && (!p.first || !planned) {
		return nil
	}
	return s.close(ctx, tx, p)
}

// earned books what the cycle's own period earns; planned is false without a plan.
func (s *Service) earned(ctx context.Context, tx core.App, p *paper) (planned bool, err error) {
	plan, rules, known, low, err := basis(tx, p)
	if err != nil {
		return false, err
	}
	if !known {
		p.row.SetReason(incentive.NoPlan)
		return false, nil
	}
	target, err := targetOf(tx, p.a.Subject(), sales.TargetOfRep, p.one)
	if err != nil {
		return false, err
	}
	of, err := soldIn(tx, p.a.Subject(), p.period, p.upTo, rules.FloorBP, low)
	if err != nil {
		return false, err
	}
	got := rules.Reckon(target, p.a.Grade(), of.sales)
	p.row.SetReason(got.Reason)
	p.row.SetPlan(plan)
	p.content.Plan, p.content.Target, p.content.SoldFen, p.content.Counted = &rules, target.String(), of.fen(), got.Counted.String()
	p.content.Tiers = got.Shown()
	p.row.SetGuarded(of.low)
	kind := incentive.LineSale
	if !p.first {
		kind = incentive.LineRegrade
	}
	return true, s.book(ctx, tx, p, p.cycle.Period(), p.period, of, rules, got.Lines, func(string) string { return kind })
}

// basis is by what a period is reckoned: what its last statement says, or the department's
// plan. Low lines are known of what was reckoned before.
func basis(tx core.App, p *paper) (plan records.CommissionPlanID, rules incentive.Plan, known bool, low []string, err error) {
	before, found, err := lastOf(tx, p.a.Subject(), p.cycle.ID(), p.row.ID())
	if err != nil {
		return plan, rules, false, nil, err
	}
	if found {
		content, err := before.Content()
		if err != nil {
			return plan, rules, false, nil, err
		}
		if content.Plan != nil {
			low, err := guarded(before)
			return before.Plan(), *content.Plan, true, low, err
		}
	}
	row, rules, found, err := planOf(tx, p.a.Dept(), p.period)
	if err != nil || !found {
		return plan, rules, false, nil, err
	}
	return row.ID(), rules, true, nil, nil
}

// guarded are the lines that a statement guards; never nil.
func guarded(row records.IncentiveResult) ([]string, error) {
	low, err := row.Guarded()
	return append([]string{}, low...), err
}

// lastOf is the last statement of somebody's of a cycle that is another than a row.
func lastOf(tx core.App, person records.UserID, cycle records.AppraisalCycleID, but records.IncentiveResultID) (records.IncentiveResult, bool, error) {
	return records.IncentiveResults.First(tx, "cycle = {:c} AND person = {:p} AND kind = 'commission' AND plan <> '' AND id <> {:id}",
		dbx.Params{"c": cycle, "p": person, "id": but}, "version DESC")
}

// clawedBack books what returns of the period take of what was sold in earlier ones.
func (s *Service) clawedBack(ctx context.Context, tx core.App, p *paper) error {
	var earlier []struct {
		ID string `db:"id"`
	}
	err := tx.DB().NewQuery(`SELECT DISTINCT c.id FROM sales_facts b JOIN sales_facts d ON d.line = b.line AND d.kind = 'delivery' AND d.day < {:from}
			JOIN incentive_results r ON r.person = b.owner AND r.kind = 'commission' JOIN appraisal_cycles c ON c.id = r.cycle AND d.day BETWEEN c.from_day AND c.to_day
		WHERE b.owner = {:p} AND b.kind = 'return' AND b.day BETWEEN {:from} AND {:to} ORDER BY c.from_day, c.id`).
		Bind(dbx.Params{"p": p.a.Subject(), "from": p.period.From, "to": p.period.To}).All(&earlier)
	if err != nil {
		return fmt.Errorf("find what came back of earlier sales: %w", err)
	}
	for _, e := range earlier {
		cycle, err := records.AppraisalCycles.Require(tx, records.AppraisalCycleID(e.ID))
		if err != nil {
			return err
		}
		before, found, err := lastOf(tx, p.a.Subject(), cycle.ID(), p.row.ID())
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		content, err := before.Content()
		if err != nil || content.Plan == nil {
			return err
		}
		target, err := decimal.NewFromString(content.Target)
		if err != nil {
			return fmt.Errorf("read the target of a statement: %w", err)
		}
		period := domain.Period{From: cycle.FromDay(), To: cycle.ToDay()}
		low, err := guarded(before)
		if err != nil {
			return err
		}
		of, err := soldIn(tx, p.a.Subject(), period, p.upTo, content.Plan.FloorBP, low)
		if err != nil {
			return err
		}
		kind := func(order string) string {
			if of.back[order] {
				return incentive.LineReturn
			}
			return incentive.LineShift
		}
		if err := s.book(ctx, tx, p, cycle.Period(), period, of, *content.Plan, content.Plan.Reckon(target, before.Grade(), of.sales).Lines, kind); err != nil {
			return err
		}
	}
	return nil
}

// book writes by how much the lines of a period are others than those that were booked.
func (s *Service) book(ctx context.Context, tx core.App, p *paper, period string, days domain.Period, of sold, rules incentive.Plan, want []incentive.Line, kind func(order string) string) error {
	rows, err := records.CommissionLines.All(tx, "person = {:p} AND sold = {:s}", dbx.Params{"p": p.a.Subject(), "s": period}, "created, id")
	if err != nil {
		return err
	}
	var booked []incentive.Line
	heads, drafted := map[string]records.CommissionLineID{}, map[string]records.CommissionLine{}
	at := func(order string, from int) string { return fmt.Sprint(order, " ", from) }
	for _, r := range rows {
		booked = append(booked, incentive.Line{Order: string(r.Order()), FromBP: r.FromBp(), RateBP: r.RateBp(), Fen: r.AmountFen()})
		if r.Refers() == "" {
			heads[at(string(r.Order()), r.FromBp())] = r.ID()
		}
		if r.Result() == p.row.ID() {
			drafted[at(string(r.Order()), r.FromBp())] = r
		}
	}
	differences := incentive.Differences(booked, want)
	if len(differences) > 0 && p.row.IsNew() {
		if err := tx.SaveWithContext(ctx, p.row.Raw()); err != nil {
			return fmt.Errorf("begin a statement: %w", err)
		}
	}
	for _, d := range differences {
		if line, found := drafted[at(d.Order, d.FromBP)]; found { // of a draft, which is reckoned anew
			line.SetAmountFen(line.AmountFen() + d.Fen)
			if err := gate.SaveChanged(ctx, tx, line.Raw()); err != nil {
				return err
			}
			p.fresh = append(p.fresh, line)
			continue
		}
		line, err := records.CommissionLines.New(tx)
		if err != nil {
			return err
		}
		line.SetPerson(p.a.Subject())
		line.SetManager(records.UserID(cmp.Or(of.manager[d.Order], string(p.person.Manager()))))
		line.SetDept(p.a.Dept())
		line.SetCycle(p.cycle.ID())
		line.SetPeriod(p.cycle.Period())
		line.SetResult(p.row.ID())
		line.SetSold(period)
		line.SetKind(records.CommissionLineKind(kind(d.Order)))
		line.SetOrder(records.OrderID(d.Order))
		line.SetFromBp(d.FromBP)
		line.SetRateBp(d.RateBP)
		line.SetAmountFen(d.Fen)
		line.SetRefers(heads[at(d.Order, d.FromBP)])
		if line.Refers() == "" {
			line.SetHeldTill(incentive.HeldTill(days, rules.HoldDays))
		}
		if err := tx.SaveWithContext(ctx, line.Raw()); err != nil {
			return fmt.Errorf("book a line of commission: %w", err)
		}
		p.fresh = append(p.fresh, line)
	}
	return nil
}

// read finds the positions that may come to pay: those of which something is held, and
// those that the statement changes.
func (p *paper) read(tx core.App) error {
	rows, err := records.CommissionLines.All(tx, `person = {:p} AND (refers = '' AND (held_fen <> 0 OR lapsed_fen <> 0 OR payable_fen <> paid_fen) OR result = {:r} OR id IN (SELECT refers FROM commission_lines WHERE result = {:r}))`,
		dbx.Params{"p": p.a.Subject(), "r": p.row.ID()}, "sold, id")
	if err != nil {
		return err
	}
	p.heads, p.totals = map[string]records.CommissionLine{}, map[string]int{}
	for _, r := range rows {
		if r.Refers() == "" {
			p.heads[string(r.ID())] = r
		}
	}
	var sums []struct {
		Head string `db:"head"`
		Fen  int    `db:"fen"`
	}
	err = tx.DB().NewQuery(`SELECT CASE WHEN refers = '' THEN id ELSE refers END AS head, SUM(amount_fen) AS fen FROM commission_lines WHERE person = {:p} GROUP BY 1`).
		Bind(dbx.Params{"p": p.a.Subject()}).All(&sums)
	if err != nil {
		return fmt.Errorf("add up lines of commission: %w", err)
	}
	for _, sum := range sums {
		p.totals[sum.Head] = sum.Fen
	}
	return nil
}

// paid brings each position to what receipts let pay of it.
func (s *Service) paid(ctx context.Context, tx core.App, p *paper) error {
	byTill := map[string][]records.CommissionLine{}
	for _, line := range p.heads {
		byTill[line.HeldTill()] = append(byTill[line.HeldTill()], line)
	}
	late := p.content.Plan != nil && p.content.Plan.PayLate
	for till, heads := range byTill {
		var orders []string
		for _, line := range heads {
			orders = append(orders, string(line.Order()))
		}
		slices.Sort(orders)
		now, then, err := collected(tx, slices.Compact(orders), till)
		if err != nil {
			return err
		}
		for _, line := range heads {
			order := string(line.Order())
			position := incentive.Position{Fen: p.totals[string(line.ID())], Paid: line.PaidFen(), Till: till}
			got := position.Settle(p.asOf, now[order], then[order], late)
			if s.Planted == syncer.PlantPaidUncollected {
				got = incentive.Settled{Payable: position.Fen}
			}
			if fen := got.Due(line.PaidFen()); fen != 0 {
				p.pay(line, fen)
			}
			line.SetCollectedBp(now[order].BP())
			line.SetPayableFen(got.Payable)
			line.SetHeldFen(got.Held)
			line.SetLapsedFen(got.Lapsed)
			line.SetPaidFen(got.Payable)
			if err := gate.SaveChanged(ctx, tx, line.Raw()); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(p.content.Parts, func(a, b incentive.Paid) int { return cmp.Or(cmp.Compare(a.Sold, b.Sold), cmp.Compare(a.Line, b.Line)) })
	return nil
}

// pay adds to what the statement pays of a position.
func (p *paper) pay(line records.CommissionLine, fen int) {
	i := slices.IndexFunc(p.content.Parts, func(part incentive.Paid) bool { return part.Line == string(line.ID()) })
	if i < 0 {
		p.content.Parts = append(p.content.Parts, incentive.Paid{Line: string(line.ID()), Sold: line.Sold(), Fen: fen})
		return
	}
	if p.content.Parts[i].Fen += fen; p.content.Parts[i].Fen == 0 {
		p.content.Parts = slices.Delete(p.content.Parts, i, i+1)
	}
}

// close writes the sums of a statement.
func (s *Service) close(ctx context.Context, tx core.App, p *paper) error {
	amount, due := 0, 0
	err := tx.DB().NewQuery("SELECT COALESCE(SUM(amount_fen), 0) FROM commission_lines WHERE result = {:r}").Bind(dbx.Params{"r": p.row.ID()}).Row(&amount)
	if err != nil {
		return fmt.Errorf("add up a statement: %w", err)
	}
	for _, part := range p.content.Parts {
		due += part.Fen
	}
	held, lapsed := 0, 0
	for _, line := range p.heads {
		held += line.HeldFen()
		lapsed += line.LapsedFen()
	}
	p.content.AsOf = p.asOf
	p.row.SetGrade(p.a.Grade())
	p.row.SetDays(p.a.Days())
	p.row.SetCycleDays(p.a.CycleDays())
	p.row.SetAmountFen(amount)
	p.row.SetHeldFen(held)
	p.row.SetLapsedFen(lapsed)
	p.row.SetContent(p.content)
	return s.balanced(ctx, tx, p.one, p.row, due)
}
