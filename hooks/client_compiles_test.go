package hooks_test

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satchel/internal/effort"
)

// TestClientCompiles: the TypeScript compiler takes the client's types, what
// client/types_test.ts says in them, and rows as phones get them, as rows of these types.
func TestClientCompiles(t *testing.T) {
	effort.Tool(t, "node", "nodejs")
	effort.Tool(t, "npm", "npm")
	effort.Late(t)
	client, err := filepath.Abs("../client")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config, err := json.Marshal(map[string]any{
		"extends": filepath.Join(client, "tsconfig.json"),
		"files":   []string{filepath.Join(client, "types_test.ts"), "rows.ts"}, "include": []string{},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"tsconfig.json": string(config), "rows.ts": rowsOfPhones(t, client)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command(compiler(t, client), "--pretty", "false", "-p", dir).CombinedOutput(); err != nil {
		t.Errorf("tsc: %v\n%s", err, out)
	}
}

// compiler installs the TypeScript compiler that package.json pins, unless it is there.
func compiler(t *testing.T, client string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(client, "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct {
		DevDependencies struct {
			TypeScript string `json:"typescript"`
		} `json:"devDependencies"`
	}
	if err := json.Unmarshal(text, &pinned); err != nil {
		t.Fatal(err)
	}
	tsc := filepath.Join(client, "node_modules", ".bin", "tsc")
	if out, err := exec.Command(tsc, "--version").Output(); err == nil && strings.TrimSpace(string(out)) == "Version "+pinned.DevDependencies.TypeScript {
		return tsc
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = client
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	return tsc
}

// rowsOfPhones writes what phones hold as values of the client's types, some of
// every collection.
func rowsOfPhones(t *testing.T, client string) string {
	t.Helper()
	m := newMatrix(t)
	m.targets() // makes rows of all collections
	rows := map[string]map[string]string{}
	for _, column := range []string{"owner", "kam", "head", "fin", "mkt", "prod", "serv", "ops", "admin"} {
		phone := m.app.Phone(m.people[column].token, "types-"+column)
		phone.Pull()
		for collection, held := range phone.Rows {
			if rows[collection] == nil {
				rows[collection] = map[string]string{}
			}
			maps.Copy(rows[collection], held)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "import type { Rows } from %q;\nexport const rows: { [C in keyof Rows]: [Rows[C], ...Rows[C][]] } = {\n", filepath.Join(client, "types.gen.ts"))
	for _, collection := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(&b, "%s: [\n", collection)
		for _, id := range slices.Sorted(maps.Keys(rows[collection])) {
			b.WriteString(rows[collection][id] + ",\n")
		}
		b.WriteString("],\n")
	}
	return b.String() + "};\n"
}
