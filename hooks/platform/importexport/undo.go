package importexport

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
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
	info, err := gate.Info(e)
	if err != nil {
		return err
	}
	if err := gate.ReadJSON(e, 64<<10, &args); err != nil {
		return err
	}
	reason := strings.TrimSpace(args.Reason)
	out := undone{Import: e.Request.PathValue("id"), Kept: []keptRow{}}
	err = s.unseen(e.App, func(txApp core.App, maySaw gate.MaySaw) error {
		entry, err := mayUndo(txApp, records.ImportID(out.Import), info)
		if err != nil {
			return err
		}
		switch {
		case entry.State() == importUndone:
			return gate.Refuse("import.undone")
		case reason == "":
			return gate.RefuseField("reason", "import.undo_reason")
		}
		actor := gate.ActorOf(e)
		actor.Action = entry.Collection() + ".import_undo"
		ctx := gate.With(e.Request.Context(), actor)
		u := &undoing{app: txApp, ctx: gate.Removing(ctx, gate.ImportUndone), entry: entry, out: &out, rows: map[string]*core.Record{}, with: map[string][]*core.Record{}}
		if err := u.run(maySaw); err != nil {
			return err
		}
		entry.SetState(importUndone)
		entry.SetUndoneAt(s.now())
		entry.SetUndoneWhy(reason)
		entry.SetUndoneRows(out.Removed)
		if !e.Auth.IsSuperuser() {
			entry.SetUndoneBy(records.UserID(e.Auth.Id))
		}
		return txApp.SaveWithContext(gate.AsServer(ctx), entry.Raw())
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// mayUndo finds an import that who asks may undo: his own, or an administrator any.
func mayUndo(txApp core.App, id records.ImportID, info *core.RequestInfo) (records.Import, error) {
	entry, sees, err := records.Imports.Find(txApp, id)
	if err == nil && sees {
		sees, err = txApp.CanAccessRecord(entry.Raw(), info, entry.Raw().Collection().ViewRule)
	}
	switch {
	case err != nil:
		return entry, fmt.Errorf("find an import: %w", err)
	case !sees:
		return entry, gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	case info.Auth.IsSuperuser():
		return entry, nil
	}
	if user := records.Users.Of(info.Auth); user.Role() != people.RoleAdmin && entry.By() != user.ID() {
		return entry, gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
	}
	return entry, nil
}

type undoing struct {
	app   core.App // the transaction's
	ctx   context.Context
	entry records.Import
	coll  *core.Collection // of the rows
	out   *undone
	rows  map[string]*core.Record   // that may still go
	with  map[string][]*core.Record // what came with a row, and is as it came
}

func (u *undoing) run(maySaw gate.MaySaw) error {
	ids, err := u.untouched()
	if err != nil {
		return err
	}
	seen, err := maySaw(ids, int64(u.entry.Head()))
	if err != nil {
		return err
	}
	known := func(r *core.Record) bool { return seen[r.Id] }
	for _, id := range slices.Sorted(maps.Keys(u.rows)) {
		if seen[id] || slices.ContainsFunc(u.with[id], known) {
			u.keep(id, "import.row_seen")
		}
	}
	names, err := u.named()
	if err != nil {
		return err
	}
	return u.remove(slices.Sorted(maps.Keys(u.rows)), names)
}

// keep lets a row stay.
func (u *undoing) keep(id, code string, params ...any) {
	kept := keptRow{ID: id}
	if r := u.rows[id]; r != nil {
		kept.Name = titleOf(r)
		delete(u.rows, id)
	}
	p := domain.Problem{Code: code}
	if len(params) > 0 {
		p.Params = map[string]any{"collection": params[0]}
	}
	kept.Code, kept.Params, kept.ZH, kept.EN = code, p.Params, p.Text("zh"), p.Text("en")
	u.out.Kept = append(u.out.Kept, kept)
}

// untouched loads the rows that are as the import left them. ids are theirs and
// those of what came with them.
func (u *undoing) untouched() (ids []string, err error) {
	if u.coll, err = u.app.FindCachedCollectionByNameOrId(u.entry.Collection()); err != nil {
		return nil, fmt.Errorf("find what was imported: %w", err)
	}
	var made []struct {
		Coll    string `db:"coll"`
		Rec     string `db:"rec"`
		Version string `db:"version"`
		Of      string `db:"of"`
	}
	err = u.app.DB().Select("coll", "rec", "version", "of").From("_import_row").Where(dbx.HashExp{"import": u.entry.ID()}).OrderBy("of", "rec").All(&made)
	if err != nil {
		return nil, fmt.Errorf("read what an import made: %w", err)
	}
	for _, m := range made { // what came with a row stands behind all rows
		r, err := u.app.FindRecordById(m.Coll, m.Rec)
		switch {
		case errors.Is(err, sql.ErrNoRows) && m.Of == "":
			u.keep(m.Rec, "import.row_gone")
			continue
		case errors.Is(err, sql.ErrNoRows):
			continue
		case err != nil:
			return nil, fmt.Errorf("read a row of an import: %w", err)
		}
		same := version(r) == m.Version
		switch {
		case m.Of == "":
			if u.rows[m.Rec] = r; !same {
				u.keep(m.Rec, "import.row_touched")
			}
		case same:
			u.with[m.Of] = append(u.with[m.Of], r)
		}
		ids = append(ids, m.Rec)
	}
	return ids, nil
}

// named lists which of the rows name which others of them, and lets those stay
// that any other row names but what came with them.
func (u *undoing) named() (within map[string][]string, err error) {
	within = map[string][]string{}
	err = naming(u.app, u.coll, slices.Collect(maps.Keys(u.rows)), func(c *core.Collection, from, to string) error {
		own := func(r *core.Record) bool { return r.Id == from && r.Collection().Id == c.Id }
		switch {
		case u.rows[to] == nil, slices.ContainsFunc(u.with[to], own):
		case c.Id == u.coll.Id && u.rows[from] != nil:
			within[to] = append(within[to], from)
		default:
			u.keep(to, "import.row_referred", c.Name)
		}
		return nil
	})
	return within, err
}

// remove deletes what may go, a row after those that name it.
func (u *undoing) remove(ids []string, names map[string][]string) error {
	gone := map[string]bool{}
	isThere := func(id string) bool { return !gone[id] }
	for progress := true; progress; {
		progress = false
		for _, id := range ids {
			if gone[id] || slices.ContainsFunc(names[id], isThere) {
				continue
			}
			for _, r := range append(u.with[id], u.rows[id]) {
				if err := u.app.DeleteWithContext(u.ctx, r); err != nil {
					return fmt.Errorf("remove what was imported: %w", err)
				}
			}
			gone[id], progress = true, true
			u.out.Removed++
		}
	}
	for _, id := range ids {
		if !gone[id] {
			u.keep(id, "import.row_referred", u.coll.Name)
		}
	}
	return nil
}
