package importexport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// outcome is the answer to an import.
type outcome struct {
	Import    string   `json:"import,omitempty"` // its row in imports, if anything was made or changed
	DryRun    bool     `json:"dry_run"`
	Rows      int      `json:"rows"`
	Created   int      `json:"created"`
	Updated   int      `json:"updated"`
	Unchanged int      `json:"unchanged"`
	Committed bool     `json:"committed"` // whether what passed is in the data
	Bad       []badRow `json:"bad"`
}

// errUndo rolls back what was tried.
var errUndo = errors.New("undo")

// take imports a file: all rows or none, or with mode=rows each that passes.
// A line about a row that is there changes it, so the same file may come twice.
func (s *service) take(e *core.RequestEvent) error {
	l := lists[e.Request.PathValue("collection")]
	file, err := receive(e)
	if err != nil {
		return err
	}
	defer file.drop()
	ctx := e.Request.Context()
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	rows, err := readTable(ctx, file, file, file.size, s.bounds)
	if err != nil {
		return err
	}
	head, err := l.headOf(rows[0])
	if err != nil {
		return err
	}
	info, err := infoOf(e)
	if err != nil {
		return err
	}
	actor := gate.ActorOf(e)
	actor.Action = l.collection + ".import"
	job := &importing{list: l, head: head, info: info, ctx: gate.With(ctx, actor), keys: map[string]int{}, complete: s.complete[l.collection]}
	query := e.Request.URL.Query()
	job.entry = entry{by: e.Auth, at: s.now(), since: s.head(), mode: "all"}
	if query.Get("mode") == "rows" {
		job.mode = "rows"
	}
	lines, wrong := l.checkTotals(head, rows[1:])
	job.out = outcome{DryRun: query.Get("dry_run") == "true" || query.Get("dry_run") == "1", Rows: len(lines), Bad: append([]badRow{}, wrong...)}
	if len(wrong) == 0 { // else nothing of the list is believed
		if err := job.run(e.App, lines); err != nil {
			return err
		}
	}
	slices.SortFunc(job.out.Bad, func(a, b badRow) int { return a.Row - b.Row })
	return e.JSON(http.StatusOK, job.out)
}

type importing struct {
	list list
	head []column
	info *core.RequestInfo
	ctx  context.Context
	keys map[string]int // key → the row that had it
	out  outcome
	// complete fills and judges a row as a line of a list has it; nil for none.
	complete func(app core.App, row *core.Record, wrote map[string]any) error
	entry
}

func (j *importing) run(app core.App, rows []line) error {
	if j.mode == "rows" && !j.out.DryRun {
		if err := j.passes(rows, func(row line) error { return j.alone(app, row) }); err != nil {
			return err
		}
		j.out.Committed = j.out.Created+j.out.Updated > 0
		return nil
	}
	err := app.RunInTransaction(func(txApp core.App) error {
		if err := j.passes(rows, func(row line) error { return j.row(txApp, row) }); err != nil {
			return err
		}
		if j.out.DryRun || len(j.out.Bad) > 0 {
			return errUndo
		}
		return j.note(txApp)
	})
	if err != nil && !errors.Is(err, errUndo) {
		return err
	}
	j.out.Committed = err == nil
	return nil
}

// maxPasses is how often rows are tried that may name each other.
const maxPasses = 12

// passes tries the rows, and those that were refused again as long as others
// passed meanwhile, if rows may name each other: a person may stand in the file
// before his manager.
func (j *importing) passes(rows []line, try func(row line) error) error {
	within := j.list.within || slices.ContainsFunc(j.list.columns, func(c column) bool { return c.relation == j.list.collection })
	for pass := 1; ; pass++ {
		var again []line
		j.out.Bad = j.out.Bad[:0]
		for _, row := range rows {
			if err := j.ctx.Err(); err != nil {
				return err
			}
			before := j.out
			err := try(row)
			if err == nil {
				continue
			}
			bad, refused := j.list.bad(row.number, err)
			if !refused {
				return fmt.Errorf("row %d: %w", row.number, err)
			}
			j.out.Created, j.out.Updated, j.out.Unchanged = before.Created, before.Updated, before.Unchanged
			j.out.Bad = append(j.out.Bad, bad)
			again = append(again, row)
		}
		if len(again) == 0 || len(again) == len(rows) || !within || pass == maxPasses {
			return nil
		}
		rows = again
	}
}

// alone carries out one line in a transaction of its own.
func (j *importing) alone(app core.App, row line) error {
	known := j.noted
	err := app.RunInTransaction(func(txApp core.App) error {
		j.made = nil
		if err := j.row(txApp, row); err != nil {
			return err
		}
		return j.note(txApp)
	})
	if err != nil {
		if j.noted = known; known == nil {
			j.out.Import = ""
		}
	}
	return err
}

// row carries out one line.
func (j *importing) row(txApp core.App, row line) error {
	if row.bad != nil {
		return row.bad
	}
	values, err := j.list.valuesOf(txApp, j.info, j.head, row)
	if err != nil {
		return err
	}
	if err := j.once(row, values); err != nil {
		return err
	}
	found, err := j.find(txApp, values)
	if err != nil {
		return err
	}
	if len(found) > 1 {
		return gate.Refuse("import.ambiguous", "column", j.list.columns[0].zh, "value", quoted(fmt.Sprint(values[j.list.key[0]])))
	}
	if len(found) == 1 {
		return j.update(txApp, found[0], values)
	}
	return j.create(txApp, values)
}

// spaces are all that stand around texts, as unicode.IsSpace has them.
const spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

// find looks for the rows that a line is about; if there is none, for those whose
// names a list writes in the same way, without their spaces and carriage returns.
func (j *importing) find(txApp core.App, values map[string]any) ([]*core.Record, error) {
	exact, loose, texts := dbx.HashExp{}, []dbx.Expression{}, map[string]string{}
	for _, field := range j.list.key {
		exact[field] = values[field]
		if c, _ := j.list.column(field); c.kind == plain {
			texts[field] = fmt.Sprint(values[field])
			written := strings.TrimFunc(strings.ReplaceAll(texts[field], "\r", ""), isSpace)
			loose = append(loose, dbx.NewExp("TRIM(REPLACE([["+field+"]], char(13), ''), {:spaces}) = {:"+field+"}", dbx.Params{"spaces": spaces, field: written}))
		} else {
			loose = append(loose, dbx.HashExp{field: values[field]})
		}
	}
	var live []dbx.Expression
	if j.list.live != "" {
		live = append(live, dbx.NewExp(j.list.live))
	}
	found, err := txApp.FindAllRecords(j.list.collection, append(live, exact)...)
	if err == nil && len(found) == 0 {
		found, err = txApp.FindAllRecords(j.list.collection, append(live, loose...)...)
		found = slices.DeleteFunc(found, func(r *core.Record) bool {
			for field, text := range texts {
				if !says(r, field, text) {
					return true
				}
			}
			return false
		})
	}
	if err != nil {
		return nil, fmt.Errorf("look for a row: %w", err)
	}
	return found, nil
}

// once refuses the second row about one thing.
func (j *importing) once(row line, values map[string]any) error {
	var parts []string
	for _, field := range j.list.key {
		parts = append(parts, fmt.Sprint(values[field]))
	}
	key := strings.Join(parts, "\x00")
	if n, taken := j.keys[key]; taken && n != row.number {
		return gate.Refuse("import.twice", "row", n)
	}
	j.keys[key] = row.number
	return nil
}

func (j *importing) update(txApp core.App, record *core.Record, values map[string]any) error {
	coll := record.Collection()
	if err := j.may(txApp, record, coll.ViewRule, coll.UpdateRule); err != nil {
		return err
	}
	fill(record, values)
	if err := j.completed(txApp, record, values); err != nil {
		return err
	}
	if !gate.HasChanged(record) {
		j.out.Unchanged++
		return nil
	}
	if err := txApp.SaveWithContext(j.ctx, record); err != nil {
		return err
	}
	j.out.Updated++
	return j.may(txApp, record, coll.UpdateRule)
}

func (j *importing) create(txApp core.App, values map[string]any) error {
	for _, c := range j.list.columns {
		if c.needed && values[c.field] == nil {
			return gate.Refuse("import.key_needed", "column", c.zh)
		}
	}
	coll, err := txApp.FindCachedCollectionByNameOrId(j.list.collection)
	if err != nil {
		return fmt.Errorf("find %s: %w", j.list.collection, err)
	}
	record := core.NewRecord(coll)
	record.Load(values)
	switch j.list.collection {
	case gate.Users: // they choose a password by mail
		record.SetPassword(security.RandomString(30))
		record.SetEmailVisibility(true)
		if values[records.UserColActive] == nil {
			records.Users.Of(record).SetActive(true)
		}
	case records.AccountTable:
		if values[records.AccountColKind] == nil {
			records.Accounts.Of(record).SetKind("prospect")
		}
	}
	if err := j.completed(txApp, record, values); err != nil {
		return err
	}
	if err := txApp.SaveWithContext(j.ctx, record); err != nil {
		return err
	}
	j.out.Created++
	j.made = append(j.made, record)
	return j.may(txApp, record, coll.CreateRule) // as it stands: rules look at related rows
}

func (j *importing) completed(txApp core.App, record *core.Record, values map[string]any) error {
	if j.complete == nil {
		return nil
	}
	return j.complete(txApp, record, values)
}

// may asks API rules. What somebody may not even see, he is told of as not allowed.
func (j *importing) may(txApp core.App, record *core.Record, rules ...*string) error {
	for _, rule := range rules {
		ok, err := txApp.CanAccessRecord(record, j.info, rule)
		if err != nil {
			return fmt.Errorf("ask a rule: %w", err)
		}
		if !ok {
			return gate.Wrap(notAllowed, nil)
		}
	}
	return nil
}
