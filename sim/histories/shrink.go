package histories

import "slices"

// shrink leaves out steps for as long as the history still fails: halves
// first, then ever smaller runs, down to single steps.
func shrink(script []step, fails func([]step) bool) []step {
	for size := len(script) / 2; size > 0; {
		smaller := false
		for at := 0; at+size <= len(script); {
			without := slices.Concat(script[:at], script[at+size:])
			if fails(without) {
				script, smaller = without, true
			} else {
				at += size
			}
		}
		if !smaller || size > 1 {
			size /= 2
		}
	}
	return script
}
