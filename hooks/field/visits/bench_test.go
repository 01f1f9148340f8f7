package visits_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// BenchmarkManagersList lists 100 visits as a manager of 10 reps with 400
// accounts, among 200,000 visits of 2,000 accounts. The goal is 60 ms.
func BenchmarkManagersList(b *testing.B) {
	app := testapp.New(b)
	crowd(b, app)
	token := app.Token("manager.wu")
	list(app, token, "skipTotal=1") // the server starts, and folds what was written
	for _, c := range []struct{ name, query string }{
		{"newest", "sort=-planned_date&skipTotal=1"},
		{"newest-with-total", "sort=-planned_date"},
		{"of-a-day", "filter=planned_date='2026-03-10'&skipTotal=1"},
		{"questioned", "filter=state='questioned'&sort=-planned_date&skipTotal=1"},
		{"unsorted", "skipTotal=1"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				answer := list(app, token, c.query)
				if answer.Code != http.StatusOK || answer.Body.Len() < 1000 {
					b.Fatalf("%d %s", answer.Code, answer.Body)
				}
			}
		})
	}
}

func list(app *testapp.App, token, query string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, "/api/collections/visits/records?perPage=100&"+query, nil)
	req.Header.Set("Authorization", token)
	answer := httptest.NewRecorder()
	app.Handler().ServeHTTP(answer, req)
	return answer
}

// crowd gives manager.wu ten reps and four hundred accounts, and the company two
// thousand accounts with a hundred visits each.
func crowd(b *testing.B, app *testapp.App) {
	b.Helper()
	wu := app.As("manager.wu")
	err := app.RunInTransaction(func(txApp core.App) error {
		db := txApp.DB()
		for n := range 50 {
			manager := wu.Id
			if n >= 10 {
				manager = fmt.Sprintf("benchmanager%03d", n/10)
			}
			_, err := db.Insert("users", dbx.Params{
				"id": fmt.Sprintf("benchrep%07d", n), "email": fmt.Sprintf("bench%d@demo.test", n), "password": "x", "tokenKey": fmt.Sprintf("%050d", n),
				"name": "代表", "role": "rep", "active": true, "manager": manager, "department": wu.GetString("department"),
			}).Execute()
			if err != nil {
				return err
			}
		}
		for _, q := range []string{
			`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
			INSERT INTO accounts (id, name, kind, tier, owner, manager, dept) SELECT printf('benchacct%06d', i), '客户', 'ka', 'A', u.id, u.manager, u.department
			FROM n JOIN users u ON u.id = printf('benchrep%07d', i / 40)`,
			`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199999)
			INSERT INTO visits (id, account, owner, manager, dept, type, state, planned_date, objective, in_at, risk_reasons)
			SELECT printf('benchvst%07d', i), a.id, a.owner, a.manager, a.dept, 'planned', CASE WHEN i % 500 = 7 THEN 'questioned' ELSE 'reported' END,
				date('2026-03-15', '-' || (i % 360) || ' days'), '谈陈列', date('2026-03-15', '-' || (i % 360) || ' days') || ' 01:00:00.000Z', '[]'
			FROM n JOIN accounts a ON a.id = printf('benchacct%06d', i % 2000)`,
		} {
			if _, err := db.NewQuery(q).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := app.NonconcurrentDB().NewQuery("ANALYZE").Execute(); err != nil {
		b.Fatal(err)
	}
}
