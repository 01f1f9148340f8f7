package hooks_test

import (
	"cmp"
	"encoding/json/v2"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
	"satchel/internal/testapp"
)

// TestReferencePages holds the pages of codes, settings, actions and jobs to what
// is there.
func TestReferencePages(t *testing.T) {
	app := testapp.New(t)
	for page, write := range map[string]func(b *strings.Builder){
		"codes":    func(b *strings.Builder) { codesPage(t, b) },
		"settings": settingsPage,
		"actions":  func(b *strings.Builder) { actionsPage(app, b) },
		"jobs":     func(b *strings.Builder) { jobsPage(app, b) },
	} {
		t.Run(page, func(t *testing.T) {
			path := "../docs/" + page + ".md"
			var b strings.Builder
			fmt.Fprintf(&b, "# %s%s\n\nMade by `go test ./hooks -run TestReferencePages -rewrite`; a test holds it to what is there.\n", strings.ToUpper(page[:1]), page[1:])
			write(&b)
			if *rewrite {
				if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != b.String() {
				t.Errorf("%s is not what is there: go test ./hooks -run TestReferencePages -rewrite (%v)", path, err)
			}
		})
	}
}

// codesPage lists every refusal with its texts and the rooms that raise it. A code
// that nothing raises is none.
func codesPage(t *testing.T, b *strings.Builder) {
	sources := rooms(t)
	b.WriteString("\nEvery refusal has a stable code; `{name}` is one of its params.\n\n| Code | 中文 | English | Raised in |\n|---|---|---|---|\n")
	for _, code := range slices.Sorted(maps.Keys(domain.Problems)) {
		var raised []string
		for _, room := range slices.Sorted(maps.Keys(sources)) {
			if strings.Contains(sources[room], `"`+code+`"`) {
				raised = append(raised, room)
			}
		}
		text := domain.Problems[code]
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", code, cell(text.ZH), cell(text.EN), strings.Join(raised, ", "))
	}
}

// rooms reads the source of every package that may refuse, but for the texts.
func rooms(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, root := range []string{"../domain", "../hooks", "../syncer", "../media"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			base := filepath.Base(path)
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(base, "problem_") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			out[strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")] += string(text)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// settingsPage lists the parameters of the policy and the system.
func settingsPage(b *strings.Builder) {
	b.WriteString("\nParameters that an administrator may change, as rows of `settings` with the day from which they hold. Units are in the\nnames or texts: fen, days, hours, minutes, metres, bp (1/10,000).\n\n| Key | Form | Default | Clause | 中文 | English |\n|---|---|---|---|---|---|\n")
	for _, key := range slices.Sorted(maps.Keys(domain.Settings)) {
		s := domain.Settings[key]
		if s.Default == nil {
			continue
		}
		standard, _ := json.Marshal(s.Default, json.Deterministic(true))
		fmt.Fprintf(b, "| `%s` | %s | `%s` | %s | %s | %s |\n", key, formOf(s), standard, s.Clause, cell(s.ZH), cell(s.EN))
	}
}

func formOf(s domain.Setting) string {
	bounds := ""
	if s.Min != 0 || s.Max != 0 {
		bounds = fmt.Sprintf(" %d–%d", s.Min, s.Max)
	}
	one := ""
	if len(s.OneOf) > 0 {
		one = " of `" + strings.Join(s.OneOf, "`, `") + "`"
	}
	switch s.Type {
	case domain.SettingWhole:
		return "number" + bounds
	case domain.SettingText:
		return "text" + one
	case domain.SettingFlag:
		return "yes or no"
	case domain.SettingList:
		return "list" + bounds + one
	case domain.SettingData:
	}
	return "`" + strings.ReplaceAll(reflect.TypeOf(s.Default).String(), "interface {}", "any") + "`"
}

// writers says in which states people make and write the rows of a machine.
func writers(app *testapp.App, m *domain.Machine) string {
	coll, err := app.FindCachedCollectionByNameOrId(m.Collection)
	if err == nil && coll.CreateRule == nil && coll.UpdateRule == nil {
		return "The server alone makes and writes it"
	}
	return "People make it in " + ticked(m.Initial()...) + " and write it in " + cmp.Or(ticked(m.Editable()...), "none")
}

// actionsPage lists every machine, step by step, and the actions beside them.
func actionsPage(app *testapp.App, b *strings.Builder) {
	b.WriteString("\nAn action is pushed as `op: action`, or posted to `/api/ka/{collection}/{id}/{action}`. A step whose \"who\" is the server is taken by\njobs and approvals alone. Arguments: [collections](collections.md).\n")
	machines := app.Bound.Machines
	for _, name := range slices.Sorted(maps.Keys(machines)) {
		m := machines[name]
		fmt.Fprintf(b, "\n## %s\n\n`%s`: `%s`. %s. Out of place: `%s`.\n\n| Step | From | To | Who | Others are told | Asked besides | What follows |\n|---|---|---|---|---|---|---|\n",
			name, m.StateField(), strings.Join(m.States, "`, `"), writers(app, m), m.Refusal)
		for _, s := range m.Steps {
			to := strings.Join(s.To, ", ")
			if to == "" {
				to = "stays"
			}
			who := "the server"
			if len(s.By) > 0 {
				who = ""
				for i, p := range s.By {
					if i > 0 {
						who += ", "
					}
					who += string(p)
				}
			}
			fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", s.Action, strings.Join(s.From, ", "), to, who, ticked(s.Stranger), ticked(s.Guards...), strings.Join(s.Leads, "; "))
		}
	}
	b.WriteString("\n## Beside machines\n\n")
	for _, name := range slices.Sorted(maps.Keys(app.Bound.Actions)) {
		collection, verb, _ := strings.Cut(name, ".")
		if m := machines[collection]; m == nil || !m.Has(verb) {
			fmt.Fprintf(b, "- `%s`\n", name)
		}
	}
}

func jobsPage(app *testapp.App, b *strings.Builder) {
	b.WriteString("\nWork of the clock; schedules are cron expressions in UTC.\n\n| Job | Schedule |\n|---|---|\n")
	jobs := slices.Clone(app.Bound.Jobs)
	for _, j := range jobs {
		fmt.Fprintf(b, "| `%s` | `%s` |\n", j.Name, j.Schedule)
	}
}

func ticked(codes ...string) string {
	var out []string
	for _, code := range codes {
		if code != "" {
			out = append(out, "`"+code+"`")
		}
	}
	return strings.Join(out, ", ")
}

// cell writes a text into a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}
