package expense

import (
	"math/rand/v2"
	"slices"
	"testing"

	"satchel/domain"
)

func TestSplitFenIsExact(t *testing.T) {
	for _, c := range []struct {
		what    string
		total   int
		weights []int
		want    []int
	}{
		{"thirds", 100, []int{1, 1, 1}, []int{34, 33, 33}},
		{"the largest remainder", 10, []int{1, 1, 4}, []int{2, 2, 6}},
		{"nothing", 0, []int{3, 1}, []int{0, 0}},
		{"no weights: the first", 7, []int{0, 0}, []int{7, 0}},
		{"of nobody", 7, nil, []int{}},
		{"beyond 64 bits between", BudgetMost, []int{BudgetMost, BudgetMost, 1}, []int{5_000_000_000_000, 5_000_000_000_000, 0}},
	} {
		if got := SplitFen(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	dice := rand.New(rand.NewPCG(1, 26))
	for range 10_000 {
		weights := make([]int, 1+dice.IntN(9))
		for i := range weights {
			weights[i] = dice.IntN(1_000)
		}
		total, sum := dice.IntN(1_000_000), 0
		for _, fen := range SplitFen(total, weights) {
			if fen < 0 {
				t.Fatalf("%d by %v: a share below nothing", total, weights)
			}
			sum += fen
		}
		if sum != total {
			t.Fatalf("%d by %v comes to %d", total, weights, sum)
		}
	}
}

func TestSharesOfALine(t *testing.T) {
	line := func(shares ...ClaimShare) ClaimLine { return ClaimLine{ID: "l", Name: "l", Fen: 100, Shares: shares} }
	for what, c := range map[string]struct {
		line ClaimLine
		want string
	}{
		"none":                      {line(), ""},
		"by weight":                 {line(ClaimShare{Weight: 1}, ClaimShare{Weight: 2}), ""},
		"by amount":                 {line(ClaimShare{Fen: 40}, ClaimShare{Fen: 60}), ""},
		"a fen short":               {line(ClaimShare{Fen: 40}, ClaimShare{Fen: 59}), "claim.shares_sum"},
		"by both":                   {line(ClaimShare{Fen: 40}, ClaimShare{Weight: 1}), "claim.shares_mixed"},
		"by weights, amounts stale": {line(ClaimShare{Fen: 90, Weight: 1}, ClaimShare{Fen: 90, Weight: 1}), ""},
	} {
		if _, err := PlaceShares(c.line); domain.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func TestClaimTotals(t *testing.T) {
	many := make([]ClaimLine, ClaimLinesMost+1)
	for i := range many {
		many[i].Fen = 1
	}
	for what, c := range map[string]struct {
		lines []ClaimLine
		total int
		want  string
	}{
		"300 lines":         {many[1:], 300, ""},
		"301":               {many, 0, "claim.too_many"},
		"none":              {nil, 0, "claim.empty"},
		"of nothing":        {[]ClaimLine{{Fen: 0}}, 0, "claim.amount_invalid"},
		"below nothing":     {[]ClaimLine{{Fen: -1}}, 0, "claim.amount_invalid"},
		"absurd":            {[]ClaimLine{{Fen: BudgetMost + 1}}, 0, "claim.amount_invalid"},
		"absurd altogether": {[]ClaimLine{{Fen: BudgetMost}, {Fen: 1}}, 0, "claim.amount_invalid"},
	} {
		total, err := ClaimTotal(c.lines)
		if domain.CodeOf(err) != c.want || total != c.total {
			t.Errorf("%s: %d %v, want %d %q", what, total, err, c.total, c.want)
		}
	}
}

// policy: R7.5 H-EXP-5
func TestHExp5ACutNeverRaises(t *testing.T) {
	line := ClaimLine{Name: "l", Fen: 100, Approved: 80}
	for what, c := range map[string]struct {
		cut  Cut
		want string
	}{
		"less":           {Cut{Fen: 79, Reason: "x"}, ""},
		"nothing left":   {Cut{Fen: 0, Reason: "x"}, ""},
		"as it is":       {Cut{Fen: 80, Reason: "x"}, ""},
		"more":           {Cut{Fen: 81, Reason: "x"}, "claim.cut_invalid"},
		"below nothing":  {Cut{Fen: -1, Reason: "x"}, "claim.cut_invalid"},
		"without reason": {Cut{Fen: 1, Reason: " "}, "claim.cut_reason_required"},
	} {
		if err := CutLine(line, c.cut); domain.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

// policy: R7.5 H-EXP-6
func TestWhatIsDue(t *testing.T) {
	for what, c := range map[string]struct {
		approved, paid int
		advance        bool
		clear          int
		want           string
	}{
		"all of it":               {100, 100, false, 0, ""},
		"more":                    {100, 101, false, 0, "claim.pay_amount"},
		"more, with an advance":   {100, 101, true, 0, "claim.pay_amount"},
		"less":                    {100, 99, false, 0, "claim.pay_amount"},
		"less, an advance clears": {100, 99, true, 1, ""},
		"an advance clears all":   {100, 0, true, 100, ""},
		"below nothing":           {100, -1, true, 0, "claim.pay_amount"},
	} {
		clear, err := ClaimDue(c.approved, c.paid, c.advance)
		if domain.CodeOf(err) != c.want || clear != c.clear {
			t.Errorf("%s: %d %v, want %d %q", what, clear, err, c.clear, c.want)
		}
	}
}

func TestWhatRulesLetPass(t *testing.T) {
	block, limit := Hit{Rule: "invoice", Severity: HitBlocks, Code: "a"}, Hit{Rule: "lodging", Severity: HitBlocks, Code: "b", Limit: true}
	warn, said, review := Hit{Severity: HitWarns, Code: "c"}, Hit{Severity: HitWarns, Code: "c", Reason: "因"}, Hit{Severity: HitReviews, Code: "d"}
	for what, c := range map[string]struct {
		hits    []Hit
		special bool
		want    string
	}{
		"none":                              {nil, false, ""},
		"a block":                           {[]Hit{review, block}, false, "claim.rule_blocked"},
		"a block, special":                  {[]Hit{block}, true, "claim.rule_blocked"},
		"a limit":                           {[]Hit{limit}, false, "claim.rule_blocked"},
		"a limit, special":                  {[]Hit{limit}, true, ""},
		"a warning":                         {[]Hit{warn}, false, "claim.reason_required"},
		"a warning, special is no reason":   {[]Hit{warn}, true, "claim.reason_required"},
		"a warning with a reason, a review": {[]Hit{said, review}, false, ""},
	} {
		if err := JudgeHits(c.hits, c.special, func(string) string { return "" }); domain.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func TestNobodyPaysOrUnpaysByAction(t *testing.T) {
	for _, action := range []string{ClaimPay, ClaimUnpay} {
		if _, err := ClaimMachine.Take(ClaimApproved, action, []domain.Party{domain.PartyOffice, domain.PartyOwner, domain.PartyHead}, nil); domain.CodeOf(err) != "action.unknown" {
			t.Errorf("%s: %v", action, err)
		}
	}
}
