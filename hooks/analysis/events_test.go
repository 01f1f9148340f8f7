package analysis_test

import (
	"cmp"
	"encoding/json/v2"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// askers are one of each role, and more of those whose rows differ.
var askers = []string{
	"rep.chen", "rep.peng", "manager.wu", "director.lin", "finance.zhao", "executive.sun", "auditor.jin", "admin.fang",
	"market.tang", "service.qian", "product.guo", "ops.luo", "reviewer.shen",
}

// answered is what the route says, as a client reads it.
type answered struct {
	Rows []struct {
		By       map[string]string `json:"by"`
		Num, Den *int64
	}
	Total struct {
		Num, Den *int64
		Value    *int64
	}
	Corrections []struct {
		Month string
		Value *int64
	}
}

// ask asks the route, and returns the code of a refusal.
func ask(t testing.TB, app *testapp.App, who, key string, params url.Values) (out answered, refused string) {
	t.Helper()
	answer := app.Do(who, http.MethodGet, "/api/ka/analysis/"+key+"?"+params.Encode(), "")
	if refused = testapp.Answered(answer); refused != "" {
		return out, refused
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%s: %v\n%s", key, err, answer.Body)
	}
	return out, ""
}

// policy: R4.13 analysis
// policy: R4.15 analysis
// policy: R1.4 analysis
// policy: R2.4 support_answered
// policy: R7.3 late_claims
// policy: R7.5 claim_days
// policy: R2.10 competitor_intel
//
// TestEveryEventFigureIsWhatTheRecordsSay: on companies made of dice, for everybody,
// by any dimensions and through any filters, each is what a plain reading counts.
func TestEveryEventFigureIsWhatTheRecordsSay(t *testing.T) {
	for seed := range uint64(effort.Times(1, 3)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			app := company(t)
			d := &dice{t: t, app: app, r: rand.New(rand.NewPCG(seed, 24))}
			for range effort.Times(150, 10_000) {
				d.throw()
			}
			b := open(t, app)
			for _, f := range analysis.Figures {
				if f.Source != analysis.FromEvents || f.Kind == analysis.None || naive[f.Key] == nil {
					continue
				}
				for _, who := range askers {
					for range effort.Times(1, 4) {
						compare(t, b, d.r, f, who)
					}
				}
			}
		})
	}
}

// question is one that anybody may ask.
type question struct {
	domain.Period
	by      []analysis.Dimension
	filters map[analysis.Dimension][]string
}

func (q question) params() url.Values {
	out := url.Values{"from": {q.From}, "to": {q.To}}
	var by []string
	for _, d := range q.by {
		by = append(by, string(d))
	}
	if by != nil {
		out.Set("by", strings.Join(by, ","))
	}
	for d, values := range q.filters {
		out.Set(string(d), strings.Join(values, ","))
	}
	return out
}

// random is a question about a figure, broken down and filtered somehow.
func random(r *rand.Rand, f analysis.Figure, known []told) question {
	from := domain.AddDays("2025-10-01", r.IntN(150))
	q := question{Period: domain.Period{From: from, To: domain.AddDays(from, 20+r.IntN(120))}, filters: map[analysis.Dimension][]string{}}
	for _, i := range r.Perm(len(f.Dimensions))[:r.IntN(min(analysis.MaxBy, len(f.Dimensions))+1)] {
		q.by = append(q.by, f.Dimensions[i])
	}
	for range r.IntN(3) {
		d := f.Dimensions[r.IntN(len(f.Dimensions))]
		if slices.Contains(analysis.Calendar, d) || len(known) == 0 {
			continue
		}
		for range 1 + r.IntN(3) {
			if v := known[r.IntN(len(known))].key(d); v != "" && !strings.Contains(v, ",") {
				q.filters[d] = append(q.filters[d], v)
			}
		}
		if len(q.filters[d]) == 0 {
			delete(q.filters, d)
		}
	}
	return q
}

// compare asks the route and counts by hand.
func compare(t *testing.T, b *books, r *rand.Rand, f analysis.Figure, who string) {
	t.Helper()
	q := random(r, f, b.counted(f.Key, b.today))
	got, refused := ask(t, b.app, who, f.Key, q.params())
	me := b.one("users", b.app.As(who).Id)
	rights := analysis.RightsOf(me["role"])
	if f.Profit && !rights.Profit {
		if refused != "analysis.not_allowed" {
			t.Errorf("%s of %s: %q", f.Key, who, refused)
		}
		return
	}
	if refused != "" {
		t.Errorf("%s of %s: refused %s", f.Key, who, refused)
		return
	}
	said := map[string]string{}
	for _, row := range got.Rows {
		var keys []string
		for _, d := range q.by {
			keys = append(keys, row.By[string(d)])
		}
		said[strings.Join(keys, " ")] = part(row.Num, row.Den)
	}
	sums, total := b.count(f, q, me, rights)
	want := map[string]string{}
	if len(q.by) > 0 {
		for k, s := range sums {
			want[k] = part(&s[0], &s[1])
		}
	} else {
		said = want
	}
	if !maps.Equal(said, want) {
		t.Errorf("%s of %s %+v:\nis   %v\nwant %v", f.Key, who, q, said, want)
	}
	if got, want := part(got.Total.Num, got.Total.Den), part(&total[0], &total[1]); got != want {
		t.Errorf("%s of %s %+v: in all %s, want %s", f.Key, who, q, got, want)
	}
}

func part(num, den *int64) string {
	var zero int64
	return fmt.Sprint(*cmp.Or(num, &zero), "/", *cmp.Or(den, &zero))
}

// count adds up what somebody sees of a question's answer, by its keys and in all.
func (b *books) count(f analysis.Figure, q question, me row, rights analysis.Rights) (sums map[string]*[2]int64, total [2]int64) {
	asked := analysis.Query{By: q.by, Filters: q.filters}
	sums = map[string]*[2]int64{}
	ends := []string{min(q.To, b.today)}
	if !f.By(analysis.Day) { // a state
		ends = nil
		for _, end := range analysis.Ends(q.Period, q.by) {
			ends = append(ends, min(end, b.today))
		}
	}
	for _, end := range slices.Compact(ends) {
		for _, x := range b.within(f, q, end, me, rights, asked.TargetLevel(rights)) {
			var keys []string
			for _, d := range q.by {
				keys = append(keys, x.key(d))
			}
			key := strings.Join(keys, " ")
			if sums[key] == nil {
				sums[key] = &[2]int64{}
			}
			sums[key][0] += x.num
			sums[key][1] += x.den
		}
	}
	asked.By = nil
	for _, x := range b.within(f, q, min(q.To, b.today), me, rights, asked.TargetLevel(rights)) {
		total[0] += x.num
		total[1] += x.den
	}
	return sums, total
}

// within are the things of a period that somebody sees and that pass the filters.
func (b *books) within(f analysis.Figure, q question, end string, me row, rights analysis.Rights, level string) (out []told) {
	targets := strings.HasPrefix(f.Key, "attain_") || f.Key == "months_hit"
	for _, x := range b.counted(f.Key, end) {
		passes := x.day >= q.From && x.day <= q.To && b.sees(me, rights, x) && (!targets || level == "" || x.dim == level)
		for d, values := range q.filters {
			passes = passes && slices.Contains(values, x.key(d))
		}
		if passes {
			out = append(out, x)
		}
	}
	return out
}

// sees: whose it was then, who heads the department, who has the account now, and
// to whom it was passed.
func (b *books) sees(me row, rights analysis.Rights, x told) bool {
	passed := me["department"] != "" && strings.Contains(x.also, "|"+me["department"]+"|") || strings.Contains(x.also, "|role:"+me["role"]+"|")
	switch {
	case x.secret && !rights.All && x.owner == me["id"]:
		return false
	case rights.All || passed || x.owner == me["id"]:
		return true
	case rights.Member:
		return false
	}
	a := b.one("accounts", x.customer)
	held := !x.unheld && x.customer != "" && slices.Contains([]string{a["owner"], a["manager"], a["next_owner"]}, me["id"])
	return x.manager == me["id"] || held || rights.Heads && x.dept != "" && x.dept == me["department"]
}

// counted are the things of a figure up to an end, with the tier, region and category
// that they take from elsewhere.
func (b *books) counted(key, end string) []told {
	if all, known := b.memo[key+end]; known {
		return all
	}
	all := naive[key](b, end)
	for i, x := range all {
		all[i].tier = cmp.Or(x.tier, b.one("accounts", x.customer)["tier"])
		all[i].region, all[i].category = b.one("accounts", x.customer)["region"], b.one("products", x.product)["category"]
	}
	b.memo[key+end] = all
	return all
}

func (x told) key(d analysis.Dimension) string {
	switch d {
	case analysis.Person:
		return x.owner
	case analysis.Team:
		return x.manager
	case analysis.Department:
		return x.dept
	case analysis.Account:
		return x.customer
	case analysis.Tier:
		return x.tier
	case analysis.Region:
		return x.region
	case analysis.Product:
		return x.product
	case analysis.Category:
		return x.category
	case analysis.Theme, analysis.Competitor, analysis.Reason, analysis.Sort:
		return x.dim
	default:
		return analysis.Calendric(d, x.day)
	}
}
