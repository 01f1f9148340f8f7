//go:build !linux

package darkroom

// limitMemory: the guard's estimate and the collector's limit have to do.
func limitMemory(int64) {}

func stepBack() {}
