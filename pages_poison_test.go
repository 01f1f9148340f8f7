package main

import (
	"crypto/sha256"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
)

// story makes what the pages show and the demo company lacks: visits to look at,
// photos that are like each other, and phones.
func (b *browser) story() {
	b.t.Helper()
	account := b.app.AccountOf("rep.chen")
	line := map[string]any{"account": account.Id, "owner": account.GetString("owner"), "manager": account.GetString("manager"), "dept": account.GetString("dept")}
	row := func(collection string, fields map[string]any) *core.Record {
		b.t.Helper()
		coll, err := b.app.FindCollectionByNameOrId(collection)
		if err != nil {
			b.t.Fatal(err)
		}
		r := core.NewRecord(coll)
		r.Load(line)
		r.Load(fields)
		if err := b.app.SaveWithContext(gate.AsServer(b.t.Context()), r); err != nil {
			b.t.Fatal(err)
		}
		return r
	}
	reasons := []map[string]any{{"code": "place_unknown", "points": 30, "params": map[string]any{"text": "x"}}}
	var photos []string
	for i := range 2 {
		visit := row("visits", map[string]any{
			"type": "unplanned", "state": "questioned", "planned_date": "2026-03-16", "in_at": b.app.Clock.Now(), "summary": "s", "verdict_note": "n", "answer": "a",
		})
		data := demo.PhotoOf(320, 240, uint64(i), b.app.Clock.Now(), 31.2, 121.4)
		file, err := filesystem.NewFileFromBytes(data, "public.jpg")
		if err != nil {
			b.t.Fatal(err)
		}
		photo := row("blobs", map[string]any{
			"visit": visit.Id, "sha256": fmt.Sprintf("%x", sha256.Sum256(data)), "size": len(data), "mime": "image/jpeg", "purpose": "visit_photo",
			"state": "stored", "received_at": b.app.Clock.Now(), "public": file, "taken_at": "2026-03-16T08:00",
		}).Id
		photos = append(photos, photo)
		for id, judged := range map[string]dbx.Params{
			visit.Id: {"risk_score": 70, "risk_reasons": mustJSON(reasons), "state": "questioned"},
			photo:    {"signals": mustJSON([]map[string]any{{"code": "photo_same", "points": 60, "params": map[string]any{"text": "x"}}})},
		} {
			table := map[string]string{visit.Id: "visits", photo: "blobs"}[id]
			if _, err := b.app.DB().Update(table, judged, dbx.HashExp{"id": id}).Execute(); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	row("photo_matches", map[string]any{"blob": photos[0], "other": photos[1], "kind": "similar", "distance": 3})
	for _, name := range []string{"rep.chen", "manager.wu"} {
		who := b.app.As(name)
		row("sync_devices", map[string]any{
			"user": who.Id, "manager": who.GetString("manager"), "install": "install-" + name, "platform": "android", "app": "1", "name": "n", "address": "a",
			"last_seen": b.app.Clock.Now(), "registered_at": b.app.Clock.Now(),
		})
	}
}

func mustJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// poison writes the script into every text of every row of every collection,
// past all rules. Left alone is what the server itself works by.
func (b *browser) poison() {
	b.t.Helper()
	all, err := b.app.FindAllCollections()
	if err != nil {
		b.t.Fatal(err)
	}
	fields := 0
	for _, c := range all {
		if c.System || c.IsView() || slices.Contains([]string{"sync_rules", "settings", "policy_docs"}, c.Name) {
			continue
		}
		var rows []dbx.NullStringMap
		if err := b.app.DB().Select("*").From(c.Name).All(&rows); err != nil {
			b.t.Fatal(err)
		}
		for i, row := range rows {
			poisoned := dbx.Params{}
			for _, f := range c.Fields {
				if f.GetName() == "id" || f.GetName() == "tokenKey" || f.GetName() == "email" || f.GetName() == "mime" || f.GetHidden() {
					continue
				}
				switch f.Type() {
				case core.FieldTypeText, core.FieldTypeEditor, core.FieldTypeURL, core.FieldTypeEmail:
					poisoned[f.GetName()] = script + row["id"].String
				case core.FieldTypeJSON:
					var value any
					if json.Unmarshal([]byte(row[f.GetName()].String), &value) == nil {
						poisoned[f.GetName()] = mustJSON(infect(value, i%2 == 0))
					}
				}
			}
			if fields += len(poisoned); len(poisoned) == 0 {
				continue
			}
			if _, err := b.app.DB().Update(c.Name, poisoned, dbx.HashExp{"id": row["id"].String}).Execute(); err != nil {
				b.t.Fatalf("%s: %v", c.Name, err)
			}
		}
	}
	if fields < 1000 {
		b.t.Errorf("only %d texts were poisoned", fields)
	}
}

// infect puts the script into each text of a value; codes are kept where they are
// to be known, and are texts as well where not.
func infect(value any, codes bool) any {
	switch v := value.(type) {
	case string:
		return script
	case map[string]any:
		for key, member := range v {
			if key != "code" || codes {
				v[key] = infect(member, codes)
			}
		}
	case []any:
		for i, member := range v {
			v[i] = infect(member, codes)
		}
	}
	return value
}
