package cycles

import (
	"encoding/json/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// traced is a result as somebody reads how it came about.
type traced struct {
	ID         records.AppraisalID `json:"id"`
	Period     string              `json:"period"`
	Subject    records.UserID      `json:"subject"`
	Name       string              `json:"name"`
	State      string              `json:"state"`
	Scheme     string              `json:"scheme"`
	Version    int                 `json:"version"`
	Days       int                 `json:"days"`
	CycleDays  int                 `json:"cycle_days"`
	CutoffAt   string              `json:"cutoff_at"`
	Score      string              `json:"score"`
	Grade      string              `json:"grade"`
	Why        *worded              `json:"why"`
	Steps      []stepShown         `json:"steps"`
	Digest     string              `json:"digest"`
	Recomputed string              `json:"recomputed"` // the digest of the same, reckoned again now
}

// worded is a reason with its words.
type worded struct {
	Code string `json:"code"`
	domain.Texts
}

func saidOf(code string) *worded {
	if code == "" {
		return nil
	}
	p := domain.Problem{Code: code}
	return &worded{code, domain.Texts{ZH: p.Text("zh"), EN: p.Text("en")}}
}

// stepShown is a step as its reader may know it.
type stepShown struct {
	appraisal.Step
	Hidden bool   `json:"hidden,omitzero"` // its value is not the reader's to know
	Why    *worded `json:"why,omitzero"`    // in words, if there is no value
}

// answerTrace is GET /api/ka/appraisals/{id}/trace: every step from the final grade down,
// as far as who reads may know it. appraisal.not_reckoned before there is a result.
func (s *Service) answerTrace(e *core.RequestEvent) error {
	row, reader, err := s.shown(e)
	if err != nil {
		return err
	}
	result, err := resultOf(row)
	if err != nil {
		return err
	}
	if row.TraceDigest() == "" {
		return gate.Refuse("appraisal.not_reckoned")
	}
	again, err := s.recompute(e.App, row)
	if err != nil {
		return err
	}
	subject, err := records.Users.Require(e.App, row.Subject())
	if err != nil {
		return err
	}
	snapshot, cycle, err := schemeOf(e.App, row)
	if err != nil {
		return err
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, traced{
		ID: row.ID(), Period: row.Period(), Subject: row.Subject(), Name: subject.Name(), State: string(row.State()), Scheme: snapshot.Scheme.Name, Version: snapshot.Version,
		Days: row.Days(), CycleDays: row.CycleDays(), CutoffAt: domain.BusinessTime(cycle.CutoffAt()), Score: row.FinalScore(), Grade: row.Grade(),
		Why: saidOf(result.Why), Steps: s.steps(result.Trace, string(reader.Role())), Digest: row.TraceDigest(), Recomputed: digest(again),
	})
}

// shown is the appraisal of a request that has been reckoned, as its reader may see it.
func (s *Service) shown(e *core.RequestEvent) (row records.Appraisal, reader records.User, err error) {
	record, err := gate.Shown(e, records.AppraisalTable, e.Request.PathValue("id"))
	if err != nil {
		return row, reader, err
	}
	return records.Appraisals.Of(record), records.Users.Of(e.Auth), nil
}

// recompute reckons a result again of what is kept: of the same facts by the same scheme.
func (s *Service) recompute(app core.App, row records.Appraisal) (string, error) {
	snapshot, _, err := schemeOf(app, row)
	if err != nil {
		return "", err
	}
	facts, err := factsOf(row)
	if err != nil {
		return "", err
	}
	result, err := appraisal.Evaluate(snapshot.Scheme, facts)
	if err != nil {
		return "", gate.WrapError(err)
	}
	return text(result)
}

// steps leave out what a reader may not know: what goods cost ends at the ratio and the
// count, what customers answered at their score.
func (s *Service) steps(trace appraisal.Trace, role string) []stepShown {
	hidden := map[string]bool{}
	for _, st := range trace {
		hidden[st.Key] = strings.HasPrefix(st.Key, "customer.") || s.secret(st.Key, role)
	}
	out := make([]stepShown, 0, len(trace))
	for _, st := range trace {
		shown := stepShown{Step: st, Why: saidOf(st.NA)}
		shown.Inputs = slices.Clone(st.Inputs)
		for i, input := range shown.Inputs {
			if hidden[input.From] || hidden[st.Key] {
				shown.Inputs[i].Value = ""
				if strings.HasPrefix(input.From, "customer.") || strings.HasPrefix(st.Key, "customer.") {
					shown.Inputs[i].Over = ""
				}
			}
		}
		if hidden[st.Key] {
			shown.Hidden, shown.Value = true, ""
			if strings.HasPrefix(st.Key, "customer.") {
				shown.Name = domain.Texts{ZH: "客户答卷（不公开）", EN: "Customers' answers (not shown)"}
			}
			if st.Records != nil {
				records := *st.Records
				records.Sum = ""
				shown.Records = &records
			}
		}
		out = append(out, shown)
	}
	return out
}

// secret reports whether a step is a metric that a role is not told.
func (s *Service) secret(key, role string) bool {
	key, is := strings.CutPrefix(key, "metric.")
	if !is {
		return false
	}
	for _, src := range sources[strings.TrimSuffix(key, ".whole")] {
		if src.of != share && !s.cfg.Figures.Tells(role, src.figure) {
			return true
		}
	}
	return false
}

// Bounds of a page of records.
const (
	pageUsual = 100
	pageMost  = 500
)

// answerRecords is GET /api/ka/appraisals/{id}/records?metric=&part=&after=: what was
// counted for a metric as of cut-off, under the rights of who reads. A metric has as many
// parts as questions were asked for it.
func (s *Service) answerRecords(e *core.RequestEvent) error {
	row, reader, err := s.shown(e)
	if err != nil {
		return err
	}
	asked := struct {
		metric, after string
		part          int
	}{metric: e.Request.URL.Query().Get("metric"), after: e.Request.URL.Query().Get("after")}
	if part := e.Request.URL.Query().Get("part"); part != "" {
		if err := json.Unmarshal([]byte(part), &asked.part); err != nil {
			return gate.Refuse("appraisal.records_unknown", "metric", asked.metric)
		}
	}
	facts, err := factsOf(row)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(facts.Metrics, func(f appraisal.MetricFact) bool { return f.Key == asked.metric && f.Records != nil })
	if i < 0 {
		return gate.Refuse("appraisal.records_unknown", "metric", asked.metric)
	}
	questions, err := readQuestions(facts.Metrics[i].Records.Query)
	if err != nil {
		return err
	}
	if asked.part < 0 || asked.part >= len(questions) {
		return gate.Refuse("appraisal.records_unknown", "metric", asked.metric)
	}
	if s.secret("metric."+asked.metric, string(reader.Role())) {
		return gate.Refuse("appraisal.trace_ends", "metric", asked.metric)
	}
	q := questions[asked.part]
	lines, err := s.cfg.Figures.Page(e.App, reader, q.figure, q.period, q.by, q.id, asked.after, pageUsual)
	if err != nil {
		return gate.WrapError(err)
	}
	next := ""
	if len(lines) == pageUsual {
		next = lines[len(lines)-1].Ref
	}
	return e.JSON(http.StatusOK, map[string]any{
		"metric": asked.metric, "part": asked.part, "parts": len(questions), "query": q.String(), "records": facts.Metrics[i].Records.Count, "lines": lines, "next": next,
	})
}

// answerCorrections is GET /api/ka/appraisals/{id}/corrections: what was learnt of the
// period after it was frozen. It counts in later months, and moves nothing here.
func (s *Service) answerCorrections(e *core.RequestEvent) error {
	row, reader, err := s.shown(e)
	if err != nil {
		return err
	}
	facts, err := factsOf(row)
	if err != nil {
		return err
	}
	type corrected struct {
		Metric string `json:"metric"`
		analysis.Line
	}
	out, more := []corrected{}, 0
	for _, m := range facts.Metrics {
		if m.Records == nil || s.secret("metric."+m.Key, string(reader.Role())) {
			continue
		}
		questions, err := readQuestions(m.Records.Query)
		if err != nil {
			return err
		}
		for _, q := range questions {
			lines, err := s.cfg.Figures.Since(e.App, q.figure, q.period, q.by, []string{q.id})
			if err != nil {
				return err
			}
			for _, line := range lines {
				if len(out) == pageMost {
					more++
					continue
				}
				out = append(out, corrected{m.Key, line})
			}
		}
	}
	return e.JSON(http.StatusOK, map[string]any{"corrections": out, "left_out": more})
}
