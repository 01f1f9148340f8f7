package incentive

import "github.com/shopspring/decimal"

const (
	whole  = 10_000 // of basis points
	places = 16     // that a division keeps
)

var half = decimal.New(5, -1)

// halfUp rounds to whole fen: what lies in the middle goes up.
func halfUp(d decimal.Decimal) int { return int(d.Add(half).Floor().IntPart()) }

func fen(n int) decimal.Decimal { return decimal.NewFromInt(int64(n)) }

// byBP is so many basis points of an amount, exactly.
func byBP(d decimal.Decimal, bp int) decimal.Decimal { return d.Mul(decimal.New(int64(bp), -4)) }

// Part is num/den of an amount; den is above 0.
func Part(amount decimal.Decimal, num, den int) decimal.Decimal {
	return amount.Mul(fen(num)).DivRound(fen(den), places)
}

// Prorated is what a target is to somebody who was there for some of the days; exact
// before it is compared.
func Prorated(target, days, all int) decimal.Decimal {
	if all <= 0 {
		return decimal.Zero
	}
	return Part(fen(target), max(0, min(days, all)), all)
}
