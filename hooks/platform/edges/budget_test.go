package edges

import (
	"testing"
	"time"

	"satchel/hooks/platform/gate"
)

// sums checks that every pool holds what its bodies hold, and no more than it may.
func (b *budget) sums(t *testing.T) {
	t.Helper()
	for name, p := range b.pools {
		var sum int64
		for s := range p.open {
			sum += s.held
		}
		if sum != p.held || p.held > p.most || len(p.open) == 0 {
			t.Errorf("%s holds %d, its %d bodies %d, at most %d", name, p.held, len(p.open), sum, p.most)
		}
	}
}

// office is a budget of ten bodies' worth with a clock of its own.
type office struct {
	*budget
	t   *testing.T
	at  time.Time
	cut map[*share]bool
}

const part = 100 << 10

func newOffice(t *testing.T) *office {
	o := &office{t: t, at: time.Unix(0, 0), cut: map[*share]bool{}}
	o.budget = &budget{now: func() time.Time { return o.at }, pools: map[string]*pool{}}
	return o
}

func (o *office) body(user string, bytes int) *share {
	o.t.Helper()
	s := &share{whose: gate.Ended{User: user}}
	s.cut = func() { o.cut[s] = true }
	if !o.open(s, bound{user, 8 * part}, bound{everybody, 10 * part}) {
		o.t.Fatalf("%s finds no room", user)
	}
	if bytes > 0 && !o.grow(s, bytes) {
		o.t.Fatalf("%s has no room for %d bytes", user, bytes)
	}
	o.sums(o.t)
	return s
}

// TestWhoHoldsMostGivesWay with his slowest, not with one that has just begun nor one
// that is whole.
func TestWhoHoldsMostGivesWay(t *testing.T) {
	o := newOffice(t)
	whole := o.body("rich", part)
	o.whole(whole)
	slow := o.body("rich", part/2)
	fast := o.body("rich", 3*part)
	poor := o.body("poor", 3*part)
	o.at = o.at.Add(time.Minute)
	fresh := o.body("rich", 0)
	if o.body("new", 5*part/2); !o.cut[slow] || o.cut[whole] || o.cut[fast] || o.cut[poor] || o.cut[fresh] {
		t.Errorf("cut: slow %v, whole %v, fast %v, poor %v, fresh %v", o.cut[slow], o.cut[whole], o.cut[fast], o.cut[poor], o.cut[fresh])
	}
	if o.grow(slow, 1) {
		t.Error("who gave way goes on")
	}
	for _, s := range []*share{whole, slow, fast, poor, fresh} {
		o.close(s)
		o.close(s)
	}
	o.sums(t)
}

// TestAUsersBudgetIsHisOwn: beyond it his own give way, with all the rest free; and
// where nobody else holds more, the newcomer does himself.
func TestAUsersBudgetIsHisOwn(t *testing.T) {
	o := newOffice(t)
	mine, other := o.body("me", 4*part), o.body("other", part)
	o.at = o.at.Add(time.Minute)
	o.body("me", 4*part)
	if o.body("me", part); !o.cut[mine] || o.cut[other] {
		t.Errorf("mine %v, the other's %v", o.cut[mine], o.cut[other])
	}
	last := o.body("me", 0)
	if o.whole(last); o.grow(last, 1) {
		t.Error("what is whole grows")
	}
	alone := newOffice(t)
	stays := alone.body("a", 4*part)
	alone.whole(stays)
	whole := alone.body("a", 3*part)
	alone.whole(whole)
	more := alone.body("a", part/2)
	if alone.grow(more, 3*part) || alone.cut[stays] {
		t.Error("a body without room goes on, or one that is carried out was cut")
	}
	alone.sums(t)
}

// TestALargeBodyLeavesRoom for its user's next, while it comes and while it is
// carried out.
func TestALargeBodyLeavesRoom(t *testing.T) {
	o := newOffice(t)
	large := o.body("importer", 20*part)
	o.at = o.at.Add(time.Hour)
	first := o.body("importer", part)
	o.whole(large)
	o.body("importer", part)
	if o.cut[large] || o.cut[first] {
		t.Errorf("cut: large %v, first %v", o.cut[large], o.cut[first])
	}
}

// TestAnEndedSessionIsCut, and nobody else's.
func TestAnEndedSessionIsCut(t *testing.T) {
	o := newOffice(t)
	mine, other := o.body("me", part), o.body("other", part)
	if o.end(gate.Ended{User: "me"}); !o.cut[mine] || o.cut[other] {
		t.Errorf("mine %v, the other's %v", o.cut[mine], o.cut[other])
	}
	o.sums(t)
}
