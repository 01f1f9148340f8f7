package org_test

import (
	"maps"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// run carries out a job by its name.
func (c *company) run(name string) {
	c.t.Helper()
	for _, j := range c.Bound.Jobs {
		if j.Name == name {
			for range 2 { // a job that runs twice does nothing the second time
				if err := j.Run(c.t.Context(), c.App, c.Clock.Now()); err != nil {
					c.t.Fatal(err)
				}
			}
			return
		}
	}
	c.t.Fatalf("there is no job %s", name)
}

// policy: R2.5 business_reviews
//
// TestBusinessReviewEachMonth: it is recalled once from its day on, needs
// findings and decisions, and stays as it was handed in.
func TestBusinessReviewEachMonth(t *testing.T) {
	c := open(t)
	c.Clock.Set(time.Date(2026, 4, 4, 9, 0, 0, 0, time.UTC))
	c.run("businessReviews")
	if n := c.told("director.lin", "review.due"); n != 0 {
		t.Errorf("recalled %d times before the day", n)
	}
	c.Clock.Advance(24 * time.Hour)
	c.run("businessReviews")
	if n := c.told("director.lin", "review.due"); n != 1 {
		t.Errorf("recalled %d times", n)
	}
	review := c.want("", "director.lin", "POST", "/api/collections/business_reviews/records",
		map[string]any{"owner": c.As("director.lin").Id, "period": "2026-03", "findings": "覆盖率下降"})
	path := "/api/ka/business_reviews/" + review["id"].(string) + "/complete"
	c.want("review.incomplete", "director.lin", "POST", path, map[string]any{})
	c.want("", "director.lin", "PATCH", "/api/collections/business_reviews/records/"+review["id"].(string), map[string]any{"decisions": "增加拜访"})
	c.want("review.owner", "executive.sun", "POST", path, map[string]any{})
	done := c.want("", "director.lin", "POST", path, map[string]any{})
	if done["late"] != false || done["state"] != "done" {
		t.Errorf("%v", done)
	}
	c.want("review.state", "director.lin", "PATCH", "/api/collections/business_reviews/records/"+review["id"].(string), map[string]any{"decisions": "不变"})
	c.want("review.state", "director.lin", "DELETE", "/api/collections/business_reviews/records/"+review["id"].(string), nil)
	c.Clock.Set(time.Date(2026, 5, 6, 9, 0, 0, 0, time.UTC))
	late := c.want("", "director.lin", "POST", "/api/collections/business_reviews/records",
		map[string]any{"owner": c.As("director.lin").Id, "period": "2026-04", "findings": "平稳", "decisions": "不变"})
	if out := c.want("", "director.lin", "POST", "/api/ka/business_reviews/"+late["id"].(string)+"/complete", map[string]any{}); out["late"] != true {
		t.Errorf("in time on the sixth: %v", out)
	}
}

// policy: R1.5 improvement_actions
//
// TestImprovementIsVerifiedByAnother: it has an owner and a day, and is closed
// by somebody else than who carried it out.
func TestImprovementIsVerifiedByAnother(t *testing.T) {
	c := open(t)
	chen := c.As("rep.chen").Id
	body := map[string]any{"owner": chen, "title": "补铺货", "due": "2026-03-18"}
	c.want("Bad Request", "rep.he", "POST", "/api/collections/improvement_actions/records", body)
	c.want("action.due_invalid", "manager.wu", "POST", "/api/collections/improvement_actions/records", map[string]any{"owner": chen, "title": "x", "due": "2026-03-01"})
	c.want("action.owner_required", "admin.fang", "POST", "/api/collections/improvement_actions/records", map[string]any{"owner": c.As("rep.gone").Id, "title": "x", "due": "2026-03-18"})
	id := c.want("", "manager.wu", "POST", "/api/collections/improvement_actions/records", body)["id"].(string)
	row, act := "/api/collections/improvement_actions/records/"+id, "/api/ka/improvement_actions/"+id
	c.want("", "rep.chen", "PATCH", row, map[string]any{"measure": "每周两次"})
	c.want("field.locked", "rep.chen", "PATCH", row, map[string]any{"due": "2026-12-31"})
	c.want("field.locked", "manager.wu", "PATCH", row, map[string]any{"state": "verified"})
	c.run("improvements")
	if n := c.told("rep.chen", "action.due"); n != 1 {
		t.Errorf("recalled %d times", n)
	}
	c.want("action.state", "manager.wu", "POST", act+"/verify", map[string]any{})
	c.want("action.not_owner", "manager.wu", "POST", act+"/done", map[string]any{"result": "好了"})
	c.want("action.text_required", "rep.chen", "POST", act+"/done", map[string]any{})
	c.want("", "rep.chen", "POST", act+"/done", map[string]any{"result": "铺货率 95%"})
	c.want("action.verify_other", "rep.chen", "POST", act+"/verify", map[string]any{})
	c.want("action.text_required", "manager.wu", "POST", act+"/reopen", map[string]any{})
	c.want("", "manager.wu", "POST", act+"/reopen", map[string]any{"comment": "仍缺货"})
	c.Clock.Set(time.Date(2026, 3, 20, 1, 0, 0, 0, time.UTC))
	c.run("improvements")
	for _, name := range []string{"rep.chen", "manager.wu"} {
		if n := c.told(name, "action.overdue"); n != 1 {
			t.Errorf("%s was told %d times", name, n)
		}
	}
	c.want("", "rep.chen", "POST", act+"/done", map[string]any{"result": "铺货率 98%"})
	if out := c.want("", "director.lin", "POST", act+"/verify", map[string]any{}); out["verified_by"] != c.As("director.lin").Id || out["state"] != "verified" {
		t.Errorf("%v", out)
	}
	c.want("action.state", "manager.wu", "POST", act+"/cancel", map[string]any{"comment": "x"})
}

// policy: R1.1 policy_acks
// policy: R7.14 policy_acks
//
// TestPolicyIsReadByAll: published to everybody, acknowledged once by oneself,
// recalled after its time, and never changed.
func TestPolicyIsReadByAll(t *testing.T) {
	c := open(t)
	for _, table := range []string{"policy_acks", "policy_docs", "notifications"} { // the demo's own
		if _, err := c.DB().Delete(table, nil).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	doc := func(version string) string {
		return c.want("", "admin.fang", "POST", "/api/collections/policy_docs/records", map[string]any{
			"code": "KA-01", "name": "KA业务管理制度", "version": version, "effective_from": "2026-03-01", "summary": "全文见附件",
		})["id"].(string)
	}
	first := doc("1.0")
	c.want("policy.not_published", "rep.chen", "POST", "/api/collections/policy_acks/records", map[string]any{"doc": first, "user": c.As("rep.chen").Id})
	c.want("", "admin.fang", "POST", "/api/ka/policy_docs/"+first+"/publish", map[string]any{})
	c.want("policy.state", "admin.fang", "POST", "/api/ka/policy_docs/"+first+"/publish", map[string]any{})
	c.want("record.not_allowed", "rep.chen", "POST", "/api/ka/policy_docs/"+first+"/withdraw", map[string]any{})
	c.want("policy.locked", "admin.fang", "PATCH", "/api/collections/policy_docs/records/"+first, map[string]any{"summary": "改"})
	if c.told("rep.chen", "policy.published") != 1 || c.told("rep.gone", "policy.published") != 0 {
		t.Error("not everybody in office was told, or somebody else")
	}
	ack := map[string]any{"doc": first, "user": c.As("rep.chen").Id}
	c.want("Bad Request", "rep.he", "POST", "/api/collections/policy_acks/records", ack)
	out := c.want("", "rep.chen", "POST", "/api/collections/policy_acks/records", ack)
	if out["version"] != "1.0" || out["manager"] != c.As("manager.wu").Id || out["ack_at"] == "" {
		t.Errorf("%v", out)
	}
	c.want("policy.acked", "rep.chen", "POST", "/api/collections/policy_acks/records", ack)
	c.Clock.Advance(7 * 24 * time.Hour)
	c.run("policyAcks")
	if n := c.told("rep.he", "policy.unread"); n != 0 {
		t.Errorf("recalled %d times on the last day", n)
	}
	c.Clock.Advance(24 * time.Hour)
	c.run("policyAcks")
	if c.told("rep.he", "policy.unread") != 1 || c.told("rep.chen", "policy.unread") != 0 {
		t.Error("who has not read it was not recalled, or who has was")
	}
	second := doc("2.0")
	c.want("", "admin.fang", "POST", "/api/ka/policy_docs/"+second+"/publish", map[string]any{})
	former, err := c.FindRecordById("policy_docs", first)
	if err != nil || former.GetString("state") != "withdrawn" {
		t.Errorf("the former version: %v", err)
	}
}

// policy: R2.2 annual_plans
//
// TestOneAnnualPlan: of a department and a year one is in force, even past the hooks.
func TestOneAnnualPlan(t *testing.T) {
	c := open(t)
	lin := c.As("director.lin")
	insert := func(id string) error {
		_, err := c.DB().Insert("annual_plans", dbx.Params{
			"id": id, "owner": lin.Id, "dept": lin.GetString("department"), "year": "2031", "goals": "x", "state": "approved",
		}).Execute()
		return err
	}
	if err := insert("planone00000000"); err != nil {
		t.Fatal(err)
	}
	if err := insert("plantwo00000000"); err == nil {
		t.Error("two plans are in force")
	}
	c.want("Bad Request", "manager.wu", "POST", "/api/collections/annual_plans/records", map[string]any{"owner": c.As("manager.wu").Id, "year": "2026", "goals": "x"})
}

// policy: R2.2 annual_plans
//
// TestAPlanStaysInItsDepartment: nobody moves his plan to another, whose plan it
// would replace once it is approved.
func TestAPlanStaysInItsDepartment(t *testing.T) {
	c := open(t)
	lin, other := c.As("director.lin"), c.As("market.tang").GetString("department")
	body := map[string]any{"owner": lin.Id, "year": "2031", "goals": "增长"}
	plan := c.want("", "director.lin", "POST", "/api/collections/annual_plans/records", body)
	if plan["dept"] != lin.GetString("department") {
		t.Errorf("made in %v", plan["dept"])
	}
	c.want("field.locked", "director.lin", "PATCH", "/api/collections/annual_plans/records/"+plan["id"].(string), map[string]any{"dept": other})
	body["dept"] = other
	c.want("field.locked", "director.lin", "POST", "/api/collections/annual_plans/records", body)
}

// policy: R2.2 budgets
//
// TestAPlanNamesItsBudgetAndTarget: of its department and year; what they come to is
// written by the server, and signed as it was when the plan was handed in.
func TestAPlanNamesItsBudgetAndTarget(t *testing.T) {
	c := open(t)
	lin := c.As("director.lin")
	row := func(collection string, values map[string]any) string {
		t.Helper()
		coll, err := c.FindCollectionByNameOrId(collection)
		if err != nil {
			t.Fatal(err)
		}
		record := core.NewRecord(coll)
		record.Load(values)
		if err := c.SaveWithContext(gate.AsServer(t.Context()), record); err != nil {
			t.Fatal(err)
		}
		return record.Id
	}
	dept := lin.GetString("department")
	budget := func(year string) string {
		return row("budgets", map[string]any{"owner": lin.Id, "dept": dept, "year": year, "title": year, "total_fen": 5_000_00, "state": "draft"})
	}
	target := row("targets", map[string]any{
		"owner": lin.Id, "dept": dept, "level": "dept", "metric": "amount", "year": "2031", "value": 100_000_00, "state": "issued",
	})
	of31, of32 := budget("2031"), budget("2032")
	body := map[string]any{"owner": lin.Id, "year": "2031", "goals": "增长"}
	with := func(more map[string]any) map[string]any {
		out := maps.Clone(body)
		maps.Copy(out, more)
		return out
	}
	const path = "/api/collections/annual_plans/records"
	c.want("field.locked", "director.lin", "POST", path, with(map[string]any{"budget_fen": 5}))
	c.want("plan.budget_invalid", "director.lin", "POST", path, with(map[string]any{"budget": of32}))
	c.want("plan.target_invalid", "director.lin", "POST", path, with(map[string]any{"year": "2032", "target": target}))
	plan := c.want("", "director.lin", "POST", path, with(map[string]any{"budget": of31, "target": target}))
	if plan["budget_fen"] != 5_000_00.0 || plan["planned_ratio_bp"] != 500.0 {
		t.Errorf("%v", plan)
	}
	if _, err := c.DB().NewQuery("UPDATE budgets SET total_fen = 600000 WHERE year = '2031'").Execute(); err != nil {
		t.Fatal(err)
	}
	id := plan["id"].(string)
	c.want("", "director.lin", "POST", "/api/ka/annual_plans/"+id+"/submit", map[string]any{})
	if got, err := c.FindRecordById("annual_plans", id); err != nil || got.GetInt("budget_fen") != 6_000_00 || got.GetInt("planned_ratio_bp") != 600 {
		t.Errorf("handed in with %v, %v", got.PublicExport(), err)
	}
}
