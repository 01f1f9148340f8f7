package expense

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestEveryRowHasItsVectors: each row of the policy's tables has a case that passes, one
// that just does, and one that fails. Those of rules are counted with TestRuleVectors.
func TestEveryRowHasItsVectors(t *testing.T) {
	var v invoiceUseCases
	vectors(t, "invoice_use.json", &v)
	seen := map[string]map[string]int{}
	count := func(row, name string) {
		if seen[row] == nil {
			seen[row] = map[string]int{}
		}
		result, _, _ := strings.Cut(name, ":")
		seen[row][result]++
	}
	for _, c := range v.Twins {
		count(c.Row, c.Case)
	}
	for _, c := range v.Use {
		count(c.Row, c.Case)
	}
	twice := []string{ // when one invoice is another
		"number in a claim already", "number in another's folder", "its claim came to nothing", "same file", "looks alike, another number", "split bill",
		"consecutive numbers", "receipts without a number", "partial use",
	}
	for _, row := range slices.Concat(twice, slices.Collect(maps.Keys(seen))) {
		for _, result := range []string{"passes", "edge", "fails"} {
			if seen[row][result] == 0 {
				t.Errorf("%s: no case that %s", row, result)
			}
		}
	}
	rows := []string{
		"buyer.name / buyer.tax", "date.future", "date.before_expense", "date.window", "date.cross_year", "amount", "verify", "red/void", "special_required", "detail_list",
		"forbidden items", "preapproval", "entertainment", "gift", "per diem", "lodging", "mileage", "taxi", "no-visit", "split", "no invoice", "rounding / currency", "archive", "fee",
	}
	for _, row := range rows {
		if !slices.ContainsFunc(RuleKinds, func(k RuleKind) bool { return k.Row == row && k.judge != nil }) {
			t.Errorf("no rule judges %s", row)
		}
	}
	for _, k := range RuleKinds {
		if !slices.Contains(rows, k.Row) {
			t.Errorf("%s is of no row", k.Kind)
		}
	}
}
