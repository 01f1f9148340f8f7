package analysis_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// TestADearQuestionEnds: what is asked of ten years and of many records takes no longer
// than a list may, and is refused as one is.
func TestADearQuestionEnds(t *testing.T) {
	effort.Late(t)
	d := testapp.Desk{App: testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Slack = 1 }))}
	d.Setting("filter.milliseconds", 50)
	_, err := d.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO accounts (id, name, kind, owner, created, updated)
		SELECT printf('dear%011d', i), 'x' || i, 'ka', {:o}, '2017-01-01 00:00:00.000Z', '2017-01-01 00:00:00.000Z' FROM n`).
		Bind(dbx.Params{"o": d.As("rep.chen").Id}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(path string) string {
		return testapp.Answered(d.Do("rep.chen", http.MethodGet, "/api/ka/analysis/"+path, ""))
	}
	d.Expect("ten years", ask("account_count?from=2017-01&to=2026-03&by=month"), "filter.too_slow")
	d.Expect("who asks of little", ask("visits_voided?from=2026-03"), "")
}
