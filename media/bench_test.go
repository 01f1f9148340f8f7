package media_test

import (
	"testing"
	"time"

	"satchel/internal/demo"
	"satchel/media"
)

func BenchmarkDevelop(b *testing.B) {
	data := demo.PhotoOf(4032, 3024, 2, time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC), 31.2, 121.4)
	for b.Loop() {
		if _, err := media.Develop(data, media.Want{Limits: media.PhotoLimits}); err != nil {
			b.Fatal(err)
		}
	}
}
