package formula

import (
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"github.com/shopspring/decimal"

	"satchel/domain"
)

var (
	strange = regexp.MustCompile(`[^a-z0-9_.\s+\-*/(),<>=!&|?:]`)
	ifs     = regexp.MustCompile(`\bif\b`)
	digits  = regexp.MustCompile(`^-?\s*(\d+(?:\.\d+)?)`)
)

// spelt is the formula as CEL may read it, every place where it was.
func spelt(source string) (string, error) {
	switch {
	case strings.TrimSpace(source) == "":
		return "", domain.Problem{Code: Empty}
	case len(source) > mostLength:
		return "", domain.Problem{Code: TooLong, Params: map[string]any{"most": mostLength}}
	}
	if i := strange.FindStringIndex(source); i != nil {
		return "", placed(Character, source, i[0])
	}
	if i := strings.Index(source, "//"); i >= 0 {
		return "", placed(Syntax, source, i)
	}
	return ifs.ReplaceAllString(source, conditional), nil
}

// syntax is the first fault that CEL's parser found.
func (l *Language) syntax(source string, issues *cel.Issues) error {
	for _, e := range issues.Errors() {
		if strings.Contains(e.Message, "recursion") {
			return domain.Problem{Code: TooDeep, Params: map[string]any{"most": mostDepth}}
		}
	}
	first := issues.Errors()[0]
	return at(Syntax, source, first.Location.Line(), first.Location.Column())
}

// placed is a problem at an offset of the source.
func placed(code, source string, offset int) error {
	before := source[:offset]
	return at(code, source, strings.Count(before, "\n")+1, offset-strings.LastIndex(before, "\n")-1)
}

// at is a problem at a line, from 1, and a column, from 0. Near is the word that stands there.
func at(code, source string, line, column int) error {
	lines := strings.Split(source, "\n")
	line = min(max(line, 1), len(lines))
	text := []rune(lines[line-1])
	column = min(max(column, 0), len(text))
	rest := string(text[column:])
	near := word.FindString(rest)
	if near == "" && rest != "" {
		near = string([]rune(rest)[:1])
	}
	return domain.Problem{Code: code, Params: map[string]any{"line": line, "column": column + 1, "near": near}}
}

var word = regexp.MustCompile(`^(?:[a-z_][a-z0-9_.]*|[0-9.]+|<=|>=|==|!=|&&|\|\|)`)

// walk judges a parsed formula before its types are, and makes decimals of its numbers.
type walk struct {
	source string
	ast    *ast.AST
	known  []string
	used   []string
	nodes  int
}

func (w *walk) judge() error {
	next := ast.MaxID(w.ast)
	fac := ast.NewExprFactory()
	return w.visit(w.ast.Expr(), 1, func(e expr, text string) {
		next++
		e.SetKindCase(fac.NewCall(e.ID(), literal, fac.NewLiteral(next, types.String(text))))
	})
}

func (w *walk) visit(e expr, depth int, become func(e expr, text string)) error {
	w.nodes++
	switch {
	case w.nodes > mostNodes:
		return domain.Problem{Code: TooLarge, Params: map[string]any{"most": mostNodes}}
	case depth > 2*mostDepth: // sums of many parts lean to the left
		return domain.Problem{Code: TooDeep, Params: map[string]any{"most": mostDepth}}
	}
	switch e.Kind() { //nolint:exhaustive // nothing else is in the language
	case ast.LiteralKind:
		return w.literal(e, become)
	case ast.IdentKind, ast.SelectKind:
		name, plain := dotted(e)
		if !plain || !slices.Contains(w.known, name) {
			return w.problem(UnknownName, first(e))
		}
		w.used = append(w.used, name)
		return nil
	case ast.CallKind:
		return w.call(e, depth, become)
	}
	return w.problem(Syntax, e)
}

func (w *walk) call(e expr, depth int, become func(e expr, text string)) error {
	call := e.AsCall()
	if call.IsMemberFunction() || !known(call.FunctionName()) {
		return w.problem(UnknownFunc, e)
	}
	for _, arg := range call.Args() {
		if err := w.visit(arg, depth+1, become); err != nil {
			return err
		}
	}
	switch args := call.Args(); {
	case call.FunctionName() == operators.Divide && !neverZero(args[1]):
		return w.problem(Division, e)
	case call.FunctionName() == "band" && !rises(args):
		return w.problem(Points, e)
	}
	return nil
}

// known reports whether a function is the language's: an operator, or one that has a name.
func known(name string) bool {
	return slices.Contains(Functions, name) && name != "if" || strings.ContainsAny(name, "_!@") && !strings.ContainsAny(name, "abcdefghijklmnopqrstuvwxyz[")
}

func (w *walk) literal(e expr, become func(e expr, text string)) error {
	switch e.AsLiteral().(type) {
	case types.Bool:
		return nil
	case types.Int, types.Double:
	default:
		return w.problem(Literal, e)
	}
	span, _ := w.ast.SourceInfo().GetOffsetRange(e.ID())
	text := w.source[min(int(span.Start), len(w.source)):]
	found := digits.FindStringSubmatch(text)
	if found == nil || len(found[1]) > 2*mostWhole || continues.MatchString(text[len(found[0]):]) {
		return w.problem(Literal, e)
	}
	number := found[1]
	if whole, _, _ := strings.Cut(number, "."); len(whole) > mostWhole {
		return w.problem(Literal, e)
	}
	if strings.HasPrefix(text, "-") {
		number = "-" + number
	}
	become(e, number)
	return nil
}

// continues finds what makes another number of digits: 1e9, 0x10, 1u.
var continues = regexp.MustCompile(`^[a-z0-9_.]`)

// neverZero reports whether a denominator cannot be zero: a number written out that is not
// zero, or the greatest of several of which one is such, and positive.
func neverZero(e expr) bool {
	if d, is := written(e); is {
		return !d.IsZero()
	}
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != "max" {
		return false
	}
	return slices.ContainsFunc(e.AsCall().Args(), func(arg expr) bool {
		d, is := written(arg)
		return is && d.Sign() > 0
	})
}

// rises reports whether a band's points, if they are written out, go on in x and do not fall in y.
func rises(args []expr) bool {
	for i := 1; i < len(args); i++ {
		now, is := written(args[i])
		if !is {
			return false
		}
		if i < 3 {
			continue
		}
		before, _ := written(args[i-2])
		if i%2 == 1 && !now.GreaterThan(before) || i%2 == 0 && now.LessThan(before) {
			return false
		}
	}
	return true
}

// written is the number that a node is written as.
func written(e expr) (decimal.Decimal, bool) {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != literal {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(string(e.AsCall().Args()[0].AsLiteral().(types.String)))
	return d, err == nil
}

// dotted is the name that a chain of selections spells.
func dotted(e expr) (name string, plain bool) {
	switch e.Kind() { //nolint:exhaustive // nothing else is a name
	case ast.IdentKind:
		return e.AsIdent(), true
	case ast.SelectKind:
		s := e.AsSelect()
		before, plain := dotted(s.Operand())
		return before + "." + s.FieldName(), plain && !s.IsTestOnly()
	}
	return "", false
}

// first is where a chain of selections begins.
func first(e expr) expr {
	for e.Kind() == ast.SelectKind {
		e = e.AsSelect().Operand()
	}
	return e
}

func (w *walk) problem(code string, e expr) error {
	loc := w.ast.SourceInfo().GetStartLocation(e.ID())
	return at(code, w.source, loc.Line(), loc.Column())
}
