package hooks_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sums are the statements that add up what orders, deliveries, returns or the ledger
// say, each of one document or of what is owed: none of them is a figure of sales.
var sums = map[string]string{
	"sales/deliveries/lines.go":    "how much of a line is on its way",
	"sales/deliveries/order.go":    "what of an order is still to come",
	"sales/deliveries/returns.go":  "how much of a line is coming back",
	"sales/deliveries/gifts.go":    "what of an order's gifts was taken off its returns",
	"appraisal/incentives/sold.go": "what of an order was collected, by the ledger's entries",
	"sales/rebates/rebates.go":     "what a contract's rebate is counted of: the ledger's entries of its days",
}

// summed is a statement that adds up a table of sales.
var summed = regexp.MustCompile("(?s)SUM\\([^`\"]*?\\bFROM\\s+\\\\?\"?(orders|order_lines|deliveries|delivery_lines|returns|return_lines|account_entries)\\b")

// policy: R1.4 sales_figures
//
// TestFiguresOfSalesHaveOneSource: whoever tells what was sold takes it from analysis;
// the ledger adds up what is owed.
func TestFiguresOfSalesHaveOneSource(t *testing.T) {
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		path = filepath.ToSlash(path)
		if strings.HasPrefix(path, "analysis/") || strings.HasPrefix(path, "sales/ledger/") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && summed.Match(text) {
			found[path] = true
			if sums[path] == "" {
				t.Errorf("%s adds up what was sold by itself", path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range sums {
		if !found[path] {
			t.Errorf("%s adds up nothing any more", path)
		}
	}
}
