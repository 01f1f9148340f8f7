package hooks_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// ofAnyAccount are collections whose rows may name an account that is not their
// author's, and why.
var ofAnyAccount = map[string]string{}

// TestNobodyWritesOfAStrangersAccount: whatever row a rep or a KA manager may make, he
// makes none of an account of another team, and turns none of his into one.
func TestNobodyWritesOfAStrangersAccount(t *testing.T) {
	m := newMatrix(t)
	tried, needed := 0, map[string]bool{}
	for _, target := range m.targets() {
		coll, err := m.app.FindCachedCollectionByNameOrId(target.collection)
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		for _, name := range []string{"account", "accounts"} {
			if f, is := coll.Fields.GetByName(name).(*core.RelationField); is && f != nil {
				columns = append(columns, name)
			}
		}
		for _, who := range []string{"owner", "kam"} {
			for _, column := range columns {
				told := func(how string, answer int, made *core.Record) {
					if answer >= http.StatusBadRequest || made == nil || !slices.Contains(made.GetStringSlice(column), m.foreign) {
						return
					}
					if needed[target.collection] = true; ofAnyAccount[target.collection] == "" {
						t.Errorf("%s %s %s with %s of another team", who, how, target.label, column)
					}
				}
				path := "/api/collections/" + target.collection + "/records"
				if target.create != nil {
					body := target.create(m.people[who])
					if answer, _ := m.attempt(http.MethodPost, path, body, m.people[who], "", ""); answer.Code == http.StatusOK {
						tried++
						body = maps.Clone(body)
						body["id"], body[column] = "foreignaccount1", m.foreign
						answer, made := m.attempt(http.MethodPost, path, body, m.people[who], target.collection, "foreignaccount1")
						told("makes", answer.Code, made)
					}
				}
				if target.id != "" && target.update != nil {
					body := maps.Clone(target.update)
					body[column] = m.foreign
					answer, made := m.attempt(http.MethodPatch, path+"/"+target.id, body, m.people[who], target.collection, target.id)
					told("changes", answer.Code, made)
				}
			}
		}
	}
	for name := range ofAnyAccount {
		if !needed[name] {
			t.Errorf("%s needs no exception", name)
		}
	}
	if tried < 20 {
		t.Errorf("%d rows were made: the attempts are no good ones", tried)
	}
}
