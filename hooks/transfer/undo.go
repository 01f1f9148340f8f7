package transfer

import (
	"context"
	"database/sql"
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// undone is the answer to an undo.
type undone struct {
	Import  string    `json:"import"`
	Removed int       `json:"removed"`
	Kept    []keptRow `json:"kept"`
}

// keptRow is a row that stays, and why.
type keptRow struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	ZH     string         `json:"zh"`
	EN     string         `json:"en"`
}

// undo removes what an import made, as far as nobody touched it, no other row
// names it and no phone can know it. What it changed stays changed. Once only.
func (s *service) undo(e *core.RequestEvent) error {
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.ReadJSON(e, 64<<10, &args); err != nil {
		return err
	}
	reason := strings.TrimSpace(args.Reason)
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	out := undone{Import: e.Request.PathValue("id"), Kept: []keptRow{}}
	err = s.unseen(e.App, func(txApp core.App, maySaw gate.MaySaw) error {
		entry, err := mayUndo(txApp, out.Import, info)
		if err != nil {
			return err
		}
		switch {
		case entry.GetString("state") == "undone":
			return gate.Refuse("import.undone")
		case reason == "":
			return gate.RefuseField("reason", "import.undo_reason")
		}
		actor := gate.ActorOf(e)
		actor.Action = entry.GetString("collection") + ".import_undo"
		ctx := gate.With(e.Request.Context(), actor)
		u := &undoing{app: txApp, ctx: gate.Removing(ctx, gate.ImportUndone), entry: entry, out: &out}
		if err := u.run(maySaw); err != nil {
			return err
		}
		entry.Load(map[string]any{"state": "undone", "undone_at": s.now(), "undone_why": reason, "undone_rows": out.Removed})
		if !e.Auth.IsSuperuser() {
			entry.Set("undone_by", e.Auth.Id)
		}
		return txApp.SaveWithContext(gate.AsServer(ctx), entry)
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// mayUndo finds an import that who asks may undo: his own, or an administrator any.
func mayUndo(txApp core.App, id string, info *core.RequestInfo) (*core.Record, error) {
	entry, err := txApp.FindRecordById(imports, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("failed to find an import: %w", err)
	}
	sees := false
	if err == nil {
		if sees, err = txApp.CanAccessRecord(entry, info, entry.Collection().ViewRule); err != nil {
			return nil, fmt.Errorf("failed to ask a rule: %w", err)
		}
	}
	switch {
	case !sees:
		return nil, gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	case !info.Auth.IsSuperuser() && info.Auth.GetString("role") != domain.RoleAdmin && entry.GetString("by") != info.Auth.Id:
		return nil, gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
	}
	return entry, nil
}

type undoing struct {
	app   core.App // the transaction's
	ctx   context.Context
	entry *core.Record
	coll  *core.Collection // of the rows
	out   *undone
	rows  map[string]*core.Record // that may still go
}

func (u *undoing) run(maySaw gate.MaySaw) error {
	ids, err := u.untouched()
	if err != nil {
		return err
	}
	seen, err := maySaw(ids, int64(u.entry.GetFloat("head")))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if seen[id] {
			u.keep(id, "import.row_seen")
		}
	}
	names, err := u.named()
	if err != nil {
		return err
	}
	return u.remove(ids, names)
}

// keep lets a row stay.
func (u *undoing) keep(id, code string, params ...any) {
	kept := keptRow{ID: id}
	if r := u.rows[id]; r != nil {
		kept.Name = r.GetString("name")
		delete(u.rows, id)
	}
	p := domain.Problem{Code: code}
	if len(params) > 0 {
		p.Params = map[string]any{"collection": params[0]}
	}
	kept.Code, kept.Params, kept.ZH, kept.EN = code, p.Params, p.Text("zh"), p.Text("en")
	u.out.Kept = append(u.out.Kept, kept)
}

// untouched loads the rows that are as the import left them.
func (u *undoing) untouched() (ids []string, err error) {
	var made []struct {
		Rec     string `db:"rec"`
		Version string `db:"version"`
	}
	if u.coll, err = u.app.FindCachedCollectionByNameOrId(u.entry.GetString("collection")); err != nil {
		return nil, fmt.Errorf("failed to find what was imported: %w", err)
	}
	err = u.app.DB().Select("rec", "version").From("_import_row").Where(dbx.HashExp{"import": u.entry.Id}).OrderBy("rec").All(&made)
	if err != nil {
		return nil, fmt.Errorf("failed to read what an import made: %w", err)
	}
	u.rows = map[string]*core.Record{}
	for _, m := range made {
		r, err := u.app.FindRecordById(u.coll, m.Rec)
		if errors.Is(err, sql.ErrNoRows) {
			u.keep(m.Rec, "import.row_gone")
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("failed to read a row of an import: %w", err)
		}
		u.rows[m.Rec] = r
		if r.GetDateTime("updated").String() != m.Version {
			u.keep(m.Rec, "import.row_touched")
			continue
		}
		ids = append(ids, m.Rec)
	}
	return ids, nil
}

// named lists which of the rows name which others of them, and lets those stay
// that any other row names.
func (u *undoing) named() (within map[string][]string, err error) {
	all, err := u.app.FindAllCollections()
	if err != nil {
		return nil, fmt.Errorf("failed to list collections: %w", err)
	}
	ids, err := json.Marshal(slices.Collect(maps.Keys(u.rows)))
	if err != nil {
		return nil, fmt.Errorf("failed to list the rows of an import: %w", err)
	}
	within = map[string][]string{}
	for _, c := range all {
		for _, f := range c.Fields {
			to, ok := f.(*core.RelationField)
			if !ok || c.IsView() || to.CollectionId != u.coll.Id {
				continue
			}
			var pairs []struct {
				From string `db:"id"`
				To   string `db:"target"`
			}
			err := u.app.DB().NewQuery("SELECT id, target FROM (" + targets(c, to) + ") WHERE target IN (SELECT value FROM json_each({:ids})) AND id <> target").
				Bind(dbx.Params{"ids": string(ids)}).All(&pairs)
			if err != nil {
				return nil, fmt.Errorf("failed to find what names a row: %w", err)
			}
			for _, p := range pairs {
				switch {
				case c.Id == u.coll.Id && u.rows[p.From] != nil:
					within[p.To] = append(within[p.To], p.From)
				case u.rows[p.To] != nil:
					u.keep(p.To, "import.row_referred", c.Name)
				}
			}
		}
	}
	return within, nil
}

// targets selects each id and the target that it names by a field.
func targets(c *core.Collection, f *core.RelationField) string {
	column := "c.[[" + f.Name + "]]"
	if !f.IsMultiple() {
		return "SELECT c.id, " + column + " AS target FROM {{" + c.Name + "}} c"
	}
	return "SELECT c.id, v.value AS target FROM {{" + c.Name + "}} c, json_each(CASE WHEN json_valid(" + column + ") THEN " + column + " ELSE '[]' END) v"
}

// remove deletes what may go, a row after those that name it.
func (u *undoing) remove(ids []string, names map[string][]string) error {
	gone := map[string]bool{}
	isThere := func(id string) bool { return !gone[id] }
	for progress := true; progress; {
		progress = false
		for _, id := range ids {
			if u.rows[id] == nil || gone[id] || slices.ContainsFunc(names[id], isThere) {
				continue
			}
			if err := u.app.DeleteWithContext(u.ctx, u.rows[id]); err != nil {
				return fmt.Errorf("failed to remove what was imported: %w", err)
			}
			gone[id], progress = true, true
			u.out.Removed++
		}
	}
	for _, id := range ids {
		if u.rows[id] != nil && !gone[id] {
			u.keep(id, "import.row_referred", u.coll.Name)
		}
	}
	return nil
}
