package demo_test

import (
	"testing"

	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// TestTheOfficesAreAtWork: what market, product and service do for key accounts is
// there to look at, and the figures see it.
func TestTheOfficesAreAtWork(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t, testapp.Company(demo.Full(testapp.Start)))
	for what, query := range map[string]string{
		"activity with its result and a photo": `SELECT COUNT(*) FROM activities a JOIN activity_results r ON r.activity = a.id WHERE a.state = 'reported' AND a.actual_fen > 0
			AND r.attendance > 0 AND EXISTS (SELECT 1 FROM json_each(r.photos) p JOIN blobs b ON b.id = p.value AND b.purpose = 'activity')`,
		"activity that is to come, with a task":    `SELECT COUNT(*) FROM activities a JOIN activity_tasks t ON t.activity = a.id WHERE a.state = 'approved' AND t.state = 'open'`,
		"promotion plan that is approved":          `SELECT COUNT(*) FROM promo_plans WHERE state = 'approved'`,
		"intelligence that went down and was read": `SELECT COUNT(*) FROM intel_reports WHERE direction = 'down' AND ack_count > 0`,
		"training with scores, some too low": `SELECT COUNT(*) FROM trainings t WHERE t.state = 'held' AND EXISTS (SELECT 1 FROM training_records r WHERE r.training = t.id AND r.passed)
			AND EXISTS (SELECT 1 FROM training_records r WHERE r.training = t.id AND r.state = 'submitted' AND NOT r.passed)`,
		"evaluation with a score and a part missing": `SELECT COUNT(*) FROM service_evaluations WHERE scored AND score_bp > 0 AND EXISTS (SELECT 1 FROM json_each(missing) WHERE value = 'satisfaction')`,
		"evaluation of which nothing is known":       `SELECT COUNT(*) FROM service_evaluations WHERE NOT scored AND json_array_length(missing) = 3`,
		"service standard in force":                  `SELECT COUNT(*) FROM service_standards WHERE state = 'in_force'`,
		"product request with a promise":             `SELECT COUNT(*) FROM product_requests WHERE version_promised <> ''`,
	} {
		var n int
		if err := app.DB().NewQuery(query).Row(&n); err != nil || n == 0 {
			t.Errorf("there is no %s: %v", what, err)
		}
	}
	var without int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM accounts a WHERE a.kind = 'ka' AND a.tier IN ('A', 'B') AND a.stage = 'contracted' AND NOT EXISTS
		(SELECT 1 FROM service_channels c WHERE c.account = a.id AND c.active AND c.owner = a.service_owner)`).Row(&without)
	if err != nil || without > 0 {
		t.Errorf("%d important accounts have no channel: %v", without, err)
	}
	d := testapp.Desk{App: app}
	d.Job("activities")
	d.Job("analysisClose")
	for what, query := range map[string]string{
		"frozen month": `SELECT COUNT(*) FROM metric_snapshots WHERE month = '2026-02' AND json_extract(figures, '$.amount.month') > 0`,
		"open month":   `SELECT COUNT(*) FROM sales_facts WHERE day >= '2026-03-01' AND substr(day, 1, 7) NOT IN (SELECT month FROM analysis_months)`,
		"review of it": `SELECT COUNT(*) FROM business_reviews WHERE period = '2026-02' AND json_extract(figures, '$.amount.month') > 0`,
	} {
		var n int
		if err := app.DB().NewQuery(query).Row(&n); err != nil || n == 0 {
			t.Errorf("there is no %s: %v", what, err)
		}
	}
}
