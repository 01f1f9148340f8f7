package domain

import "time"

// Backoff is how long to wait after so many attempts that failed: a minute,
// doubled each time, half a day at most.
func Backoff(tries int) time.Duration {
	const most = 12 * time.Hour
	if tries < 1 {
		return 0
	}
	if tries > 10 {
		return most
	}
	return min(time.Minute<<(tries-1), most)
}
