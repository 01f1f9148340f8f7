package analysis_test

import (
	"cmp"
	"encoding/json/v2"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// sellers are one of each role that sees sales, and another rep.
var sellers = []string{"rep.chen", "rep.peng", "manager.wu", "director.lin", "finance.zhao", "executive.sun", "auditor.jin", "admin.fang"}

// readSales asks the route; refused is the code if it refuses.
func readSales(d testapp.Desk, t *testing.T, who, key string, asked url.Values) (a analysis.Answer, refused string) {
	t.Helper()
	return readBy(d, t, d.Token(who), key, asked)
}

// readBy asks by a token.
func readBy(d testapp.Desk, t *testing.T, token, key string, asked url.Values) (a analysis.Answer, refused string) {
	t.Helper()
	got := d.DoBy(token, http.MethodGet, "/api/ka/analysis/"+key+"?"+asked.Encode(), "")
	if refused = testapp.Answered(got); refused != "" {
		return a, refused
	}
	if err := json.Unmarshal(got.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a, ""
}

// onesBook are the lines of the book that somebody may see: his by what they say, or
// of an account that is his now; in order of their days.
func (d *trade) onesBook(who string, book []sold) (out []sold) {
	defer func() { slices.SortStableFunc(out, func(a, b sold) int { return cmp.Compare(a.day, b.day) }) }()
	me := d.As(who)
	held := map[string]bool{}
	for _, a := range d.all("accounts", "owner = {:m} OR manager = {:m} OR next_owner = {:m}", dbx.Params{"m": me.Id}) {
		held[a.Id] = true
	}
	switch me.GetString("role") {
	case "rep", "ka_manager", "dept_manager":
	default:
		return slices.Clone(book)
	}
	for _, s := range book {
		leads := me.GetString("role") == "dept_manager" && s.dept == me.GetString("department")
		if s.owner == me.Id || s.manager == me.Id || leads || held[s.account] {
			out = append(out, s)
		}
	}
	return out
}

type pair struct{ num, den int64 }

// within are the lines of a period of a book that is in order of days.
func within(book []sold, p domain.Period) []sold {
	at := func(day string) int {
		i, _ := slices.BinarySearchFunc(book, day, func(s sold, day string) int { return cmp.Compare(s.day, day) })
		return i
	}
	return book[at(p.From):at(p.To+"~")]
}

// count counts a figure of a book by hand.
func count(key string, book []sold, p domain.Period, by []analysis.Dimension, filters map[analysis.Dimension][]string) map[string]pair {
	out := map[string]pair{}
	accounts := func(p domain.Period) map[string]map[string]bool {
		sets := map[string]map[string]bool{}
		for _, s := range within(book, p) {
			if s.passes(filters) && s.kind == "delivery" {
				if sets[s.keys(by)] == nil {
					sets[s.keys(by)] = map[string]bool{}
				}
				sets[s.keys(by)][s.account] = true
			}
		}
		return sets
	}
	switch key {
	case "accounts":
		for keys, set := range accounts(p) {
			out[keys] = pair{num: int64(len(set))}
		}
		return out
	case "retention":
		now := accounts(p)
		for keys, before := range accounts(analysis.Before(p)) {
			n := pair{den: int64(len(before))}
			for account := range before {
				if now[keys][account] {
					n.num++
				}
			}
			out[keys] = n
		}
		return out
	}
	for _, s := range within(book, p) {
		if !s.passes(filters) {
			continue
		}
		earned := s.amount - s.tax - s.cost - s.rebate
		moved, n, counts := s.kind == "delivery" || s.kind == "return", pair{}, true
		switch key {
		case "amount":
			n, counts = pair{num: s.amount}, moved
		case "delivered":
			n, counts = pair{num: s.amount}, s.kind == "delivery"
		case "returned":
			n, counts = pair{num: -s.amount}, s.kind == "return"
		case "volume":
			n, counts = pair{num: s.base}, moved
		case "profit":
			n, counts = pair{num: earned}, s.kind != "receipt"
		case "margin":
			n, counts = pair{earned, s.amount - s.tax}, s.kind != "receipt"
		case "rebates":
			n, counts = pair{num: s.rebate}, s.kind == "rebate"
		case "collected":
			n, counts = pair{num: s.paid}, s.kind == "receipt"
		case "collected_ratio":
			n, counts = pair{s.paid, s.amount}, s.kind != "rebate"
		}
		if counts {
			was := out[s.keys(by)]
			out[s.keys(by)] = pair{was.num + n.num, was.den + n.den}
		}
	}
	maps.DeleteFunc(out, func(_ string, n pair) bool { return (key == "margin" || key == "collected_ratio") && n == pair{} })
	return out
}

func (s sold) passes(filters map[analysis.Dimension][]string) bool {
	for d, values := range filters {
		if !slices.Contains(values, s.key(d)) {
			return false
		}
	}
	return true
}

func (s sold) keys(by []analysis.Dimension) string {
	keys := make([]string, len(by))
	for i, d := range by {
		keys[i] = s.key(d)
	}
	return strings.Join(keys, "|")
}

// asking is a question about a figure of sales.
type asking struct {
	domain.Period
	by      []analysis.Dimension
	filters map[analysis.Dimension][]string
	compare analysis.Compare
}

// asking throws a question.
func (d *trade) asking(f analysis.Figure) asking {
	q := asking{filters: map[analysis.Dimension][]string{}, compare: pick(d, []analysis.Compare{"", analysis.Prior, analysis.YearAgo})}
	q.From = domain.AddDays(d.today(), -d.dice.IntN(200))
	q.To = domain.AddDays(q.From, d.dice.IntN(120))
	if d.dice.IntN(2) == 0 {
		q.From, q.To = q.From[:8]+"01", domain.AddDays(domain.NextMonth(q.To[:7])+"-01", -1)
	}
	for _, i := range d.dice.Perm(len(f.Dimensions))[:d.dice.IntN(analysis.MaxBy+1)] {
		q.by = append(q.by, f.Dimensions[i])
	}
	for range d.dice.IntN(3) {
		dim := f.Dimensions[d.dice.IntN(len(f.Dimensions))]
		q.filters[dim] = []string{pick(d, d.book).key(dim), pick(d, d.book).key(dim)}
	}
	return q
}

func (q asking) values() url.Values {
	out := url.Values{"from": {q.From}, "to": {q.To}, "compare": {string(q.compare)}}
	var by []string
	for _, d := range q.by {
		by = append(by, string(d))
	}
	out.Set("by", strings.Join(by, ","))
	for d, values := range q.filters {
		out.Set(string(d), strings.Join(values, ","))
	}
	return out
}

// check asks one question as somebody, by his token, and says what is wrong with the
// answer; his is what he may see of the book.
func (d *trade) check(f analysis.Figure, who, token string, his []sold) error {
	d.t.Helper()
	q := d.asking(f)
	wrong := func(what string, args ...any) error {
		return fmt.Errorf("%s %s?%s: "+what, append([]any{who, f.Key, q.values().Encode()}, args...)...)
	}
	a, refused := readBy(d.Desk, d.t, token, f.Key, q.values())
	if f.Profit && strings.HasPrefix(who, "rep.") {
		if refused != "analysis.not_allowed" {
			return wrong("answered with %q", refused)
		}
		return nil
	}
	if refused != "" {
		return wrong("refused with %q", refused)
	}
	if f.Key == "accounts" || f.Key == "retention" || len(q.by) > 0 {
		want := count(f.Key, his, q.Period, q.by, q.filters)
		for _, row := range a.Rows {
			keys := make([]string, len(q.by))
			for i, dim := range q.by {
				keys[i] = row.By[dim]
			}
			is, key := pair{num: *row.Num}, strings.Join(keys, "|")
			if row.Den != nil {
				is.den = *row.Den
			}
			if is != want[key] {
				return wrong("%s is %v, documents say %v", key, is, want[key])
			}
			delete(want, key)
		}
		if len(q.by) > 0 && len(want) > 0 {
			return wrong("%v are missing", want)
		}
	}
	if err := sameTotal(f, a.Total.Value, count(f.Key, his, q.Period, nil, q.filters)); err != nil {
		return wrong("in all: %w", err)
	}
	if q.compare != "" {
		before := analysis.Query{Period: q.Period, Compare: q.compare}.Compared().Period
		if err := sameTotal(f, a.Total.Prior, count(f.Key, his, before, nil, q.filters)); err != nil {
			return wrong("before: %w", err)
		}
	}
	var unknown int64
	for _, s := range within(his, q.Period) {
		if f.Profit && s.passes(q.filters) {
			unknown += s.uncosted
		}
	}
	if int64(a.Uncosted) != unknown {
		return wrong("%d uncosted, documents say %d", a.Uncosted, unknown)
	}
	return nil
}

func sameTotal(f analysis.Figure, is *int64, want map[string]pair) error {
	var total *analysis.Part
	if n, any := want[""]; any {
		total = &analysis.Part{Num: n.num, Den: n.den}
	}
	value := f.Kind.Value(total)
	if (is == nil) != (value == nil) || is != nil && *is != *value {
		return fmt.Errorf("%s, documents say %s", text(is), text(value))
	}
	return nil
}

func text(v *int64) string {
	if v == nil {
		return "nothing"
	}
	return fmt.Sprint(*v)
}

// policy: R1.4 sales_figures
// policy: R4.14 sales_figures
//
// TestEverySalesFigureIsWhatTheDocumentsSay: on companies made of dice, for eight
// roles, by any dimensions, through any filters, and compared.
func TestEverySalesFigureIsWhatTheDocumentsSay(t *testing.T) {
	for seed := range uint64(effort.Times(1, 3)) {
		d := openTrade(t, seed)
		if err := d.play(effort.Times(90, 3_400), effort.Times(3, 30)); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// play lets dice work, and asks every figure of everybody so often.
func (d *trade) play(changes, questions int) error {
	d.step = 10_000 * time.Hour / time.Duration(changes)
	for range changes {
		d.throw()
	}
	book := d.costed()
	for _, who := range sellers {
		token, his := d.Token(who), d.onesBook(who, book)
		for _, f := range analysis.Figures {
			if f.Source != analysis.FromSales {
				continue
			}
			for range questions {
				if err := d.check(f, who, token, his); err != nil {
					return err
				}
			}
		}
	}
	return d.checkMonths()
}

// checkMonths compares the sums by month with the facts.
func (d *trade) checkMonths() error {
	var different []string
	const sums = `month, account, owner, manager, dept, tier, amount_fen, tax_fen, cost_fen, base_milli, rebate_fen, receipt_fen`
	const facts = `SELECT substr(day, 1, 7) AS month, account, owner, manager, dept, tier, SUM(amount_fen), SUM(tax_fen), SUM(cost_fen), SUM(base_milli), SUM(rebate_fen), SUM(receipt_fen)
		FROM sales_facts GROUP BY 1, 2, 3, 4, 5, 6`
	for _, q := range []string{"SELECT " + sums + " FROM sales_months EXCEPT " + facts, facts + " EXCEPT SELECT " + sums + " FROM sales_months"} {
		if err := d.DB().NewQuery("SELECT month || account FROM (" + q + ")").Column(&different); err != nil || len(different) > 0 {
			return fmt.Errorf("sums by month differ: %v %w", different, err)
		}
	}
	return nil
}

// TestPlantedFaultsOfFiguresAreNoticed: a return in the wrong month, an assignment
// that moves past figures, and a row of another's account in a total.
func TestPlantedFaultsOfFiguresAreNoticed(t *testing.T) {
	effort.Late(t)
	for _, planted := range []syncer.Planted{syncer.PlantReturnMonth, syncer.PlantFactsFollow, syncer.PlantOthersAccount} {
		d := openTrade(t, 0, testapp.Hooks(func(c *hooks.Config) { c.Planted = planted }))
		if err := d.play(effort.Times(150, 500), 4); err == nil {
			t.Errorf("nobody noticed: %s", planted)
		} else {
			t.Log(planted, err)
		}
	}
}
