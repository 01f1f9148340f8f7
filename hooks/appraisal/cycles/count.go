package cycles

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/appraisal"
	"satchel/domain/formula"
	"satchel/domain/people"
	"satchel/records"
)

// tally is what was counted of somebody at cut-off.
type tally struct {
	Present []appraisal.Span       `json:"present"`
	Metrics []appraisal.MetricFact `json:"metrics,omitempty"`
}

// source is how a metric is counted of a figure.
type source struct {
	figure string
	of     measure
	unit   int64 // the metric's value is the figure's over it
}

type measure int

// What of a figure a metric takes.
const (
	num measure = iota
	den
	share // num over den
)

// sources of the metrics; several are added up.
var sources = map[string][]source{
	"amount":              {{"amount", num, 100}},
	"amount_target":       {{"attain_amount", den, 100}},
	"volume":              {{"volume", num, 1000}},
	"volume_target":       {{"attain_volume", den, 1000}},
	"profit":              {{"profit", num, 100}},
	"profit_target":       {{"attain_profit", den, 100}},
	"months_hit":          {{"months_hit", num, 1}},
	"months":              {{"months_hit", den, 1}},
	"csat":                {{"satisfaction", share, 1}},
	"repeat_accounts":     {{"retention", num, 1}},
	"active_accounts":     {{"retention", den, 1}},
	"new_accounts":        {{"new_accounts", num, 1}},
	"new_accounts_target": {{"attain_new_accounts", den, 1}},
	"coverage":            {{"coverage", share, 1}},
	"late_reports":        {{"late_records", share, 1}},
	"confirmed_fraud":     {{"visits_voided", num, 1}, {"false_expenses", num, 1}},
	"major_complaints":    {{"major_complaints", num, 1}},
	"overdue_approvals":   {{"overdue_approvals", share, 1}},
	"letter_unsigned":     {{"letters_unsigned", num, 1}},
	"penalty_points":      {{"deductions", num, 1}},
	"collected_ratio":     {{"collected_ratio", share, 1}},
	"plan_completion":     {{"plan_completion", share, 1}},
	"otif":                {{"otif", share, 1}},
	"expense_ratio":       {{"expense_ratio", share, 1}},
	"training_score":      {{"training_score", share, 100}},
	"audit_score":         {{"audit_score", share, 100}},
	"support_answered":    {{"support_answered", share, 1}},
	"feedback":            {{"feedback", num, 1}},
	"joint_visits":        {{"joint_visits", num, 1}},
	"intel":               {{"intel", num, 1}},
	"intel_accepted":      {{"intel_accepted", num, 1}},
	"conversion":          {{"conversion", share, 1}},
	"reply_on_time":       {{"reply_on_time", share, 1}},
}

// ofHisOwn are figures of what somebody does or owes himself, whoever he leads.
var ofHisOwn = []string{"overdue_approvals", "letters_unsigned", "deductions", "false_expenses", "joint_visits", "training_score", "support_answered"}

// question is what is asked of a figure about somebody.
type question struct {
	figure string
	by     analysis.Dimension
	id     string
	period domain.Period
}

func (q question) String() string {
	return fmt.Sprintf("%s?%s=%s&from=%s&to=%s", q.figure, q.by, q.id, q.period.From, q.period.To)
}

// readQuestions reads what Records.Query says.
func readQuestions(text string) (out []question, err error) {
	for one := range strings.SplitSeq(text, ";") {
		var q question
		figure, rest, found := strings.Cut(one, "?")
		parts := strings.Split(rest, "&")
		if !found || len(parts) != 3 {
			return nil, fmt.Errorf("%q asks nothing", one)
		}
		by, id, _ := strings.Cut(parts[0], "=")
		q.figure, q.by, q.id = figure, analysis.Dimension(by), id
		q.period = domain.Period{From: strings.TrimPrefix(parts[1], "from="), To: strings.TrimPrefix(parts[2], "to=")}
		out = append(out, q)
	}
	return out, nil
}

// found is what answered a question.
type found struct {
	analysis.Part
	count  int
	digest hash.Hash
}

// answers are what was found, by question; asked once each.
type answers map[question]*found

// questions are those of a metric's source about somebody who had a role on some days: a
// manager's figures are those of the people whom he led then, and his own.
func questions(src source, user records.UserID, role string, dept records.DepartmentID, spans []appraisal.Span) (out []question) {
	for _, span := range spans {
		p := domain.Period{From: span.From, To: span.To}
		switch {
		case role == people.RoleRep || slices.Contains(ofHisOwn, src.figure):
			out = append(out, question{src.figure, analysis.Person, string(user), p})
		case role == people.RoleDeptManager:
			out = append(out, question{src.figure, analysis.Department, string(dept), p})
		default:
			out = append(out, question{src.figure, analysis.Team, string(user), p})
			if !strings.HasPrefix(src.figure, "attain_") && src.figure != "months_hit" && src.figure != "retention" {
				out = append(out, question{src.figure, analysis.Person, string(user), p})
			}
		}
	}
	return out
}

// spansOf are the days for which a metric is counted: targets for all of the cycle, what
// stands at an end for the last days, the rest for those of presence.
func spansOf(m appraisal.Metric, present []appraisal.Span, cycle appraisal.Span) []appraisal.Span {
	switch {
	case m.Target || m.Figure == "months_hit":
		return []appraisal.Span{cycle}
	case m.Join == appraisal.JoinLast && len(present) > 0:
		return []appraisal.Span{{From: cycle.From, To: cycle.To}}
	}
	return present
}

// absent are the months of a cycle in which somebody was on no day.
func absent(present []appraisal.Span, cycle appraisal.Span) (out []appraisal.Span) {
	for m := domain.Month(cycle.From); m <= domain.Month(cycle.To); m = domain.NextMonth(m) {
		month := appraisal.Span{From: m + "-01", To: domain.AddDays(domain.NextMonth(m)+"-01", -1)}
		if len(appraisal.Presence(present, month)) == 0 {
			out = append(out, month)
		}
	}
	return out
}

// count asks each question of everybody at once: one pass over the records of a figure.
func (s *Service) count(ctx context.Context, app core.App, all []question) (answers, error) {
	type pass struct {
		figure string
		by     analysis.Dimension
		period domain.Period
	}
	ids := map[pass][]string{}
	out := answers{}
	for _, q := range all {
		if out[q] != nil {
			continue
		}
		out[q] = &found{digest: sha256.New()}
		p := pass{q.figure, q.by, q.period}
		ids[p] = append(ids[p], q.id)
	}
	for p, only := range ids {
		err := s.cfg.Figures.Each(ctx, app, p.figure, p.period, p.by, only, func(line analysis.Line) {
			f := out[question{p.figure, p.by, line.Whose, p.period}]
			if f == nil {
				return
			}
			f.Num += line.Num
			f.Den += line.Den
			f.count++
			_, _ = fmt.Fprintf(f.digest, "%s %d %d\n", line.Ref, line.Num, line.Den) // a hash takes all
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// metrics are all metrics of somebody, out of what was found.
func metrics(d due, cycle appraisal.Span, ask func(question) *found) (out []appraisal.MetricFact) {
	for _, m := range appraisal.Metrics {
		fact := appraisal.MetricFact{Key: m.Key}
		spans := spansOf(m, d.present, cycle)
		value, known := decimal.Zero, true
		var record *appraisal.Records
		var asked []string
		digest := sha256.New()
		for _, src := range sources[m.Key] {
			var part analysis.Part
			for _, q := range questions(src, d.user, d.role, d.dept, spans) {
				f := ask(q)
				asked = append(asked, q.String())
				part.Num += f.Num
				part.Den += f.Den
				if record == nil {
					record = &appraisal.Records{}
				}
				record.Count += f.count
				_, _ = fmt.Fprintf(digest, "%s %x\n", q, f.digest.Sum(nil))
			}
			v, is := src.value(part)
			known = known && is
			value = value.Add(v)
		}
		if record != nil {
			record.Query, record.Sum, record.Digest = strings.Join(asked, ";"), "", hex.EncodeToString(digest.Sum(nil))
		}
		fact.Records = record
		if months := absent(d.present, cycle); m.Target && len(months) > 0 { // a target that was given for his months alone is whole
			before := int64(0)
			for _, q := range questions(sources[m.Key][0], d.user, d.role, d.dept, months) {
				before += ask(q).Den
			}
			fact.Whole = before == 0
		}
		switch {
		case m.Target && known && !value.IsPositive():
			fact.NA = WhyNoTarget
		case known && record != nil:
			fact.Value = &value
			record.Sum = value.String()
		default:
			fact.NA = appraisal.WhyNoFact
		}
		out = append(out, fact)
	}
	return out
}

// WhyNoTarget is the reason of an indicator without a target: the catalogue has its words.
const WhyNoTarget = "appraisal.na_no_target"

// value is what a part comes to in the metric's unit; what is over nothing is not known.
func (src source) value(p analysis.Part) (decimal.Decimal, bool) {
	unit := decimal.NewFromInt(src.unit)
	switch src.of { //nolint:exhaustive // a share is what is left
	case num:
		return formula.Divide(decimal.NewFromInt(p.Num), unit), true
	case den:
		return formula.Divide(decimal.NewFromInt(p.Den), unit), true
	}
	if p.Den <= 0 {
		return decimal.Zero, false
	}
	return formula.Divide(decimal.NewFromInt(p.Num), decimal.NewFromInt(p.Den).Mul(unit)), true
}

// countAll counts everybody of a cycle, with what was asked of each.
func (s *Service) countAll(ctx context.Context, app core.App, cycle appraisal.Span, of []due) (map[records.UserID][]appraisal.MetricFact, error) {
	var all []question
	for _, d := range of {
		for _, m := range appraisal.Metrics {
			for _, src := range sources[m.Key] {
				all = append(all, questions(src, d.user, d.role, d.dept, spansOf(m, d.present, cycle))...)
				if m.Target {
					all = append(all, questions(src, d.user, d.role, d.dept, absent(d.present, cycle))...)
				}
			}
		}
	}
	got, err := s.count(ctx, app, all)
	if err != nil {
		return nil, err
	}
	out := map[records.UserID][]appraisal.MetricFact{}
	for _, d := range of {
		out[d.user] = metrics(d, cycle, func(q question) *found { return got[q] })
	}
	return out, nil
}

// dueOf is whom an appraisal is of, as it was opened.
func dueOf(row records.Appraisal) (due, error) {
	t, err := records.Decode[tally](row.Metrics())
	return due{row.Subject(), held{row.Role(), row.Dept(), t.Present}}, err
}

// hintsOf are the facts beside the rated items, as far as they were counted.
func hintsOf(of records.Appraisal, scheme appraisal.Scheme) ([]appraisal.Hint, error) {
	t, err := records.Decode[tally](of.Metrics())
	if err != nil {
		return nil, err
	}
	out, seen := []appraisal.Hint{}, map[string]bool{}
	for _, q := range scheme.Questions() {
		for _, key := range q.Hints {
			m, known := appraisal.FindMetric(key)
			if !known || seen[key] {
				continue
			}
			seen[key] = true
			hint := appraisal.Hint{Metric: key, Name: m.Name}
			for _, fact := range t.Metrics {
				if fact.Key == key && fact.Value != nil {
					hint.Value = fact.Value.Round(4).String()
				}
			}
			out = append(out, hint)
		}
	}
	return out, nil
}
