package appraisal

import (
	"math/big"

	"github.com/shopspring/decimal"

	"satchel/domain/formula"
)

// exact is a sum of shares that is divided once, at its end.
type exact struct{ sum big.Rat }

// add adds d × weight ÷ over; over is not 0.
func (e *exact) add(d, weight, over decimal.Decimal) {
	part := new(big.Rat).Mul(d.Rat(), weight.Rat())
	e.sum.Add(&e.sum, part.Quo(part, over.Rat()))
}

// value is the sum to the places of a division, half up; one that ends before is exact.
func (e *exact) value() decimal.Decimal {
	return formula.Divide(decimal.NewFromBigInt(e.sum.Num(), 0), decimal.NewFromBigInt(e.sum.Denom(), 0))
}
