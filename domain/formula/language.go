package formula

import (
	"errors"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"github.com/shopspring/decimal"

	"satchel/domain"
)

type (
	expr     = ast.Expr
	celError = common.Error
)

// Bounds of a formula.
const (
	mostLength = 2000
	mostDepth  = 40
	mostNodes  = 400
	mostCost   = 5000
)

// Kind is what a formula must come to.
type Kind int

// Kinds.
const (
	Number Kind = iota
	Truth
)

// Language is the names that formulas of one purpose may use.
type Language struct {
	env   *cel.Env
	names []string
}

// NewLanguage is the language with these names of numbers and of days. Names are words of
// small letters, digits and _, joined by dots.
func NewLanguage(numbers, days []string) (*Language, error) {
	opts := append(library(), cel.ParserRecursionLimit(mostDepth), cel.ParserExpressionSizeLimit(mostLength))
	for _, name := range numbers {
		opts = append(opts, cel.Variable(name, numberType))
	}
	for _, name := range days {
		opts = append(opts, cel.Variable(name, dayType))
	}
	env, err := cel.NewCustomEnv(opts...)
	return &Language{env: env, names: slices.Concat(numbers, days)}, err
}

// Formula is one that compiled.
type Formula struct {
	program cel.Program
	names   []string
}

// Compile checks a formula. What is wrong is a domain.Problem of the codes above.
func (l *Language) Compile(source string, want Kind) (*Formula, error) {
	text, err := spelt(source)
	if err != nil {
		return nil, err
	}
	parsed, issues := l.env.Parse(text)
	if issues.Err() != nil {
		return nil, l.syntax(source, issues)
	}
	w := walk{source: source, ast: parsed.NativeRep(), known: l.names}
	if err := w.judge(); err != nil {
		return nil, err
	}
	checked, issues := l.env.Check(parsed)
	if issues.Err() != nil {
		e := issues.Errors()[0]
		return nil, at(Types, source, e.Location.Line(), e.Location.Column())
	}
	if err := fits(checked.OutputType(), want); err != nil {
		return nil, err
	}
	program, err := l.env.Program(checked, cel.CostLimit(mostCost))
	if err != nil {
		return nil, domain.Problem{Code: Failed, Params: map[string]any{"fault": err.Error()}}
	}
	slices.Sort(w.used)
	return &Formula{program: program, names: slices.Compact(w.used)}, nil
}

func fits(t *cel.Type, want Kind) error {
	switch {
	case want == Number && !t.IsExactType(numberType):
		return domain.Problem{Code: WantNumber}
	case want == Truth && !t.IsExactType(cel.BoolType):
		return domain.Problem{Code: WantTruth}
	}
	return nil
}

// Names are those that the formula uses, sorted.
func (f *Formula) Names() []string { return f.names }

// Value is a number or a truth, by the formula's kind; or not known.
type Value struct {
	Number decimal.Decimal
	Truth  bool
	Known  bool
}

// notKnown is what comes of a name without a value, and of a ratio without a denominator.
type notKnown struct{}

func (notKnown) Error() string { return "not known" }

// Find gives the values of names: a decimal.Decimal or a day as a string; nil is not known.
type Find func(name string) any

// ResolveName implements CEL's activation.
func (f Find) ResolveName(name string) (any, bool) {
	switch v := f(name).(type) {
	case decimal.Decimal:
		return made(v), true
	case string:
		return day(v), true
	default:
		return types.WrapErr(notKnown{}), true
	}
}

// Parent implements CEL's activation.
func (f Find) Parent() cel.Activation { return nil }

// Eval reckons the formula. An error is a domain.Problem.
func (f *Formula) Eval(find Find) (Value, error) {
	out, _, err := f.program.Eval(find)
	if err != nil {
		return Value{}, problem(err)
	}
	switch v := out.(type) {
	case number:
		return Value{Number: v.Decimal, Known: true}, nil
	case types.Bool:
		return Value{Truth: bool(v), Known: true}, nil
	}
	return Value{}, domain.Problem{Code: Failed, Params: map[string]any{"fault": out.Type().TypeName()}}
}

// problem tells what is not known from what went wrong.
func problem(err error) error {
	if _, is := errors.AsType[notKnown](err); is {
		return nil
	}
	if p, is := errors.AsType[domain.Problem](err); is {
		return p
	}
	if cost, is := errors.AsType[interface {
		error
		Cost() uint64
	}](err); is {
		return domain.Problem{Code: TooDear, Params: map[string]any{"cost": cost.Cost()}}
	}
	return domain.Problem{Code: Failed, Params: map[string]any{"fault": err.Error()}}
}
