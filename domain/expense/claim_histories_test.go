package expense

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"satchel/internal/effort"
)

// Faults of an office, for tests of the tests.
const (
	faultKeyEarly  = "a key is freed when the claim is approved"
	faultRounding  = "shares are rounded one by one"
	faultCutHeld   = "what was cut stays reserved"
	faultUnsigned  = "what changed since the signature is approved"
	faultPaidTwice = "paid again after a partly failed file"
	faultCleared   = "an advance is cleared twice"
)

// office is what handles claims: by the rules of this package, over a ledger in memory.
type office struct {
	fault   string
	entries map[BudgetDoc][]BudgetEntry
	claims  map[string]*filed
	keys    map[string]string // taken invoices, by claim
	lent    int               // an advance, as it was paid
	cleared int
}

// filed is a claim.
type filed struct {
	id, state, key    string
	lines             []ClaimLine
	fen               [][]int // of its lines' shares
	approvedShares    [][]int
	approved, paid    int
	payments, cleared int
	signed            string // what was handed in
	approvedContent   string
	advance           bool
}

var claimLeaves = []string{"a", "b", "c"}

func (f *filed) content() string { return fmt.Sprint(f.lines) }

func (o *office) clone() *office {
	out := &office{fault: o.fault, entries: maps.Clone(o.entries), claims: map[string]*filed{}, keys: maps.Clone(o.keys), lent: o.lent, cleared: o.cleared}
	for id, f := range o.claims {
		copied := *f
		copied.lines = slices.Clone(f.lines)
		out.claims[id] = &copied
	}
	return out
}

func (o *office) take(f *filed, action string) bool {
	step, err := ClaimMachine.Own(f.state, action)
	if err != nil {
		return false
	}
	f.state = step.Next(f.state)
	return true
}

func doc(f *filed) BudgetDoc { return BudgetDoc{"expense_claims", f.id} }

func (o *office) step(f *filed) *BudgetStep {
	return &BudgetStep{Doc: doc(f), Entries: o.entries, Open: func(BudgetDoc) bool { return true }}
}

func (o *office) book(entries []BudgetEntry) {
	for _, e := range entries {
		o.entries[e.Doc] = append(slices.Clone(o.entries[e.Doc]), e)
	}
}

// split places the shares of all lines, of what is asked for and of what is approved.
func (o *office) split(f *filed) {
	f.fen, f.approvedShares = nil, nil
	for _, l := range f.lines {
		fen, err := PlaceShares(l)
		if err != nil {
			panic(err)
		}
		approved := ApprovedShares(l.Approved, fen)
		if o.fault == faultRounding {
			sum := 0
			for _, s := range l.Shares {
				sum += s.Weight
			}
			for i, s := range l.Shares {
				approved[i] = (l.Approved*s.Weight*2 + sum) / (2 * sum)
			}
		}
		f.fen, f.approvedShares = append(f.fen, fen), append(f.approvedShares, approved)
	}
}

// asks are what the shares of a claim want of their leaves.
func (f *filed) asks() (out []BudgetAsk) {
	for i, l := range f.lines {
		for j, s := range l.Shares {
			out = append(out, BudgetAsk{Line: fmt.Sprint(i, ".", j), Node: s.ID, Day: "2026-03-15", Fen: f.approvedShares[i][j]})
		}
	}
	return out
}

func (o *office) reserve(f *filed) {
	entries, err := o.step(f).Reserve(f.asks())
	if err != nil {
		panic(err)
	}
	o.book(entries)
}

func (o *office) submit(f *filed) bool {
	if !slices.Contains(ClaimWritten, f.state) {
		return false
	}
	if by, taken := o.keys[f.key]; taken && by != f.id {
		return false
	}
	total, err := ClaimTotal(f.lines)
	if err != nil {
		return false
	}
	for i := range f.lines {
		f.lines[i].Approved = f.lines[i].Fen
	}
	f.state, f.approved, f.signed = ClaimSubmitted, total, ""
	o.keys[f.key] = f.id
	o.split(f)
	o.reserve(f)
	f.signed = f.content()
	return true
}

// giveBack frees all that a claim holds.
func (o *office) giveBack(f *filed, state string) {
	o.book(o.step(f).Release())
	delete(o.keys, f.key)
	f.state, f.approved = state, 0
}

func (o *office) approve(f *filed, cut *Cut) bool {
	if f.state != ClaimSubmitted || f.signed != f.content() && o.fault != faultUnsigned {
		return false
	}
	if cut != nil {
		at := slices.IndexFunc(f.lines, func(l ClaimLine) bool { return l.ID == cut.Line })
		if CutLine(f.lines[at], *cut) != nil {
			return false
		}
		f.lines = slices.Clone(f.lines)
		f.lines[at].Approved = cut.Fen
		f.approved = 0
		for _, l := range f.lines {
			f.approved += l.Approved
		}
		o.split(f)
		if o.fault != faultCutHeld {
			o.reserve(f)
		}
	}
	f.approvedContent = f.signed
	f.state = ClaimApproved
	if o.fault == faultKeyEarly {
		delete(o.keys, f.key)
	}
	return true
}

func (o *office) pay(f *filed, fen int) bool {
	again := o.fault == faultPaidTwice && f.state == ClaimPaid
	if _, err := ClaimMachine.Own(f.state, ClaimPay); err != nil && !again {
		return false
	}
	clear, err := ClaimDue(f.approved, fen, f.advance)
	if err != nil || o.cleared+clear > o.lent {
		return false
	}
	if !again {
		entries, err := o.step(f).Spend(f.asks())
		if err != nil {
			panic(err)
		}
		o.book(entries)
		o.take(f, ClaimPay)
	}
	f.payments += fen
	f.paid, f.cleared = fen, clear
	o.cleared += clear
	if o.fault == faultCleared {
		o.cleared += clear
	}
	return true
}

func (o *office) unpay(f *filed) bool {
	if !o.take(f, ClaimUnpay) {
		return false
	}
	o.book(o.step(f).Reverse())
	o.reserve(f)
	f.payments -= f.paid
	o.cleared -= f.cleared
	f.paid, f.cleared = 0, 0
	return true
}

func (o *office) reverse(f *filed) bool {
	switch f.state {
	case ClaimApproved:
	case ClaimPaid:
		o.book(o.step(f).Reverse())
		o.cleared -= f.cleared
		f.cleared = 0
	default:
		return false
	}
	o.giveBack(f, ClaimReversed)
	return true
}

// recount holds the office to its claims alone.
func (o *office) recount() string {
	reserved, spent, keys, cleared := map[string]int{}, map[string]int{}, map[string]string{}, 0
	for _, f := range o.claims {
		sum := 0
		for i, l := range f.lines {
			sum += l.Approved
			if f.state == ClaimDraft || f.approvedShares == nil {
				continue
			}
			shares, whole := 0, 0
			for _, fen := range f.fen[i] {
				whole += fen
			}
			for j, fen := range f.approvedShares[i] {
				shares += fen
				if exact := l.Approved * f.fen[i][j]; fen*whole <= exact-whole || fen*whole >= exact+whole {
					return fmt.Sprintf("%s: a share of %d is %d", f.id, l.Approved, fen)
				}
			}
			if f.holds() && shares != l.Approved {
				return fmt.Sprintf("%s: shares of %d come to %d", f.id, l.Approved, shares)
			}
		}
		if f.payments > f.approved && f.state != ClaimReversed {
			return fmt.Sprintf("%s: %d was paid of %d", f.id, f.payments, f.approved)
		}
		cleared += f.cleared
		if !f.holds() {
			continue
		}
		if sum != f.approved {
			return fmt.Sprintf("%s: lines come to %d, the claim to %d", f.id, sum, f.approved)
		}
		if f.state != ClaimSubmitted && f.approvedContent != f.written() {
			return f.id + ": something else was approved than was signed"
		}
		if by := keys[f.key]; by != "" {
			return fmt.Sprintf("%s and %s have the paper %s", f.id, by, f.key)
		}
		keys[f.key] = f.id
		for i, l := range f.lines {
			for j, s := range l.Shares {
				if f.state == ClaimPaid {
					spent[s.ID] += f.approvedShares[i][j]
				} else {
					reserved[s.ID] += f.approvedShares[i][j]
				}
			}
		}
	}
	if cleared != o.cleared || cleared > o.lent {
		return fmt.Sprintf("%d of the advance is cleared, by claims %d of %d", o.cleared, cleared, o.lent)
	}
	booked := map[string]BudgetSums{}
	for _, entries := range o.entries {
		for _, e := range entries {
			booked[e.Node] = booked[e.Node].Add(e.Sums())
		}
	}
	for _, leaf := range claimLeaves {
		if booked[leaf].Reserved != reserved[leaf] || booked[leaf].Spent != spent[leaf] {
			return fmt.Sprintf("%s has %+v booked, by claims %d reserved and %d spent", leaf, booked[leaf], reserved[leaf], spent[leaf])
		}
	}
	return ""
}

func (f *filed) holds() bool {
	return f.state == ClaimSubmitted || f.state == ClaimApproved || f.state == ClaimPaid
}

// written is a claim as it was handed in: all of every line approved.
func (f *filed) written() string {
	lines := slices.Clone(f.lines)
	for i := range lines {
		lines[i].Approved = lines[i].Fen
	}
	return fmt.Sprint(lines)
}

// handled lets n things happen to an office, of which some come late and some twice; it is
// put back to a copy of itself now and then.
func handled(seed uint64, fault string, n int) string {
	dice := rand.New(rand.NewPCG(seed, 26))
	o := &office{fault: fault, entries: map[BudgetDoc][]BudgetEntry{}, claims: map[string]*filed{}, keys: map[string]string{}, lent: dice.IntN(400)}
	var kept *office
	for range n {
		if len(o.claims) < 2 || dice.IntN(5) == 0 {
			f := &filed{id: fmt.Sprint("c", len(o.claims), "-", dice.IntN(1000)), state: ClaimDraft, key: fmt.Sprint("k", dice.IntN(3)), advance: dice.IntN(2) == 0}
			for i := range 1 + dice.IntN(3) {
				l := ClaimLine{ID: fmt.Sprint(i), Fen: 1 + dice.IntN(200)}
				for range 1 + dice.IntN(3) {
					l.Shares = append(l.Shares, ClaimShare{ID: claimLeaves[dice.IntN(3)], Weight: 1 + dice.IntN(7)})
				}
				f.lines = append(f.lines, l)
			}
			o.claims[f.id] = f
		}
		names := slices.Sorted(maps.Keys(o.claims))
		f := o.claims[names[dice.IntN(len(names))]]
		switch what := dice.IntN(14); {
		case what < 4:
			o.submit(f)
		case what < 7:
			var cut *Cut
			if dice.IntN(2) == 0 {
				l := f.lines[dice.IntN(len(f.lines))]
				cut = &Cut{Line: l.ID, Fen: dice.IntN(l.Fen + 1), Reason: "x"}
			}
			o.approve(f, cut)
		case what < 9:
			fen := f.approved
			if f.advance {
				fen = dice.IntN(f.approved + 1)
			}
			o.pay(f, fen)
			if dice.IntN(3) == 0 { // the bank's answer comes twice
				o.pay(f, fen)
			}
		case what == 9:
			o.unpay(f)
		case what == 10:
			if f.state == ClaimSubmitted {
				o.giveBack(f, []string{ClaimDraft, ClaimReturned, ClaimRejected}[dice.IntN(3)])
			}
		case what == 11:
			o.reverse(f)
		case what == 12: // a late phone writes a line; past the rules, if it was handed in
			if f.state == ClaimSubmitted && dice.IntN(2) == 0 {
				f.lines = slices.Clone(f.lines)
				f.lines[0].Name += "!"
				if !o.approve(f, nil) {
					o.giveBack(f, ClaimReturned)
				}
			} else if slices.Contains(ClaimWritten, f.state) {
				f.lines = slices.Clone(f.lines)
				f.lines[0].Fen = 1 + dice.IntN(200)
			}
		case kept == nil:
			kept = o.clone()
		default:
			o, kept = kept, nil
		}
		if wrong := o.recount(); wrong != "" {
			return fmt.Sprintf("seed %d: %s", seed, wrong)
		}
	}
	return ""
}

// policy: R7.5 claims-recount
//
// TestClaimsEqualANaiveRecount over random histories: lines come to claims, shares to
// lines, no paper is taken twice, nobody is paid more than was approved, and the ledger and
// the advance are what claims alone say.
func TestClaimsEqualANaiveRecount(t *testing.T) {
	for seed := range uint64(effort.Times(1_000, 100_000)) {
		if wrong := handled(seed, "", 30); wrong != "" {
			t.Fatal(wrong)
		}
	}
}

// TestPlantedClaimFaultsAreNoticed by the same recount.
func TestPlantedClaimFaultsAreNoticed(t *testing.T) {
	for _, fault := range []string{faultKeyEarly, faultRounding, faultCutHeld, faultUnsigned, faultPaidTwice, faultCleared} {
		noticed := false
		for seed := uint64(0); seed < 300 && !noticed; seed++ {
			noticed = handled(seed, fault, 30) != ""
		}
		if !noticed {
			t.Errorf("not noticed: %s", fault)
		}
	}
}
