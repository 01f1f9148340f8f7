package incentives

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/incentive"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// collaboration is the item by which somebody is honoured for it.
const collaboration = "T1"

// worth is what an appraisal says beside its grade.
type worth struct {
	coefBP, holdBP int  // of the bonus, by the cycle's own scheme
	gated          bool // a gate capped the grade
	unsigned       bool // no target letter was signed at cut-off
	collaboration  *decimal.Decimal
}

// worthOf reads what an appraisal says, by the scheme that its cycle keeps.
func worthOf(cycle records.AppraisalCycle, a records.Appraisal) (out worth, err error) {
	var schemes []appraisal.Snapshot
	if err := read(cycle.Schemes(), &schemes); err != nil {
		return out, err
	}
	snapshot, _ := appraisal.SnapshotOf(schemes, a.Role())
	out.holdBP = snapshot.Scheme.Bonus.HoldBP
	for _, c := range snapshot.Scheme.Bonus.Coefficients {
		if c.Grade == a.Grade() {
			out.coefBP = bpOf(c.Value)
		}
	}
	var warned []string
	if err := read(a.Warnings(), &warned); err != nil {
		return out, err
	}
	out.unsigned = slices.Contains(warned, "appraisal.bonus_held")
	var trace struct {
		Trace appraisal.Trace `json:"trace"`
	}
	if err := read(a.Trace(), &trace); err != nil {
		return out, err
	}
	for _, step := range trace.Trace {
		code, isGate := strings.CutPrefix(step.Key, "gate.")
		out.gated = out.gated || isGate && step.Value == "true" && slices.ContainsFunc(snapshot.Scheme.Gates, func(g appraisal.Gate) bool { return g.Code == code && g.MaxGrade != "" })
		if step.Key == "superior."+collaboration {
			if rated, err := decimal.NewFromString(step.Value); err == nil {
				out.collaboration = &rated
			}
		}
	}
	return out, nil
}

// read reads JSON that a row keeps; nothing is nothing.
func read(raw []byte, into any) error {
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read what an appraisal says: %w", err)
	}
	return nil
}

// bpOf is a factor in basis points.
func bpOf(d decimal.Decimal) int { return int(d.Shift(4).IntPart()) }

// Money is the bonus that a result of an appraisal's cycle is worth; not known without a
// base.
func (s *Service) Money(app core.App, of records.Appraisal, result appraisal.Result) (fen int, known bool, err error) {
	if result.Coefficient == nil {
		return 0, false, nil
	}
	cycle, err := records.AppraisalCycles.Require(app, of.Cycle())
	if err != nil {
		return 0, false, err
	}
	bases, err := s.Bases(app, of.Subject())
	if err != nil {
		return 0, false, err
	}
	period := domain.Period{From: cycle.FromDay(), To: cycle.ToDay()}
	factor, err := gate.SettingsOn(app, period.To).IncentiveCompanyFactorBp()
	if err != nil {
		return 0, false, err
	}
	b := incentive.Bonus{Stretches: incentive.Stretches(period, bases), CycleDays: incentive.Days(period), CoefBP: bpOf(*result.Coefficient), FactorBP: factor}
	fen, _, _ = b.Reckon()
	return fen, len(b.Stretches) > 0, nil
}
