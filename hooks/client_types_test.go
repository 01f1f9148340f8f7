package hooks_test

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/internal/recordgen"
	"satchel/internal/testapp"
	"satchel/records"
)

// TestClientTypes holds client/types.gen.ts to what is there: the rows that phones
// get, the arguments of actions, the machines and the codes.
func TestClientTypes(t *testing.T) {
	const path = "../client/types.gen.ts"
	want := clientTypes(t)
	if *rewrite {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is not what is there: go test ./hooks -run TestClientTypes -rewrite (%v)", path, err)
	}
}

func clientTypes(t *testing.T) string {
	app := testapp.New(t)
	types := &goTypes{t: t, records: map[string]string{}, named: map[string]reflect.Type{}}
	all, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		types.know(c)
	}
	var b strings.Builder
	b.WriteString(`// Made by go test ./hooks -run TestClientTypes -rewrite; a test holds it to what is there.

/** A moment: 2026-03-16 00:30:00.000Z in a field of a row, empty for none; RFC 3339 elsewhere, and in whatever is sent. */
export type Moment = string;

/** A day of the calendar: 2026-03-16; empty for none. */
export type Day = string;

/** The id of a row of C, empty for none. Any text will do, but not the id of another collection. */
export type Id<C extends string> = string & { readonly of?: C };

/** The arguments of an action that has none. */
export type None = Record<string, never>;
`)
	rowsTS(app, types, &b)
	argumentsTS(app, types, &b)
	types.interfaces(&b)
	machinesTS(app, types, &b)
	b.WriteString("\n/** Why something is refused; texts are in docs/codes.md and come with each answer. */\nexport type Code =" + lines(slices.Sorted(maps.Keys(domain.Problems))) + ";\n")
	return b.String()
}

// rowsTS writes a type per collection that phones get, by the fields that they see.
func rowsTS(app *testapp.App, types *goTypes, b *strings.Builder) {
	rules, err := app.FindRecordsByFilter("sync_rules", "direction != 'none'", "name", 0, 0)
	if err != nil {
		types.t.Fatal(err)
	}
	var written []string
	rows := ""
	for _, rule := range rules {
		coll, err := app.FindCollectionByNameOrId(rule.GetString("name"))
		if err != nil {
			types.t.Fatal(err)
		}
		row, phones := recordgen.RowName(coll.Name), "read it"
		if rule.GetString("direction") == "both" {
			written, phones = append(written, coll.Name), "read and write it"
		}
		rows += "    " + coll.Name + ": " + row + ";\n"
		fmt.Fprintf(b, "\n/** A row of %s; phones %s. */\nexport interface %s {\n    id: Id<%q>;\n", coll.Name, phones, row, coll.Name)
		for _, f := range coll.Fields {
			if f.GetHidden() || f.Type() == core.FieldTypeAutodate || f.Type() == core.FieldTypePassword || f.GetName() == core.FieldNameId || strings.Contains(rule.GetString("omit"), `"`+f.GetName()+`"`) {
				continue
			}
			fmt.Fprintf(b, "    %s: %s;\n", f.GetName(), types.field(app, coll, f))
		}
		b.WriteString("}\n")
	}
	b.WriteString("\n/** The rows that phones get, by collection. */\nexport interface Rows {\n" + rows + "}\n\n/** The collections that phones write too. */\nexport type Written =" + lines(written) + ";\n")
}

// field is the type of a field's values in a row.
func (g *goTypes) field(app *testapp.App, coll *core.Collection, f core.Field) string {
	switch f := f.(type) {
	case *core.NumberField:
		return "number"
	case *core.BoolField:
		return "boolean"
	case *core.DateField:
		return "Moment"
	case *core.TextField:
		if _, day := dated(f); day {
			return "Day"
		}
	case *core.SelectField:
		return g.records[recordgen.RowName(coll.Name)+recordgen.Camel(f.Name)]
	case *core.RelationField:
		to, err := app.FindCachedCollectionByNameOrId(f.CollectionId)
		if err != nil {
			g.t.Fatal(err)
		}
		if f.IsMultiple() {
			return fmt.Sprintf("Id<%q>[]", to.Name)
		}
		return fmt.Sprintf("Id<%q>", to.Name)
	case *core.FileField:
		if f.IsMultiple() {
			return "string[]"
		}
	case *core.JSONField:
		if of := records.DocumentType(coll.Name, f.Name); of != nil {
			return g.of(of, 1) + " | null"
		}
		return "unknown"
	}
	return "string"
}

// argumentsTS writes the arguments of every action. None must be given: what is
// missing is the zero value, and the machine's guards say what they want.
func argumentsTS(app *testapp.App, types *goTypes, b *strings.Builder) {
	b.WriteString("\n/** The arguments of the actions; what a step wants of them, its guards say. */\nexport interface ActionArgs {\n")
	for _, name := range slices.Sorted(maps.Keys(app.Bound.Actions)) {
		args, ok := app.Bound.Arguments[name]
		switch {
		case !ok:
			types.t.Errorf("the arguments of %s have no type", name)
		case args.NumField() == 0:
			fmt.Fprintf(b, "    %q: None;\n", name)
		default:
			fmt.Fprintf(b, "    %q: %s;\n", name, types.object(args, 1, true))
		}
	}
	b.WriteString("}\n")
}

// machinesTS writes the lives of rows as data.
func machinesTS(app *testapp.App, types *goTypes, b *strings.Builder) {
	b.WriteString(`
/** What somebody is to a row. */
export type Party =` + types.constants(reflect.TypeFor[domain.Party]()) + `;

/** A way from some states to another. */
export interface Step {
    readonly from: readonly string[];
    /** The state after it; none: it stays; several: the server chooses. */
    readonly to: readonly string[];
    /** Who takes it; nobody: the server alone. */
    readonly parties: readonly Party[];
    /** What else must hold, in the order in which it is asked. */
    readonly guards: readonly Code[];
}

/** The life of a collection's rows. */
export interface Machine {
    /** The field that holds the state. */
    readonly field: string;
    readonly states: readonly string[];
    /** In which people make a row, its usual one first. */
    readonly initial: readonly string[];
    /** In which people write the row itself. */
    readonly open: readonly string[];
    /** By action; of several steps the one holds whose states have the row's. */
    readonly actions: Readonly<Record<string, readonly Step[]>>;
}

/** The machines by collection. */
export const machines = {
`)
	for _, name := range slices.Sorted(maps.Keys(app.Bound.Machines)) {
		m := app.Bound.Machines[name]
		fmt.Fprintf(b, "    %s: {\n        field: %q,\n        states: %s,\n        initial: %s,\n        open: %s,\n        actions: {", name, m.StateField(), list(m.States), list(m.Initial()), list(m.Editable()))
		steps := map[string]string{}
		for _, s := range m.Steps {
			steps[s.Action] += fmt.Sprintf("                { from: %s, to: %s, parties: %s, guards: %s },\n", list(s.From), list(s.To), list(s.By), list(s.Guards))
		}
		for _, action := range slices.Sorted(maps.Keys(steps)) {
			fmt.Fprintf(b, "\n            %s: [\n%s            ],", action, steps[action])
		}
		if len(steps) > 0 {
			b.WriteString("\n        ")
		}
		b.WriteString("},\n    },\n")
	}
	b.WriteString("} as const satisfies Readonly<Record<string, Machine>>;\n")
}
