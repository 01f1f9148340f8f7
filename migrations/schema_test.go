package migrations_test

import (
	"encoding/json/v2"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satchel/internal/datadir"
	"satchel/internal/effort"
	"satchel/internal/testapp"

	"github.com/pocketbase/pocketbase/core"

	_ "satchel/migrations"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/schema.golden anew")

// empty values are left out of the text.
var empty = []string{"null", "false", "0", `""`, "[]", "{}"}

const golden = "testdata/schema.golden"

// TestSchema compares what all migrations make with the golden text.
func TestSchema(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if err := datadir.Migrated(dir); err != nil {
		t.Fatal(err)
	}
	got := schema(t, bare(t, dir))
	if *rewrite {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("schema %s\n-rewrite writes it anew, if you can explain the difference", difference(got, string(want)))
	}
}

func bare(t *testing.T, dir string) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.ClearBootstrap() })
	return app
}

// TestSchemaGoesDownAndUpAgain: nothing of ours is left in between.
func TestSchemaGoesDownAndUpAgain(t *testing.T) {
	effort.Late(t)
	t.Parallel()
	app := bare(t, t.TempDir())
	bare, bareSchema := objects(t, app), schema(t, app)

	up(t, app)
	first := schema(t, app)
	down(t, app)
	if got := objects(t, app); !slices.Equal(got, bare) {
		t.Errorf("after down:\n%s\nbefore up:\n%s", strings.Join(got, "\n"), strings.Join(bare, "\n"))
	}
	if got := schema(t, app); got != bareSchema {
		t.Errorf("after down %s", difference(got, bareSchema))
	}
	up(t, app)
	again := schema(t, app)
	if again != first {
		t.Errorf("the second up %s", difference(again, first))
	}
}

// TestSchemaWithHooks does the same on a server, where saving a collection
// also moves capture triggers.
func TestSchemaWithHooks(t *testing.T) {
	effort.Late(t)
	t.Parallel()
	app := testapp.New(t, testapp.Empty())
	first := schema(t, app)
	down(t, app)
	for _, object := range objects(t, app) {
		if strings.Contains(object, "sync") {
			t.Errorf("after down there is still %s", object)
		}
	}
	up(t, app)
	if again := schema(t, app); again != first {
		t.Errorf("the second up %s", difference(again, first))
	}
}

func up(t *testing.T, app core.App) {
	t.Helper()
	if err := app.RunAppMigrations(); err != nil {
		t.Fatal(err)
	}
}

func down(t *testing.T, app core.App) {
	t.Helper()
	all := core.AppMigrations.Items()
	names, err := core.NewMigrationsRunner(app, core.AppMigrations).Down(len(all))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(all) {
		t.Fatalf("%d of %d migrations went down", len(names), len(all))
	}
	for _, m := range all {
		if m.Up == nil || m.Down == nil {
			t.Errorf("%s has no way up or down", m.File)
		}
	}
}

// objects lists the tables, indexes and triggers that the database holds.
func objects(t *testing.T, app core.App) (out []string) {
	t.Helper()
	err := app.DB().NewQuery("SELECT type || ' ' || name FROM sqlite_master WHERE name <> 'sqlite_sequence' ORDER BY 1").Column(&out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// schema writes the whole schema as text: collections with fields, rules and
// indexes, the tables beside them, and the sync rules.
func schema(t *testing.T, app core.App) string {
	t.Helper()
	collections, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, c := range collections {
		names[c.Id] = c.Name
	}
	slices.SortFunc(collections, func(a, b *core.Collection) int { return strings.Compare(a.Name, b.Name) })
	var b strings.Builder
	fmt.Fprintf(&b, "app name %s\n", app.Settings().Meta.AppName)
	for _, c := range collections {
		if !c.System {
			describe(t, &b, c, names)
		}
	}
	tables(t, &b, app)
	syncRules(t, &b, app)
	return b.String()
}

func describe(t *testing.T, b *strings.Builder, c *core.Collection, names map[string]string) {
	t.Helper()
	fmt.Fprintf(b, "\n%s %s\n", c.Type, c.Name)
	writeRules(b, []namedRule{
		{"list", c.ListRule}, {"view", c.ViewRule}, {"create", c.CreateRule}, {"update", c.UpdateRule}, {"delete", c.DeleteRule},
	})
	if c.IsAuth() {
		writeRules(b, []namedRule{{"auth", c.AuthRule}, {"manage", c.ManageRule}})
		fmt.Fprintf(b, "  auth by password %v, oauth2 %v, otp %v, mfa %v; alert %v\n",
			c.PasswordAuth.Enabled, c.OAuth2.Enabled, c.OTP.Enabled, c.MFA.Enabled, c.AuthAlert.Enabled)
	}
	if c.IsView() {
		fmt.Fprintf(b, "  query %s\n", c.ViewQuery)
	}
	for _, f := range c.Fields {
		fmt.Fprintf(b, "  %s %s%s\n", f.GetName(), f.Type(), options(t, f, names))
	}
	for _, i := range c.Indexes {
		fmt.Fprintf(b, "  %s\n", i)
	}
}

type namedRule struct {
	name string
	rule *string
}

func (r namedRule) text() string {
	switch {
	case r.rule == nil:
		return "superusers"
	case *r.rule == "":
		return "everybody"
	}
	return *r.rule
}

// writeRules puts neighbours with the same rule into one line.
func writeRules(b *strings.Builder, rules []namedRule) {
	for i, r := range rules {
		if i > 0 && rules[i-1].text() == r.text() {
			continue
		}
		fmt.Fprintf(b, "  %s", r.name)
		for _, next := range rules[i+1:] {
			if next.text() != r.text() {
				break
			}
			fmt.Fprintf(b, ", %s", next.name)
		}
		fmt.Fprintf(b, ": %s\n", r.text())
	}
}

// options lists what of a field is not at its zero value.
func options(t *testing.T, f core.Field, names map[string]string) string {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if id, ok := all["collectionId"].(string); ok {
		all["collectionId"] = names[id]
	}
	var out strings.Builder
	for _, key := range slices.Sorted(maps.Keys(all)) {
		value, err := json.Marshal(all[key], json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains([]string{"id", "name", "type"}, key) ||
			slices.Contains(empty, string(value)) {
			continue
		}
		fmt.Fprintf(&out, " %s=%s", key, value)
	}
	return out.String()
}

func tables(t *testing.T, b *strings.Builder, app core.App) {
	t.Helper()
	var found []string
	err := app.DB().NewQuery(`SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND tbl_name LIKE '\_sync\_%' ESCAPE '\' AND sql <> ''
		ORDER BY tbl_name, type DESC, name`).Column(&found)
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("\ntables beside the collections\n")
	for _, sql := range found {
		fmt.Fprintf(b, "  %s\n", strings.Join(strings.Fields(sql), " "))
	}
}

func syncRules(t *testing.T, b *strings.Builder, app core.App) {
	t.Helper()
	if !app.HasTable("sync_rules") {
		return
	}
	rows, err := app.FindRecordsByFilter("sync_rules", "", "priority", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		fmt.Fprintf(b, "\nsync rule %d %s %s\n", r.GetInt("priority"), r.GetString("name"), r.GetString("direction"))
		for _, part := range []string{"keys", "grants", "policy", "omit"} {
			if text := r.GetString(part); !slices.Contains(empty, text) {
				fmt.Fprintf(b, "  %s %s\n", part, text)
			}
		}
		if days := r.GetInt("retention_days"); days > 0 {
			fmt.Fprintf(b, "  kept for %d days after %s\n", days, r.GetString("retention_field"))
		}
	}
}

// difference tells the first line in which two texts part.
func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("differs in line %d (%s):\n got %s\nwant %s", i+1, filepath.Base(golden), x, y)
		}
	}
	return "does not differ"
}
