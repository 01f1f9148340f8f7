package visits

import (
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// templateCache holds the templates, which every visit asks for, until one is
// written. Nobody reads it while it changes: a transaction that has written a
// template, and others while one is open, read the table.
type templateCache struct {
	mu      sync.Mutex
	all     []domain.VisitTemplate // active ones, in the order of their ids
	byID    map[string]domain.VisitTemplate
	version int
	writing map[string]bool // templates whose transaction is open
}

const templatesKey = "satchel.visit_templates"

func bindTemplates(app core.App) {
	cache := &templateCache{writing: map[string]bool{}}
	app.Store().Set(templatesKey, cache)
	begin := func(e *core.RecordEvent) error {
		cache.change(e.Record.Id, true)
		return e.Next()
	}
	end := func(e *core.RecordEvent) error {
		cache.change(e.Record.Id, false)
		return e.Next()
	}
	failed := func(e *core.RecordErrorEvent) error {
		cache.change(e.Record.Id, false)
		return e.Next()
	}
	app.OnRecordCreateExecute(templates).Bind(gate.Named("visitTemplateMaking", begin))
	app.OnRecordUpdateExecute(templates).Bind(gate.Named("visitTemplateChanging", begin))
	app.OnRecordDeleteExecute(templates).Bind(gate.Named("visitTemplateGoing", begin))
	app.OnRecordAfterCreateSuccess(templates).Bind(gate.Named("visitTemplateMade", end))
	app.OnRecordAfterUpdateSuccess(templates).Bind(gate.Named("visitTemplateChanged", end))
	app.OnRecordAfterDeleteSuccess(templates).Bind(gate.Named("visitTemplateGone", end))
	app.OnRecordAfterCreateError(templates).Bind(gate.Named("visitTemplateNotMade", failed))
	app.OnRecordAfterUpdateError(templates).Bind(gate.Named("visitTemplateNotChanged", failed))
	app.OnRecordAfterDeleteError(templates).Bind(gate.Named("visitTemplateNotGone", failed))
}

func (c *templateCache) change(id string, writing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byID = nil
	c.version++
	if writing {
		c.writing[id] = true
	} else {
		delete(c.writing, id)
	}
}

// readTemplates returns the active templates, and all by id.
func readTemplates(app core.App) ([]domain.VisitTemplate, map[string]domain.VisitTemplate, error) {
	c, ok := app.Store().Get(templatesKey).(*templateCache)
	if !ok {
		return nil, nil, fmt.Errorf("visits are not bound")
	}
	c.mu.Lock()
	all, byID, version, writing := c.all, c.byID, c.version, len(c.writing) > 0
	c.mu.Unlock()
	if byID != nil {
		return all, byID, nil
	}
	records, err := app.FindRecordsByFilter(templates, "", "id", 0, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("failed to read visit templates: %w", err)
	}
	all, byID = nil, map[string]domain.VisitTemplate{}
	for _, r := range records {
		t, err := templateOf(r)
		if err != nil {
			return nil, nil, fmt.Errorf("failed to read the steps of template %s: %w", r.Id, err)
		}
		byID[r.Id] = t
		if r.GetBool("active") {
			all = append(all, t)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version == version && !writing {
		c.all, c.byID = all, byID
	}
	return all, byID, nil
}

// chooseTemplate gives a new visit the template for its account and type, if
// its author named none.
func chooseTemplate(app core.App, visit, account *core.Record) error {
	if visit.GetString("template") != "" {
		return nil
	}
	all, _, err := readTemplates(app)
	if err != nil {
		return err
	}
	if t, ok := domain.ChooseTemplate(all, tierOf(account), typeOf(visit)); ok {
		visit.Set("template", t.ID)
	}
	return nil
}

func visitTemplate(app core.App, visit *core.Record) (domain.VisitTemplate, error) {
	_, byID, err := readTemplates(app)
	return byID[visit.GetString("template")], err
}

// stepsDone refuses a visit whose required steps are missing.
func stepsDone(app core.App, visit *core.Record) error {
	t, err := visitTemplate(app, visit)
	if err != nil || len(t.Steps) == 0 {
		return err
	}
	var rows []struct {
		Key string `db:"key"`
		N   int    `db:"n"`
	}
	err = app.DB().NewQuery("SELECT key, COUNT(*) AS n FROM visit_steps WHERE visit = {:v} GROUP BY key").
		Bind(dbx.Params{"v": visit.Id}).All(&rows)
	if err != nil {
		return err
	}
	done := map[string]int{}
	for _, r := range rows {
		done[r.Key] = r.N
	}
	return gate.WrapError(domain.StepsDone(t.Steps, done))
}
