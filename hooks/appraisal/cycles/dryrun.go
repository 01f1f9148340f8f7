package cycles

import (
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Change is what a draft makes of somebody's result in a cycle that is over.
type Change struct {
	Appraisal records.AppraisalID `json:"appraisal"`
	Subject   records.UserID      `json:"subject"`
	Name      string              `json:"name"`
	appraisal.Moved
	BeforeFen *int `json:"before_fen"` // null if nobody knows a base
	AfterFen  *int `json:"after_fen"`
}

// DryRun is a draft against a cycle that is over.
type DryRun struct {
	Cycle     records.AppraisalCycleID `json:"cycle"`
	Period    string                   `json:"period"`
	People    []Change                 `json:"people"` // who wins most first
	Better    int                      `json:"better"` // in grade
	Worse     int                      `json:"worse"`
	BeforeFen int                      `json:"before_fen"` // total cost, of those whose base is known
	AfterFen  int                      `json:"after_fen"`
	Unknown   int                      `json:"unknown"` // whose base nobody knows
}

// DryRun reckons everybody of a scheme's role in a cycle by another scheme, of the facts
// that were kept. Nothing is written.
func (s *Service) DryRun(app core.App, cycle records.AppraisalCycle, draft appraisal.Scheme) (out DryRun, err error) {
	out = DryRun{Cycle: cycle.ID(), Period: cycle.Period(), People: []Change{}}
	reckoner, err := appraisal.Compile(draft)
	if err != nil {
		return out, gate.WrapError(err)
	}
	rows, err := records.Appraisals.All(app, "cycle = {:c} AND role = {:r} AND trace_digest <> ''", params{"c": cycle.ID(), "r": draft.Role}, "subject")
	if err != nil {
		return out, err
	}
	for _, row := range rows {
		before, err := resultOf(row)
		if err != nil {
			return out, err
		}
		facts, err := factsOf(row)
		if err != nil {
			return out, err
		}
		// A calibration beyond the draft's bound goes as far as that lets it.
		if m := facts.Calibration; m != nil && m.Points.Abs().GreaterThan(draft.Calibration.Points) {
			bound := draft.Calibration.Points
			if m.Points.IsNegative() {
				bound = bound.Neg()
			}
			facts.Calibration = &appraisal.Move{Points: bound, Reason: m.Reason}
		}
		after, err := reckoner.Evaluate(facts)
		if err != nil {
			return out, gate.WrapError(err)
		}
		subject, err := records.Users.Require(app, row.Subject())
		if err != nil {
			return out, err
		}
		change := Change{Appraisal: row.ID(), Subject: row.Subject(), Name: subject.Name(), Moved: appraisal.Compare(draft, before, after)}
		if err := s.price(app, row, before, after, &change); err != nil {
			return out, err
		}
		out.add(change)
	}
	slices.SortStableFunc(out.People, func(a, b Change) int {
		switch {
		case a.Change == nil && b.Change == nil:
			return 0
		case a.Change == nil:
			return 1
		case b.Change == nil:
			return -1
		}
		return b.Change.Cmp(*a.Change)
	})
	return out, nil
}

// price says what both results are worth.
func (s *Service) price(app core.App, row records.Appraisal, before, after appraisal.Result, change *Change) error {
	if s.cfg.Money == nil {
		return nil
	}
	was, known, err := s.cfg.Money(app, row, before)
	if err != nil || !known {
		return err
	}
	is, known, err := s.cfg.Money(app, row, after)
	if err != nil || !known {
		return err
	}
	change.BeforeFen, change.AfterFen = &was, &is
	return nil
}

func (d *DryRun) add(c Change) {
	d.People = append(d.People, c)
	if c.Better {
		d.Better++
	}
	if c.Worse {
		d.Worse++
	}
	if c.BeforeFen == nil || c.AfterFen == nil {
		d.Unknown++
		return
	}
	d.BeforeFen += *c.BeforeFen
	d.AfterFen += *c.AfterFen
}

// answerDryRun is GET /api/ka/appraisal_cycles/{id}/dry_run?scheme=: for who publishes the
// cycle, once it is reckoned; himself is left out of it.
func (s *Service) answerDryRun(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.AppraisalCycleTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	cycle := records.AppraisalCycles.Of(record)
	ctx := gate.With(e.Request.Context(), gate.ActorOf(e))
	by, err := cycleParties(ctx, e.App, cycle)
	if err != nil {
		return err
	}
	if !slices.Contains(by, domain.PartyHead) {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: appraisal.CycleNotHead}, nil)
	}
	draft, found, err := s.cfg.Draft(e.App, e.Request.URL.Query().Get("scheme"))
	if err != nil {
		return err
	}
	if !found {
		return gate.Refuse("appraisal_cycle.scheme_unknown")
	}
	if faults := appraisal.Check(draft.Scheme); len(faults) > 0 {
		return gate.Wrap(faults[0].Problem, nil)
	}
	run, err := s.DryRun(e.App, cycle, draft.Scheme)
	if err != nil {
		return err
	}
	self := DryRun{Cycle: run.Cycle, Period: run.Period, People: []Change{}}
	for _, c := range run.People {
		if string(c.Subject) != e.Auth.Id {
			self.add(c)
		}
	}
	return e.JSON(http.StatusOK, self)
}

// Try is what must go well before a scheme is published: its dry run on the last cycle
// that is over. Where there is none it tries nothing.
func (s *Service) Try(app core.App, scheme records.AppraisalScheme) error {
	cycle, found, err := records.AppraisalCycles.First(app, "state IN ('locked', 'archived') AND kind = {:k} AND ({:d} = '' OR dept = {:d})",
		params{"k": scheme.CycleKind(), "d": scheme.Dept()}, "period DESC, dept")
	if err != nil || !found {
		return err
	}
	draft, err := records.Decode[appraisal.Scheme](scheme.Content())
	if err != nil {
		return err
	}
	_, err = s.DryRun(app, cycle, draft)
	return err
}
