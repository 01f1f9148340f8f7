package analysis

import "math/big"

// divide is num × scale ÷ den, rounded half away from zero; den is not zero.
func divide(num, den, scale int64) int64 {
	n := new(big.Int).Mul(big.NewInt(num), big.NewInt(scale))
	d := big.NewInt(den)
	sign := n.Sign() * d.Sign()
	n.Abs(n)
	d.Abs(d)
	n.Add(n.Lsh(n, 1), d).Quo(n, d.Lsh(d, 1)) // (2n + d) ÷ 2d
	if sign < 0 {
		n.Neg(n)
	}
	return n.Int64()
}
