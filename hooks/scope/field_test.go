package scope_test

import (
	"fmt"
	"maps"
	"strings"

	"github.com/pocketbase/dbx"
)

// fieldColumns are what the policy speaks of in plans and field work.
var fieldColumns = map[string][]string{
	"monthly_plans": {"owner", "manager", "dept", "reviewers"}, "visit_plans": {"owner", "manager", "dept", "reviewers"},
	"plan_items": {"owner", "manager", "dept"}, "plan_progress": {"owner", "manager", "dept"},
	"account_positions": {"account", "dept"}, "visit_feedback": {"account", "dept", "target_dept"}, "store_checks": {"account", "dept"},
	"visit_audits": {"auditor", "manager", "dept"},
	"competitors":  nil, "surveys": nil,
	"intel_reports":    {"owner", "manager", "dept", "routed"},
	"support_requests": {"owner", "manager", "dept", "to_dept"}, "product_requests": {"owner", "manager", "dept", "to_dept"},
	"consents": {"owner"}, "track_points": {"owner"},
	"work_sessions": {"owner", "manager", "dept"}, "work_reports": {"owner", "manager", "dept"},
	"survey_answers": {"owner", "manager", "dept"},
}

func init() { maps.Copy(columns, fieldColumns) }

type seen = func(f *facts, person string, row map[string]string) bool

// line: whose it is, who led him, who heads the department, and who oversees all.
func line(f *facts, person string, row map[string]string) bool {
	role := f.tables["users"][person]["role"]
	return role == "auditor" || role == "admin" || row["owner"] == person || row["manager"] == person || f.heads(person, row["dept"])
}

// atAccount: who serves the account, and the head of the department of then.
func atAccount(f *facts, person string, row map[string]string) bool {
	role := f.tables["users"][person]["role"]
	return role == "auditor" || role == "admin" || f.serves(person, row["account"]) || f.heads(person, row["dept"])
}

func or(see, more seen) seen {
	return func(f *facts, person string, row map[string]string) bool {
		return see(f, person, row) || more(f, person, row)
	}
}

func marketing(f *facts, person string, _ map[string]string) bool {
	return f.tables["users"][person]["role"] == "market"
}

// worksIn reports whether somebody works in a department that the field names, or
// one of those that it lists.
func worksIn(field string) seen {
	return func(f *facts, person string, row map[string]string) bool {
		dept := f.tables["users"][person]["department"]
		return dept != "" && strings.Contains(row[field], dept)
	}
}

func named(field string) seen {
	return func(_ *facts, person string, row map[string]string) bool { return strings.Contains(row[field], person) }
}

func everybody(*facts, string, map[string]string) bool { return true }

var fieldSees = map[string]seen{
	"monthly_plans": or(line, named("reviewers")), "visit_plans": or(line, named("reviewers")), "plan_items": line, "plan_progress": line,
	"account_positions": atAccount, "visit_feedback": or(atAccount, worksIn("target_dept")), "store_checks": or(atAccount, marketing),
	"visit_audits": or(line, named("auditor")), "competitors": everybody, "surveys": everybody,
	"intel_reports": or(or(line, marketing), worksIn("routed")), "support_requests": or(line, worksIn("to_dept")), "product_requests": or(line, worksIn("to_dept")),
	"consents": func(f *facts, person string, row map[string]string) bool {
		return line(f, person, map[string]string{"owner": row["owner"]})
	},
	"track_points":  func(_ *facts, person string, row map[string]string) bool { return row["owner"] == person },
	"work_sessions": line, "work_reports": line, "survey_answers": or(line, marketing),
}

// makeField adds plans, days in the field and what came out of visits, of
// people as they were led at some time.
func (o *org) makeField(tx dbx.Builder) error {
	survey, err := o.row(tx, "surveys", dbx.Params{"title": "@mark", "active": true})
	if err != nil {
		return err
	}
	if _, err := o.row(tx, "competitors", dbx.Params{"name": "@mark", "active": true}); err != nil {
		return err
	}
	for i := range 60 {
		owner := o.one(o.people, 0)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		whose := func(more dbx.Params) dbx.Params {
			out := dbx.Params{"owner": owner, "manager": manager, "dept": dept}
			maps.Copy(out, more)
			return out
		}
		month := fmt.Sprintf("%04d-%02d", 2030+i/12, 1+i%12)
		plan, err := o.row(tx, "visit_plans", whose(dbx.Params{"month": month, "state": "draft", "note": "@mark", "reviewers": `["` + o.one(o.people, 0) + `"]`}))
		if err != nil {
			return err
		}
		item, err := o.row(tx, "plan_items", whose(dbx.Params{"visit_plan": plan, "month": month, "kind": "task", "title": "@mark", "state": "open"}))
		if err != nil {
			return err
		}
		session, err := o.row(tx, "work_sessions", whose(dbx.Params{"date": fmt.Sprintf("2026-%02d-%02d", 1+i/28, 1+i%28), "state": "closed"}))
		if err != nil {
			return err
		}
		to := o.one(o.depts, 4)
		rows := map[string]dbx.Params{
			"monthly_plans":    whose(dbx.Params{"month": month, "state": "draft", "note": "@mark"}),
			"plan_progress":    whose(dbx.Params{"item": item, "qty": 1, "note": "@mark"}),
			"work_reports":     whose(dbx.Params{"kind": "month", "period": month, "text": "@mark", "state": "draft"}),
			"support_requests": whose(dbx.Params{"to_dept": to, "kind": "other", "text": "@mark", "state": "open"}),
			"product_requests": whose(dbx.Params{"to_dept": to, "need": "@mark", "state": "new"}),
			"survey_answers":   whose(dbx.Params{"survey": survey}),
			"intel_reports":    whose(dbx.Params{"kind": "market", "text": "@mark", "routed": `["` + o.one(o.depts, 0) + `"]`}),
			"consents":         {"owner": owner, "kind": "location", "version": "@mark"},
			"track_points":     {"owner": owner, "session": session, "at": "2026-03-16 00:00:00.000Z", "lat": 31, "lng": 121},
		}
		if err := o.insertAll(tx, rows); err != nil {
			return err
		}
		if err := o.makeVisitWork(tx, o.one(o.visits, 0)); err != nil {
			return err
		}
	}
	return nil
}

// makeVisitWork adds what came out of one visit.
func (o *org) makeVisitWork(tx dbx.Builder, visit string) error {
	var v struct{ Account, Owner, Manager, Dept string }
	if err := tx.Select("account", "owner", "manager", "dept").From("visits").Where(dbx.HashExp{"id": visit}).One(&v); err != nil {
		return err
	}
	rows := map[string]dbx.Params{
		"visit_feedback":    {"text": "@mark", "theme": "price", "state": "routed", "target_dept": o.one(o.depts, 5)},
		"store_checks":      {"note": "@mark", "product": o.one(o.products, 0)},
		"visit_audits":      {"task": "@mark", "auditor": o.one(o.people, 0), "state": "open"},
		"account_positions": {"reason": "@mark", "state": "refused"},
	}
	for table, row := range rows {
		maps.Copy(row, dbx.Params{"visit": visit, "account": v.Account, "owner": v.Owner, "dept": v.Dept})
		if table != "account_positions" {
			row["manager"] = v.Manager
		}
	}
	return o.insertAll(tx, rows)
}

// insertAll adds a row to each table, in the order of their names: ids are thrown.
func (o *org) insertAll(tx dbx.Builder, rows map[string]dbx.Params) error {
	for _, table := range idsOf(rows) {
		if _, err := o.row(tx, table, rows[table]); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}
