package numbers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestANumberIsReadAsItWasPrinted, and nothing else is one.
func TestANumberIsReadAsItWasPrinted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := Number{Order, Series(fmt.Sprint(rng.Int64())), 1 + rng.Int64N(1<<rng.IntN(40))}
		text := n.String()
		if got, ok := Parse(text); !ok || got != n {
			t.Fatalf("%s is read as %+v, %v", text, got, ok)
		}
		at := rng.IntN(len(text))
		other := symbols[rng.IntN(len(symbols))]
		if wrong := text[:at] + string(other) + text[at+1:]; wrong != text {
			if got, ok := Parse(wrong); ok {
				t.Errorf("%s mistyped as %s is read as %+v", text, wrong, got)
			}
		}
	}
	for _, text := range []string{
		"", "N1", "SO-7K3Q-00042", "SO-7K3Q-00042-", "so-7k3q-00042-F", " SO-7K3Q-00042-F", "SO-7K3-00042-F", "SO-0K3Q-00042-F", "XX-7K3Q-00042-F",
		"SO-7K3Q-42-F", "SO-7K3Q-+0042-F", "SO-7K3Q-99999999999999999999-F", Number{Order, "7K3Q", 0}.String(), "SO-7K3Q-00042-F-F", "🧾",
	} {
		if n, ok := Parse(text); ok && text != (Number{Order, "7K3Q", 42}).String() {
			t.Errorf("%q is read as %+v", text, n)
		}
	}
}

// TestPrinted shows what a number looks like: other clients make the same.
func TestPrinted(t *testing.T) {
	for want, n := range map[string]Number{
		"SO-7K3Q-00042-F": {Order, "7K3Q", 42}, "SO-ABCD-123456-3": {Order, "ABCD", 123456},
	} {
		if n.String() != want {
			t.Errorf("%+v is printed as %s, want %s", n, n, want)
		}
	}
	// The standard's own example.
	if got := check("A12425GABC1234002"); got != 'M' {
		t.Errorf("the check character of ISO 7064 is %c", got)
	}
}

// TestNoLifeHasTheSeriesOfAnother, as far as four letters go.
func TestNoLifeHasTheSeriesOfAnother(t *testing.T) {
	met := map[string]bool{}
	for i := range 1000 {
		s := Series(fmt.Sprintf("%016x", i))
		if !IsSeries(s) {
			t.Fatalf("%q is no series", s)
		}
		met[s] = true
	}
	if len(met) < 995 {
		t.Errorf("1000 lives have %d series", len(met))
	}
	if IsSeries("") || IsSeries("ABC") || IsSeries("ABC0") || IsSeries("abcd") {
		t.Error("what is none is taken for a series")
	}
}

// TestGaps of a block of ten.
func TestGaps(t *testing.T) {
	set := func(ns ...int64) map[int64]bool {
		out := map[int64]bool{}
		for _, n := range ns {
			out[n] = true
		}
		return out
	}
	for _, c := range []struct {
		what  string
		lease Lease
		found Found
		want  string
	}{
		{"in use, nothing missing", Lease{1, 10, 4, Active}, Found{Used: set(1, 2, 3)}, ""},
		{"in use", Lease{1, 10, 5, Active}, Found{Used: set(1, 3)}, "2-2 unsent, 4-4 unsent"},
		{"given back", Lease{1, 10, 5, Returned}, Found{Used: set(1, 2, 3)}, "4-4 unsent, 5-10 returned"},
		{"expired", Lease{1, 10, 5, Expired}, Found{Used: set(1, 2, 3, 4)}, "5-10 expired"},
		{"lost", Lease{1, 10, 5, Lost}, Found{Used: set(1, 2, 7)}, "3-6 lost, 8-10 lost"},
		{"dropped and refused", Lease{1, 10, 6, Active}, Found{Used: set(1), Dropped: set(2, 3), Refused: set(4)}, "2-3 dropped, 4-4 refused, 5-5 unsent"},
		{"dropped, and made again", Lease{1, 10, 3, Active}, Found{Used: set(1, 2), Dropped: set(1), Refused: set(2)}, ""},
	} {
		var got []string
		for _, g := range c.lease.Gaps(c.found) {
			got = append(got, fmt.Sprintf("%d-%d %s", g.First, g.Last, g.Reason))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", c.what, strings.Join(got, ", "), c.want)
		}
	}
	if !slices.Contains([]string{GapDropped}, Lease{1, 1, 2, Lost}.gap(1, Found{Dropped: set(1)})) {
		t.Error("what was dropped before its phone was lost was dropped")
	}
}
