package org_test

import (
	"context"
	"encoding/json/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// company is the demo company, asked over REST.
type company struct {
	*testapp.App
	t *testing.T
}

func open(t *testing.T) *company {
	t.Helper()
	return &company{testapp.New(t), t}
}

// ask makes a request and returns its code, empty if it passed, and the answer.
func (c *company) ask(name, method, path string, body any) (string, map[string]any) {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	answer := c.Do(name, method, path, string(text))
	var out map[string]any
	_ = json.Unmarshal(answer.Body.Bytes(), &out)
	if answer.Code == http.StatusOK {
		return "", out
	}
	data, _ := out["data"].(map[string]any)
	code, _ := data["code"].(string)
	if code == "" {
		code = http.StatusText(answer.Code)
	}
	return code, out
}

func (c *company) want(code, name, method, path string, body any) map[string]any {
	c.t.Helper()
	got, out := c.ask(name, method, path, body)
	if got != code {
		c.t.Fatalf("%s: %s %s: %q, not %q: %v", name, method, path, got, code, out)
	}
	return out
}

// edit changes a person as the administrator.
func (c *company) edit(code, who string, fields map[string]any) {
	c.t.Helper()
	c.want(code, "admin.fang", "PATCH", "/api/collections/users/records/"+c.As(who).Id, fields)
}

func (c *company) hire(code, role, dept, manager string) {
	c.t.Helper()
	c.want(code, "admin.fang", "POST", "/api/collections/users/records", map[string]any{
		"email": "new@demo.test", "password": "a-password-of-tests", "passwordConfirm": "a-password-of-tests", "name": "新人",
		"role": role, "department": dept, "manager": manager, "active": true,
	})
}

func (c *company) told(name, kind string) int {
	c.t.Helper()
	n, err := c.CountRecords("notifications", dbx.HashExp{"user": c.As(name).Id, "kind": kind})
	if err != nil {
		c.t.Fatal(err)
	}
	return int(n)
}

// policy: R2.1 H-ORG-1
//
// TestHOrg1: a KA department has one manager in office, neither two nor none.
func TestHOrg1(t *testing.T) {
	c := open(t)
	lin, wu := c.As("director.lin"), c.As("manager.wu")
	ka := lin.GetString("department")
	c.hire("org.head_taken", "dept_manager", ka, "")
	c.edit("org.head_needed", "director.lin", map[string]any{"active": false})
	c.edit("org.head_needed", "director.lin", map[string]any{"role": "ka_manager"})
	c.edit("org.head_needed", "director.lin", map[string]any{"department": c.As("market.tang").GetString("department")})
	c.hire("", "dept_manager", c.As("market.tang").GetString("department"), "") // no KA department

	// One takes over from the other at once; who leads reps hands them over first.
	dept := "/api/ka/departments/" + ka + "/appoint"
	c.want("org.has_reports", "admin.fang", "POST", dept, map[string]any{"user": wu.Id})
	c.want("org.appoint_invalid", "admin.fang", "POST", dept, map[string]any{"user": c.As("market.tang").Id})
	c.want("record.not_allowed", "director.lin", "POST", dept, map[string]any{"user": wu.Id})
	reps, err := c.FindAllRecords("users", dbx.HashExp{"manager": wu.Id})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reps {
		r.Set("manager", c.As("manager.xu").Id)
		if err := c.Save(r); err != nil {
			t.Fatal(err)
		}
	}
	c.want("", "admin.fang", "POST", dept, map[string]any{"user": wu.Id})
	lin, wu, xu := c.As("director.lin"), c.As("manager.wu"), c.As("manager.xu")
	if lin.GetString("role") != "ka_manager" || wu.GetString("role") != "dept_manager" || lin.GetString("manager") != wu.Id || xu.GetString("manager") != wu.Id {
		t.Errorf("lin is %s, wu %s, xu reports to %s", lin.GetString("role"), wu.GetString("role"), xu.GetString("manager"))
	}
}

// policy: R2.1 H-ORG-2
//
// TestHOrg2: a rep reports to a KA manager in office of his own department.
func TestHOrg2(t *testing.T) {
	c := open(t)
	ka, market := c.As("director.lin").GetString("department"), c.As("market.tang").GetString("department")
	for _, boss := range []string{"director.lin", "rep.he", "market.tang"} {
		c.hire("org.rep_manager", "rep", ka, c.As(boss).Id)
	}
	c.hire("org.rep_manager", "rep", ka, "")
	c.hire("org.rep_manager", "rep", market, c.As("manager.wu").Id)
	c.edit("org.rep_manager", "rep.chen", map[string]any{"manager": c.As("rep.he").Id})
	c.edit("org.has_reports", "manager.wu", map[string]any{"role": "market"})
	c.edit("org.has_reports", "manager.wu", map[string]any{"active": false})
	c.edit("org.has_reports", "manager.wu", map[string]any{"department": market})
	c.hire("", "rep", ka, c.As("manager.wu").Id)
	c.edit("", "rep.chen", map[string]any{"manager": c.As("manager.xu").Id})
}

// policy: R2.1 H-ORG-3
//
// TestHOrg3: nobody is his own superior, and no department lies in itself; an
// override does not help.
func TestHOrg3(t *testing.T) {
	c := open(t)
	c.edit("org.cycle", "executive.sun", map[string]any{"manager": c.As("finance.zhao").Id})
	c.edit("org.cycle", "executive.sun", map[string]any{"manager": c.As("executive.sun").Id})
	c.want("org.cycle", "admin.fang", "POST", "/api/ka/users/"+c.As("executive.sun").Id+"/override",
		map[string]any{"reason": "x", "set": map[string]any{"manager": c.As("finance.zhao").Id}})
	top, ka := c.As("executive.sun").GetString("department"), c.As("director.lin").GetString("department")
	c.want("org.cycle", "admin.fang", "PATCH", "/api/collections/departments/records/"+top, map[string]any{"parent": ka})
	c.want("org.head_outside", "admin.fang", "PATCH", "/api/collections/departments/records/"+ka, map[string]any{"head": c.As("market.tang").Id})
}

// policy: R2.1 H-ORG-4
// policy: R1.1 H-SCOPE
//
// TestHOrg4: who has open accounts, approvals or improvements is not disabled
// before he handed them over, unless an administrator gives a reason. Once
// disabled he reads nothing.
func TestHOrg4(t *testing.T) {
	c := open(t)
	c.edit("org.open_work", "rep.chen", map[string]any{"active": false})
	mine, err := c.FindAllRecords("accounts", dbx.HashExp{"owner": c.As("rep.chen").Id})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range mine {
		a.Set("owner", c.As("rep.he").Id)
		if err := c.Save(a); err != nil {
			t.Fatal(err)
		}
	}
	improvement := c.want("", "manager.wu", "POST", "/api/collections/improvement_actions/records",
		map[string]any{"owner": c.As("rep.chen").Id, "title": "补铺货", "due": "2026-06-01"})
	c.edit("org.open_work", "rep.chen", map[string]any{"active": false})
	c.want("", "manager.wu", "POST", "/api/ka/improvement_actions/"+improvement["id"].(string)+"/cancel", map[string]any{"comment": "离职"})
	token := c.Token("rep.chen")
	c.edit("", "rep.chen", map[string]any{"active": false})
	if token == "" {
		t.Fatal("no token")
	}

	// Suspended at once, for a reason that is on record.
	ma := c.As("rep.ma").Id
	c.want("override.reason", "admin.fang", "POST", "/api/ka/users/"+ma+"/override", map[string]any{"reason": " ", "set": map[string]any{"active": false}})
	c.want("record.not_allowed", "director.lin", "POST", "/api/ka/users/"+ma+"/override", map[string]any{"reason": "x", "set": map[string]any{"active": false}})
	c.want("", "admin.fang", "POST", "/api/ka/users/"+ma+"/override", map[string]any{"reason": "泄露客户资料", "set": map[string]any{"active": false}})
	entry, err := c.FindFirstRecordByFilter("audit_log", "record = {:u} && action = 'override'", dbx.Params{"u": ma})
	if err != nil || entry.GetString("override_reason") != "泄露客户资料" || entry.GetString("actor") != c.As("admin.fang").Id || entry.GetString("ip") == "" {
		t.Errorf("%v %v", entry, err)
	}
	if list := c.Do("rep.ma", "GET", "/api/collections/accounts/records", "").Body.String(); !strings.Contains(list, "user_disabled") {
		t.Errorf("a disabled user reads %s", list)
	}
	var report struct{ Vacant map[string]int }
	if err := json.Unmarshal(c.Do("director.lin", "GET", "/api/ka/org/report", "").Body.Bytes(), &report, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if n := report.Vacant[c.As("director.lin").GetString("department")]; n != 2 {
		t.Errorf("%d vacant accounts: %v", n, report)
	}
}

// TestHOrg4KeepsApprovers: nor is who has to decide.
func TestHOrg4KeepsApprovers(t *testing.T) {
	c := open(t)
	plan := c.want("", "director.lin", "POST", "/api/collections/annual_plans/records",
		map[string]any{"owner": c.As("director.lin").Id, "year": "2026", "goals": "增长"})
	c.want("", "director.lin", "POST", "/api/ka/annual_plans/"+plan["id"].(string)+"/submit", map[string]any{})
	c.edit("org.open_work", "finance.zhao", map[string]any{"active": false})
	c.want("", "director.lin", "POST", "/api/ka/annual_plans/"+plan["id"].(string)+"/withdraw", map[string]any{})
	c.edit("", "finance.zhao", map[string]any{"active": false})
}

// TestDelegation: by oneself or a superior, to somebody in office, not in a circle.
func TestDelegation(t *testing.T) {
	c := open(t)
	wu, xu := c.As("manager.wu").Id, c.As("manager.xu").Id
	path := "/api/ka/users/" + wu + "/delegate"
	c.want("", "manager.wu", "POST", path, map[string]any{"to": xu, "from": "2026-03-16", "until": "2026-03-20"})
	c.want("org.delegate_dates", "manager.wu", "POST", path, map[string]any{"to": xu, "from": "2026-03-20", "until": "2026-03-16"})
	c.want("org.delegate_invalid", "manager.wu", "POST", path, map[string]any{"to": wu})
	c.want("org.delegate_invalid", "manager.wu", "POST", path, map[string]any{"to": c.As("rep.gone").Id})
	c.want("org.delegate_circle", "manager.xu", "POST", "/api/ka/users/"+xu+"/delegate", map[string]any{"to": wu, "from": "2026-03-19"})
	c.want("", "manager.xu", "POST", "/api/ka/users/"+xu+"/delegate", map[string]any{"to": wu, "from": "2026-03-21"})
	c.want("record.not_found", "rep.chen", "POST", path, map[string]any{})
	c.want("", "director.lin", "POST", path, map[string]any{})
	if got := c.As("manager.wu").GetString("delegate_to"); got != "" {
		t.Errorf("the delegation goes on: %s", got)
	}
}

// policy: R2.1 org.span_max
//
// TestSpanOfControl: a team that grows above what the policy means is told of,
// and the report names teams that are too small.
func TestSpanOfControl(t *testing.T) {
	c := open(t)
	set(t, c.App, "org.span_max", 4)
	set(t, c.App, "org.span_min", 4)
	c.edit("", "rep.chen", map[string]any{"manager": c.As("manager.xu").Id})
	if n := c.told("director.lin", "org.span"); n != 1 {
		t.Errorf("told %d times", n)
	}
	out := c.want("", "director.lin", "GET", "/api/ka/org/report", nil)
	spans, _ := out["spans"].([]any)
	if len(spans) != 2 { // xu has five, wu has three
		t.Errorf("%v", spans)
	}
	c.want("record.not_allowed", "rep.chen", "GET", "/api/ka/org/report", nil)
}

// set gives a setting a value.
func set(t *testing.T, app *testapp.App, key string, value any) {
	t.Helper()
	coll, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	r, err := app.FindFirstRecordByData("settings", "key", key)
	if err != nil {
		r = core.NewRecord(coll)
	}
	r.Load(map[string]any{"key": key, "value": value})
	if err := app.SaveWithContext(gate.With(context.Background(), gate.Actor{User: app.As("admin.fang")}), r); err != nil {
		t.Fatal(err)
	}
}
