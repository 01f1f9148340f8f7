package domain

import (
	"testing"
)

func TestFence(t *testing.T) {
	account := Position{Lat: 31.2304, Lng: 121.4737}
	north := func(m, acc float64) Position {
		return Position{Lat: account.Lat + m/111195.08, Lng: account.Lng, AccM: acc}
	}
	for _, c := range []struct {
		name   string
		at     Position
		radius int
		want   string
		metres int
	}{
		{"at the door", north(0, 10), 300, FenceInside, 0},
		{"just inside", north(299, 10), 300, FenceInside, 299},
		{"outside by less than the accuracy", north(340, 50), 300, FenceEdge, 340},
		{"outside by more than the accuracy", north(360, 50), 300, FenceOutside, 360},
		{"a poor fix excuses 100 m at most", north(420, 500), 300, FenceOutside, 420},
		{"a coarse fix puts nobody inside", north(0, 501), 300, FenceUnknown, 0},
		{"nor outside, as far as it goes", north(5299, 5000), 300, FenceUnknown, 5299},
		{"but beyond that", north(5301, 5000), 300, FenceOutside, 5301},
		{"nor does one of no accuracy", north(0, 0), 300, FenceUnknown, 0},
		{"which is outside all the same", north(801, 0), 300, FenceOutside, 801},
		{"no radius is the default", north(299, 9), 0, FenceInside, 299},
		{"no fix", Position{}, 300, FenceUnknown, 0},
		{"no fix, with an accuracy", Position{AccM: 15}, 300, FenceUnknown, 0},
		{"half a fix", Position{Lat: 31.2304, AccM: 15}, 300, FenceUnknown, 0},
		{"the other half", Position{Lng: 121.4737, AccM: 15}, 300, FenceUnknown, 0},
		{"close by 0, 0", Position{Lat: 0.000012, Lng: -0.0004, AccM: 15}, 300, FenceUnknown, 0},
	} {
		metres, got := Fence(account, c.at, c.radius, 500)
		if got != c.want || metres != c.metres {
			t.Errorf("%s: %d m %s, want %d m %s", c.name, metres, got, c.metres, c.want)
		}
	}
	if d := DistanceM(Position{Lat: 39.9042, Lng: 116.4074}, Position{Lat: 31.2304, Lng: 121.4737}); d < 1_066_000 || d > 1_069_000 {
		t.Errorf("Beijing to Shanghai is %f m", d)
	}
}

// TestParametersAreFilledOnce: what a person wrote stays as he wrote it, whatever
// it looks like and in whichever order the parameters come.
func TestParametersAreFilledOnce(t *testing.T) {
	said := Texts{"{a}和{b}", "{a} and {b}"}
	for range 50 {
		if got := said.fill(map[string]any{"a": "{b}", "b": "{a}"}, "en"); got != "{b} and {a}" {
			t.Fatal(got)
		}
	}
}
