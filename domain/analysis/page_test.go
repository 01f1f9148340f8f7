package analysis

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"satchel/domain"
)

var rewrite = flag.Bool("rewrite", false, "write docs/analysis.md anew")

const (
	page   = "../../docs/analysis.md"
	marker = "<!-- made by go test ./domain/analysis -run TestAnalysisPage -rewrite -->\n"
)

// TestAnalysisPage holds the definitions on the page to the figures that there are.
func TestAnalysisPage(t *testing.T) {
	was, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(was), marker)
	if !found {
		t.Fatalf("%s has no line %q", page, marker)
	}
	want := head + marker + definitionsPage()
	if *rewrite {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(was) != want {
		t.Errorf("%s is not what is there: go test ./domain/analysis -run TestAnalysisPage -rewrite", page)
	}
}

// definitionsPage writes each figure with its formula in both languages.
func definitionsPage() string {
	var b strings.Builder
	b.WriteString("\n| Key | 指标 | Figure | Unit | 公式 | Formula | By | Right |\n|---|---|---|---|---|---|---|---|\n")
	for _, f := range Figures {
		var by []string
		for _, d := range f.Dimensions {
			by = append(by, "`"+string(d)+"`")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", f.Key, f.Name.ZH, f.Name.EN, f.Unit, f.Formula.ZH, f.Formula.EN, strings.Join(by, " "), f.right())
	}
	return b.String()
}

// right is who may ask for a figure, in a word.
func (f Figure) right() string {
	switch {
	case f.Own:
		return "profit; one's own of a whole year"
	case f.Profit:
		return "profit"
	case f.Source == FromSales:
		return "sales"
	}
	return "events"
}

// TestEveryFigureIsSaidInBothLanguages and has a key of its own.
func TestEveryFigureIsSaidInBothLanguages(t *testing.T) {
	keys := map[string]bool{}
	for _, f := range Figures {
		if f.Key == "" || keys[f.Key] {
			t.Errorf("key %q is there twice or empty", f.Key)
		}
		keys[f.Key] = true
		for _, text := range []domain.Texts{f.Name, f.Formula} {
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s: %+v", f.Key, text)
			}
		}
		if f.Unit == "" || f.Kind == "" || f.Source == "" || len(f.Dimensions) == 0 {
			t.Errorf("%s: %+v", f.Key, f)
		}
	}
}

func TestEveryDimensionHasAName(t *testing.T) {
	for _, d := range Dimensions {
		if name := d.Name(); name.ZH == "" || name.EN == "" {
			t.Errorf("%s: %+v", d, name)
		}
	}
}
