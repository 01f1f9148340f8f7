package attack

import (
	"encoding/json/v2"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"satchel/records"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// said are the values of marked rows that their kind does not give: without them
// the row would not be one like that of the access matrix. A name of the company's
// people stands for his id, several for a list of theirs, and "service" for the
// department of the service.
var said = map[string]map[string]any{
	"settings":               {"effective_from": "2026-01-01", "history": "[]"},
	"holidays":               {"date": "2031-01-01"},
	"sync_rules":             {"direction": "none", "keys": "[]", "grants": "[]", "policy": "{}", "omit": "[]"},
	"sync_schema_steps":      {"op": "rename", "seq": 0},
	"invoices":               {"blob": "", "paper_state": "read"}, // or the server would read its paper
	"blobs":                  {"state": "stored", "purpose": "visit_photo"},
	"price_lists":            {"scope": "default", "account": "", "dept": ""},
	"price_items":            {"account": "", "dept": ""},
	"promo_plans":            {"owner": "market.tang", "year": "2026"},
	"activities":             {"owner": "market.tang"},
	"budget_adjustments":     {"month": ""},
	"audit_findings":         {"finder": "finance.zhao", "liable": "[]", "state": "open"},
	"advances":               {"paid_fen": 0, "cleared_fen": 0, "given_back_fen": 0},
	"cost_savings":           {"month": "2026-02"},
	"payment_runs":           {"answers": "[]", "sha256": ""},
	"payments":               {"state": "sent"}, // one that is planned goes with its run
	"payees":                 {"account": ""},   // an employee is one
	"budgets":                {"owner": "director.lin", "reviewers": "[]"},
	"expense_claims":         {"advance": "", "payee": "", "period": "2026-03"},
	"budget_nodes":           {"viewers": []string{"rep.chen", "manager.wu"}},
	"promotions":             {"rule": `{"kind":"percent","bp":100}`},
	"accounts":               {"kind": "ka", "status": "active"},
	"account_handovers":      {"to_rep": "rep.he"},
	"account_assignments":    {"state": "active"},
	"visit_audits":           {"auditor": "rep.he", "state": "done"},
	"intel_reports":          {"routed": "[]", "acks": "[]"},
	"negotiations":           {"price_terms": "[]", "service_terms": "[]", "objections": "[]"},
	"value_services":         {"provider": "service"},
	"service_evaluations":    {"quarter": "2026-Q1"},
	"case_events":            {"owner_dept": "service"},
	"cases":                  {"owner_dept": "service"},
	"product_requests":       {"to_dept": "service"},
	"support_requests":       {"to_dept": "service"},
	"trainings":              {"material": ""},
	"indicators":             {"kind": "rated", "formula": "", "band": "[]", "hints": "[]"},
	"appraisal_schemes":      {"role": "rep", "cycle_kind": "quarter", "content": "{}", "version": 1, "state": "draft"},
	"expense_rules":          {"kind": "dead", "params": "{}", "categories": "[]", "version": 1},
	"visit_feedback":         {"target_dept": "service"},
	"monthly_plans":          {"owner": "manager.wu", "manager": "", "reviewers": "[]"},
	"satisfaction_surveys":   {"from_date": "2025-12-01", "to_date": "2026-02-28", "open_on": "", "state": "planned", "questions": "[]", "excluded": "{}", "days": 14},
	"survey_invites":         {"state": "sent", "used_on": ""},
	"satisfaction_responses": {"day": "2026-03-02", "answers": "[5,5,5,5,5]"},
	"employments":            {"left_on": "", "joined": "", "grade_since": ""},
	"commission_plans":       {"rules": `{"tiers":[{"from_bp":10000,"rate_bp":100}],"gate_bp":10000,"gate_grade":"B"}`},
	"incentive_results":      {"content": "{}", "guarded": "[]", "reason": "", "state": "paid"},
	"statements": {
		"month": "2026-02", "opening_fen": 0, "closing_fen": 0, // of no entries
		"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	},
	"appraisal_cycles": {"kind": "quarter", "period": "2031Q1", "schemes": `[{"id":"scheme","version":1,"scheme":{"role":"rep"}}]`, "rules": "{}", "deadlines": "{}"},
	"appraisals": {
		"subject": "rep.chen", "superior": "manager.wu", "reader": "", "calibrated_by": "", "decided_by": "", "role": "rep", "state": "open",
		"metrics": "{}", "inputs": "{}", "trace": "{}", "trace_digest": "", "forms": "[]", "warnings": "[]",
	},
	"appraisal_ratings": {"rater": "rep.chen", "subject": "rep.chen", "readers": "[]", "sight": "", "items": "[]", "questions": "[]", "facts": "[]", "state": "draft"},
	"target_letters": {
		"subject": "rep.chen", "superior": "manager.wu", "year": "2031", "signed_blob": "", "countersigned_blob": "", // the files of marked rows are no pictures
		"snapshot": "{}", "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
	},
	"approvals": {"approver": "manager.wu", "oversight": "finance"},

	"metric_snapshots":   {"month": "2020-01", "figures": "{}"},
	"report_definitions": {"owner": "manager.wu", "figures": `["otif"]`, "by": "[]", "filters": "{}", "day": 5, "active": false},
}

// views show rows of others under their ids.
var views = map[string]string{"people": "users", "account_names": "accounts", "order_status": "orders"}

// mark writes a row of rep.chen's into every collection, past all rules, with its
// mark in every text. Ids of rows are known before, so that each may name another.
func (w *world) mark() {
	w.t.Helper()
	all, err := w.FindAllCollections()
	if err != nil {
		w.t.Fatal(err)
	}
	for i, c := range all {
		switch {
		case c.System:
		case c.Name == "users":
			w.rows[c.Name] = w.As("rep.chen").Id
		case c.IsView():
		default:
			w.rows[c.Name] = fmt.Sprintf("attacked%07d", i)
		}
	}
	for view, of := range views {
		w.rows[view] = w.rows[of]
	}
	for _, c := range all {
		switch {
		case c.System || c.IsView():
		case c.Name == "users":
			if _, err := w.DB().Update("users", dbx.Params{"phone": markFor("users", "phone")}, dbx.HashExp{"id": w.rows["users"]}).Execute(); err != nil {
				w.t.Fatal(err)
			}
		default:
			w.write(c)
		}
	}
	if err := w.Bound.Sync.Fold(w); err != nil {
		w.t.Fatal(err)
	}
}

func markFor(collection, field string) string { return "mark-of-row-" + collection + "-" + field }

func (w *world) write(c *core.Collection) {
	w.t.Helper()
	row := dbx.Params{}
	for _, f := range c.Fields {
		row[f.GetName()] = w.value(c, f)
	}
	for name, value := range said[c.Name] {
		if c.Fields.GetByName(name) == nil {
			w.t.Fatalf("%s has no field %s", c.Name, name)
		}
		switch text, _ := value.(string); {
		case text == "service":
			value = w.As("service.qian").GetString("department")
		case strings.HasPrefix(text, "rep."), strings.HasPrefix(text, "manager."), strings.HasPrefix(text, "market."), strings.HasPrefix(text, "director."), strings.HasPrefix(text, "finance."):
			value = w.As(text).Id
		}
		if names, several := value.([]string); several {
			ids := make([]string, len(names))
			for i, name := range names {
				ids[i] = fmt.Sprintf("%q", w.As(name).Id)
			}
			value = "[" + strings.Join(ids, ",") + "]"
		}
		row[name] = value
	}
	row["id"] = w.rows[c.Name]
	w.as[c.Name] = row
	w.insert(c)
	record, err := w.FindRecordById(c, w.rows[c.Name])
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range c.Fields {
		if f.Type() == core.FieldTypeFile {
			w.file(record.BaseFilesPath()+"/"+record.GetString(f.GetName()), markFor(c.Name, f.GetName()))
		}
	}
}

// insert writes the marked row as it was first, also over what became of it.
func (w *world) insert(c *core.Collection) {
	w.t.Helper()
	_, err := w.DB().Delete(c.Name, dbx.HashExp{"id": w.rows[c.Name]}).Execute()
	if c.Name == "account_assignments" && err == nil { // the clock gives an account one that has none
		_, err = w.DB().Delete(c.Name, dbx.HashExp{"account": w.rows["accounts"]}).Execute()
	}
	if err == nil {
		_, err = w.DB().Insert(c.Name, w.as[c.Name]).Execute()
	}
	if err != nil {
		w.t.Fatalf("%s: %v", c.Name, err)
	}
}

func (w *world) file(key, content string) {
	w.t.Helper()
	files, err := w.NewFilesystem()
	if err != nil {
		w.t.Fatal(err)
	}
	defer files.Close()
	f, err := filesystem.NewFileFromBytes([]byte(content), "mark.txt")
	if err == nil {
		err = files.UploadFile(f, key)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) value(c *core.Collection, f core.Field) any {
	mark := markFor(c.Name, f.GetName())
	if f.GetHidden() {
		mark = hidden
	}
	switch f := f.(type) {
	case *core.RelationField:
		id := w.rel(f)
		if f.IsMultiple() {
			list, err := json.Marshal([]string{id})
			if err != nil {
				w.t.Fatal(err)
			}
			return string(list)
		}
		return id
	case *core.SelectField:
		if f.IsMultiple() {
			return fmt.Sprintf("[%q]", f.Values[0])
		}
		return f.Values[0]
	case *core.FileField:
		if f.IsMultiple() {
			return fmt.Sprintf("[%q]", f.Name+".jpg")
		}
		return f.Name + ".jpg"
	case *core.JSONField:
		if slices.Contains(records.Documents(c.Name), f.Name) {
			return nil // of a form; no row is stored in another
		}
		return fmt.Sprintf(`{"x":%q}`, mark)
	case *core.DateField, *core.AutodateField:
		return "2026-03-16 00:00:00.000Z"
	case *core.TextField:
		if day := regexp.MustCompile(f.Pattern); f.Pattern != "" && !day.MatchString(mark) && day.MatchString("2026-03-16") {
			return "2026-03-16"
		}
		return mark
	case *core.NumberField:
		return 1
	case *core.BoolField:
		return false
	case *core.GeoPointField:
		return `{"lon":0,"lat":0}`
	}
	return mark
}

// rel is whom a marked row names: the line of rep.chen, and other marked rows.
func (w *world) rel(f *core.RelationField) string {
	to, err := w.FindCachedCollectionByNameOrId(f.CollectionId)
	if err != nil {
		w.t.Fatal(err)
	}
	chen := w.As("rep.chen")
	switch {
	case to.Name == "users" && slices.Contains([]string{"manager", "from_manager", "to_manager"}, f.Name):
		return chen.GetString("manager")
	case to.Name == "users":
		return chen.Id
	case to.Name == "departments":
		return chen.GetString("department")
	}
	return w.rows[to.Name]
}
