package hooks_test

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// givenOnce are the fields that who makes a row says of it and nobody changes
// later, and why. All others that are guarded on change are guarded on create.
var givenOnce = map[string]string{
	"accounts.name": "a customer has one, later his superior's to correct",
	"accounts.uscc": "likewise; checked for duplicates",

	"accounts.region": "where it is, later his superior's to correct",
	"accounts.kind":   "a prospect; who may say so makes it a customer from the first day",
	"accounts.status": "what its kind begins with, and nothing else",
	"accounts.stage":  "where it begins by its kind, and nowhere else",

	"returns.order": "of which goods come back",

	"receipts.account":   "whose it is",
	"deductions.account": "whose it is",

	"departments.parent": "where it stands in the chart; a change that makes a circle is refused",

	"improvement_actions.title":          "its author asks for it; who is responsible does not change what is asked",
	"improvement_actions.cause":          "likewise",
	"improvement_actions.due":            "likewise; never before today",
	"improvement_actions.ref_collection": "what it follows from",
	"improvement_actions.ref_id":         "what it follows from",

	"expense_categories.code":   "what accounts know it by",
	"expense_categories.parent": "the only one that the test has is the row itself",
	"budget_nodes.parent":       "where it stands in the tree",

	"budget_adjustments.budget": "of which budget the nodes are",

	"payees.kind":    "who is paid stays who he is",
	"payees.user":    "likewise",
	"payees.account": "likewise",

	"expense_reviews.due":    "by when he wants to hear",
	"expense_reviews.budget": "what is explained",
	"expense_reviews.node":   "likewise",
	"expense_reviews.owner":  "of whom he wants to hear",

	"expense_lines.claim":       "what it is part of",
	"expense_shares.claim":      "what it is part of",
	"expense_shares.line":       "likewise",
	"expense_uses.claim":        "what it is part of",
	"expense_uses.line":         "likewise",
	"expense_uses.invoice":      "which paper it takes",
	"satisfaction_surveys.dept": "whom it rates",
	"audit_findings.claim":      "what it was found about",
	"audit_findings.sample":     "in which it was drawn",

	"invoices.qr_raw":          "what the phone read, kept as it is",
	"cases.account":            "whose it is",
	"cases.owner_dept":         "who is asked to solve it; handed on by a step",
	"cases.raised_at":          "when the customer said so; at most 30 days before it arrived, never after",
	"monthly_plans.month":      "one plan a month",
	"order_lines.order":        "what it is part of",
	"assortments.account":      "whose it is",
	"assortments.product":      "of which product it speaks",
	"product_units.product":    "of which product it is one",
	"product_costs.product":    "whose cost it is",
	"delivery_lines.delivery":  "what it is part of",
	"orders.account":           "whose it is",
	"product_requests.to_dept": "who is asked",
	"support_requests.kind":    "what is asked",
	"support_requests.to_dept": "who is asked",
	"service_channels.account": "whose it is",
	"targets.account":          "of which account it is, if of one",
	"training_keys.training":   "of which training they are",
	"activity_costs.activity":  "what it is part of",
	"budget_nodes.budget":      "what it is part of",
	"activity_tasks.activity":  "what it is part of",
	"visit_steps.key":          "which step of the template it is",
	"visit_steps.kind":         "likewise",
	"visit_steps.visit":        "what it is part of",
	"visits.account":           "whose it is",
	"visits.state":             "a draft, or planned",
}

// guard tries fields of new rows as people.
type guard struct {
	*matrix
	phones map[string]*testapp.Phone
	needed map[string]bool // exceptions
	cells  int             // fields that are guarded on change, by person
	pushed int
	wrong  []string
	ids    int
}

// TestGuardedOnCreateIsGuardedOnChange: what a person may not change of a row of
// his he does not set when he makes one, at a desk or by a phone.
func TestGuardedOnCreateIsGuardedOnChange(t *testing.T) {
	g := &guard{matrix: newMatrix(t), phones: map[string]*testapp.Phone{}, needed: map[string]bool{}}
	people := []string{"owner", "kam", "head", "fin", "mkt", "prod", "serv", "ops", "admin"}
	all := len(people)
	people = people[:effort.Times(2, all)]
	everybody := len(people) == all
	for _, who := range people {
		g.phones[who] = g.app.Phone(g.people[who].token, "guard"+who)
		g.phones[who].Pull()
	}
	tried := map[string]bool{}
	for _, target := range g.targets() {
		if target.create == nil || target.id == "" || tried[target.collection] {
			continue
		}
		tried[target.collection] = true
		for _, who := range people {
			g.try(target, who)
		}
	}
	slices.Sort(g.wrong)
	for _, found := range slices.Compact(g.wrong) {
		t.Error(found)
	}
	for name := range givenOnce {
		collection, field, _ := strings.Cut(name, ".")
		coll, err := g.app.FindCachedCollectionByNameOrId(collection)
		if err != nil || coll.Fields.GetByName(field) == nil {
			t.Errorf("there is no %s", name)
			continue
		}
		if _, ok := coll.Fields.GetByName(field).(*core.RelationField); !ok && !g.needed[name] && everybody { // which other row is tried is chance, and some fields are an office's alone
			t.Errorf("%s needs no exception", name)
		}
	}
	t.Logf("%d fields are guarded on change, %d tried by a phone", g.cells, g.pushed)
	if g.cells < 100 || g.pushed < 50 {
		t.Error("hardly any field is guarded: the attempts are no good ones")
	}
}

func (g *guard) try(target target, column string) {
	g.t.Helper()
	who := g.people[column]
	path := "/api/collections/" + target.collection + "/records"
	body := target.create(who)
	if answer, _ := g.attempt(http.MethodPost, path, body, who, "", ""); answer.Code != http.StatusOK && answer.Code != 0 {
		return
	}
	row := g.own(target, who, body)
	if row == nil {
		return
	}
	for _, f := range row.Collection().Fields {
		name := f.GetName()
		value := g.other(f, row)
		if value == nil {
			continue
		}
		change := maps.Clone(target.update)
		change[name] = value
		answer, _ := g.attempt(http.MethodPatch, path+"/"+row.Id, change, who, "", "")
		if code := refusal(answer); code == "" || code == "validation" {
			continue
		}
		g.cells++
		set := maps.Clone(body)
		set[name] = value
		id := g.newID()
		set["id"] = id
		_, made := g.attempt(http.MethodPost, path, set, who, target.collection, id)
		g.judge(column, "rest", target.collection, name, value, made)
		g.pushed++
		id = g.newID()
		delete(set, "id")
		g.phones[column].Push(map[string]any{"op": "create", "c": target.collection, "r": id, "set": set})
		made, _ = g.app.FindRecordById(target.collection, id) // refused if there is none
		g.judge(column, "push", target.collection, name, value, made)
		if made == nil {
			continue
		}
		if _, err := g.app.DB().Delete(target.collection, dbx.HashExp{"id": id}).Execute(); err != nil { // not in the way of the next
			g.t.Fatal(err)
		}
	}
	if answer, _ := g.attempt(http.MethodPost, path, body, who, "", ""); refusal(answer) != "" {
		g.t.Errorf("%s makes no more %s: %s", column, target.collection, answer.Body)
	}
}

// own is a row as the person makes one, if he may change it, else nil.
func (g *guard) own(target target, who person, body map[string]any) *core.Record {
	g.t.Helper()
	row, err := g.app.FindRecordById(target.collection, target.id)
	if err != nil {
		g.t.Fatal(err)
	}
	answer, _ := g.attempt(http.MethodPatch, "/api/collections/"+target.collection+"/records/"+row.Id, target.update, who, "", "")
	if refusal(answer) != "" {
		return nil
	}
	return row
}

func (g *guard) judge(column, way, collection, field string, value any, made *core.Record) {
	if made == nil {
		return
	}
	got, err := json.Marshal(made.Get(field), json.Deterministic(true))
	want, _ := json.Marshal(value, json.Deterministic(true))
	if err != nil || string(got) != string(want) && fmt.Sprint(made.Get(field)) != fmt.Sprint(value) {
		return // the server put its own in its place
	}
	if name := collection + "." + field; givenOnce[name] != "" {
		g.needed[name] = true
		return
	}
	g.wrong = append(g.wrong, fmt.Sprintf("%s makes %s with %s of his own by %s, which he may not change", column, collection, field, way))
}

// attempt makes a request whose effects are undone, and reads the row that it made.
func (g *matrix) attempt(method, path string, body map[string]any, who person, collection, id string) (answer *httptest.ResponseRecorder, made *core.Record) {
	g.t.Helper()
	undo := errors.New("undo")
	err := g.app.RunInTransaction(func(txApp core.App) error {
		g.at = txApp
		defer func() { g.at = g.app.TestApp }()
		answer = g.send(g.t, method, path, body, who)
		if answer.Code < http.StatusBadRequest {
			made, _ = txApp.FindRecordById(collection, id) // none is asked for
		}
		return undo
	})
	if !errors.Is(err, undo) {
		g.t.Fatal(err)
	}
	return answer, made
}

// refusal is the code of an answer that refuses, "rule" if it has none.
func refusal(answer *httptest.ResponseRecorder) string {
	if answer.Code < http.StatusBadRequest {
		return ""
	}
	var got struct {
		Data map[string]any `json:"data"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &got)
	switch code, _ := got.Data["code"].(string); {
	case answer.Code != http.StatusBadRequest:
		return "rule"
	case code == "":
		return "validation"
	default:
		return code
	}
}

func (g *guard) newID() string {
	g.ids++
	return fmt.Sprintf("guard%010d", g.ids)
}

// other is a value of a field's own kind that the row does not have; nil if the
// field is PocketBase's own or takes files.
func (g *guard) other(f core.Field, row *core.Record) any {
	if f.GetSystem() || f.GetHidden() {
		return nil
	}
	now := row.GetString(f.GetName())
	switch f := f.(type) {
	case *core.TextField:
		for _, text := range []string{"2026-05-06", "2026-05", "另写", strings.Repeat("c", 64)} {
			if text != now && f.ValidatePlainValue(text) == nil {
				return text
			}
		}
	case *core.NumberField:
		return row.GetInt(f.GetName()) + 7
	case *core.BoolField:
		if !row.GetBool(f.GetName()) { // false says nothing of a new row
			return true
		}
	case *core.DateField:
		return "2026-03-15 01:02:03.000Z"
	case *core.JSONField:
		return map[string]any{"x": "y"}
	case *core.SelectField:
		for _, v := range f.Values {
			if !slices.Contains(row.GetStringSlice(f.GetName()), v) {
				return v
			}
		}
	case *core.RelationField:
		rows, err := g.app.FindRecordsByFilter(f.CollectionId, "id != ''", "-created", 20, 0)
		if err != nil {
			g.t.Fatal(err)
		}
		for _, other := range rows {
			if !slices.Contains(row.GetStringSlice(f.GetName()), other.Id) {
				return other.Id
			}
		}
	}
	return nil
}
