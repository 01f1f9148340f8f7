package testapp

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// Desk is a company in which people, by name, do what they do; nobody is the
// server's own raw save. What refuses is told by its code, with the field's name
// behind it if it speaks of one; empty if nothing refuses.
type Desk struct {
	*App
}

// Open opens a company of its own for a test.
func Open(t testing.TB, opts ...Option) Desk {
	t.Helper()
	return Desk{New(t, opts...)}
}

// Code names a refusal.
func Code(err error) string {
	if err == nil {
		return ""
	}
	p, _, ok := gate.ProblemOf(err)
	if !ok {
		return err.Error()
	}
	return withField(p.Code, p.Params["field"])
}

func withField(code string, field any) string {
	if name, ok := field.(string); ok && name != "" {
		return code + " " + name
	}
	return code
}

// Answered names the refusal of a route, or its status if that has no code.
func Answered(answer *httptest.ResponseRecorder) string {
	if answer.Code < 300 {
		return ""
	}
	var out struct {
		Data struct {
			Code   string         `json:"code"`
			Params map[string]any `json:"params"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || out.Data.Code == "" {
		return fmt.Sprint(answer.Code)
	}
	return withField(out.Data.Code, out.Data.Params["field"])
}

// Must stops the test at a refusal.
func (d Desk) Must(refused string) {
	d.t.Helper()
	if refused != "" {
		d.t.Fatal(refused)
	}
}

// Expect reports a refusal, or none, that is not the one wanted.
func (d Desk) Expect(what, got, want string) {
	d.t.Helper()
	if got != want {
		d.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// By is the context of what a person does.
func (d Desk) By(who string) context.Context {
	d.t.Helper()
	if who == "" {
		return d.t.Context()
	}
	return gate.With(d.t.Context(), gate.Actor{User: d.As(who)})
}

// Blank makes a record that is not saved; later values win.
func (d Desk) Blank(collection string, values ...map[string]any) *core.Record {
	d.t.Helper()
	coll, err := d.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		d.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	for _, v := range values {
		record.Load(v)
	}
	return record
}

// SaveBy saves a record as a push does.
func (d Desk) SaveBy(who string, record *core.Record) string {
	d.t.Helper()
	return Code(d.SaveWithContext(d.By(who), record))
}

// Make saves a new record as a push does, and stops the test if that is refused.
func (d Desk) Make(who, collection string, values ...map[string]any) *core.Record {
	d.t.Helper()
	record := d.Blank(collection, values...)
	if got := d.SaveBy(who, record); got != "" {
		d.t.Fatalf("%s by %q: %s", collection, who, got)
	}
	return record
}

// Set changes one field of a record as it is stored now.
func (d Desk) Set(who string, record *core.Record, field string, value any) string {
	d.t.Helper()
	fresh := d.Fresh(record)
	fresh.Set(field, value)
	return d.SaveBy(who, fresh)
}

// Force puts a record into a state, as no person can.
func (d Desk) Force(record *core.Record, state string) {
	d.t.Helper()
	fresh := d.Fresh(record)
	fresh.Set("state", state)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), fresh); err != nil {
		d.t.Fatal(err)
	}
}

// Unreadable leaves a table that cannot be read, as on a broken disk: who asks
// for a row gets a fault, "no such table".
func (d Desk) Unreadable(table string) {
	d.t.Helper()
	if _, err := d.DB().NewQuery("DROP TABLE " + table).Execute(); err != nil {
		d.t.Fatal(err)
	}
}

// Row reads a record.
func (d Desk) Row(collection, id string) *core.Record {
	d.t.Helper()
	record, err := d.FindRecordById(collection, id)
	if err != nil {
		d.t.Fatalf("%s %s: %v", collection, id, err)
	}
	return record
}

// Fresh reads a record anew.
func (d Desk) Fresh(record *core.Record) *core.Record {
	d.t.Helper()
	return d.Row(record.Collection().Name, record.Id)
}

// Create makes a record over REST; nil if that is refused.
func (d Desk) Create(who, collection string, body map[string]any) (record *core.Record, refused string) {
	d.t.Helper()
	answer := d.Do(who, "POST", "/api/collections/"+collection+"/records", d.text(body))
	if refused = Answered(answer); refused != "" {
		return nil, refused
	}
	var row struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &row); err != nil {
		d.t.Fatal(err)
	}
	return d.Row(collection, row.ID), ""
}

// Update changes a record over REST.
func (d Desk) Update(who string, record *core.Record, body map[string]any) string {
	d.t.Helper()
	return Answered(d.Do(who, "PATCH", "/api/collections/"+record.Collection().Name+"/records/"+record.Id, d.text(body)))
}

// DeleteBy deletes a record over REST.
func (d Desk) DeleteBy(who string, record *core.Record) string {
	d.t.Helper()
	return Answered(d.Do(who, "DELETE", "/api/collections/"+record.Collection().Name+"/records/"+record.Id, ""))
}

// Act carries out an action over REST; args is its JSON.
func (d Desk) Act(who string, record *core.Record, action, args string) string {
	d.t.Helper()
	return Answered(d.Do(who, "POST", "/api/ka/"+record.Collection().Name+"/"+record.Id+"/"+action, args))
}

// Run carries out an action in a transaction, as a push does: whether the person
// sees the record is not asked.
func (d Desk) Run(who string, record *core.Record, action, args string) string {
	d.t.Helper()
	return d.RunBy(d.By(who), record, action, args)
}

// RunBy does so for whom a context names.
func (d Desk) RunBy(ctx context.Context, record *core.Record, action, args string) string {
	d.t.Helper()
	name := record.Collection().Name
	run, ok := d.Bound.Actions[name+"."+action]
	if !ok {
		d.t.Fatalf("there is no action %s.%s", name, action)
	}
	return Code(d.RunInTransaction(func(txApp core.App) error {
		fresh, err := txApp.FindRecordById(name, record.Id)
		if err != nil {
			return err
		}
		return run(ctx, txApp, fresh, jsontext.Value(args))
	}))
}

// Asked finds the open approval of a subject that a person is asked for, whoever
// it is if nobody is named; nil if there is none.
func (d Desk) Asked(who string, subject *core.Record) *core.Record {
	d.t.Helper()
	where := dbx.HashExp{"ref_id": subject.Id, "state": "pending"}
	if who != "" {
		where["approver"] = d.As(who).Id
	}
	rows, err := d.FindAllRecords("approvals", where)
	if err != nil {
		d.t.Fatal(err)
	}
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// Decide carries out a person's decision (approve, reject, return) on a subject
// of which he is asked, else on the first that is open.
func (d Desk) Decide(who string, subject *core.Record, decision, args string) string {
	d.t.Helper()
	asked := d.Asked(who, subject)
	if asked == nil {
		asked = d.Asked("", subject)
	}
	if asked == nil {
		d.t.Fatalf("nobody is asked about %s %s", subject.Collection().Name, subject.Id)
	}
	return d.Act(who, asked, decision, args)
}

// Job runs work of the clock as it is now.
func (d Desk) Job(name string) {
	d.t.Helper()
	i := slices.IndexFunc(d.Bound.Jobs, func(j gate.Job) bool { return j.Name == name })
	if i < 0 {
		d.t.Fatalf("there is no job %s", name)
	}
	if err := d.Bound.Jobs[i].Run(d.t.Context(), d.App, d.Clock.Now()); err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
}

// Told counts how often a person was told something.
func (d Desk) Told(who, kind string) int {
	d.t.Helper()
	n, err := d.CountRecords("notifications", dbx.HashExp{"kind": kind, "user": d.As(who).Id})
	if err != nil {
		d.t.Fatal(err)
	}
	return int(n)
}

func (d Desk) text(body map[string]any) string {
	d.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}
