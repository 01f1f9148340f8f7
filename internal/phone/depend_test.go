package phone

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"satchel/syncer"
)

// TestWhatAnEditBuildsOn: it names the pending edits without which it makes no
// sense, and no others.
func TestWhatAnEditBuildsOn(t *testing.T) {
	store, err := OpenStore("")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	p := New(Config{Now: func() time.Time { return time.Unix(0, 0) }, Rand: rand.New(rand.NewPCG(1, 2))}, store)
	const account, contact, visit, step, other = "account00000000", "contact00000000", "visit0000000000", "step00000000000", "other0000000000"
	failed := errors.New("a step of a group fails")
	for _, err := range []error{
		p.Create("accounts", account, Row{"name": "店"}),                            // 1
		p.Update("accounts", account, Row{"note": "a"}),                            // 2
		p.Update("accounts", account, Row{"note": "b"}),                            // 3
		p.Create("contacts", contact, Row{"account": account, "name": "王"}),        // 4
		p.Update("contacts", contact, Row{"phone": "1"}),                           // 5
		p.Update("contacts", contact, Row{"phone": "2"}),                           // 6
		p.Create("visits", visit, Row{"account": "elsewhere000000"}),               // 7
		p.Act("visits", visit, "check_in", Row{}),                                  // 8
		p.Act("visits", visit, "check_out", Row{"with": []any{contact, "nobody"}}), // 9
		p.Create("visit_steps", step, Row{"visit": visit}),                         // 10
		p.Delete("contacts", contact),                                              // 11
		p.Group(func() error { // 12, 13
			return errors.Join(p.Create("orders", other, Row{"visit": visit}), p.Act("orders", other, "submit", Row{}))
		}),
		p.Group(func() error { return p.Create("orders", "alone0000000000", Row{}) }), // 14
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Group(func() error { return errors.Join(p.Create("orders", "never0000000000", Row{}), failed) }); !errors.Is(err, failed) {
		t.Errorf("a group that failed: %v", err)
	}
	if _, err := p.Get("orders", "never0000000000"); !errors.Is(err, ErrNoRow) {
		t.Errorf("the phone shows half a group: %v", err)
	}
	all, err := p.Captured(0)
	if err != nil || len(all) != 14 {
		t.Fatalf("%d captured, %v", len(all), err)
	}
	want := map[int64][]int64{2: {1}, 3: {1}, 4: {1, 3}, 5: {4}, 6: {4}, 8: {7}, 9: {4, 6, 7, 8}, 10: {7}, 12: {7}}
	for _, m := range all {
		var got []int64
		for _, id := range m.After {
			i := slices.IndexFunc(all, func(o syncer.Mutation) bool { return o.ID == id })
			got = append(got, all[i].N)
		}
		if !slices.Equal(got, want[m.N]) {
			t.Errorf("%d (%s %s) builds on %v, want %v", m.N, m.Op, m.C, got, want[m.N])
		}
	}
	if g := all[11].Group; g == "" || all[12].Group != g || all[13].Group != "" {
		t.Errorf("the groups are %q, %q, %q", g, all[12].Group, all[13].Group)
	}
}
