package formula

import (
	"errors"
	"reflect"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Places that a division keeps, half up.
const Places = 16

// Bounds of every value on the way: below 10^mostWhole, and so many places.
const (
	mostWhole  = 18
	mostPlaces = 200
)

// Types of the language.
var (
	numberType = cel.ObjectType("number")
	dayType    = cel.ObjectType("day")
)

// number is a decimal as CEL carries it.
type number struct{ decimal.Decimal }

func (n number) Type() ref.Type { return numberType }
func (n number) Value() any     { return n.Decimal }

func (n number) ConvertToNative(reflect.Type) (any, error) { return nil, errors.ErrUnsupported }

func (n number) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a number is no %s", t.TypeName())
}

func (n number) Equal(other ref.Val) ref.Val {
	o, is := other.(number)
	return types.Bool(is && n.Decimal.Equal(o.Decimal))
}

// day is a day of the calendar, YYYY-MM-DD.
type day string

func (d day) Type() ref.Type { return dayType }
func (d day) Value() any     { return string(d) }

func (d day) ConvertToNative(reflect.Type) (any, error) { return nil, errors.ErrUnsupported }

func (d day) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a day is no %s", t.TypeName())
}

func (d day) Equal(other ref.Val) ref.Val { return types.Bool(d == other) }

// made is the outcome of a step, if it is within the bounds. Problem formula.overflow.
func made(d decimal.Decimal) ref.Val {
	if !Within(d) {
		return types.WrapErr(domain.Problem{Code: Overflow})
	}
	return number{d}
}

// Within reports whether a number is one that rules may hold. It looks at the digits
// alone: the exponent of a hostile number is never spelt out.
func Within(d decimal.Decimal) bool {
	if d.IsZero() {
		return d.Exponent() <= mostWhole && d.Exponent() >= -mostPlaces
	}
	return int64(d.NumDigits())+int64(d.Exponent()) <= mostWhole && d.Exponent() >= -mostPlaces
}

// Divide is a ÷ b to Places, half up; b is not 0.
func Divide(a, b decimal.Decimal) decimal.Decimal { return a.DivRound(b, Places) }
