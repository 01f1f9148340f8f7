package transfer

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

const imports = "imports"

// entry is what is kept of an import.
type entry struct {
	by     *core.Record
	at     time.Time
	head   int64 // of the log, before the first row
	mode   string
	record *core.Record
	made   []*core.Record // since the last note
}

// note keeps, in the transaction of the rows, what an import did. One that did
// nothing leaves no trace.
func (j *importing) note(txApp core.App) error {
	if j.out.Created+j.out.Updated == 0 {
		return nil
	}
	if j.record == nil {
		coll, err := txApp.FindCachedCollectionByNameOrId(imports)
		if err != nil {
			return fmt.Errorf("failed to find %s: %w", imports, err)
		}
		j.record = core.NewRecord(coll)
		j.record.Load(map[string]any{"at": j.at, "collection": j.list.collection, "mode": j.mode, "head": j.head, "state": "done"})
		if !j.by.IsSuperuser() {
			j.record.Set("by", j.by.Id)
		}
	}
	j.record.Set("created_rows", j.out.Created)
	j.record.Set("updated_rows", j.out.Updated)
	if err := txApp.SaveWithContext(gate.AsServer(j.ctx), j.record); err != nil {
		return fmt.Errorf("failed to note an import: %w", err)
	}
	j.out.Import = j.record.Id
	coll, ids := j.record.Collection(), []string{}
	for _, r := range j.made {
		if err := j.keep(txApp, r, ""); err != nil {
			return err
		}
		coll, ids = r.Collection(), append(ids, r.Id)
	}
	j.made = nil
	// What names a row by now came with it, such as who is responsible for an account.
	return naming(txApp, coll, ids, func(c *core.Collection, from, to string) error {
		if c.Id == coll.Id || !slices.Contains(gate.ImportUndone.Collections, c.Name) {
			return nil
		}
		r, err := txApp.FindRecordById(c, from)
		if err != nil {
			return fmt.Errorf("failed to read what came with a row: %w", err)
		}
		return j.keep(txApp, r, to)
	})
}

// keep notes a row that an import made, or that came with one of them.
func (j *importing) keep(txApp core.App, r *core.Record, of string) error {
	version := r.GetDateTime("updated").String()
	_, err := txApp.DB().Insert("_import_row", dbx.Params{"import": j.record.Id, "coll": r.Collection().Name, "rec": r.Id, "version": version, "of": of}).Execute()
	if err != nil {
		return fmt.Errorf("failed to note a row of an import: %w", err)
	}
	return nil
}

// naming tells fn of each row, of whatever collection, that names another of
// coll with one of the ids.
func naming(txApp core.App, coll *core.Collection, ids []string, fn func(c *core.Collection, from, to string) error) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("failed to list rows: %w", err)
	}
	all, err := txApp.FindAllCollections()
	if err != nil {
		return fmt.Errorf("failed to list collections: %w", err)
	}
	for _, c := range all {
		for _, f := range c.Fields {
			to, ok := f.(*core.RelationField)
			if !ok || c.IsView() || to.CollectionId != coll.Id {
				continue
			}
			var pairs []struct {
				From string `db:"id"`
				To   string `db:"target"`
			}
			err := txApp.DB().NewQuery("SELECT DISTINCT id, target FROM (" + targets(c, to) + ") WHERE target IN (SELECT value FROM json_each({:ids})) AND id <> target").
				Bind(dbx.Params{"ids": string(list)}).All(&pairs)
			if err != nil {
				return fmt.Errorf("failed to find what names a row: %w", err)
			}
			for _, p := range pairs {
				if err := fn(c, p.From, p.To); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// targets selects each id and the target that it names by a field.
func targets(c *core.Collection, f *core.RelationField) string {
	column := "c.[[" + f.Name + "]]"
	if !f.IsMultiple() {
		return "SELECT c.id, " + column + " AS target FROM {{" + c.Name + "}} c"
	}
	return "SELECT c.id, v.value AS target FROM {{" + c.Name + "}} c, json_each(CASE WHEN json_valid(" + column + ") THEN " + column + " ELSE '[]' END) v"
}
