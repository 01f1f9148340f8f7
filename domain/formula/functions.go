package formula

import (
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/parser"
	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Functions are the names that formulas may call, sorted.
var Functions = []string{"avg", "band", "clamp", "days", "if", "max", "min", "ratio", "sum"}

// Most arguments of avg, max, min and sum, and most points of a band.
const (
	mostArgs   = 12
	mostPoints = 8
)

// literal is what a number that is written out becomes: a call that nobody can write.
const literal = "LIT"

// conditional is how "if" is spelt within CEL, where it is a reserved word.
const conditional = "iF"

func library() []cel.EnvOption {
	opts := []cel.EnvOption{
		cel.Macros(parser.NewGlobalMacro(conditional, 3, func(eh parser.ExprHelper, _ expr, args []expr) (expr, *celError) {
			return eh.NewCall(operators.Conditional, args...), nil
		})),
		cel.Function(literal, cel.Overload("literal", []*cel.Type{cel.StringType}, numberType, cel.UnaryBinding(func(v ref.Val) ref.Val {
			d, err := decimal.NewFromString(string(v.(types.String)))
			if err != nil {
				return types.WrapErr(err)
			}
			return number{d}
		}))),
		numbers(operators.Add, 2, func(v []decimal.Decimal) ref.Val { return made(v[0].Add(v[1])) }),
		numbers(operators.Subtract, 2, func(v []decimal.Decimal) ref.Val { return made(v[0].Sub(v[1])) }),
		numbers(operators.Multiply, 2, func(v []decimal.Decimal) ref.Val { return made(v[0].Mul(v[1])) }),
		numbers(operators.Divide, 2, func(v []decimal.Decimal) ref.Val {
			if v[1].IsZero() {
				return types.WrapErr(domain.Problem{Code: DividedBy0})
			}
			return made(Divide(v[0], v[1]))
		}),
		numbers(operators.Negate, 1, func(v []decimal.Decimal) ref.Val { return made(v[0].Neg()) }),
		compared(operators.Less, func(c int) bool { return c < 0 }),
		compared(operators.LessEquals, func(c int) bool { return c <= 0 }),
		compared(operators.Greater, func(c int) bool { return c > 0 }),
		compared(operators.GreaterEquals, func(c int) bool { return c >= 0 }),
		numbers("clamp", 3, func(v []decimal.Decimal) ref.Val { return number{decimal.Min(decimal.Max(v[0], v[1]), v[2])} }),
		numbers("ratio", 2, func(v []decimal.Decimal) ref.Val {
			if v[1].Sign() <= 0 {
				return types.WrapErr(notKnown{})
			}
			return made(Divide(v[0], v[1]))
		}),
		cel.Function("days", cel.Overload("days", []*cel.Type{dayType, dayType}, numberType, cel.BinaryBinding(func(from, to ref.Val) ref.Val {
			return number{decimal.NewFromInt(int64(Days(string(from.(day)), string(to.(day)))))}
		}))),
	}
	return append(opts, append(logic(), lists()...)...)
}

// logic are the operators of truth, which CEL itself carries out.
func logic() []cel.EnvOption {
	b, t := cel.BoolType, cel.TypeParamType("T")
	return []cel.EnvOption{
		cel.Function(operators.LogicalAnd, cel.Overload("and", []*cel.Type{b, b}, b)),
		cel.Function(operators.LogicalOr, cel.Overload("or", []*cel.Type{b, b}, b)),
		cel.Function(operators.LogicalNot, cel.Overload("not", []*cel.Type{b}, b, cel.UnaryBinding(func(v ref.Val) ref.Val { return !v.(types.Bool) }))),
		cel.Function(operators.Conditional, cel.Overload("conditional", []*cel.Type{b, t, t}, t)),
		cel.Function(operators.Equals, cel.Overload("equals", []*cel.Type{t, t}, b)),
		cel.Function(operators.NotEquals, cel.Overload("not_equals", []*cel.Type{t, t}, b)),
	}
}

// lists are the functions of any number of numbers.
func lists() []cel.EnvOption {
	sum := func(v []decimal.Decimal) decimal.Decimal { return decimal.Sum(v[0], v[1:]...) }
	out := []cel.EnvOption{}
	for n := 1; n <= mostArgs; n++ {
		out = append(out,
			numbers("sum", n, func(v []decimal.Decimal) ref.Val { return made(sum(v)) }),
			numbers("avg", n, func(v []decimal.Decimal) ref.Val { return made(Divide(sum(v), decimal.NewFromInt(int64(n)))) }),
			numbers("min", n, func(v []decimal.Decimal) ref.Val { return number{decimal.Min(v[0], v[1:]...)} }),
			numbers("max", n, func(v []decimal.Decimal) ref.Val { return number{decimal.Max(v[0], v[1:]...)} }),
		)
	}
	for n := 2; n <= mostPoints; n++ {
		out = append(out, numbers("band", 1+2*n, func(v []decimal.Decimal) ref.Val { return made(Band(v[0], v[1:])) }))
	}
	return out
}

// numbers declares a function of n numbers that makes one.
func numbers(name string, n int, does func([]decimal.Decimal) ref.Val) cel.EnvOption {
	args := make([]*cel.Type, n)
	for i := range args {
		args[i] = numberType
	}
	return cel.Function(name, cel.Overload(name+strings.Repeat("_n", n), args, numberType, cel.FunctionBinding(func(values ...ref.Val) ref.Val {
		plain := make([]decimal.Decimal, len(values))
		for i, v := range values {
			plain[i] = v.(number).Decimal
		}
		return does(plain)
	})))
}

func compared(name string, holds func(int) bool) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_n", []*cel.Type{numberType, numberType}, cel.BoolType, cel.BinaryBinding(func(a, b ref.Val) ref.Val {
		return types.Bool(holds(a.(number).Cmp(b.(number).Decimal)))
	})))
}

// Band is the height of the line through points, x and y in turn with x rising, at x: level before
// the first point and after the last.
func Band(x decimal.Decimal, points []decimal.Decimal) decimal.Decimal {
	if x.LessThanOrEqual(points[0]) {
		return points[1]
	}
	for i := 2; i < len(points); i += 2 {
		x0, y0, x1, y1 := points[i-2], points[i-1], points[i], points[i+1]
		if x.LessThan(x1) {
			return y0.Add(Divide(x.Sub(x0).Mul(y1.Sub(y0)), x1.Sub(x0)))
		}
	}
	return points[len(points)-1]
}

// Days are the days of the calendar from one to another, both counted; none if there are none.
func Days(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil || b.Before(a) {
		return 0
	}
	return int(b.Sub(a).Hours()/24) + 1 // whole days of UTC
}
