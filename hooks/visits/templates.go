package visits

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/records"
)

// chooseTemplate gives a new visit the template for its account and type, if
// its author named none.
func chooseTemplate(app core.App, visit records.Visit) error {
	if visit.Template() != "" {
		return nil
	}
	var rows []struct {
		ID   string `db:"id"`
		Tier string `db:"tier"`
		Type string `db:"visit_type"`
	}
	if err := app.DB().NewQuery("SELECT id, tier, visit_type FROM visit_templates WHERE active ORDER BY id").All(&rows); err != nil {
		return fmt.Errorf("read visit templates: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	account, err := records.Accounts.Require(app, visit.Account())
	if err != nil {
		return err
	}
	templates := make([]domain.VisitTemplate, len(rows))
	for i, r := range rows {
		templates[i] = domain.VisitTemplate{ID: r.ID, Tier: r.Tier, Type: r.Type}
	}
	if t, ok := domain.ChooseTemplate(templates, string(account.Tier()), string(visit.Type())); ok {
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
	return gate.WrapError(domain.StepsDone(steps, done))
}
