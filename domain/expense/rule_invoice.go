package expense

import (
	"regexp"
	"slices"
	"strings"

	"satchel/domain"
)

func judgeBuyer(j *judged) {
	for _, i := range j.line.Invoices {
		switch i.Buyer {
		case "name":
			j.hit("expense.buyer_name", "", map[string]any{"number": i.Number, "name": i.BuyerName})
		case "tax":
			j.hit("expense.buyer_tax", "", map[string]any{"number": i.Number, "tax": i.BuyerTax})
		}
	}
}

func judgeFuture(j *judged) {
	for _, i := range j.line.Invoices {
		if i.Date > j.claim.SubmitDay {
			j.hit("expense.issue_future", "≤ "+j.claim.SubmitDay, map[string]any{"number": i.Number, "date": i.Date})
		}
	}
}

func judgeIssuedBefore(j *judged) {
	first := domain.AddDays(j.line.Day, -j.whole("days"))
	for _, i := range j.line.Invoices {
		if i.Date != "" && i.Date < first {
			j.hit("expense.issue_before", "≥ "+first, map[string]any{"number": i.Number, "date": i.Date, "day": j.line.Day, "first": first})
		}
	}
}

// judgeLate counts from the last day of the expense (H-EXP-2).
func judgeLate(j *judged) {
	if due := domain.AddDays(j.line.last(), j.whole("days")); j.claim.SubmitDay > due {
		j.hit("expense.late", "≤ "+due, map[string]any{"day": j.line.last(), "days": j.whole("days"), "due": due})
	}
	for _, i := range j.line.Invoices {
		if i.Date == "" {
			continue
		}
		if due := domain.AddDays(i.Date, j.whole("issue_days")); j.claim.SubmitDay > due {
			j.hit("expense.late_invoice", "≤ "+due, map[string]any{"number": i.Number, "date": i.Date, "days": j.whole("issue_days"), "due": due})
		}
	}
}

func judgeLastYear(j *judged) {
	if len(j.claim.SubmitDay) < 4 {
		return
	}
	first := j.claim.SubmitDay[:4] + "-01-01"
	until := j.claim.SubmitDay[:4] + "-" + j.rule.Params["until"].Text
	for _, i := range j.line.Invoices {
		old := i.Date != "" && i.Date < first
		if old && (j.claim.SubmitDay > until || i.Date < domain.AddDays(first, -1)[:4]+"-01-01") {
			j.hit("expense.last_year", "≤ "+until, map[string]any{"number": i.Number, "date": i.Date, "until": until})
		}
	}
}

func judgeInvoiceSum(j *judged) {
	if len(j.line.Invoices) == 0 {
		return
	}
	sum := 0
	for _, i := range j.line.Invoices {
		sum += i.UsedFen
	}
	if sum != j.line.Fen {
		j.hit("expense.invoice_sum", "= "+yuan(sum), map[string]any{"sum": yuan(sum), "amount": yuan(j.line.Fen)})
	}
}

func judgeUnverified(j *judged) {
	for _, i := range j.line.Invoices {
		if total := max(i.TotalFen, i.ExFen); total > int64(j.whole("over_fen")) && i.Verify != "valid" {
			j.hit("expense.unverified", "", map[string]any{"number": i.Number, "amount": domain.Yuan(total), "over": yuan(j.whole("over_fen"))})
		}
	}
}

func judgeDead(j *judged) {
	for _, i := range j.line.Invoices {
		if i.Verify == "void" || i.Verify == "red" || i.TotalFen < 0 || i.ExFen < 0 {
			j.hit("expense.dead", "", map[string]any{"number": i.Number})
		}
	}
}

var (
	specials    = setOf(InvoiceSpecial, InvoiceESpecial, InvoiceESpecial20, InvoiceDigitalSpecial)
	ordinaries  = setOf(InvoiceOrdinary, InvoiceEOrdinary, InvoiceRoll, InvoiceDigital)
	electronics = setOf(InvoiceESpecial, InvoiceEOrdinary, InvoiceToll, InvoiceESpecial20, InvoiceDigitalSpecial, InvoiceDigital, InvoiceRail, InvoiceAir)
)

var goodsClass = regexp.MustCompile(`\*[^*]*\*`)

func judgeSpecial(j *judged) {
	for _, i := range j.line.Invoices {
		if ordinaries[i.Kind] && !specials[i.Kind] {
			j.hit("expense.special_required", "", map[string]any{"number": i.Number})
		}
	}
}

// judgeList looks at what is sold and not at its class, which invoices print before it: *食品*面包.
func judgeList(j *judged) {
	for _, i := range j.line.Invoices {
		if word := anyOf(j.texts("words"), goodsClass.ReplaceAllString(i.Goods, "")); word != "" && !i.GoodsList {
			j.hit("expense.list_required", "", map[string]any{"number": i.Number, "word": word})
		}
	}
}

func judgeForbidden(j *judged) {
	told := []string{j.line.Merchant}
	for _, i := range j.line.Invoices {
		told = append(told, i.Goods, i.SellerName)
	}
	if word := anyOf(j.texts("words"), told...); word != "" {
		j.hit("expense.forbidden", "", map[string]any{"word": word})
	}
}

// anyOf is the first of some words that one of the texts has.
func anyOf(words []string, texts ...string) string {
	for _, word := range words {
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(PlainName(text), PlainName(word)) }) {
			return word
		}
	}
	return ""
}

func judgeOriginal(j *judged) {
	for _, i := range j.line.Invoices {
		if electronics[i.Kind] && !i.Electronic {
			j.hit("expense.original_missing", "", map[string]any{"number": i.Number})
		}
	}
}
