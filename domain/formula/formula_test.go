package formula

import (
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

var names = []string{"a", "b", "metric.coverage", "metric.none"}

func language(t testing.TB) *Language {
	t.Helper()
	l, err := NewLanguage(names, []string{"cycle.from", "cycle.to"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// values: a is 3, b is 0.1, coverage 0.895; metric.none is not known.
func values(name string) any {
	switch name {
	case "a":
		return decimal.RequireFromString("3")
	case "b":
		return decimal.RequireFromString("0.1")
	case "metric.coverage":
		return decimal.RequireFromString("0.895")
	case "cycle.from":
		return "2028-01-01"
	case "cycle.to":
		return "2028-03-31"
	}
	return nil
}

func TestFormulasAreDecimals(t *testing.T) {
	l := language(t)
	for source, want := range map[string]string{
		"1": "1", "b + 0.2": "0.3", "0.1 * 3 - 0.3": "0", "-a": "-3", "- 2 + a": "1", "2 - -1": "3", "1/3": "0.3333333333333333", "2/3": "0.6666666666666667", "a/8": "0.375",
		"if(metric.coverage < 0.90, 2, 0)": "2", "metric.coverage < 0.75 ? 4 : 2": "2", "min(a, b, 2)": "0.1", "max(a, b)": "3", "clamp(130, 0, 120)": "120", "clamp(0-1, 0, 120)": "0",
		"avg(1, 2, 2)": "1.6666666666666667", "sum(a, b, 0.9)": "4", "ratio(a, 4)": "0.75", "ratio(a, b - 0.1)": "n/a", "ratio(a, b - 1)": "n/a",
		"band(0.97, 0.6, 0, 0.8, 60, 1, 100, 1.2, 120)": "94", "band(0.6, 0.6, 0, 0.8, 60)": "0", "band(7, 0.6, 0, 0.8, 60)": "60", "band(0, 0.6, 5, 0.8, 60)": "5",
		"days(cycle.from, cycle.to)": "91", "days(cycle.to, cycle.from)": "0", "metric.none + 1": "n/a", "if(false, metric.none, 7)": "7", "if(true, metric.none, 7)": "n/a",
		"max(metric.none, 1)": "n/a", "99999999999.123456789 + 0.000000000000000001": "99999999999.123456789000000001", "1 / max(a - 3, 0.5)": "2", "1 /\n2": "0.5",
	} {
		f, err := l.Compile(source, Number)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		v, err := f.Eval(values)
		got := "n/a"
		if v.Known {
			got = v.Number.String()
		}
		if err != nil || got != want {
			t.Errorf("%s is %s (%v), not %s", source, got, err, want)
		}
	}
}

func TestTruths(t *testing.T) {
	l := language(t)
	for source, want := range map[string]string{
		"b == 0.10": "true", "b != 0.1": "false", "a > 2 && !(b > 1)": "true", "a >= 3 || metric.none > 0": "true", "a < 3 && metric.none > 0": "false",
		"metric.none > 0": "n/a", "a <= 3": "true", "true": "true", "if(a > 1, b > 1, true)": "false", "metric.none == metric.none": "n/a",
	} {
		f, err := l.Compile(source, Truth)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		v, err := f.Eval(values)
		got := map[bool]string{true: "true", false: "false"}[v.Truth]
		if !v.Known {
			got = "n/a"
		}
		if err != nil || got != want {
			t.Errorf("%s is %s (%v), not %s", source, got, err, want)
		}
	}
}

// policy: R6.1 H-APR-1
//
// TestAFaultSaysWhere: each fault has its code, line, column and the word that stands there.
func TestAFaultSaysWhere(t *testing.T) {
	l := language(t)
	for _, c := range []struct {
		source       string
		kind         Kind
		code         string
		line, column int
		near         string
	}{
		{"", Number, Empty, 0, 0, ""},
		{" \n", Number, Empty, 0, 0, ""},
		{"a +", Number, Syntax, 1, 4, ""},
		{"a +\n* b", Number, Syntax, 2, 1, "*"},
		{"(a", Number, Syntax, 1, 3, ""},
		{"a // b", Number, Syntax, 1, 3, "/"},
		{"a + 'x'", Number, Character, 1, 5, "'"},
		{"a + 销售", Number, Character, 1, 5, "销"},
		{"[a]", Number, Character, 1, 1, "["},
		{"a + metric.covrage", Number, UnknownName, 1, 5, "metric.covrage"},
		{"a +\n  c", Number, UnknownName, 2, 3, "c"},
		{"metric", Number, UnknownName, 1, 1, "metric"},
		{"now()", Number, UnknownFunc, 1, 4, "("},
		{"a.size()", Number, UnknownFunc, 1, 7, "("},
		{"a in b", Number, UnknownFunc, 1, 3, "in"},
		{"if(a > 1, 2)", Number, UnknownFunc, 1, 3, "("},
		{"a + true", Number, Types, 1, 3, "+"},
		{"a && true", Truth, Types, 1, 1, "a"},
		{"if(a > 1, 2, false)", Number, Types, 1, 3, "("},
		{"days(a, cycle.to)", Number, Types, 1, 5, "("},
		{"min()", Number, Types, 1, 4, "("},
		{"a > b", Number, WantNumber, 0, 0, ""},
		{"a", Truth, WantTruth, 0, 0, ""},
		{"a == cycle.to", Truth, Types, 1, 3, "=="},
		{"a / b", Number, Division, 1, 3, "/"},
		{"1 + a / 0", Number, Division, 1, 7, "/"},
		{"a / 0.00", Number, Division, 1, 3, "/"},
		{"a / max(b, 0)", Number, Division, 1, 3, "/"},
		{"a / max(b, -1)", Number, Division, 1, 3, "/"},
		{"a / (2 - 2)", Number, Division, 1, 3, "/"},
		{"band(a, 1, 0, 1, 5)", Number, Points, 1, 5, "("},
		{"band(a, 1, 9, 2, 5)", Number, Points, 1, 5, "("},
		{"band(a, b, 0, 1, 5)", Number, Points, 1, 5, "("},
		{"1e9", Number, Literal, 1, 1, "1"},
		{"0x10", Number, Literal, 1, 1, "0"},
		{"1u", Number, Literal, 1, 1, "1"},
		{".5", Number, Literal, 1, 1, ".5"},
		{"null", Number, Literal, 1, 1, "null"},
		{"12345678901234567890", Number, Syntax, 1, 1, "12345678901234567890"},
		{"1234567890123456789.5", Number, Literal, 1, 1, "1234567890123456789.5"},
	} {
		_, err := l.Compile(c.source, c.kind)
		p, _ := errors.AsType[domain.Problem](err)
		line, _ := p.Params["line"].(int)
		column, _ := p.Params["column"].(int)
		near, _ := p.Params["near"].(string)
		if p.Code != c.code || line != c.line || column != c.column || near != c.near {
			t.Errorf("%q: %s at %d:%d %q, not %s at %d:%d %q (%v)", c.source, p.Code, line, column, near, c.code, c.line, c.column, c.near, err)
		}
	}
}

func TestHostileFormulas(t *testing.T) {
	l := language(t)
	for name, c := range map[string]struct{ source, code string }{
		"long":      {strings.Repeat("a + ", 600) + "a", TooLong},
		"deep":      {strings.Repeat("(", 500) + "a" + strings.Repeat(")", 500), TooDeep},
		"nested":    {strings.Repeat("min(", 200) + "a" + strings.Repeat(")", 200), TooDeep},
		"negations": {strings.Repeat("!", 900) + "true", ""},
		"leaning":   {strings.Repeat("a+", 900) + "a", TooDeep},
		"choices":   {strings.Repeat("if(a > 1, 1, ", 100) + "a" + strings.Repeat(")", 100), TooDeep},
		"wide":      {"sum(" + strings.Repeat("min(a,b,a,b,a,b,a,b,a,b),", 39) + "a)", TooLarge},
	} {
		_, err := l.Compile(c.source, Number)
		if code := domain.CodeOf(err); err == nil || code == "" || c.code != "" && code != c.code {
			t.Errorf("%s: %v, not %s", name, err, c.code)
		}
	}
}

func TestNothingGrowsWithoutBound(t *testing.T) {
	l := language(t)
	squared := "a"
	for range 5 { // 3^32, and then as often again
		squared = "(" + squared + ")*(" + squared + ")"
	}
	for source, code := range map[string]string{
		"99999999999999999 * 99999999999999999": Overflow, squared + " * a * a * a * a * a * a": Overflow, "999999999999999999 + 1": Overflow,
		strings.Repeat("b*", 38) + "0.0000000000000000001": "",
	} {
		f, err := l.Compile(source, Number)
		if err != nil {
			t.Errorf("%.40s: %v", source, err)
			continue
		}
		if v, err := f.Eval(values); domain.CodeOf(err) != code {
			t.Errorf("%.40s: %v, %v, not %s", source, v, err, code)
		}
	}
	f, err := l.Compile("a + b", Number)
	if err != nil {
		t.Fatal(err)
	}
	for _, hostile := range []decimal.Decimal{decimal.New(1, 400_000_000), decimal.New(1, -400_000_000), decimal.New(0, 900_000_000), decimal.New(1, 19)} {
		d := hostile
		if _, err := f.Eval(func(string) any { return d }); domain.CodeOf(err) != Overflow {
			t.Errorf("%v: %v", d.Exponent(), err)
		}
	}
}

func TestCostIsBounded(t *testing.T) {
	l := language(t)
	f, err := l.Compile("sum("+strings.Repeat("min(a,b,a,b),", 11)+"a) + sum("+strings.Repeat("max(a,b,a,b),", 11)+"b)", Number)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := f.Eval(values); err != nil || v.Number.String() != "37.2" {
		t.Errorf("%v, %v", v.Number, err)
	}
}

func TestNamesAreKnown(t *testing.T) {
	f, err := language(t).Compile("if(metric.coverage < 0.9, b, b) + metric.none", Number)
	if err != nil || strings.Join(f.Names(), " ") != "b metric.coverage metric.none" {
		t.Errorf("%v, %v", f, err)
	}
}

// FuzzFormula: whatever is written compiles or is refused with a code, and comes to a bounded
// number, to a truth, or to a problem.
func FuzzFormula(f *testing.F) {
	for _, seed := range []string{"a + b", "if(a > 1, b, ratio(a, b))", "band(a, 1, 2, 3, 4)", "days(cycle.from, cycle.to) / 3", "-(-a)", "a ? b : c", "((((", "1..2", "if if(", "a.b.c.d", "!!true", "a?a:a?a:a"} {
		f.Add(seed)
	}
	l := language(f)
	f.Fuzz(func(t *testing.T, source string) {
		for _, kind := range []Kind{Number, Truth} {
			compiled, err := l.Compile(source, kind)
			if err != nil {
				if domain.CodeOf(err) == "" {
					t.Fatalf("%q: %v", source, err)
				}
				continue
			}
			v, err := compiled.Eval(values)
			if err != nil && domain.CodeOf(err) == "" || err == nil && v.Known && !Within(v.Number) {
				t.Fatalf("%q: %v, %v", source, v, err)
			}
			if domain.CodeOf(err) == DividedBy0 || domain.CodeOf(err) == Failed {
				t.Fatalf("%q passed the check and came to %v", source, err)
			}
		}
	})
}

func BenchmarkEval(b *testing.B) {
	f, err := language(b).Compile("if(metric.coverage < 0.75, 4, 2) + a * b", Number)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := f.Eval(values); err != nil {
			b.Fatal(err)
		}
	}
}
