package histories

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"slices"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// applier writes the toy tables with the access rules of a REST API: who holds
// an account may do all with its rows, a chief may read the open visits of his
// department.
type applier struct {
	tx           dbx.Builder
	user, device string
}

// poison is a title that is refused after the row was written.
const poison = "poison"

var problem = func(code string) error { return &syncer.Problem{Code: code} }

// Create implements syncer.Applier.
func (a *applier) Create(rule *syncer.Rule, m *syncer.Mutation) (bool, error) {
	coll := rule.Collection.Name
	old, err := read(a.tx, coll, m.R)
	if err != nil {
		return false, err
	}
	set := values(m.Set)
	if old != nil {
		if ok, err := a.sees(coll, m.R, old); err != nil || !ok {
			return false, first(err, problem("id.taken"))
		}
		for f, v := range set {
			if text(old[f]) != text(v) {
				return false, problem("id.taken")
			}
		}
		return false, nil
	}
	account, _ := set["account"].(string)
	if ok, err := a.holds(account); err != nil || !ok {
		return false, first(err, problem("record.not_allowed"))
	}
	if err := insert(a.tx, coll, m.R, set); err != nil {
		return false, err
	}
	if set["title"] == poison {
		return false, problem("title.poison")
	}
	return true, nil
}

// Update implements syncer.Applier.
func (a *applier) Update(rule *syncer.Rule, m *syncer.Mutation, merged map[string]jsontext.Value) error {
	coll := rule.Collection.Name
	old, err := a.mine(coll, m.R)
	if err != nil || old == nil {
		return first(err, problem("record.not_found"))
	}
	if _, ok := m.Set["state"]; ok {
		return problem("field.locked")
	}
	set := values(merged)
	for f, by := range m.Inc {
		set[f] = old[f].(float64) + float64(by)
	}
	for f, list := range m.Add {
		tags := slices.Clone(old[f].([]string))
		for _, v := range list {
			if !slices.Contains(tags, v) {
				tags = append(tags, v)
			}
		}
		set[f] = tags
	}
	for f, list := range m.Remove {
		set[f] = slices.DeleteFunc(slices.Clone(old[f].([]string)), func(v string) bool { return slices.Contains(list, v) })
	}
	if len(set) == 0 {
		return nil
	}
	if err := update(a.tx, coll, m.R, set); err != nil {
		return err
	}
	if set["title"] == poison {
		return problem("title.poison")
	}
	return nil
}

// Delete implements syncer.Applier.
func (a *applier) Delete(rule *syncer.Rule, m *syncer.Mutation) (bool, error) {
	old, err := a.mine(rule.Collection.Name, m.R)
	if err != nil || old == nil {
		return false, err
	}
	_, err = a.tx.NewQuery("DELETE FROM " + rule.Collection.Name + " WHERE id = {:id}").Bind(dbx.Params{"id": m.R}).Execute()
	return true, err
}

// Act implements syncer.Applier; the one action closes a visit.
func (a *applier) Act(rule *syncer.Rule, m *syncer.Mutation) error {
	old, err := a.mine(rule.Collection.Name, m.R)
	if err != nil || old == nil {
		return first(err, problem("record.not_found"))
	}
	if old["state"] != "open" {
		return problem("visit.closed")
	}
	return update(a.tx, rule.Collection.Name, m.R, row{"state": "closed"})
}

// Visible implements syncer.Applier.
func (a *applier) Visible(rule *syncer.Rule, id string) (bool, error) {
	old, err := read(a.tx, rule.Collection.Name, id)
	if err != nil || old == nil {
		return false, err
	}
	return a.sees(rule.Collection.Name, id, old)
}

// Outcome implements syncer.Applier: nothing is late or proposed here.
func (a *applier) Outcome() syncer.Outcome { return syncer.Outcome{} }

// Restore implements syncer.Applier: what belongs to an account that the user
// does not hold stays gone.
func (a *applier) Restore(rule *syncer.Rule, id string, body map[string]jsontext.Value) error {
	old := values(body)
	delete(old, "id")
	if ok, err := a.holds(accountOf(rule.Collection.Name, id, old)); err != nil || !ok {
		return first(err, problem("record.not_found"))
	}
	return insert(a.tx, rule.Collection.Name, id, old)
}

// Again implements syncer.Applier: nothing is answered here.
func (a *applier) Again(string, []syncer.Note) error { return nil }

// Keep implements syncer.Applier.
func (a *applier) Keep(issue syncer.Issue) (string, error) {
	_, err := a.tx.NewQuery("INSERT INTO issues (device, n, kind, field) VALUES ({:d}, {:n}, {:k}, {:f})").
		Bind(dbx.Params{"d": a.device, "n": issue.N, "k": issue.Kind, "f": issue.Conflict.Field}).Execute()
	return "", err
}

// mine finds a row that the user may change; one that he may only see is refused.
func (a *applier) mine(coll, id string) (row, error) {
	old, err := read(a.tx, coll, id)
	if err != nil || old == nil {
		return nil, err
	}
	if ok, err := a.holds(accountOf(coll, id, old)); err != nil || ok {
		return old, err
	}
	if ok, err := a.sees(coll, id, old); err != nil || !ok {
		return nil, err
	}
	return nil, problem("record.not_allowed")
}

func (a *applier) sees(coll, id string, r row) (bool, error) {
	if ok, err := a.holds(accountOf(coll, id, r)); err != nil || ok {
		return ok, err
	}
	if coll != "vis" || r["state"] != "open" || r["dept"] == "" {
		return false, nil
	}
	return a.has("SELECT COUNT(*) FROM usr WHERE id = {:u} AND chief = {:x}", r["dept"])
}

func (a *applier) holds(account string) (bool, error) {
	return a.has("SELECT COUNT(*) FROM acc WHERE id = {:x} AND (owner = {:u} OR boss = {:u})", account)
}

func (a *applier) has(query string, x any) (bool, error) {
	var n int
	err := a.tx.NewQuery(query).Bind(dbx.Params{"u": a.user, "x": x}).Row(&n)
	return n > 0, err
}

func accountOf(coll, id string, r row) string {
	if coll == "acc" {
		return id
	}
	account, _ := r["account"].(string)
	return account
}

// values reads the JSON values of a mutation: strings, numbers, lists of strings.
func values(set map[string]jsontext.Value) row {
	out := row{}
	for f, raw := range set {
		var list []string
		if raw.Kind() == '[' && json.Unmarshal(raw, &list) == nil {
			out[f] = list
			continue
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			panic(err)
		}
		out[f] = v
	}
	return out
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
