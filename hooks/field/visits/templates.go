package visits

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// chooseTemplate gives a new visit the template for its account and type, if
// its author named none.
func chooseTemplate(app core.App, visit records.Visit) error {
	if visit.Template() != "" {
		return nil
	}
	var rows []struct {
		ID      string `db:"id"`
		Tier    string `db:"tier"`
		Type    string `db:"visit_type"`
		Account string `db:"account"` // its tier
	}
	err := app.DB().NewQuery(`SELECT t.id, t.tier, t.visit_type, a.tier AS account FROM accounts a JOIN visit_templates t ON t.active
		WHERE a.id = {:a} ORDER BY t.id`).Bind(dbx.Params{"a": visit.Account()}).All(&rows)
	if err != nil {
		return fmt.Errorf("read visit templates: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	templates := make([]field.VisitTemplate, len(rows))
	for i, r := range rows {
		templates[i] = field.VisitTemplate{ID: r.ID, Tier: r.Tier, Type: r.Type}
	}
	if t, ok := field.ChooseTemplate(templates, rows[0].Account, string(visit.Type())); ok {
		visit.SetTemplate(records.VisitTemplateID(t.ID))
	}
	return nil
}

// stepsDone refuses a visit whose required steps are missing.
func stepsDone(app core.App, visit records.Visit) error {
	template, found, err := records.VisitTemplates.Find(app, visit.Template())
	if err != nil || !found {
		return err
	}
	steps, err := template.Steps()
	if err != nil || len(steps) == 0 {
		return err
	}
	var rows []struct {
		Key string `db:"key"`
		N   int    `db:"n"`
	}
	err = app.DB().NewQuery("SELECT key, COUNT(*) AS n FROM visit_steps WHERE visit = {:v} GROUP BY key").
		Bind(dbx.Params{"v": visit.ID()}).All(&rows)
	if err != nil {
		return err
	}
	done := map[string]int{}
	for _, r := range rows {
		done[r.Key] = r.N
	}
	return gate.WrapError(field.StepsDone(steps, done))
}
