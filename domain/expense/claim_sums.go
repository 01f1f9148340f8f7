package expense

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"satchel/domain"
)

// ClaimLine is a line of a claim as far as its money goes.
type ClaimLine struct {
	ID       string
	Name     string // what people know it by
	Last     string // its last day
	Fen      int
	Approved int
	Shares   []ClaimShare // none: the whole line is borne as it stands
	Uses     []Use
}

// ClaimShare is the part of a line that a node, an account or an activity bears: a
// weight, or an amount.
type ClaimShare struct {
	ID          string
	Weight, Fen int
}

// SplitFen splits an amount by weights, to the fen: the largest remainders get what is
// left over, of equal ones the earlier. Without any weight the first has all.
func SplitFen(total int, weights []int) []int {
	out := make([]int, len(weights))
	sum := uint64(0)
	for _, w := range weights {
		sum += uint64(w)
	}
	if len(weights) == 0 {
		return out
	}
	if sum == 0 {
		out[0] = total
		return out
	}
	left, rest, order := total, make([]uint64, len(weights)), make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		quotient, remainder := bits.Div64(hi, lo, sum)
		out[i], rest[i], order[i] = int(quotient), remainder, i
		left -= out[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order[:left] {
		out[i]++
	}
	return out
}

// PlaceShares says what each share of a line comes to: all by weight, or all by amount.
// Problems claim.shares_mixed: line; claim.shares_sum: line, sum_fen, amount_fen.
func PlaceShares(l ClaimLine) ([]int, error) {
	weights, fen, sum := make([]int, len(l.Shares)), make([]int, len(l.Shares)), 0
	byWeight := 0
	for i, s := range l.Shares {
		weights[i], fen[i] = s.Weight, s.Fen
		sum += s.Fen
		if s.Weight > 0 {
			byWeight++
		}
	}
	switch {
	case len(l.Shares) == 0:
		return nil, nil
	case byWeight == len(l.Shares):
		return SplitFen(l.Fen, weights), nil
	case byWeight > 0:
		return nil, domain.Problem{Code: "claim.shares_mixed", Params: map[string]any{"line": l.Name}}
	case sum != l.Fen:
		return nil, domain.Problem{Code: "claim.shares_sum", Params: map[string]any{"line": l.Name, "sum_fen": sum, "amount_fen": l.Fen}}
	}
	return fen, nil
}

// ApprovedShares splits what was approved of a line as its shares stand.
func ApprovedShares(approved int, fen []int) []int { return SplitFen(approved, fen) }

// ClaimTotal adds up the lines of a claim that is to be handed in. Problems claim.empty;
// claim.too_many: most; claim.amount_invalid: line.
func ClaimTotal(lines []ClaimLine) (total int, err error) {
	switch {
	case len(lines) == 0:
		return 0, domain.Problem{Code: "claim.empty"}
	case len(lines) > ClaimLinesMost:
		return 0, domain.Problem{Code: "claim.too_many", Params: map[string]any{"most": ClaimLinesMost}}
	}
	for _, l := range lines {
		if total += l.Fen; l.Fen <= 0 || total > BudgetMost {
			return 0, domain.Problem{Code: "claim.amount_invalid", Params: map[string]any{"line": l.Name}}
		}
	}
	return total, nil
}

// CheckDays refuses what has not been spent yet. Problem claim.day_future: line, day, today.
func CheckDays(lines []ClaimLine, today string) error {
	for _, l := range lines {
		if l.Last > today {
			return domain.Problem{Code: "claim.day_future", Params: map[string]any{"line": l.Name, "day": l.Last, "today": today}}
		}
	}
	return nil
}

// CheckUses holds what a line takes of invoices to its amount. Problem claim.uses_sum:
// line, sum_fen, amount_fen.
func CheckUses(l ClaimLine) error {
	sum := 0
	for _, u := range l.Uses {
		sum += u.Fen
	}
	if len(l.Uses) > 0 && sum != l.Fen {
		return domain.Problem{Code: "claim.uses_sum", Params: map[string]any{"line": l.Name, "sum_fen": sum, "amount_fen": l.Fen}}
	}
	return nil
}

// Cut is what finance leaves of a line, and why.
type Cut struct {
	Line   string `json:"line"`
	Fen    int    `json:"fen"` // what is approved of it
	Reason string `json:"reason"`
}

// CutLine judges a cut (H-EXP-5): it never raises. Problems claim.cut_invalid and
// claim.cut_reason_required: line.
func CutLine(l ClaimLine, c Cut) error {
	switch {
	case c.Fen < 0 || c.Fen > l.Approved:
		return domain.Problem{Code: "claim.cut_invalid", Params: map[string]any{"line": l.Name, "most_fen": l.Approved}}
	case isBlank(c.Reason):
		return domain.Problem{Code: "claim.cut_reason_required", Params: map[string]any{"line": l.Name}}
	}
	return nil
}

// ClaimDue judges a payment of a claim: with what an advance clears it comes to what was
// approved, to the fen. Problem claim.pay_amount: due_fen.
func ClaimDue(approved, paid int, advance bool) (clear int, err error) {
	clear = approved - paid
	if paid < 0 || clear < 0 || clear > 0 && !advance {
		return 0, domain.Problem{Code: "claim.pay_amount", Params: map[string]any{"due_fen": approved}}
	}
	return clear, nil
}

// JudgeHits finds what keeps a claim from being handed in: a rule that blocks, unless it is
// about an amount and special approval is asked for; a warning without a reason. Problems
// claim.rule_blocked: line, rule, code, params, pass, special; claim.reason_required: line, code.
func JudgeHits(hits []Hit, special bool, name func(line string) string) error {
	for _, h := range hits {
		if h.Severity == HitBlocks && (!special || !h.Limit) {
			return domain.Problem{Code: "claim.rule_blocked", Params: map[string]any{
				"line": name(h.Line), "rule": h.Rule, "code": h.Code, "params": h.Params, "pass": h.Pass, "special": h.Limit,
			}}
		}
	}
	for _, h := range hits {
		if h.Severity == HitWarns && isBlank(h.Reason) {
			return domain.Problem{Code: "claim.reason_required", Params: map[string]any{"line": name(h.Line), "code": h.Code, "params": h.Params}}
		}
	}
	return nil
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }
