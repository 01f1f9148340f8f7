package api

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const rulesCollection = records.SyncRuleTable

// rules are what phones get. One is checked when it is saved and takes effect at
// once: its collection gets its triggers, and the log tells the fold to read the
// rules anew.
func rules() kit.Collection {
	return kit.Collection{
		Name: rulesCollection,
		Audit: gate.Audit{Create: true, People: true, Fields: []string{
			records.SyncRuleColName, records.SyncRuleColDirection, records.SyncRuleColKeys, records.SyncRuleColGrants, records.SyncRuleColPolicy, records.SyncRuleColOmit,
			records.SyncRuleColLate, records.SyncRuleColPropose, records.SyncRuleColEditRestores, records.SyncRuleColRetentionDays, records.SyncRuleColRetentionField, records.SyncRuleColPriority,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Validate, records.SyncRules, "syncRuleValidate", func(e *kit.Change[records.SyncRule]) error {
				if err := e.Next(); err != nil {
					return err
				}
				return checkRule(e.App, e.Row)
			}),
			kit.On(kit.CreateExecute, records.SyncRules, "syncRuleCreate", renewTriggers),
			kit.On(kit.UpdateExecute, records.SyncRules, "syncRuleUpdate", renewTriggers),
			kit.On(kit.DeleteExecute, records.SyncRules, "syncRuleDelete", renewTriggers),
		},
	}
}

func renewTriggers(e *kit.Change[records.SyncRule]) error {
	if err := e.Next(); err != nil {
		return err
	}
	return reconcile(e.App.NonconcurrentDB(), "")
}

// checkRule refuses a rule that the engine could not follow.
func checkRule(app core.App, r records.SyncRule) error {
	row := ruleRow{
		Name: r.Name(), Keys: string(r.Keys()), Grants: string(r.Grants()), Direction: string(r.Direction()), Policy: string(r.Policy()), Omit: string(r.Omit()),
		RetentionDays: r.RetentionDays(), RetentionField: r.RetentionField(), EditRestores: r.EditRestores(),
	}
	colls, err := readCollections(app.DB())
	if err != nil {
		return err
	}
	rule, err := row.rule(colls)
	if err == nil {
		_, err = syncer.NewCatalog("", []syncer.Rule{rule})
	}
	if err == nil {
		err = checkLate(app, row.Name, r.Late())
	}
	return refusal(err)
}

// checkLate refuses an API rule that does not parse against its collection.
func checkLate(app core.App, name, late string) error {
	if late == "" {
		return nil
	}
	coll, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return fmt.Errorf("find %s: %w", name, err)
	}
	info := &core.RequestInfo{Context: core.RequestInfoContextDefault, Query: map[string]string{}, Headers: map[string]string{}, Body: map[string]any{}}
	if _, err := app.CanAccessRecord(core.NewRecord(coll), info, &late); err != nil {
		return &syncer.Problem{Code: "rule.invalid", Params: map[string]any{"rule": name, "fault": "late: " + err.Error()}}
	}
	return nil
}

// refusal turns the engine's problem into one that a person reads.
func refusal(err error) error {
	if p, ok := errors.AsType[*syncer.Problem](err); ok {
		return gate.Refuse(p.Code, "rule", p.Params["rule"], "fault", p.Params["fault"])
	}
	return err
}

// ruleRow is a row of sync_rules.
type ruleRow struct {
	Name, Keys, Grants, Direction, Policy, Omit string
	RetentionDays                               int
	RetentionField                              string
	Priority                                    int
	Late                                        string
	Propose, EditRestores                       bool
}

func readRule(columns dbx.NullStringMap) (ruleRow, error) {
	text := func(name string) string { return columns[name].String }
	yes := func(name string) bool { return text(name) == "1" || text(name) == "true" }
	r := ruleRow{
		Name: text("name"), Keys: text("keys"), Grants: text("grants"), Direction: text("direction"),
		Policy: text("policy"), Omit: text("omit"), RetentionField: text("retention_field"),
		Late: text("late"), Propose: yes("propose"), EditRestores: yes("edit_restores"),
	}
	for name, into := range map[string]*int{"retention_days": &r.RetentionDays, "priority": &r.Priority} {
		if text(name) == "" {
			continue
		}
		n, err := strconv.ParseFloat(text(name), 64)
		if err != nil {
			return r, fmt.Errorf("read %s of the sync rule of %s: %w", name, r.Name, err)
		}
		*into = int(n)
	}
	return r, nil
}

// rule reads the row's JSON columns and joins it with its collection.
func (r ruleRow) rule(colls map[string]collectionRow) (syncer.Rule, error) {
	bad := func(fault string) error {
		return &syncer.Problem{Code: "rule.invalid", Params: map[string]any{"rule": r.Name, "fault": fault}}
	}
	coll, ok := colls[r.Name]
	if !ok {
		return syncer.Rule{}, bad("there is no such collection")
	}
	out := syncer.Rule{
		Direction: r.Direction, RetentionDays: r.RetentionDays, RetentionField: r.RetentionField, Priority: r.Priority,
		Late: r.Late, Propose: r.Propose, EditRestores: r.EditRestores,
	}
	var omit []string
	for _, part := range []struct {
		column, text string
		into         any
	}{{"keys", r.Keys, &out.Keys}, {"grants", r.Grants, &out.Grants}, {"policy", r.Policy, &out.Policy}, {"omit", r.Omit, &omit}} {
		if part.text == "" || part.text == "null" || part.text == `""` {
			continue
		}
		if err := json.Unmarshal([]byte(part.text), part.into, json.RejectUnknownMembers(true)); err != nil {
			return out, bad(part.column + " is not of the right form")
		}
	}
	var err error
	if out.Collection, err = coll.collection(omit); err != nil || !r.EditRestores {
		return out, err
	}
	hidden, err := coll.requiredUnseen(&out.Collection)
	if err == nil && hidden != "" {
		err = bad("edit_restores: the field " + hidden + " is required and no phone has it to give back")
	}
	return out, err
}

// loadCatalog reads rules and collections as the transaction sees them. A rule
// whose collection is gone rests until the collection is back.
func loadCatalog(tx dbx.Builder) (*syncer.Catalog, error) {
	colls, err := readCollections(tx)
	if err != nil {
		return nil, err
	}
	// All columns there are: while migrations run, those of later versions are missing.
	var rows []dbx.NullStringMap
	if err := tx.NewQuery("SELECT * FROM " + rulesCollection).All(&rows); err != nil {
		return nil, fmt.Errorf("read sync rules: %w", err)
	}
	steps, err := readSteps(tx)
	if err != nil {
		return nil, err
	}
	var rules []syncer.Rule
	for _, columns := range rows {
		row, err := readRule(columns)
		if err != nil {
			return nil, err
		}
		if _, ok := colls[row.Name]; !ok {
			continue
		}
		rule, err := row.rule(colls)
		if err != nil {
			return nil, err
		}
		rule.Steps = steps[rule.Collection.ID]
		rules = append(rules, rule)
	}
	return syncer.NewCatalog(colls[rulesCollection].ID, rules)
}

// collectionRow is what the engine needs of a row of _collections.
type collectionRow struct {
	ID     string `db:"id"`
	Name   string `db:"name"`
	Fields string `db:"fields"`
}

func readCollections(tx dbx.Builder) (map[string]collectionRow, error) {
	var rows []collectionRow
	if err := tx.NewQuery("SELECT id, name, fields FROM _collections WHERE type <> 'view'").All(&rows); err != nil {
		return nil, fmt.Errorf("read collections: %w", err)
	}
	out := make(map[string]collectionRow, len(rows))
	for _, r := range rows {
		out[r.Name] = r
	}
	return out, nil
}

// collection lists the fields that phones see: not hidden, not omitted, no
// passwords, and no autodates, whose noise would be a change of every row.
func (r collectionRow) collection(omit []string) (syncer.Collection, error) {
	out := syncer.Collection{ID: r.ID, Name: r.Name}
	var fields []struct {
		Name      string `json:"name"`
		Type      string `json:"type"`
		Hidden    bool   `json:"hidden"`
		MaxSelect int    `json:"maxSelect"`
	}
	if err := json.Unmarshal([]byte(r.Fields), &fields); err != nil {
		return out, fmt.Errorf("read fields of %s: %w", r.Name, err)
	}
	for _, f := range fields {
		out.Columns = append(out.Columns, f.Name)
		if f.Hidden || slices.Contains(omit, f.Name) {
			continue
		}
		kind := syncer.KindText
		switch f.Type {
		case core.FieldTypePassword, core.FieldTypeAutodate:
			continue
		case core.FieldTypeNumber:
			kind = syncer.KindNumber
		case core.FieldTypeBool:
			kind = syncer.KindBool
		case core.FieldTypeJSON, core.FieldTypeGeoPoint:
			kind = syncer.KindJSON
		case core.FieldTypeFile:
			kind = syncer.KindFile
			if f.MaxSelect > 1 {
				kind = syncer.KindFiles
			}
		case core.FieldTypeSelect, core.FieldTypeRelation:
			if f.MaxSelect > 1 {
				kind = syncer.KindList
			}
		}
		out.Fields = append(out.Fields, syncer.Field{Name: f.Name, Kind: kind})
	}
	return out, nil
}

// requiredUnseen names a field without which no row can be, and which the
// replica does not keep; empty if there is none.
func (r collectionRow) requiredUnseen(seen *syncer.Collection) (string, error) {
	var fields []struct {
		Name     string `json:"name"`
		Type     string `json:"type"`
		Required bool   `json:"required"`
	}
	if err := json.Unmarshal([]byte(r.Fields), &fields); err != nil {
		return "", fmt.Errorf("read fields of %s: %w", r.Name, err)
	}
	for _, f := range fields {
		if _, ok := seen.Field(f.Name); f.Required && (!ok || f.Type == core.FieldTypeFile) {
			return f.Name, nil
		}
	}
	return "", nil
}
