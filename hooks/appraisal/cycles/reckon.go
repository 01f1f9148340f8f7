package cycles

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// reckoner is a cycle's scheme of a role, compiled.
func (s *Service) reckoner(cycle records.AppraisalCycleID, scheme appraisal.Scheme) (*appraisal.Reckoner, error) {
	key := string(cycle) + " " + scheme.Role
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.reckoners[key]; r != nil {
		return r, nil
	}
	r, err := appraisal.Compile(scheme)
	if err == nil {
		s.reckoners[key] = r
	}
	return r, err
}

// reckonAll makes the composite of everybody in a cycle, and tells its head.
func (s *Service) reckonAll(ctx context.Context, tx core.App, cycle records.AppraisalCycle, action string) error {
	rows, err := appraisalsOf(tx, cycle.ID())
	if err != nil {
		return err
	}
	for _, row := range rows {
		facts, err := s.facts(tx, cycle, row)
		if err != nil {
			return err
		}
		if err := take(row, appraisal.StepCompute); err != nil {
			return err
		}
		if err := s.reckon(ctx, tx, cycle, row, facts); err != nil {
			return fmt.Errorf("reckon the appraisal of %s: %w", row.Subject(), err)
		}
	}
	if err := step(cycle, action); err != nil {
		return err
	}
	if err := spread(tx, cycle); err != nil {
		return err
	}
	if err := save(ctx, tx, cycle); err != nil {
		return err
	}
	heads, err := s.headsOf(tx, cycle)
	if err != nil {
		return err
	}
	deadlines, err := deadlinesOf(cycle)
	if err != nil {
		return err
	}
	for _, head := range heads {
		if err := s.tell(ctx, tx, head, "appraisal_cycle.calibrate", linkTo(cycle), cycle, map[string]any{"due": deadlines.Calibration, "count": len(rows)}); err != nil {
			return err
		}
	}
	return nil
}

// facts gather all that is known of somebody when his superior has rated him.
func (s *Service) facts(tx core.App, cycle records.AppraisalCycle, row records.Appraisal) (f appraisal.Facts, err error) {
	t, err := records.Decode[tally](row.Metrics())
	if err != nil {
		return f, err
	}
	f = appraisal.Facts{Cycle: appraisal.Span{From: cycle.FromDay(), To: cycle.ToDay()}, Present: t.Present, Metrics: t.Metrics}
	forms, err := records.AppraisalRatings.All(tx, "appraisal = {:a} AND state = 'submitted'", params{"a": row.ID()}, "kind, rater")
	if err != nil {
		return f, err
	}
	for _, form := range forms {
		items, err := ratedItems(form)
		if err != nil {
			return f, err
		}
		rated := appraisal.FormOf(string(form.Rater()), form.Kind() == appraisal.RatingSuperior, form.Days(), items)
		if form.Kind() == appraisal.RatingSelf {
			f.Self = &rated
		} else {
			f.Superiors = append(f.Superiors, rated)
		}
	}
	if s.cfg.Customers != nil {
		if f.Answers, err = s.cfg.Customers(tx, cycle.ID(), row.Subject()); err != nil {
			return f, err
		}
		unnamed(f.Answers)
	}
	if f.PreviousCustomer, err = previousCustomer(tx, row); err != nil {
		return f, err
	}
	if cycle.Kind() == appraisal.CycleAnnual {
		f.Quarters, err = quarters(tx, row)
	}
	return f, err
}

// unnamed numbers accounts by what they answered: who keeps it cannot say which was which.
func unnamed(answers []appraisal.Answer) {
	said := map[string]string{}
	for _, a := range answers {
		said[a.Account] += fmt.Sprint(a.Tier, a.Marks)
	}
	var accounts []string
	for account := range said {
		accounts = append(accounts, account)
	}
	slices.SortFunc(accounts, func(a, b string) int {
		if said[a] != said[b] {
			if said[a] < said[b] {
				return -1
			}
			return 1
		}
		return 0
	})
	number := map[string]string{}
	for i, account := range accounts {
		number[account] = strconv.Itoa(i + 1)
	}
	for i := range answers {
		answers[i].Account = number[answers[i].Account]
	}
	slices.SortStableFunc(answers, func(a, b appraisal.Answer) int {
		x, y := fmt.Sprint(len(a.Account), a.Account, a.Marks), fmt.Sprint(len(b.Account), b.Account, b.Marks)
		if x < y {
			return -1
		}
		if x > y {
			return 1
		}
		return 0
	})
}

// previousCustomer is the customers' score of somebody's last cycle of the kind.
func previousCustomer(tx core.App, row records.Appraisal) (*decimal.Decimal, error) {
	before, found, err := records.Appraisals.First(tx, "subject = {:u} AND kind = {:k} AND period < {:p} AND state IN ('published', 'confirmed', 'noted', 'appealed', 'decided', 'locked')",
		params{"u": row.Subject(), "k": row.Kind(), "p": row.Period()}, "period DESC")
	if err != nil || !found {
		return nil, err
	}
	result, err := resultOf(before)
	return result.Customer, err
}

// quarters are the final scores of the year's quarters.
func quarters(tx core.App, row records.Appraisal) (out []appraisal.Quarter, err error) {
	for _, period := range appraisal.QuartersOf(row.Period()) {
		q, found, err := records.Appraisals.First(tx, "subject = {:u} AND kind = 'quarter' AND period = {:p} AND final_score <> '' AND published_at <> ''",
			params{"u": row.Subject(), "p": period}, "")
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		score, err := decimal.NewFromString(q.FinalScore())
		if err != nil {
			return nil, fmt.Errorf("read the score of %s: %w", q.ID(), err)
		}
		out = append(out, appraisal.Quarter{Period: period, Score: &score})
	}
	return out, nil
}

// resultOf is what was reckoned of an appraisal last.
func resultOf(row records.Appraisal) (appraisal.Result, error) {
	return records.Decode[appraisal.Result](row.Trace())
}

// factsOf are the facts that it was reckoned of.
func factsOf(row records.Appraisal) (appraisal.Facts, error) {
	return records.Decode[appraisal.Facts](row.Inputs())
}

// digest of what is kept.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// item is an indicator as forms show it.
type item struct {
	Item     string `json:"ind"`
	Weight   string `json:"w"`
	Score    string `json:"score"`
	NA       string `json:"na,omitzero"`
	Computed bool   `json:"computed"`
}

// reckon makes a result of facts and keeps it with both.
func (s *Service) reckon(ctx context.Context, tx core.App, cycle records.AppraisalCycle, row records.Appraisal, facts appraisal.Facts) error {
	schemes, err := snapshots(cycle)
	if err != nil {
		return err
	}
	snapshot, _ := appraisal.SnapshotOf(schemes, row.Role())
	reckoner, err := s.reckoner(cycle.ID(), snapshot.Scheme)
	if err != nil {
		return gate.WrapError(err)
	}
	result, err := reckoner.Evaluate(facts)
	if err != nil {
		return gate.WrapError(err)
	}
	if err := kept(row.SetInputs, facts); err != nil {
		return err
	}
	trace, err := text(result)
	if err != nil {
		return err
	}
	row.SetTrace(trace)
	row.SetTraceDigest(digest(trace))
	row.SetSelfTotal(shown(result.Self))
	row.SetSuperiorTotal(shown(result.Superior))
	row.SetCustomerTotal(shown(result.Customer))
	row.SetComposite(shown(result.Composite))
	row.SetDeductions(result.Deductions.String())
	row.SetInflated(result.NoteNeeded)
	row.SetGrade(result.Grade)
	row.SetFinalScore("")
	row.SetFinalHundredths(0)
	if result.Score != nil {
		row.SetFinalScore(result.Score.StringFixed(2))
		row.SetFinalHundredths(int(result.Score.Shift(2).IntPart()))
	}
	row.SetCalibration("")
	if facts.Calibration != nil {
		row.SetCalibration(facts.Calibration.Points.String())
	}
	if err := kept(row.SetForms, items(snapshot.Scheme, result)); err != nil {
		return err
	}
	if err := kept(row.SetWarnings, warnings(facts, result)); err != nil {
		return err
	}
	return save(ctx, tx, row)
}

func shown(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.StringFixed(2)
}

// items are the computed indicators as they came out.
func items(scheme appraisal.Scheme, result appraisal.Result) []item {
	out := []item{}
	for _, i := range scheme.Items {
		one := item{Item: i.Code, Weight: i.Weight.String(), Computed: i.Kind == appraisal.IndicatorComputed}
		for _, st := range result.Trace {
			if st.Key == "item."+i.Code {
				one.Score, one.NA = st.Value, st.NA
			}
		}
		out = append(out, one)
	}
	return out
}

// warnings are the codes of what somebody should know of a result.
func warnings(facts appraisal.Facts, result appraisal.Result) []string {
	out := []string{}
	if result.Why != "" {
		out = append(out, result.Why)
	}
	if facts.Self == nil {
		out = append(out, appraisal.WhyNoSelf)
	}
	for _, m := range facts.Metrics {
		if m.NA == WhyNoTarget && !slices.Contains(out, WhyNoTarget) {
			out = append(out, WhyNoTarget)
		}
	}
	if result.HoldBonus {
		out = append(out, "appraisal.bonus_held")
	}
	if result.NoteNeeded {
		out = append(out, "appraisal.note_needed")
	}
	return out
}

// spread counts the grades of a cycle against the guide of each of its schemes.
func spread(tx core.App, cycle records.AppraisalCycle) error {
	rows, err := appraisalsOf(tx, cycle.ID())
	if err != nil {
		return err
	}
	schemes, err := snapshots(cycle)
	if err != nil {
		return err
	}
	out := map[string][]appraisal.Share{}
	for _, snapshot := range schemes {
		var grades []string
		for _, row := range rows {
			if row.Role() == snapshot.Scheme.Role && row.Grade() != "" {
				grades = append(grades, row.Grade())
			}
		}
		if len(grades) > 0 {
			out[snapshot.Scheme.Role] = snapshot.Scheme.Spread(grades)
		}
	}
	return kept(cycle.SetGuide, out)
}
