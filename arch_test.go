package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const pocketbase = "github.com/pocketbase/pocketbase"

// arrows is the whole list of what a package may import beside the standard
// library, its own sub-packages, and what its subject needs (libraries). A
// package that is not listed may import nothing of ours.
var arrows = []struct {
	pkg       string   // path of the package, with /... for all below it
	ours      []string // packages of ours
	libraries []string // module path prefixes
	why       string
}{
	{".", []string{"hooks", "hooks/expense/invoices", "hooks/platform/metrics", "hooks/media/previews", "hooks/media/uploads", "media/imageworker", "internal/backup", "internal/demo", "internal/morning", "internal/phone", "internal/store", "migrations"}, []string{pocketbase}, "main only assembles"},
	{"domain", nil, nil, "rules are pure: values in, verdict out"},
	{"domain/catalog", []string{"domain/..."}, nil, "what rules say and which settings they have, in one place"},
	{"domain/customers", []string{"domain"}, []string{"github.com/6tail/lunar-go"}, "care dates are lunar too"},
	{"domain/incentive", []string{"domain"}, []string{"github.com/shopspring/decimal"}, "money is decimal until it is rounded"},
	{"domain/formula", []string{"domain"}, []string{"cel.dev/cel-go", "github.com/shopspring/decimal"}, "the language of rules, in decimals"},
	{"domain/appraisal", []string{"domain", "domain/formula"}, []string{"github.com/shopspring/decimal"}, "schemes are written in it"},
	{"domain/*", []string{"domain"}, nil, "rules of one area do not know another's"},
	{"syncer", nil, []string{"github.com/pocketbase/dbx"}, "the engine must be read and tested without PocketBase"},
	{"media/...", []string{"media/..."}, []string{"golang.org/x/image", "github.com/disintegration/imaging", "github.com/bep/imagemeta", "github.com/makiuchi-d/gozxing", "github.com/ledongthuc/pdf", "golang.org/x/text/encoding"}, "bytes in, facts out"},
	{"migrations", nil, []string{pocketbase, "github.com/pocketbase/dbx"}, "migrations are history"},
	{"records", []string{"domain/..."}, []string{pocketbase, "github.com/pocketbase/dbx"}, "rows in the types of their fields, and nothing of what they mean"},
	{"internal/recordgen", []string{"domain/...", "migrations"}, []string{pocketbase}, "writes the records of the schema and the readers of the settings"},
	{"hooks", []string{"domain/...", "records", "syncer", "media", "hooks/..."}, []string{pocketbase, "github.com/pocketbase/dbx"}, "the table of contents"},
	{"hooks/platform/kit", []string{"domain/...", "records", "hooks/platform/gate"}, []string{pocketbase}, "what an area is made of"},
	{"hooks/platform/gate", []string{"domain/...", "records"}, []string{pocketbase, "github.com/pocketbase/", "github.com/golang-jwt/jwt/v5"}, "what all areas share"},
	{"hooks/platform/backups", []string{"hooks/platform/gate", "hooks/platform/kit", "internal/backup", "internal/store", "records"}, []string{pocketbase}, "copies and who may rely on them"},
	{"hooks/platform/filters", []string{"domain/...", "syncer", "hooks/platform/gate", "internal/store"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/ganigeorgiev/fexpr"}, "reads filters with PocketBase's own parser"},
	{"hooks/platform/saves", []string{"internal/store"}, []string{pocketbase, "github.com/pocketbase/"}, "the statements of a save"},
	{"hooks/platform/metrics", []string{"hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/prometheus/client_golang"}, "the only one that speaks Prometheus"},
	{"hooks/expense/invoices", []string{"domain/...", "records", "media/documents", "media/ocr", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx"}, "papers become invoices"},
	{"hooks/platform/importexport", []string{"domain/...", "records", "hooks/platform/gate", "hooks/platform/kit", "syncer"}, []string{pocketbase, "github.com/pocketbase/dbx", "golang.org/x/text"}, "the only one that reads and writes spreadsheets"},
	{"hooks/expense/payments", []string{"domain/...", "records", "syncer", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "golang.org/x/text/encoding"}, "banks read and write GBK"},
	{"hooks/sales/ledger", []string{"domain/...", "records", "syncer", "media/font", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/signintech/gopdf", "github.com/xuri/excelize/v2"}, "statements are papers"},
	{"hooks/appraisal/incentives", []string{"domain/...", "records", "syncer", "media/font", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/signintech/gopdf", "github.com/shopspring/decimal"}, "statements and certificates are papers"},
	{"hooks/sales/letters", []string{"domain/...", "records", "media/font", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/signintech/gopdf"}, "target letters are papers"},
	{"hooks/appraisal/schemes", []string{"domain/...", "records", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/shopspring/decimal"}, "defaults become decimals"},
	{"hooks/appraisal/satisfaction", []string{"domain/...", "records", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/golang-jwt/jwt/v5", "github.com/makiuchi-d/gozxing", "github.com/shopspring/decimal", "golang.org/x/text/language", "golang.org/x/time/rate"}, "links are signed, and shown as QR"},
	{"hooks/appraisal/...", []string{"domain/...", "records", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/shopspring/decimal"}, "scores are decimals"},
	{"hooks/analysis", []string{"domain/...", "records", "syncer", "hooks/analysis/facts", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/dbx"}, "figures, and the facts that they are counted of"},
	{"hooks/analysis/facts", []string{"domain/analysis"}, []string{"github.com/pocketbase/dbx"}, "facts of the demo company are written as those of the rules"},
	{"hooks/sync/api", []string{"domain/...", "records", "syncer", "hooks/platform/gate", "hooks/platform/kit", "hooks/sync/issues"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/klauspost/compress", "golang.org/x/time/rate"}, "a push hands what it refuses to the issues, which know of the engine what they ask of it"},
	{"hooks/...", []string{"domain/...", "records", "syncer", "media", "hooks/platform/gate", "hooks/platform/kit"}, []string{pocketbase, "github.com/pocketbase/", "github.com/golang-jwt/jwt/v5", "github.com/klauspost/compress", "github.com/tus/tusd/v2", "golang.org/x/exp/slog", "golang.org/x/time/rate"}, "areas do not know each other"},
	{"internal/store", nil, []string{"github.com/pocketbase/dbx", "modernc.org/sqlite"}, "how databases are opened"},
	{"internal/backup", []string{"internal/store", "syncer"}, []string{"github.com/pocketbase/dbx", "github.com/spf13/cobra"}, "copies are made without a server"},
	{"internal/demo", []string{"domain/...", "hooks/analysis/facts", "media/exifjpeg", "media/documents/papertest"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/disintegration/imaging"}, "one generator for demo, tests and benchmarks"},
	{"internal/effort", nil, nil, "a word to every test"},
	{"internal/datadir", []string{"migrations"}, []string{pocketbase}, "also tests that must run while the hooks do not compile"},
	{"internal/phone", []string{"syncer", "domain", "domain/expense", "domain/market", "domain/numbers", "domain/sales"}, []string{"modernc.org/sqlite", "github.com/klauspost/compress", "github.com/spf13/cobra"}, "a client of the public API: wire types, no back door, and the rules by which phones make numbers, reckon credit and what is free, and check claims"},
	{"internal/morning", []string{"domain", "domain/expense", "hooks", "internal/demo", "internal/phone", "internal/store"}, []string{pocketbase, "github.com/spf13/cobra"}, "the demo's play, which says why a phone refuses"},
	{"internal/testapp", []string{"hooks", "hooks/platform/gate", "media", "media/documents", "migrations", "internal/datadir", "internal/demo", "internal/store", "syncer"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/johannesboyne/gofakes3"}, "tests run the wiring of main"},
	{"internal/powercut", []string{"internal/store"}, []string{"github.com/ncruces/go-sqlite3", "github.com/pocketbase/dbx"}, "a disk for tests, in no program"},
	{"sim", []string{"hooks", "internal/testapp", "internal/demo", "internal/phone", "syncer", "domain/..."}, []string{pocketbase, "github.com/pocketbase/dbx"}, "the whole system"},
	{"internal/attack", []string{"internal/demo", "syncer"}, nil, "a client of the public API: wire types, no back door"},
	{"attack", []string{"internal/attack", "media/imageworker", "migrations", "records"}, []string{pocketbase, "github.com/golang-jwt/jwt/v5", "github.com/pocketbase/dbx"}, "the whole system"},
	{"torture", nil, nil, "processes from outside"},
	{"sim/histories", []string{"syncer"}, []string{"github.com/pocketbase/dbx", "modernc.org/sqlite"}, "the engine alone, without PocketBase"},
	{"bench", []string{"hooks", "internal/attack", "internal/testapp", "internal/demo", "internal/phone", "internal/store", "syncer", "domain/...", "media", "media/documents/...", "migrations"}, []string{pocketbase, "github.com/pocketbase/dbx", "github.com/klauspost/compress", "modernc.org/sqlite"}, "the whole system"},
}

// TestArrows holds every import of every package to the table. Test files may
// reach for internal/testapp and what it stands on beside.
func TestArrows(t *testing.T) {
	testOnly := []string{"internal/datadir", "internal/effort", "internal/recordgen", "media/documents/papertest", "hooks", "internal/backup", "hooks/...", "internal/testapp", "internal/demo", "internal/phone", "internal/powercut", "internal/store", "media/exifjpeg", "media/shelves", "media/imageworker", "migrations", "syncer", "domain/...", "media"}
	seen := map[string]bool{}
	walkGo(t, func(path string, imports []string) {
		pkg := filepath.ToSlash(filepath.Dir(path))
		i := slices.IndexFunc(arrows, func(a struct {
			pkg       string
			ours      []string
			libraries []string
			why       string
		},
		) bool {
			return matches(a.pkg, pkg)
		})
		if i < 0 {
			t.Errorf("%s: package %s has no line in the table of arrows", path, pkg)
			return
		}
		rule := arrows[i]
		seen[rule.pkg] = true
		test := strings.HasSuffix(path, "_test.go")
		for _, imp := range imports {
			if local, ok := strings.CutPrefix(imp, "satchel/"); ok {
				allowed := slices.ContainsFunc(rule.ours, func(p string) bool { return matches(p, local) })
				allowed = allowed || test && (local == pkg || slices.ContainsFunc(testOnly, func(p string) bool { return matches(p, local) }))
				if !allowed {
					t.Errorf("%s imports %s, but %s", path, local, rule.why)
				}
				continue
			}
			if !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
				continue // standard library
			}
			if !test && !slices.ContainsFunc(rule.libraries, func(p string) bool { return strings.HasPrefix(imp, p) }) {
				t.Errorf("%s imports %s, but %s", path, imp, rule.why)
			}
		}
	})
	for _, a := range arrows {
		if !seen[a.pkg] {
			t.Errorf("the table speaks of %s, which has no Go file", a.pkg)
		}
	}
}

// TestDomainIsPure keeps the outer world out of the rules, and the clock out of
// the rules and the engine.
func TestDomainIsPure(t *testing.T) {
	walkGo(t, func(path string, imports []string) {
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(filepath.ToSlash(path), "domain/") {
			return
		}
		for _, bad := range []string{"os", "net", "net/http", "database/sql", "context", "math/rand", "math/rand/v2"} {
			if slices.Contains(imports, bad) {
				t.Errorf("%s imports %s: rules take values", path, bad)
			}
		}
	})
	walkGo(t, func(path string, _ []string) {
		path = filepath.ToSlash(path)
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(path, "domain/") && !strings.HasPrefix(path, "syncer/") {
			return
		}
		if strings.Contains(readAll(t, path), "time.Now(") {
			t.Errorf("%s reads the clock: take the time as a value", path)
		}
	})
}

// TestPicturesAreDecodedInTheImageWorker: decoders are known to media alone, and what
// decodes is called by its child processes. Demo, the attack suite
// and bench make pictures, and measure; surveys draw QRs.
func TestPicturesAreDecodedInTheImageWorker(t *testing.T) {
	decoders := regexp.MustCompile(`^(image(/jpeg|/png|/gif)?|golang\.org/x/image/.*|github\.com/disintegration/imaging|github\.com/makiuchi-d/gozxing.*)$`)
	decodes := regexp.MustCompile(`\b(media\.(Develop|Preview)|documents\.(?:Read|ReadQR|Gray))\b[^"]`)
	found := map[string]bool{}
	walkGo(t, func(path string, imports []string) {
		path = filepath.ToSlash(path)
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "bench/") || strings.HasPrefix(path, "internal/testapp/") {
			return
		}
		makes := strings.HasPrefix(path, "hooks/appraisal/satisfaction/") || strings.HasPrefix(path, "internal/demo/") || strings.HasPrefix(path, "internal/attack/")
		if i := slices.IndexFunc(imports, decoders.MatchString); i >= 0 && !makes && !strings.HasPrefix(path, "media/") {
			t.Errorf("%s imports %s: it would decode in the server", path, imports[i])
		}
		for line := range strings.Lines(readAll(t, path)) {
			code, _, _ := strings.Cut(line, "//")
			for _, call := range decodes.FindAllStringSubmatch(code, -1) {
				if found[call[1]] = true; !strings.HasPrefix(path, "media/imageworker/") {
					t.Errorf("%s has %s: the image worker's child processes do that", path, call[1])
				}
			}
		}
	})
	if len(found) != 3 {
		t.Errorf("the image worker makes only %v", found)
	}
	for _, path := range []string{"main.go", "attack/server_test.go"} { // who is attacked is like main
		for _, want := range []string{"Develop: dark.Develop", "Read: dark.ReadPaper", "Make: dark.Preview"} {
			if !strings.Contains(readAll(t, path), want) {
				t.Errorf("%s does not say %s", path, want)
			}
		}
	}
}

// planted lists the faults that the suite must notice, by the names that their
// switches have. A switch without a place in a test of the tests catches nothing.
var planted = []string{
	"timestamp cursor", "leave dropped", "seq readable before its transaction is whole", "seq reused", "duplicate apply",
	"high-water advanced before data", "overlay dropped early", "spool kept after revoke", "hidden field in a conflict report",
	"zombie create after delete", "false conflict with one's own device", "compaction above the floor",
	"hello with a bound token", "revocation lifted", "way left open after a new password", "step rewritten",
	"login without limit", "unsigned anchor believed",
	"unreadable mutation stops the push", "misused id poisons the first", "group refused anew", "depth without bound", "no place counts", "delete past draft",
	"import without bound",
	"return in the month before", "past figures follow an account", "row of another's account",
	"secrets in the log", "pages without a policy",
	"one lane for all messages", "sender without limit", "webhook secret in its row",
	"thumb without guard", "issue flood",
	"filter without deadline after its first row",
	"budget before identity",
	"upload places without owner",
	"return adds to the ledger", "reversal without its parts",
	"budget release lost", "budget reserved again on replay", "budget above the leaf unasked", "budget asked line by line",
	"paper freed at the approval", "shares rounded one by one", "cut kept in reserve", "lines approved unsigned",
	"paid again before it failed", "advance cleared twice",
	"commission paid before it is collected", "paid result edited in place",
	"answer without bound of bytes", "value without bound of bytes", "lines without bound", "export behind a page cut short",
}

// TestEveryPlantedFaultIsCaught by histories, within the number that their test
// states, or by the check of what the areas promise; that test fails the build
// if it is not.
func TestEveryPlantedFaultIsCaught(t *testing.T) {
	switches := plantedSwitches(t)
	if len(switches) != len(planted) {
		t.Errorf("there are %d switches and %d faults", len(switches), len(planted))
	}
	files := []string{"sim/histories/planted_test.go", "sim/sim_test.go", "sim/anchor_test.go"}
	for _, pattern := range []string{"attack/*_test.go", "hooks/*_test.go", "hooks/*/*_test.go", "hooks/*/*/*_test.go"} {
		areas, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, areas...)
	}
	tests := readAll(t, files...)
	for _, fault := range planted {
		name, ok := switches[fault]
		if !ok {
			t.Errorf("no switch plants %q", fault)
		} else if !regexp.MustCompile(`\b` + name + `\b`).MatchString(tests) {
			t.Errorf("no test looks for %q (%s)", fault, name)
		}
	}
}

// TestPlantedFaultsStayInTests makes sure that no program switches a fault on: an
// area may only ask whether it is.
func TestPlantedFaultsStayInTests(t *testing.T) {
	switches, asked := plantedSwitches(t), regexp.MustCompile(`[!=]= syncer\.Plant\w+`)
	walkGo(t, func(path string, _ []string) {
		path = filepath.ToSlash(path)
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "syncer/") || strings.HasPrefix(path, "sim/") {
			return
		}
		text := readAll(t, path)
		if strings.HasPrefix(path, "hooks/") {
			text = asked.ReplaceAllString(text, "")
		}
		for _, name := range switches {
			if strings.Contains(text, name) {
				t.Errorf("%s plants a fault", path)
			}
		}
	})
}

// plantedSwitches returns the constants that name faults, by their values.
func plantedSwitches(t *testing.T) map[string]string {
	t.Helper()
	out, declared := map[string]string{}, regexp.MustCompile(`(?m)^(?:const |\t)(Plant[A-Z]\w*)\s+(?:syncer\.)?Planted\s+= "([^"]+)"`)
	walkGo(t, func(path string, _ []string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, m := range declared.FindAllStringSubmatch(readAll(t, path), -1) {
			out[m[2]] = m[1]
		}
	})
	return out
}

func readAll(t *testing.T, paths ...string) string {
	t.Helper()
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// TestOraclesShareNoCodeWithTheEngine: what judges the engine takes from it the
// forms and words of the wire, and calls nothing of it.
func TestOraclesShareNoCodeWithTheEngine(t *testing.T) {
	words := map[string]bool{}
	files, err := filepath.Glob("syncer/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				switch s := spec.(type) {
				case *ast.ValueSpec:
					for _, n := range s.Names {
						words[n.Name] = gen.Tok == token.CONST
					}
				case *ast.TypeSpec: // types of the wire have no methods
					words[s.Name.Name] = filepath.Base(path) == "wire.go"
				}
			}
		}
	}
	for _, path := range []string{"sim/histories/oracle.go", "sim/histories/oracle_push.go", "sim/model.go", "sim/check.go", "torture/oracle_test.go", "hooks/scope/oracle_test.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "syncer" && !words[sel.Sel.Name] {
					t.Errorf("%s uses syncer.%s, which it is to judge", path, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

func matches(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		rest, below := strings.CutPrefix(pkg, base+"/")
		return below && !strings.Contains(rest, "/")
	}
	return pattern == pkg
}

func walkGo(t *testing.T, visit func(path string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "node_modules" || strings.HasSuffix(d.Name(), "_data")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, name)
		}
		visit(path, imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
