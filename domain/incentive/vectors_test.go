package incentive_test

import (
	"encoding/json/v2"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/incentive"
)

// plan is the policy's own: 100 to 110 % one per cent, to 130 % one and a half, two above.
var plan = incentive.Plan{
	Tiers:  []incentive.Tier{{FromBP: 10_000, RateBP: 100}, {FromBP: 11_000, RateBP: 150}, {FromBP: 13_000, RateBP: 200}},
	GateBP: 10_000, GateGrade: "B", FloorBP: 1000, LowBP: 5000, HoldDays: 180, ManagerBP: 1000,
}

// yuan is money as the tables write it, read without a float.
type yuan string

func (y yuan) fen() int {
	text := strings.Replace(string(y), ".", "", 1)
	n, err := strconv.Atoi(text)
	if err != nil || len(y) < 4 || y[len(y)-3] != '.' {
		panic("no amount: " + string(y))
	}
	return n
}

// bp reads a factor such as 1.2.
func bp(text string) int {
	return int(decimal.RequireFromString(text).Mul(decimal.NewFromInt(10_000)).IntPart())
}

// table reads the cases of a file, none of which is named twice.
func table[C any](t *testing.T, file string, name func(C) string) (cases []C) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &cases, json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range cases {
		if seen[name(c)] || name(c) == "" {
			t.Errorf("%s has %q twice", file, name(c))
		}
		seen[name(c)] = true
	}
	return cases
}

// policy: R6.7 bonus
func TestBonusByHand(t *testing.T) {
	type row struct {
		Name, Worked string
		Cycle        [2]string
		Bases        []struct {
			From, Left string
			Yuan       yuan
		}
		Coefficient, Factor, Hold string
		Amount, Paid, Held        yuan
	}
	for _, c := range table(t, "bonus", func(c row) string { return c.Name }) {
		cycle := domain.Period{From: c.Cycle[0], To: c.Cycle[1]}
		var bases []incentive.Base
		for _, b := range c.Bases {
			bases = append(bases, incentive.Base{From: b.From, Left: b.Left, Fen: b.Yuan.fen()})
		}
		slices.Reverse(bases)
		amount, paid, held := incentive.Bonus{
			Stretches: incentive.Stretches(cycle, bases), CycleDays: incentive.Days(cycle), CoefBP: bp(c.Coefficient), FactorBP: bp(c.Factor), HoldBP: bp(c.Hold),
		}.Reckon()
		if amount != c.Amount.fen() || paid != c.Paid.fen() || held != c.Held.fen() {
			t.Errorf("%s: %d, paid %d, held %d; by hand %s", c.Name, amount, paid, held, c.Worked)
		}
	}
}

// policy: R6.7 hold
func TestSettlementByHand(t *testing.T) {
	type row struct {
		Name, Worked, Annual string
		Quarters             []struct {
			Yuan        yuan
			Coefficient string
			Days, All   int
		}
		Settled yuan
	}
	for _, c := range table(t, "settlement", func(c row) string { return c.Name }) {
		var quarters []incentive.Bonus
		for _, q := range c.Quarters {
			quarters = append(quarters, incentive.Bonus{
				Stretches: []incentive.Stretch{{Days: q.Days, Fen: q.Yuan.fen()}}, CycleDays: q.All, CoefBP: bp(q.Coefficient), FactorBP: 10_000, HoldBP: 2000,
			})
		}
		got := incentive.SettleLeaver(quarters)
		if c.Annual != "" {
			got = incentive.SettleHold(quarters, bp(c.Annual))
		}
		if got != c.Settled.fen() {
			t.Errorf("%s: %d; by hand %s", c.Name, got, c.Worked)
		}
	}
}

// policy: R6.8 commission
func TestCommissionByHand(t *testing.T) {
	type row struct {
		Name, Worked, Grade, Reason string
		Targets                     []struct {
			Yuan      yuan
			Days, All int
		}
		Orders []struct {
			Order     string
			Yuan, Low yuan
		}
		Tiers, Lines []yuan
		Total        yuan
	}
	for _, c := range table(t, "commission", func(c row) string { return c.Name }) {
		target := decimal.Zero
		for _, part := range c.Targets {
			target = target.Add(incentive.Prorated(part.Yuan.fen(), part.Days, part.All))
		}
		var sales []incentive.Sale
		for _, o := range c.Orders {
			s := incentive.Sale{Order: o.Order, Fen: o.Yuan.fen()}
			if o.Low != "" {
				s.LowFen = o.Low.fen()
			}
			sales = append(sales, s)
		}
		got := plan.Reckon(target, c.Grade, sales)
		var tiers, lines []int
		for _, tier := range got.Tiers {
			tiers = append(tiers, tier.Fen)
		}
		for _, line := range got.Lines {
			lines = append(lines, line.Fen)
		}
		if !same(tiers, c.Tiers) || c.Lines != nil && !same(lines, c.Lines) || got.Total() != c.Total.fen() || got.Reason != c.Reason {
			t.Errorf("%s: tiers %d, lines %d, %q; by hand %s", c.Name, tiers, lines, got.Reason, c.Worked)
		}
	}
}

func same(got []int, want []yuan) bool {
	return slices.EqualFunc(got, want, func(n int, y yuan) bool { return n == y.fen() })
}

// policy: R6.8 clawback
func TestReturnsByHand(t *testing.T) {
	type row struct {
		Name, Worked, Grade         string
		Target                      yuan
		Sold, Returned, Differences []yuan
	}
	for _, c := range table(t, "returns", func(c row) string { return c.Name }) {
		target, left := decimal.NewFromInt(int64(c.Target.fen())), c.Sold[0].fen()
		booked := plan.Reckon(target, c.Grade, []incentive.Sale{{Order: "A", Fen: left}}).Lines
		for i, back := range c.Returned {
			left -= back.fen()
			lines := incentive.Differences(booked, plan.Reckon(target, c.Grade, []incentive.Sale{{Order: "A", Fen: left}}).Lines)
			if sum(lines) != c.Differences[i].fen() {
				t.Errorf("%s, part %d: %d; by hand %s", c.Name, i+1, sum(lines), c.Worked)
			}
			booked = append(booked, lines...)
		}
	}
}

func sum(lines []incentive.Line) (n int) {
	for _, l := range lines {
		n += l.Fen
	}
	return n
}

// policy: R6.8 hold
func TestHoldByHand(t *testing.T) {
	type row struct {
		Name, Worked           string
		Total, Collected, Open yuan
		AsOf                   string `json:"as_of"`
		Late                   bool
		CollectedOn            yuan `json:"collected_on_last_day"`
		OpenOn                 yuan `json:"open_on_last_day"`
		Payable, Held, Lapsed  yuan
	}
	till := incentive.HeldTill(domain.Period{From: "2026-01-01", To: "2026-03-31"}, 180)
	for _, c := range table(t, "hold", func(c row) string { return c.Name }) {
		now := incentive.Collected{Fen: c.Collected.fen(), OpenFen: c.Open.fen()}
		then := now
		if c.CollectedOn != "" {
			then = incentive.Collected{Fen: c.CollectedOn.fen(), OpenFen: c.OpenOn.fen()}
		}
		got := incentive.Position{Fen: c.Total.fen(), Till: till}.Settle(c.AsOf, now, then, c.Late)
		if want := (incentive.Settled{Payable: c.Payable.fen(), Held: c.Held.fen(), Lapsed: c.Lapsed.fen()}); got != want {
			t.Errorf("%s: %+v; by hand %s", c.Name, got, c.Worked)
		}
	}
}

func TestBalanceByHand(t *testing.T) {
	type row struct {
		Name                           string
		Carried, Due, Pay, Carry, Owed yuan
		Left                           bool
	}
	for _, c := range table(t, "balance", func(c row) string { return c.Name }) {
		pay, carry, owed := incentive.Balance(c.Carried.fen(), c.Due.fen(), c.Left)
		if pay != c.Pay.fen() || carry != c.Carry.fen() || owed != c.Owed.fen() {
			t.Errorf("%s: %d %d %d", c.Name, pay, carry, owed)
		}
	}
}

// policy: R6.8 manager_share
func TestShareByHand(t *testing.T) {
	type row struct {
		Name, Worked              string
		Team, Sold, Target, Share yuan
		BP                        int `json:"bp"`
	}
	for _, c := range table(t, "share", func(c row) string { return c.Name }) {
		reached := incentive.Attained(c.Sold.fen(), decimal.NewFromInt(int64(c.Target.fen())), 10_000)
		if got := incentive.Share(c.Team.fen(), c.BP, reached); got != c.Share.fen() {
			t.Errorf("%s: %d; by hand %s", c.Name, got, c.Worked)
		}
	}
}

type past struct {
	Period, Grade string
	Gate          bool
}

func pasts(rows []past) (out []incentive.Past) {
	for _, r := range rows {
		out = append(out, incentive.Past(r))
	}
	return out
}

// policy: R6.9 promotion
func TestPromotionByHand(t *testing.T) {
	type row struct {
		Name, Latest, End, Says string
		Since                   string `json:"grade_since"`
		Pasts                   []past
	}
	rule := incentive.PromotionRule{Grade: "A", Quarters: 4, QuartersOf: 4, Years: 2, YearsOf: 2, Clean: 12, InGrade: 12}
	for _, c := range table(t, "promotion", func(c row) string { return c.Name }) {
		says, ok := rule.Candidate(pasts(c.Pasts), c.Latest, c.Since, c.End)
		if says != c.Says || ok != (says == incentive.ByQuarters || says == incentive.ByYears) {
			t.Errorf("%s: %s %v", c.Name, says, ok)
		}
	}
}

// policy: R6.10 improvement
func TestImprovementByHand(t *testing.T) {
	type row struct {
		Name, Latest string
		Pasts        []past
		Needs        bool
	}
	for _, c := range table(t, "improvement", func(c row) string { return c.Name }) {
		if got := incentive.Needs(pasts(c.Pasts), c.Latest); got != c.Needs {
			t.Errorf("%s: %v", c.Name, got)
		}
	}
}

// policy: R6.11 honours
func TestHonoursByHand(t *testing.T) {
	type row struct {
		Name       string
		Department []struct{ Person, Grade, Value string }
		Honoured   []string
	}
	for _, c := range table(t, "honours", func(c row) string { return c.Name }) {
		var all []incentive.Ranked
		for _, p := range c.Department {
			r := incentive.Ranked{Person: p.Person, Grade: p.Grade}
			if p.Value != "" {
				v := decimal.RequireFromString(p.Value)
				r.Value = &v
			}
			all = append(all, r)
		}
		slices.Reverse(all)
		got := []string{}
		for _, r := range incentive.Honoured(all, 1000, "A") {
			got = append(got, r.Person)
		}
		if !reflect.DeepEqual(got, c.Honoured) {
			t.Errorf("%s: %v", c.Name, got)
		}
	}
}

// TestAnAppealAfterTheBonusWasPaid pays the difference: B with 10,000 yuan, then A.
func TestAnAppealAfterTheBonusWasPaid(t *testing.T) {
	b := incentive.Bonus{Stretches: []incentive.Stretch{{Days: 90, Fen: 10_000_00}}, CycleDays: 90, CoefBP: 10_000, FactorBP: 10_000, HoldBP: 2000}
	was, paid, held := b.Reckon()
	b.CoefBP = 12_000
	is, pays, holds := b.Reckon()
	if is-was != 2_000_00 || pays-paid != 1_600_00 || holds-held != 400_00 {
		t.Error(is-was, pays-paid, holds-held)
	}
}

// TestReturnsAreOfWhatWasDeliveredLast, and of nothing twice.
func TestReturnsAreOfWhatWasDeliveredLast(t *testing.T) {
	moves := []incentive.Moved{{"2026-01-10", 100}, {"2026-04-02", 60}, {"2026-03-20", -30}, {"2026-04-05", -80}, {"2026-05-01", -50}}
	q1, q2 := domain.Period{From: "2026-01-01", To: "2026-03-31"}, domain.Period{From: "2026-04-01", To: "2026-06-30"}
	got := fmt.Sprint(
		incentive.SoldIn(moves, q1, q1.To), incentive.SoldIn(moves, q2, "2026-04-04"), incentive.SoldIn(moves, q2, q2.To),
		incentive.SoldIn(moves, q1, "2026-04-30"), incentive.SoldIn(moves, q1, q2.To),
	)
	if got != "70 60 0 50 0" {
		t.Error(got)
	}
}
