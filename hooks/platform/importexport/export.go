package importexport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

const (
	exportPage = 500
	exportLess = 5 // a page that was not read in time, or was too large, is tried again by so much smaller
)

// give exports what the collection's list rule shows to who asks, in pages, and
// notes who took what.
func (s *service) give(e *core.RequestEvent) (err error) {
	name, query := e.Request.PathValue("collection"), e.Request.URL.Query()
	coll, err := e.App.FindCachedCollectionByNameOrId(name)
	if err != nil || coll.System || (coll.ListRule == nil && !e.Auth.IsSuperuser()) {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "export.unknown", Params: map[string]any{"collection": name}}, nil)
	}
	format, err := formatOf(e)
	if err != nil {
		return err
	}
	x := &exporting{e: e, within: s.page, size: exportPage, coll: coll, filter: query.Get("filter"), planted: s.planted, names: map[string]map[string]string{}}
	if x.info, err = e.RequestInfo(); err != nil {
		return err
	}
	x.columns = columnsOf(coll, query.Get("lang"))
	first, err := x.page() // what is wrong shows before the first byte is out
	if err != nil {
		return err
	}
	x.mark = gate.Watermark(e.Auth, s.now())
	begin(e, coll.Name+"-"+domain.BusinessDay(s.now())+"-"+gate.TakerOf(e.Auth), format)
	defer func() {
		if err = errors.Join(err, s.note(e, x, format)); err != nil && e.Written() {
			e.App.Logger().Error("an export broke off", "collection", coll.Name, "rows", x.count, "error", err)
			panic(http.ErrAbortHandler) // who reads sees that it is not whole
		}
	}()
	return x.write(e.Response, format, first)
}

// formatOf is the format that is asked for, csv if none is.
func formatOf(e *core.RequestEvent) (string, error) {
	switch format := e.Request.URL.Query().Get("format"); format {
	case "":
		return "csv", nil
	case "csv", "xlsx":
		return format, nil
	}
	return "", gate.Refuse("export.format")
}

// begin says that a file of a name follows.
func begin(e *core.RequestEvent, name, format string) {
	head := e.Response.Header()
	head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name+"."+format))
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Type", mimes[format])
}

// template gives the heads of a list, to be filled in and imported.
func (s *service) template(e *core.RequestEvent) error {
	l := lists[e.Request.PathValue("collection")]
	format, err := formatOf(e)
	if err != nil {
		return err
	}
	heads := make([]string, len(l.columns))
	for i, c := range l.columns {
		heads[i] = c.head(e.Request.URL.Query().Get("lang"))
	}
	begin(e, l.collection, format)
	return Write(e.Response, format, "", heads, nil)
}

var mimes = map[string]string{
	"csv":  "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

type exporting struct {
	e       *core.RequestEvent
	within  func(e *core.RequestEvent, read func() error) error
	size    int // rows of a page
	coll    *core.Collection
	info    *core.RequestInfo
	filter  string
	columns []out
	names   map[string]map[string]string // collection → id → name
	last    string
	planted syncer.Planted
	count   int
	mark    string // who takes it, and when
}

// out is a column of an export.
type out struct {
	column
	head string
	num  bool
}

// columnsOf lists the fields that the collection shows, under the names by which
// they can be imported again.
func columnsOf(coll *core.Collection, lang string) (list []out) {
	known := lists[coll.Name]
	for _, f := range coll.Fields {
		if f.GetHidden() || f.Type() == core.FieldTypePassword {
			continue
		}
		c, ok := known.column(f.GetName())
		if !ok {
			c = column{field: f.GetName(), zh: f.GetName(), en: f.GetName()}
		}
		if c.part > 0 {
			for _, p := range known.columns {
				if p.field == c.field {
					list = append(list, out{p, p.head(lang), false})
				}
			}
			continue
		}
		if r, isRef := f.(*core.RelationField); isRef && c.relation == "" && r.MaxSelect <= 1 {
			c.relation = r.CollectionId
		}
		list = append(list, out{c, c.head(lang), f.Type() == core.FieldTypeNumber})
	}
	return list
}

// page reads the next rows by id. If there is no time for as many, or they are too
// large together, it reads fewer.
func (x *exporting) page() (records []*core.Record, err error) {
	for {
		err = x.within(x.e, func() (err error) {
			records, err = x.read()
			return err
		})
		p, refused := errors.AsType[domain.Problem](err)
		if !refused || p.Code != "filter.too_slow" && p.Code != "filter.too_large" || x.size/exportLess == 0 || x.e.Request.Context().Err() != nil {
			x.behind(records, err)
			return records, err
		}
		if x.planted == syncer.PlantPageSkipped {
			x.behind(records, nil)
		}
		x.size /= exportLess
	}
}

// behind lets the next page begin after a page. Of one that was cut off some rows
// came too: it is read again from where it began.
func (x *exporting) behind(page []*core.Record, err error) {
	if err == nil && len(page) > 0 {
		x.last = page[len(page)-1].Id
	}
}

func (x *exporting) read() ([]*core.Record, error) {
	app := x.e.App
	resolver := core.NewRecordFieldResolver(app, x.coll, x.info, true)
	query := app.RecordQuery(x.coll)
	if !x.e.Auth.IsSuperuser() && (strings.Contains(x.filter, "@collection.") || strings.Contains(x.filter, "@request.")) {
		return nil, gate.Refuse("export.filter") // as PocketBase's lists do
	}
	var conditions []string
	if !x.e.Auth.IsSuperuser() && *x.coll.ListRule != "" {
		conditions = append(conditions, *x.coll.ListRule)
	}
	for i, text := range append(conditions, x.filter) {
		if text == "" {
			continue
		}
		if i == len(conditions) { // the rule may look at what its reader does not see, his own filter may not
			resolver.SetAllowHiddenFields(x.e.Auth.IsSuperuser())
		}
		expr, err := search.FilterData(text).BuildExpr(resolver)
		if err != nil {
			return nil, gate.Refuse("export.filter")
		}
		query.AndWhere(expr)
	}
	if err := resolver.UpdateQuery(query); err != nil {
		return nil, fmt.Errorf("build an export: %w", err)
	}
	id := "[[" + x.coll.Name + ".id]]"
	if x.last != "" {
		query.AndWhere(dbx.NewExp(id+" > {:exportLast}", dbx.Params{"exportLast": x.last}))
	}
	var records []*core.Record
	if err := query.OrderBy(id).Limit(int64(x.size)).All(&records); err != nil {
		return nil, fmt.Errorf("read an export: %w", err)
	}
	if err := apis.EnrichRecords(x.e, records); err != nil {
		return nil, fmt.Errorf("prepare an export: %w", err)
	}
	return records, nil
}

// each hands over the rows of all pages as cells.
func (x *exporting) each(first []*core.Record, take func(cells []any) error) error {
	for page := first; len(page) > 0; {
		for _, r := range page {
			cells, err := x.cells(r)
			if err != nil {
				return err
			}
			if err := take(cells); err != nil {
				return err
			}
			x.count++
		}
		if len(page) < x.size {
			return nil
		}
		var err error
		if page, err = x.page(); err != nil {
			return err
		}
	}
	return nil
}

// cells writes a record as its reader would be shown it.
func (x *exporting) cells(r *core.Record) ([]any, error) {
	shown := r.PublicExport()
	cells := make([]any, len(x.columns))
	for i, c := range x.columns {
		v, visible := shown[c.field]
		if !visible || v == nil {
			cells[i] = ""
			continue
		}
		cells[i] = c.cell(r)
		if id, ok := cells[i].(string); ok && c.relation != "" && id != "" {
			name, err := x.nameOf(c.relation, id)
			if err != nil {
				return nil, err
			}
			cells[i] = name
		}
	}
	return cells, nil
}

// nameOf gives people and departments their names, which all may know; the rest
// stays an id.
func (x *exporting) nameOf(collection, id string) (string, error) {
	known, ok := x.names[collection]
	if !ok {
		known = map[string]string{}
		coll, err := x.e.App.FindCachedCollectionByNameOrId(collection)
		if err != nil {
			return id, nil //nolint:nilerr // a relation to nothing leads to no name
		}
		if openNames[coll.Name] {
			var rows []struct {
				ID   string `db:"id"`
				Name string `db:"name"`
			}
			if err := x.e.App.DB().Select("id", "name").From(coll.Name).All(&rows); err != nil {
				return "", fmt.Errorf("read names: %w", err)
			}
			for _, r := range rows {
				known[r.ID] = r.Name
			}
		}
		x.names[collection] = known
	}
	if name := known[id]; name != "" {
		return name, nil
	}
	return id, nil
}

// write writes rows as they come.
func (x *exporting) write(w io.Writer, format string, first []*core.Record) error {
	heads := make([]string, len(x.columns))
	for i, c := range x.columns {
		heads[i] = c.head
	}
	file, err := newLister(w, format, x.mark, heads)
	if err != nil {
		return err
	}
	if err := x.each(first, file.put); err != nil {
		return err
	}
	return file.close()
}

// note writes to the access log who took which list.
func (s *service) note(e *core.RequestEvent, x *exporting, format string) error {
	entry, err := records.AccessLog.New(e.App)
	if err != nil {
		return err
	}
	actor := gate.ActorOf(e)
	entry.SetAt(s.now())
	entry.SetWhat("export")
	entry.SetCount(x.count)
	entry.SetParams(map[string]any{"collection": x.coll.Name, "filter": x.filter, "format": format, "ip": actor.IP, "superuser": actor.Super, "watermark": x.mark})
	if actor.User != nil {
		entry.SetActor(records.UserID(actor.User.Id))
	}
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), entry.Raw()); err != nil {
		return fmt.Errorf("note an export: %w", err)
	}
	return nil
}
