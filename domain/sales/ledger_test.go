package sales

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
)

func TestAllocate(t *testing.T) {
	debit := func(id, day string, fen int, order ...string) OpenEntry {
		return OpenEntry{ID: id, Day: day, Fen: fen, Order: strings.Join(order, "")}
	}
	credit := func(id, day string, fen int, order ...string) OpenEntry { return debit(id, day, -fen, order...) }
	for _, c := range []struct {
		what string
		open []OpenEntry
		want []Allocation
	}{
		{"nothing", nil, nil},
		{"nothing owed", []OpenEntry{credit("c", "2026-03-01", 5)}, nil},
		{"a part", []OpenEntry{debit("d", "2026-03-01", 100), credit("c", "2026-03-02", 30)}, []Allocation{{"c", "d", 30}}},
		{"all of it", []OpenEntry{debit("d", "2026-03-01", 100), credit("c", "2026-03-02", 100)}, []Allocation{{"c", "d", 100}}},
		{"more than is owed", []OpenEntry{debit("d", "2026-03-01", 100), credit("c", "2026-03-02", 130)}, []Allocation{{"c", "d", 100}}},
		{
			"the oldest due first",
			[]OpenEntry{debit("late", "2026-04-01", 50), debit("old", "2026-02-01", 50), credit("c", "2026-03-02", 70)},
			[]Allocation{{"c", "old", 50}, {"c", "late", 20}},
		},
		{"of one day by id", []OpenEntry{debit("b", "2026-03-01", 5), debit("a", "2026-03-01", 5), credit("c", "2026-03-02", 6)}, []Allocation{{"c", "a", 5}, {"c", "b", 1}}},
		{
			"the oldest credit first",
			[]OpenEntry{debit("d", "2026-03-01", 50), credit("new", "2026-03-05", 40), credit("old", "2026-03-02", 40)},
			[]Allocation{{"old", "d", 40}, {"new", "d", 10}},
		},
		{
			"a return of an order against that",
			[]OpenEntry{debit("other", "2026-01-01", 50, "o1"), debit("own", "2026-03-01", 20, "o2"), credit("c", "2026-03-02", 30, "o2")},
			[]Allocation{{"c", "own", 20}, {"c", "other", 10}},
		},
	} {
		if got := Allocate(c.open); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// TestAllocationsLeaveOneSideOpen whatever there is: what is taken of an entry is
// never more than it has, and credits and debits are not open at once.
func TestAllocationsLeaveOneSideOpen(t *testing.T) {
	dice := rand.New(rand.NewPCG(4, 3))
	for range 500 {
		var open []OpenEntry
		left := map[string]int{}
		for i := range dice.IntN(12) {
			e := OpenEntry{ID: fmt.Sprint(i), Day: fmt.Sprintf("2026-03-%02d", 1+dice.IntN(28)), Fen: dice.IntN(200) - 100, Order: fmt.Sprint(dice.IntN(3))}
			open, left[e.ID] = append(open, e), e.Fen
		}
		for _, a := range Allocate(open) {
			left[a.Credit] += a.Fen
			left[a.Debit] -= a.Fen
			if left[a.Credit] > 0 || left[a.Debit] < 0 || a.Fen <= 0 {
				t.Fatalf("%v takes more than there is of %v", a, open)
			}
		}
		owed, held := false, false
		for _, fen := range left {
			owed, held = owed || fen > 0, held || fen < 0
		}
		if owed && held {
			t.Fatalf("both sides of %v are open: %v", open, left)
		}
	}
}

func TestAllocationsThatFinanceNames(t *testing.T) {
	open := []OpenEntry{{ID: "d1", Fen: 100}, {ID: "d2", Fen: 50}, {ID: "c", Fen: -20}}
	for _, c := range []struct {
		what   string
		credit int
		named  []Allocation
		want   string
	}{
		{"none", 10, nil, ""},
		{"both", 150, []Allocation{{Debit: "d2", Fen: 50}, {Debit: "d1", Fen: 100}}, ""},
		{"one twice", 150, []Allocation{{Debit: "d2", Fen: 30}, {Debit: "d2", Fen: 20}}, ""},
		{"one twice and too much", 150, []Allocation{{Debit: "d2", Fen: 30}, {Debit: "d2", Fen: 21}}, "receipt.allocation_invalid"},
		{"more than is open", 150, []Allocation{{Debit: "d2", Fen: 51}}, "receipt.allocation_invalid"},
		{"more than came", 40, []Allocation{{Debit: "d2", Fen: 41}}, "receipt.allocation_invalid"},
		{"nothing of it", 40, []Allocation{{Debit: "d2"}}, "receipt.allocation_invalid"},
		{"below nothing", 40, []Allocation{{Debit: "d2", Fen: -1}}, "receipt.allocation_invalid"},
		{"a credit", 40, []Allocation{{Debit: "c", Fen: 1}}, "receipt.allocation_invalid"},
		{"another's", 40, []Allocation{{Debit: "x", Fen: 1}}, "receipt.allocation_invalid"},
	} {
		if got := domain.CodeOf(CheckAllocations(c.credit, c.named, open)); got != c.want {
			t.Errorf("%s: %q", c.what, got)
		}
	}
}

func TestLedgerAmounts(t *testing.T) {
	for fen, want := range map[int]string{1: "", LedgerMost: "", 0: "x", -1: "x", LedgerMost + 1: "x", 1<<62 - 1: "x"} {
		if got := domain.CodeOf(CheckLedgerAmount("x", fen)); got != want {
			t.Errorf("%d: %q", fen, got)
		}
	}
}

// TestCreditNotesSubtract: what comes back or is paid never adds to what is owed.
func TestCreditNotesSubtract(t *testing.T) {
	for kind, want := range map[string]int{EntryDelivery: 7, EntryReversal: 7, EntryReturn: -7, EntryReceipt: -7, EntryDeduction: -7} {
		if got := EntryAmount(kind, 7); got != want {
			t.Errorf("%s: %d", kind, got)
		}
	}
	s := Sum(1000, []Entry{
		{"e1", EntryDelivery, "D1", "2026-03-01", 500},
		{"e2", EntryReturn, "R1", "2026-03-02", -120},
		{"e3", EntryReceipt, "", "2026-03-03", -300},
		{"e4", EntryReversal, "", "2026-03-04", 100},
		{"e5", EntryDeduction, "", "2026-03-05", -30},
	})
	digest := s.SHA256
	s.SHA256 = ""
	if want := (Statement{Opening: 1000, Delivered: 500, Returned: 120, Received: 200, Deducted: 30, Closing: 1150, Entries: 5}); !reflect.DeepEqual(s, want) {
		t.Errorf("%+v", s)
	}
	if s.Closing != s.Opening+s.Delivered-s.Returned-s.Received-s.Deducted {
		t.Error("the sums do not add up")
	}
	if other := Sum(0, []Entry{{"e1", EntryDelivery, "D1", "2026-03-01", 501}}).SHA256; len(digest) != 64 || digest == other {
		t.Errorf("digests %s and %s", digest, other)
	}
}

func TestWhatComesLateIsBookedAfterWhatIsClosed(t *testing.T) {
	for _, c := range [][3]string{
		{"2026-03-16", "", "2026-03-16"}, {"2026-03-16", "2026-02-28", "2026-03-16"}, {"2026-02-28", "2026-02-28", "2026-03-01"}, {"2026-01-09", "2026-02-28", "2026-03-01"},
	} {
		if got := BookedOn(c[0], c[1]); got != c[2] {
			t.Errorf("%v: %s", c, got)
		}
	}
	for month, want := range map[string]string{"": "", "2026-02": "2026-02-28", "2028-02": "2028-02-29", "2026-12": "2026-12-31"} {
		if got := MonthEnd(month); got != want {
			t.Errorf("%s ends %s", month, got)
		}
	}
	for _, c := range [][3]string{
		{"2026-02", "", ""},
		{"2026-02", "2026-01", ""},
		{"2026-03", "2026-01", "statement.month_invalid"},
		{"2026-02", "2026-02", "statement.month_invalid"},
		{"2026-01", "2026-02", "statement.month_invalid"},
		{"2026-13", "", "statement.month_invalid"},
		{"", "", "statement.month_invalid"},
		{"2026", "", "statement.month_invalid"},
	} {
		if got := domain.CodeOf(CheckStatementMonth(c[0], c[1], "2026-03-16")); got != c[2] {
			t.Errorf("%v: %q", c, got)
		}
	}
}

func TestCreditReasons(t *testing.T) {
	for _, c := range []struct {
		what     string
		credit   Credit
		more     int64
		required bool
		want     string
	}{
		{"fits to the fen", Credit{LimitFen: 100, OpenFen: 60}, 40, false, ""},
		{"a fen too much", Credit{LimitFen: 100, OpenFen: 60}, 41, false, CreditExceeded},
		{"nothing more, but over already", Credit{LimitFen: 100, OpenFen: 101}, 0, false, CreditExceeded},
		{"paid before", Credit{LimitFen: 100, OpenFen: -50}, 150, false, ""},
		{"overdue", Credit{LimitFen: 100, OpenFen: 1, OverdueFen: 1}, 1, false, CreditOverdue},
		{"both", Credit{LimitFen: 100, OpenFen: 100, OverdueFen: 1}, 1, false, CreditExceeded + "," + CreditOverdue},
		{"no limit", Credit{OpenFen: 1000, OverdueFen: 1000}, 1000, false, ""},
		{"no limit, and one is required", Credit{}, 1, true, CreditExceeded},
		{"no limit, one is required, all paid before", Credit{OpenFen: -10}, 10, true, ""},
	} {
		if got := strings.Join(c.credit.Reasons(c.more, c.required), ","); got != c.want {
			t.Errorf("%s: %s", c.what, got)
		}
	}
	if free := (Credit{LimitFen: 100, OpenFen: 130}).FreeFen(); free != -30 {
		t.Errorf("%d are free", free)
	}
	if free := (Credit{OpenFen: 130}).FreeFen(); free != 0 {
		t.Errorf("%d are free without a limit", free)
	}
}

func TestRebateTiers(t *testing.T) {
	for _, c := range []struct {
		what  string
		tiers []RebateTier
		fits  bool
	}{
		{"none", nil, false},
		{"one", []RebateTier{{0, 100}}, true},
		{"rising", []RebateTier{{100, 100}, {200, 50}}, true},
		{"twice the same", []RebateTier{{100, 100}, {100, 200}}, false},
		{"falling", []RebateTier{{200, 100}, {100, 200}}, false},
		{"below nothing", []RebateTier{{-1, 100}}, false},
		{"no rate", []RebateTier{{0, 0}}, false},
		{"more than all", []RebateTier{{0, 10_001}}, false},
		{"too far", []RebateTier{{LedgerMost + 1, 1}}, false},
		{"too many", make([]RebateTier, 21), false},
	} {
		if got := CheckRebateTiers(c.tiers) == nil; got != c.fits {
			t.Errorf("%s: %v", c.what, got)
		}
	}
	tiers := []RebateTier{{100_000, 100}, {500_000, 250}}
	for _, c := range [][3]int{
		{0, 0, 0},
		{99_999, 0, 0},
		{100_000, 100, 1000},
		{100_049, 100, 1000},
		{100_050, 100, 1001},
		{499_999, 100, 5000},
		{500_000, 250, 12_500},
		{-5, 0, 0},
		{LedgerMost * 90, 250, LedgerMost * 90 / 40},
	} {
		if bp, fen := RebateAccrued(tiers, c[0]); bp != c[1] || fen != c[2] {
			t.Errorf("of %d: %d bp, %d fen", c[0], bp, fen)
		}
	}
	if bp, fen := RebateAccrued([]RebateTier{{0, 300}}, -100); bp != 0 || fen != 0 {
		t.Errorf("below nothing: %d bp, %d fen", bp, fen)
	}
}

func TestRebatePeriods(t *testing.T) {
	for _, c := range [][5]string{
		{RebateMonth, "2026-02-14", "2026-02", "2026-02-01", "2026-02-28"},
		{RebateQuarter, "2026-03-31", "2026-Q1", "2026-01-01", "2026-03-31"},
		{RebateQuarter, "2026-04-01", "2026-Q2", "2026-04-01", "2026-06-30"},
		{RebateQuarter, "2026-12-01", "2026-Q4", "2026-10-01", "2026-12-31"},
		{RebateYear, "2026-07-01", "2026", "2026-01-01", "2026-12-31"},
	} {
		name := RebatePeriod(c[0], c[1])
		if days := RebateDays(name); name != c[2] || days.From != c[3] || days.To != c[4] {
			t.Errorf("%v: %s %v", c, name, days)
		}
	}
	if got := RebatePeriod(RebateQuarter, "x"); got != "" {
		t.Error(got)
	}
	if got := RebateWithin("2026-Q1", "2026-02-01", "2026-03-15"); got != (domain.Period{From: "2026-02-01", To: "2026-03-15"}) {
		t.Error(got)
	}
	for _, c := range [][3]string{
		{"2026-01-01", "2026-12-31", ""},
		{"2026-01-01", "2026-01-01", ""},
		{"2026-01-02", "2026-01-01", "rebate.days_invalid"},
		{"", "2026-01-01", "rebate.days_invalid"},
		{"2026-01-01", "", "rebate.days_invalid"},
		{"2026-01-01", "2046-01-01", "rebate.days_invalid"},
	} {
		if got := domain.CodeOf(CheckRebateDays(c[0], c[1])); got != c[2] {
			t.Errorf("%v: %q", c, got)
		}
	}
}

func TestLedgerMachines(t *testing.T) {
	office, owner := []domain.Party{domain.PartyOffice}, []domain.Party{domain.PartyOwner}
	all := func(string) bool { return true }
	for _, c := range []struct {
		machine      *domain.Machine
		from, action string
		by           []domain.Party
		holds        func(string) bool
		want         string
	}{
		{&ReceiptMachine, ReceiptReported, ReceiptConfirm, office, all, ReceiptConfirmed},
		{&ReceiptMachine, ReceiptReported, ReceiptConfirm, office, nil, ReceiptOwn},
		{&ReceiptMachine, ReceiptReported, ReceiptConfirm, owner, nil, "receipt.not_finance"},
		{&ReceiptMachine, ReceiptConfirmed, ReceiptConfirm, office, nil, "receipt.state"},
		{&ReceiptMachine, ReceiptReported, ReceiptReverse, office, all, "receipt.state"},
		{&ReceiptMachine, ReceiptConfirmed, ReceiptReverse, office, nil, "receipt.reason_required"},
		{&ReceiptMachine, ReceiptConfirmed, ReceiptReverse, office, all, ReceiptReversed},
		{&ReceiptMachine, ReceiptReversed, ReceiptReverse, office, all, "receipt.state"},
		{&DeductionMachine, DeductionReported, DeductionAccept, office, all, DeductionAccepted},
		{&DeductionMachine, DeductionReported, DeductionAccept, office, nil, DeductionOwn},
		{&DeductionMachine, DeductionAccepted, DeductionReject, office, all, "deduction.state"},
		{&StatementMachine, StatementIssued, StatementConfirm, owner, all, StatementConfirmed},
		{&StatementMachine, StatementIssued, StatementDispute, owner, nil, "statement.answered_by_required"},
		{&StatementMachine, StatementDisputed, StatementConfirm, owner, all, StatementConfirmed},
		{&StatementMachine, StatementConfirmed, StatementDispute, owner, all, "statement.state"},
		{&AccrualMachine, AccrualOpen, AccrualSettle, office, all, "rebate.state"},
		{&AccrualMachine, AccrualOpen, AccrualClose, office, all, "action.unknown"},
		{&AccrualMachine, AccrualClosed, AccrualSettle, office, all, AccrualSettled},
	} {
		step, err := c.machine.Take(c.from, c.action, c.by, c.holds)
		if got := domain.CodeOf(err) + step.Next(""); got != c.want {
			t.Errorf("%s of %s in %s: %s, want %s", c.action, c.machine.Collection, c.from, got, c.want)
		}
	}
	if step, err := AccrualMachine.Own(AccrualOpen, AccrualClose); err != nil || step.Next("") != AccrualClosed {
		t.Errorf("%v %v", step, err)
	}
}
