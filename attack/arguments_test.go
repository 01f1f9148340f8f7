package attack

import "strings"

// whole are arguments as an action wants them, where it wants any (docs/collections.md):
// {collection} stands for the id of the marked row.
var whole = map[string]string{
	"account_change_requests.refuse": `{"reason":"试"}`,
	"account_coverage.grant":         `{"note":"试"}`,
	"account_coverage.refuse":        `{"note":"试"}`,
	"account_coverage.request":       `{"reason":"试"}`,
	"account_handovers.check":        `{"item":"contacts"}`,
	"account_positions.refuse":       `{"reason":"试"}`,
	"account_scorecards.admit":       `{"reason":"试"}`,
	"accounts.advance":               `{"note":"试"}`,
	"accounts.drop":                  `{"note":"试"}`,
	"accounts.lose":                  `{"note":"试"}`,
	"accounts.propose_place":         `{"lat":31.2,"lng":121.4,"acc_m":10,"crs":"wgs84"}`,
	"accounts.reopen":                `{"note":"试"}`,
	"accounts.rest":                  `{"note":"试"}`,
	"approvals.approve":              `{"comment":"试"}`,
	"approvals.reject":               `{"comment":"试"}`,
	"approvals.return":               `{"comment":"试"}`,
	"blobs.hold":                     `{"reason":"试"}`,
	"care_tasks.finish":              `{"action":"call","gift_value_fen":0,"note":"试"}`,
	"care_tasks.skip":                `{"note":"试"}`,
	"communications.reply":           `{"at":"2026-03-16T01:00:00Z"}`,
	"contacts.forget":                `{"reason":"试"}`,
	"contracts.renew":                `{"reason":"试","next":"{contracts}"}`,
	"contracts.terminate":            `{"reason":"试"}`,
	"improvement_actions.cancel":     `{"comment":"试"}`,
	"improvement_actions.done":       `{"result":"试"}`,
	"improvement_actions.reopen":     `{"comment":"试"}`,
	"improvement_actions.verify":     `{"comment":"试"}`,
	"intel_reports.acknowledge":      `{"note":"试"}`,
	"cases.acknowledge":              `{"note":"试"}`,
	"cases.close":                    `{"note":"试","cause":"product","solution":"试"}`,
	"cases.confirm":                  `{"note":"试","contact":"{contacts}"}`,
	"cases.merge":                    `{"note":"试","into":"{cases}"}`,
	"cases.reopen":                   `{"note":"试"}`,
	"cases.resolve":                  `{"cause":"product","solution":"试"}`,
	"cases.resume":                   `{"note":"试"}`,
	"cases.route":                    `{"dept":"{service}"}`,
	"cases.start":                    `{"note":"试"}`,
	"cases.wait":                     `{"note":"试"}`,
	"opportunities.advance":          `{"reason":"试"}`,
	"opportunities.decide":           `{"decision":"go","note":"试"}`,
	"opportunities.lose":             `{"reason":"试"}`,
	"opportunities.resume":           `{"reason":"试"}`,
	"opportunities.suspend":          `{"reason":"试"}`,
	"opportunities.win":              `{"order":"{orders}"}`,
	"orders.approve":                 `{"reason":"试"}`,
	"orders.cancel":                  `{"reason":"试"}`,
	"orders.reject":                  `{"reason":"试"}`,
	"plan_items.drop":                `{"reason":"试"}`,
	"plan_items.explain":             `{"cause_code":"customer","note":"试","improvement":"试","improve_by":"2031-01-01"}`,
	"product_requests.decline":       `{"answer":"试"}`,
	"product_requests.finish":        `{"answer":"试"}`,
	"product_requests.promise":       `{"answer":"试","version":"2"}`,
	"product_requests.review":        `{"note":"试"}`,
	"support_requests.accept":        `{"note":"试"}`,
	"support_requests.answer":        `{"answer":"试"}`,
	"support_requests.close":         `{"note":"试"}`,
	"support_requests.refuse":        `{"reason":"试"}`,
	"support_requests.reopen":        `{"reason":"试"}`,
	"support_requests.withdraw":      `{"reason":"试"}`,
	"sync_issues.choose":             `{"take":"mine"}`,
	"sync_issues.discard":            `{"reason":"试"}`,
	"sync_issues.resubmit":           `{"set":{"note":"试"}}`,
	"users.delegate":                 `{"to":"{peer}","from":"2031-01-01","until":"2031-01-02"}`,
	"visit_audits.finish":            `{"findings":"试","score":80}`,
	"visits.accept":                  `{"note":"试"}`,
	"visits.answer":                  `{"text":"试"}`,
	"visits.cancel":                  `{"reason":"试"}`,
	"visits.check_in":                `{"at":"2026-03-16T01:00:00Z","lat":31.2,"lng":121.4,"acc_m":10,"crs":"wgs84"}`,
	"visits.check_out":               `{"at":"2026-03-16T02:00:00Z","lat":31.2,"lng":121.4,"acc_m":10,"crs":"wgs84"}`,
	"visits.question":                `{"note":"试"}`,
	"visits.refuse_void":             `{"reason":"试"}`,
	"visits.reopen":                  `{"reason":"试"}`,
	"visits.report":                  `{"at":"2026-03-16T02:30:00Z","summary":"试","result_code":"ok","next_step":"试","next_date":"2031-01-01"}`,
	"visits.void":                    `{"reason":"试"}`,
	"work_reports.comment":           `{"text":"试"}`,
	"work_reports.submit":            `{"text":"试","problems":"试","next":"试"}`,
	"work_sessions.end":              `{"at":"2026-03-16T10:00:00Z","lat":31.2,"lng":121.4,"acc_m":10,"crs":"wgs84","odometer_m":1000}`,
}

// argumentsOf are those of an action for the marked row: none, and whole ones.
func (w *world) argumentsOf(action string) []string {
	args := whole[action]
	if args == "" {
		return []string{"{}"}
	}
	pairs := []string{"{service}", w.As("service.qian").GetString("department"), "{peer}", w.As(names["peer"]).Id}
	for collection, id := range w.rows {
		pairs = append(pairs, "{"+collection+"}", id)
	}
	return []string{"{}", strings.NewReplacer(pairs...).Replace(args)}
}
