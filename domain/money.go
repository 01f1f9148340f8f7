package domain

import "strconv"

// Yuan writes fen as people read them: 1234.50.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	text := strconv.FormatInt(fen/100, 10)
	cents := fen % 100
	return sign + text + "." + string([]byte{byte('0' + cents/10), byte('0' + cents%10)})
}
