package hooks_test

import (
	"context"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// statement is one that a step sent: its text, and from where in the code.
type statement struct{ from, text string }

// breaker takes steps, and lets their statements break, one at a time.
type breaker struct {
	*matrix
	driver *testapp.Brittle
	whole  bool                    // every statement of every step, else one from each place
	actors map[string]*core.Record // by column
	rows   map[string][]string     // ids by collection
	fill   *strings.Replacer
	places map[uintptr]string // callers that tell from where, empty for others

	tried map[string]bool            // statements of steps that broke
	cells map[string]int             // by step
	ended map[string]map[string]bool // by step: how it ended with all statements whole
	wrong map[string]string          // by statement
}

func newBreaker(t *testing.T) *breaker {
	t.Helper()
	driver, err := testapp.NewBrittle()
	if err != nil {
		t.Fatal(err)
	}
	m := newMatrix(t, testapp.Connect(driver.Connect), testapp.Hooks(func(c *hooks.Config) { c.Manual = true }))
	return &breaker{
		matrix: m, driver: driver, whole: effort.Times(0, 1) == 1, actors: map[string]*core.Record{}, rows: map[string][]string{}, places: map[uintptr]string{},
		tried: map[string]bool{}, cells: map[string]int{}, ended: map[string]map[string]bool{}, wrong: map[string]string{},
	}
}

// played is what became of a step.
type played struct {
	said  error
	sent  []statement
	broke bool
}

// play takes a step in a transaction that is undone. The nth statement like
// breaks does, if there is such a one; none if it is nil. prepare comes first, with all
// statements whole.
func (b *breaker) play(prepare, step func(tx core.App) error, breaks *statement, nth int) (out played) {
	b.t.Helper()
	undo := errors.New("undo")
	err := b.app.RunInTransaction(func(tx core.App) error {
		if err := prepare(tx); err != nil {
			return err
		}
		b.driver.Watch = func(text string) error {
			s := statement{b.from(), text}
			out.sent = append(out.sent, s)
			if breaks == nil || s != *breaks {
				return nil
			}
			if nth--; nth != -1 {
				return nil
			}
			out.broke = true
			return errors.New("a statement broke")
		}
		defer func() { b.driver.Watch = nil }()
		out.said = step(tx)
		return undo
	})
	if !errors.Is(err, undo) {
		b.t.Fatal(err)
	}
	return out
}

// from tells from where a statement comes: the functions of ours, and those of
// PocketBase that judge a field's value.
func (b *breaker) from() string {
	var pcs [512]uintptr
	var from []string
	for _, pc := range pcs[:runtime.Callers(3, pcs[:])] {
		name, known := b.places[pc]
		if !known {
			f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
			_, call, ours := strings.Cut(f.Function, "satchel/")
			switch {
			case ours && !strings.HasPrefix(call, "internal/") && !strings.Contains(call, "_test."):
				name = fmt.Sprintf("%s:%d", call, f.Line)
			case strings.HasSuffix(f.Function, "Field).ValidateValue"), strings.HasSuffix(f.Function, fileBefore), strings.HasSuffix(f.Function, saves):
				name = f.Function[strings.LastIndex(f.Function, "/")+1:]
			}
			b.places[pc] = name
		}
		if name != "" {
			from = append(from, name)
		}
	}
	return strings.Join(from, " < ")
}

// PocketBase's own look-ups that may break unheard.
const (
	fileBefore = "core.(*FileField).getLatestOldValue" // of a file field; it takes the row in hand, which was read in the same transaction
	saves      = "core.onRecordSaveExecute"            // whether a superuser has the id of a new user, "loosely"
)

func (s statement) unheard() bool {
	return strings.HasPrefix(s.from, fileBefore) || strings.HasPrefix(s.from, saves) && strings.HasPrefix(s.text, "SELECT `_superusers`")
}

// ending is how a step ended: applied, a fault, or the code of a refusal.
func ending(err error) string {
	if err == nil {
		return "applied"
	}
	if p, _, refused := gate.ProblemOf(err); refused {
		return p.Code
	}
	if p, refused := syncer.IsProblem(err); refused && !p.Retry {
		return p.Code
	}
	if answer, ok := errors.AsType[*router.ApiError](err); ok && answer.Status < http.StatusInternalServerError {
		return answer.Message
	}
	return "fault"
}

// take takes a step with all statements whole, and once for each of them broken.
func (b *breaker) take(what string, prepare, step func(tx core.App) error) {
	b.t.Helper()
	if b.ended[what] == nil {
		b.ended[what] = map[string]bool{}
	}
	if ended := b.ended[what]; !b.whole && ended["applied"] && len(ended) > 1 {
		return // one that is applied and one that is refused
	}
	whole := b.play(prepare, step, nil, 0)
	end := ending(whole.said)
	b.ended[what][end] = true
	nth := map[statement]int{}
	for _, s := range whole.sent {
		n := nth[s]
		nth[s]++
		key := fmt.Sprint(end == "applied", s, n)
		if b.whole {
			key = fmt.Sprint(what, end, s, n)
		}
		if b.tried[key] || n > 0 && !b.whole || s.unheard() {
			continue
		}
		b.tried[key] = true
		broken := b.play(prepare, step, &s, n)
		if !broken.broke { // what it brought is kept in memory by now
			continue
		}
		b.cells[what]++
		if got := ending(broken.said); got != "fault" {
			b.wrong[s.from] = fmt.Sprintf("%s is %s, and %s if this breaks: %.200s\n\tfrom %s", what, end, got, s.text, s.from)
		}
	}
}

func nothing(core.App) error { return nil }

// writes creates and updates the rows of the access matrix as everybody.
func (b *breaker) writes(targets []target) {
	b.t.Helper()
	for _, target := range targets {
		coll, err := b.app.FindCachedCollectionByNameOrId(target.collection)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, column := range slices.Sorted(maps.Keys(b.actors)) {
			ctx := b.by(column)
			if target.create != nil {
				b.take("create of "+target.collection, nothing, func(tx core.App) error {
					row := core.NewRecord(coll)
					row.Load(target.create(b.people[column]))
					return tx.SaveWithContext(ctx, row)
				})
			}
			if target.update != nil {
				var row *core.Record
				b.take("update of "+target.collection, func(tx core.App) (err error) {
					row, err = tx.FindRecordById(coll, target.id)
					return err
				}, func(tx core.App) error {
					row.Load(target.update)
					return tx.SaveWithContext(ctx, row)
				})
			}
			if target.id != "" && !coll.IsView() {
				var row *core.Record
				b.take("delete of "+target.collection, func(tx core.App) (err error) {
					row, err = tx.FindRecordById(coll, target.id)
					return err
				}, func(tx core.App) error { return tx.DeleteWithContext(ctx, row) })
			}
		}
	}
}

func (b *breaker) by(column string) context.Context {
	return gate.With(b.t.Context(), gate.Actor{User: b.actors[column]})
}

// scene is what an action asks for beside the state of its row.
type scene struct {
	args  string
	first string         // an action that the same person takes before
	set   map[string]any // columns of the row
}

var scenes = map[string]scene{
	"account_coverage.grant":         {set: map[string]any{"exception": "requested"}},
	"account_coverage.refuse":        {set: map[string]any{"exception": "requested"}},
	"account_coverage.request":       {set: map[string]any{"state": "breach"}},
	"account_handovers.check":        {set: map[string]any{"checklist": `[{"item":"contacts"}]`}},
	"account_handovers.complete":     {set: map[string]any{"signed_from_at": "2026-03-16 00:00:00.000Z", "signed_to_at": "2026-03-16 00:00:00.000Z"}},
	"account_handovers.sign":         {set: map[string]any{"checklist": `[]`}},
	"account_reviews.submit":         {set: map[string]any{"result": "keep", "actions": `["{improvement_actions}"]`}},
	"account_reviews.withdraw":       {first: "submit", set: map[string]any{"result": "keep", "actions": `["{improvement_actions}"]`}},
	"account_scorecards.submit":      {set: rated},
	"account_scorecards.withdraw":    {first: "submit", set: rated},
	"activities.withdraw":            {first: "submit"},
	"advances.withdraw":              {first: "submit"},
	"annual_plans.withdraw":          {first: "submit"},
	"budget_adjustments.withdraw":    {first: "submit"},
	"budgets.hand_over":              {args: `{"from":"{peer}","to":"{head}"}`, set: map[string]any{"owner": "{peer}"}},
	"budgets.withdraw":               {first: "submit"},
	"expense_claims.ask_reversal":    {args: `{"reason":"试"}`},
	"expense_claims.drop_reversal":   {set: map[string]any{"reversal_by": "{owner}"}},
	"payments.came_back":             {set: map[string]any{"owed": true}},
	"expense_claims.reverse":         {set: map[string]any{"reversal_by": "{owner}"}},
	"expense_claims.withdraw":        {first: "submit"},
	"business_reviews.complete":      {set: map[string]any{"findings": "试", "decisions": "试"}},
	"cases.merge":                    {args: `{"note":"试","into":"{another issue}"}`},
	"preapprovals.withdraw":          {first: "submit", set: map[string]any{"kind": "gift", "day": "2031-01-20", "to_day": "2031-01-20", "planned_fen": 5}},
	"preapprovals.submit":            {set: map[string]any{"kind": "gift", "day": "2031-01-20", "to_day": "2031-01-20", "planned_fen": 5}},
	"invoices.repaid":                {set: map[string]any{"repay_fen": 5}},
	"payee_changes.confirm":          {set: map[string]any{"owner": "{owner}"}},
	"payee_changes.refuse":           {set: map[string]any{"owner": "{owner}"}},
	"payment_runs.answer":            {args: `{"encoding":"utf8","file":"` + answer + `"}`},
	"penalties.repay":                {set: map[string]any{"kind": "repayment", "amount_fen": 5, "payments": "[]"}},
	"communications.reply":           {set: map[string]any{"needs_reply_by": "2026-03-18 00:00:00.000Z"}},
	"contracts.sign":                 {set: map[string]any{"signed": "signed.pdf"}},
	"contracts.withdraw":             {first: "submit"},
	"departments.appoint":            {args: `{"user":"{peer}"}`},
	"monthly_plans.withdraw":         {first: "submit"},
	"opportunities.resume":           {set: map[string]any{"before_stage": "qualified"}},
	"opportunities.win":              {args: `{"order":"{released order}"}`},
	"product_requests.decline":       {args: `{"reason":"试"}`},
	"product_requests.tell_customer": {set: map[string]any{"account": "{account}"}},
	"promo_plans.withdraw":           {first: "submit"},
	"service_standards.withdraw":     {set: map[string]any{"from_date": "2031-01-01"}},
	"sync_devices.restore":           {args: `{"reason":"试"}`},
	"sync_issues.acknowledge":        {set: map[string]any{"kind": "conflict"}},
	"sync_issues.choose":             {set: conflict},
	"sync_issues.resubmit":           {args: `{}`, set: map[string]any{"payload": `{"n":1,"id":"resubmit0000001","op":"update","c":"accounts","r":"{account}","base":1,"set":{"note":"试"}}`, "collection": "accounts", "record": "{account}"}},
	"target_letters.countersign":     {args: `{"sha256":"{letter}","signature":"{drawn by kam}"}`},
	"target_letters.sign":            {args: `{"sha256":"{letter}","signature":"{drawn}"}`},
	"target_letters.void":            {set: map[string]any{"year": "2040"}}, // one is in force in its own year
	"targets.cancel":                 {args: `{"reason":"试"}`},
	"targets.issue":                  {set: map[string]any{"quarters": `[0,0,0,0]`, "months": `[0,0,0,0,0,0,0,0,0,0,0,0]`}},
	"targets.spread":                 {args: `{"by":"season"}`},
	"targets.split":                  {args: `{"by":"season"}`, set: map[string]any{"quarters": `[0,0,0,0]`, "months": `[0,0,0,0,0,0,0,0,0,0,0,0]`}},
	"targets.revise":                 {args: `{"reason":"试"}`},
	"visit_plans.withdraw":           {first: "submit"},
	"visits.confirm_void":            {set: map[string]any{"void_by": "{kam}"}},
	"visits.refuse_void":             {set: map[string]any{"void_by": "{kam}"}},
	"work_sessions.end":              {set: map[string]any{"start_at": "2026-03-15 01:00:00.000Z"}},
}

var rated = map[string]any{"owner": "{owner}", "ratings": `{"influence":{"score":4,"evidence":"x"},"scale":{"score":4,"evidence":"x"},"complementarity":{"score":4,"evidence":"x"},"credit":{"score":4,"evidence":"x"}}`}

var conflict = map[string]any{"kind": "conflict", "collection": "accounts", "record": "{account}", "field": "note", "mine": `"试"`, "theirs": `""`, "policy": "ask"}

// actions takes every action on the rows of the access matrix, in every state
// from which it leads and as they are, as everybody.
func (b *breaker) actions() {
	b.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(b.app.Bound.Actions)) {
		collection, verb, _ := strings.Cut(name, ".")
		field, states := "", []string{""}
		if m := b.app.Bound.Machines[collection]; m != nil {
			field = m.StateField()
			for _, s := range m.Steps {
				if s.Action == verb && scenes[name].first == "" {
					states = append(states, s.From...)
				}
			}
		}
		for _, id := range b.rows[collection] {
			for _, state := range states {
				set := dbx.Params{}
				for column, value := range scenes[name].set {
					if text, ok := value.(string); ok {
						value = b.fill.Replace(text)
					}
					set[column] = value
				}
				if state != "" {
					set[field] = state
				}
				for _, column := range slices.Sorted(maps.Keys(b.actors)) {
					b.act(name, id, set, b.by(column))
				}
			}
		}
	}
}

func (b *breaker) act(name, id string, set dbx.Params, ctx context.Context) {
	b.t.Helper()
	collection, _, _ := strings.Cut(name, ".")
	args := testapp.Whole[name]
	if scenes[name].args != "" {
		args = scenes[name].args
	}
	var row *core.Record
	b.take(name, func(tx core.App) (err error) {
		if len(set) > 0 {
			if _, err := tx.DB().Update(collection, set, dbx.HashExp{"id": id}).Execute(); err != nil {
				return err
			}
		}
		if row, err = tx.FindRecordById(collection, id); err != nil {
			return err
		}
		if first := scenes[name].first; first != "" {
			if b.app.Bound.Actions[collection+"."+first](ctx, tx, row, nil) == nil {
				row, err = tx.FindRecordById(collection, id)
			}
		}
		return err
	}, func(tx core.App) error {
		return b.app.Bound.Actions[name](ctx, tx, row, jsontext.Value(b.fill.Replace(args)))
	})
}

// few are who make, change and decide most.
var few = []string{"owner", "peer", "kam", "head", "fin", "mkt", "prod", "serv", "ops", "exec", "admin"}

// cast are people and rows of the access matrix, and what some actions ask for beside.
func (b *breaker) cast(targets []target) {
	b.t.Helper()
	for column, p := range b.people {
		if p.id == "" || p.inactive || !b.whole && !slices.Contains(few, column) {
			continue
		}
		user, err := b.app.FindRecordById("users", p.id)
		if err != nil {
			b.t.Fatal(err)
		}
		b.actors[column] = user
	}
	for _, target := range targets {
		if target.id != "" && !slices.Contains(b.rows[target.collection], target.id) {
			b.rows[target.collection] = append(b.rows[target.collection], target.id)
		}
	}
	b.rows["departments"] = append(b.rows["departments"], b.actors["head"].GetString("department"))
	b.make("plan_items", map[string]any{"monthly_plan": b.rows["monthly_plans"][0], "kind": "activity", "title": "路演", "qty": 1, "state": "open", "owner": b.actors["kam"].Id})
	another := b.make("cases", map[string]any{"account": b.line["account"], "kind": "service", "level": "normal", "channel": "phone", "title": "态度", "owner_dept": b.app.As("service.qian").GetString("department")})
	pairs := []string{
		"{service}", b.app.As("service.qian").GetString("department"), "{another issue}", another.Id, "{account}", fmt.Sprint(b.line["account"]),
		"{owner}", b.actors["owner"].Id, "{peer}", b.actors["peer"].Id, "{kam}", b.actors["kam"].Id,
		"{market}", b.app.As("market.tang").Id, "{head}", b.actors["head"].Id,
	}
	paper := b.make("blobs", b.with(map[string]any{"purpose": "goods", "state": "pending", "sha256": strings.Repeat("e", 64), "size": 1, "mime": "image/jpeg"}))
	released := b.make("orders", b.with(map[string]any{"no": "T-WIN", "state": "partly_delivered", "released": true}))
	pairs = append(pairs, "{goods}", paper.Id, "{released order}", released.Id)
	letter, err := b.app.FindFirstRecordByFilter("target_letters", "year = '2032' && state = 'sent'")
	if err != nil {
		b.t.Fatal(err)
	}
	pairs = append(pairs, "{letter}", letter.GetString("sha256"), "{drawn}", b.drawn("rep.chen"), "{drawn by kam}", b.drawn("manager.wu"))
	for collection, ids := range b.rows {
		pairs = append(pairs, "{"+collection+"}", ids[0])
	}
	b.fill = strings.NewReplacer(pairs...)
	b.paid()
	b.restored()
	plan := b.make("annual_plans", map[string]any{"year": "2030", "goals": "增长", "owner": b.actors["head"].Id, "dept": b.line["dept"], "state": "draft"})
	err = b.app.RunInTransaction(func(tx core.App) error {
		return b.app.Bound.Actions["annual_plans.submit"](b.by("head"), tx, plan, nil)
	})
	if err != nil {
		b.t.Fatal(err)
	}
	asked, err := b.app.FindAllRecords("approvals", dbx.HashExp{"ref_id": plan.Id})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, row := range asked {
		b.rows["approvals"] = append(b.rows["approvals"], row.Id)
	}
	below, err := b.app.FindFirstRecordByFilter("targets", "level = 'rep' && state = 'issued'")
	if err != nil {
		b.t.Fatal(err)
	}
	b.rows["targets"] = append(b.rows["targets"], below.GetString("parent"))
	if err := b.app.Bound.Sync.Fold(b.app); err != nil { // or every answer to an issue folds it all
		b.t.Fatal(err)
	}
}

// count fails if something was left out: an action that nobody was let take, a
// collection in which nobody made a row who may, or changed one.
func (b *breaker) count(least int) {
	b.t.Helper()
	n := 0
	for _, cells := range b.cells {
		n += cells
	}
	b.t.Logf("%d statements of %d steps broke", n, len(b.ended))
	if n < least {
		b.t.Errorf("hardly any statement broke: %d of %d", n, least)
	}
	for name := range b.app.Bound.Actions {
		if !b.ended[name]["applied"] {
			b.t.Errorf("%s is never applied: %v", name, b.ended[name])
		}
	}
	collections, err := b.app.FindAllCollections()
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range collections {
		if c.System || c.IsView() {
			continue
		}
		if made := "create of " + c.Name; c.CreateRule != nil && (!b.ended[made]["applied"] || b.cells[made] == 0) {
			b.t.Errorf("%s is never applied and broken: %v", made, b.ended[made])
		}
		if changed := "update of " + c.Name; c.UpdateRule != nil && len(b.ended[changed]) == 0 {
			b.t.Errorf("%s is not tried", changed)
		}
	}
}

// TestALookUpThatBreaksIsAFault: who makes, changes or deletes a row of any
// collection, or takes any action, hears of a fault if one of its statements breaks,
// whichever it is and whether the step would have been applied or refused. So it
// is tried again, and no refusal of it is kept.
func TestALookUpThatBreaksIsAFault(t *testing.T) {
	effort.Late(t)
	b := newBreaker(t)
	targets := b.targets()
	b.cast(targets)
	b.writes(targets)
	b.actions()
	for _, found := range slices.Sorted(maps.Values(b.wrong)) {
		t.Error(found)
	}
	b.count(3500)
}

// TestAFaultThatIsNotHeardIsNoticed: one that is taken for no row, and one that is
// passed over, by rules of which nobody knew.
func TestAFaultThatIsNotHeardIsNoticed(t *testing.T) {
	effort.Late(t)
	b := newBreaker(t)
	targets := b.targets()
	b.cast(targets)
	b.app.OnRecordCreate("contacts").BindFunc(func(e *core.RecordEvent) error {
		if _, err := e.App.FindRecordById("accounts", e.Record.GetString("account")); err != nil {
			return gate.Refuse("record.not_found")
		}
		return e.Next()
	})
	b.app.OnRecordUpdate("surveys").BindFunc(func(e *core.RecordEvent) error {
		_, _ = e.App.CountRecords("survey_answers")
		return e.Next()
	})
	b.writes(slices.DeleteFunc(targets, func(of target) bool { return of.collection != "contacts" && of.collection != "surveys" }))
	found := strings.Join(slices.Collect(maps.Values(b.wrong)), "\n")
	for _, want := range []string{"create of contacts is applied, and record.not_found if this breaks", "update of surveys is applied, and applied if this breaks"} {
		if !strings.Contains(found, want) {
			t.Errorf("nobody noticed: %s\n%s", want, found)
		}
	}
}
