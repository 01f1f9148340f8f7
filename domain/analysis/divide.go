package analysis

// divide is num × scale ÷ den, rounded half away from zero; den is above zero. Sums
// of money stay below 10^15 (pricing.MaxFen), and with a scale inside an int64 below 10^14.
func divide(num, den, scale int64) int64 {
	if num < 0 {
		return -divide(-num, den, scale)
	}
	whole, rest := num/den, num%den
	return whole*scale + (rest*scale+den/2)/den
}
