package migrations

import (
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// By what people are appraised (policy 2(1)3 and 6): the library of indicators, and schemes
// as versions that stay as they are once published.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		if err := create(app, indicators()); err != nil {
			return err
		}
		schemes := appraisalSchemes(found[0], found[1])
		if err := create(app, schemes); err != nil {
			return err
		}
		schemes.Fields.Add(ref("based_on", schemes))
		index(schemes, false, "based_on")
		if err := create(app, schemes); err != nil {
			return err
		}
		if err := addSyncRules(app,
			syncRule{name: "indicators", direction: "down", priority: 380, keys: []string{"all"}},
			syncRule{name: "appraisal_schemes", direction: "both", priority: 381},
		); err != nil {
			return err
		}
		if err := setKeys(app, "appraisal_schemes", func([]seedKey) []seedKey {
			return []seedKey{
				{Key: "all", When: map[string][]string{"state": {"published", "retired"}}},
				{Key: "dept:{dept}"},
				{Key: "role:dept_manager", When: map[string][]string{"dept": {""}}},
				{Key: "role:auditor"},
				{Key: "role:admin"},
			}
		}); err != nil {
			return err
		}
		return seedIndicators(app)
	}, func(app core.App) error {
		if err := dropRules(app, "appraisal_schemes", "indicators"); err != nil {
			return err
		}
		return drop(app, "appraisal_schemes", "indicators")
	})
}

func indicators() *core.Collection {
	write := active + ` && (@request.auth.role = "dept_manager" || @request.auth.role = "admin")`
	c := table("indicators", rules{see: active, create: write, update: write},
		must("code"), oneOf("category", "sales", "customer", "team", "competence"), must("name_zh"), must("name_en"), oneOf("kind", "computed", "rated"),
		text("formula"), data("band"), data("hints"), flag("locked"), flag("active"), text("note"))
	index(c, true, "code")
	return c
}

// appraisalSchemes are a department's, or the company's if they name none.
func appraisalSchemes(users, departments *core.Collection) *core.Collection {
	company := `(@request.auth.role = "dept_manager" && dept = "")`
	write := active + ` && @request.auth.department != "" && (` + company + ` || ` + head + `)`
	c := table("appraisal_schemes", rules{
		see:    active + ` && (state != "draft" || ` + company + ` || ` + head + ` || ` + auditor + `)`,
		create: write, update: write, remove: write,
	},
		must("name"), oneOf("role", "rep", "ka_manager", "dept_manager"), oneOf("cycle_kind", "quarter", "annual"), ref("dept", departments), data("content"), whole("version"),
		oneOf("state", "draft", "published", "retired"), ref("published_by", users), moment("published_at"), text("note"))
	index(c, true, "name, version")
	c.AddIndex("idx_appraisal_schemes_holds", true, "role, cycle_kind, dept", "state = 'published'")
	for _, columns := range []string{"dept", "published_by"} {
		index(c, false, columns)
	}
	return c
}

// seedIndicators writes the indicators that a company starts with. Computed ones are locked.
func seedIndicators(app core.App) error {
	for _, i := range []struct{ code, group, zh, en, kind, formula, band, hints string }{
		{"S1", "sales", "销售额完成率", "Attainment of sales amount", "computed", "ratio(metric.amount, metric.amount_target)", `[["0.6","0"],["0.8","60"],["1","100"],["1.2","120"]]`, `[]`},
		{"S2", "sales", "销售量完成率", "Attainment of sales volume", "computed", "ratio(metric.volume, metric.volume_target)", `[["0.6","0"],["0.8","60"],["1","100"],["1.2","120"]]`, `[]`},
		{"S3", "sales", "销售利润完成率", "Attainment of gross profit", "computed", "ratio(metric.profit, metric.profit_target)", `[["0.6","0"],["0.8","60"],["1","100"],["1.2","120"]]`, `[]`},
		{"S4", "sales", "月度目标达成", "Months on target", "computed", "ratio(metric.months_hit, metric.months)", `[["0","0"],["1","100"]]`, `[]`},
		{"C1", "customer", "客户满意度", "Customers' satisfaction", "computed", "metric.csat", `[["3","0"],["4","80"],["4.5","100"]]`, `[]`},
		{"C2", "customer", "客户忠诚度", "Customers' loyalty", "computed", "ratio(metric.repeat_accounts, metric.active_accounts)", `[["0.7","0"],["0.9","80"],["1","100"]]`, `[]`},
		{"C3", "customer", "新客户开发数量", "New accounts", "computed", "ratio(metric.new_accounts, metric.new_accounts_target)", `[["0","0"],["1","100"],["1.5","120"]]`, `[]`},
		{"T1", "team", "跨部门协作", "Collaboration with departments", "rated", "", `[]`, `["support_answered","feedback"]`},
		{"T2", "team", "对团队成员支持", "Support of the team", "rated", "", `[]`, `["joint_visits","intel"]`},
		{"K1", "competence", "市场分析能力", "Analysis of the market", "rated", "", `[]`, `["intel_accepted"]`},
		{"K2", "competence", "销售技巧", "Selling", "rated", "", `[]`, `["conversion"]`},
		{"K3", "competence", "客户沟通能力", "Communication with customers", "rated", "", `[]`, `["late_reports","reply_on_time"]`},
		{"X1", "sales", "回款率", "Collected ratio", "computed", "metric.collected_ratio", `[["0.6","0"],["0.9","80"],["1","100"]]`, `[]`},
		{"X2", "customer", "拜访计划完成率", "Completion of visit plans", "computed", "metric.plan_completion", `[["0.6","0"],["0.9","80"],["1","100"]]`, `[]`},
		{"X3", "customer", "拜访覆盖率", "Visit coverage", "computed", "metric.coverage", `[["0.6","0"],["0.9","80"],["1","100"]]`, `[]`},
		{"X4", "customer", "订单按时按量交付率", "Orders on time in full", "computed", "metric.otif", `[["0.6","0"],["0.9","80"],["1","100"]]`, `[]`},
		{"X5", "sales", "费用率", "Expense ratio", "computed", "1 - metric.expense_ratio", `[["0.8","0"],["0.95","100"]]`, `[]`},
		{"X6", "competence", "培训得分", "Training score", "computed", "metric.training_score", `[["0","0"],["100","100"]]`, `[]`},
		{"X7", "competence", "稽核得分", "Audit score", "computed", "metric.audit_score", `[["0","0"],["100","100"]]`, `[]`},
	} {
		_, err := app.DB().Insert("indicators", dbx.Params{
			"id": "indicator000" + strings.ToLower(i.code) + "0", "code": i.code, "category": i.group, "name_zh": i.zh, "name_en": i.en, "kind": i.kind, "formula": i.formula,
			"band": i.band, "hints": i.hints, "locked": i.kind == "computed", "active": true,
			"created": "2026-01-01 00:00:00.000Z", "updated": "2026-01-01 00:00:00.000Z",
		}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}
