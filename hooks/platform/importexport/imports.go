package importexport

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// States of an import.
const (
	importDone   = "done"
	importUndone = "undone"
)

// entry is what is kept of an import.
type entry struct {
	by    *core.Record
	at    time.Time
	since int64 // the head of the log before the first row
	mode  records.ImportMode
	noted *records.Import
	made  []*core.Record // since the last note
}

// note keeps, in the transaction of the rows, what an import did. One that did
// nothing leaves no trace.
func (j *importing) note(txApp core.App) error {
	if j.out.Created+j.out.Updated == 0 {
		return nil
	}
	if j.noted == nil {
		row, err := j.begun(txApp)
		if err != nil {
			return err
		}
		j.noted = &row
	}
	j.noted.SetCreatedRows(j.out.Created)
	j.noted.SetUpdatedRows(j.out.Updated)
	if err := txApp.SaveWithContext(gate.AsServer(j.ctx), j.noted.Raw()); err != nil {
		return fmt.Errorf("note an import: %w", err)
	}
	j.out.Import = string(j.noted.ID())
	coll, ids := j.noted.Raw().Collection(), []string{}
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
			return fmt.Errorf("read what came with a row: %w", err)
		}
		return j.keep(txApp, r, to)
	})
}

// begun is the row of an import that has written nothing yet.
func (j *importing) begun(txApp core.App) (records.Import, error) {
	row, err := records.Imports.New(txApp)
	if err != nil {
		return row, err
	}
	row.SetAt(j.at)
	row.SetCollection(j.list.collection)
	row.SetMode(j.mode)
	row.SetHead(int(j.since))
	row.SetState(importDone)
	if !j.by.IsSuperuser() {
		row.SetBy(records.UserID(j.by.Id))
	}
	return row, nil
}

// keep notes a row that an import made, or that came with one of them.
func (j *importing) keep(txApp core.App, r *core.Record, of string) error {
	_, err := txApp.DB().Insert("_import_row", dbx.Params{"import": j.noted.ID(), "coll": r.Collection().Name, "rec": r.Id, "version": version(r), "of": of}).Execute()
	if err != nil {
		return fmt.Errorf("note a row of an import: %w", err)
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
		return fmt.Errorf("list rows: %w", err)
	}
	all, err := txApp.FindAllCollections()
	if err != nil {
		return fmt.Errorf("list collections: %w", err)
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
				return fmt.Errorf("find what names a row: %w", err)
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
