package expense

import (
	"fmt"
	"strings"
)

// Kinds of an invoice, as field 2 of its QR names them. InvoiceOther is what has
// no such field: fiscal receipts, blockchain invoices, verification addresses.
const (
	InvoiceSpecial        = "01"
	InvoiceFreight        = "02"
	InvoiceVehicle        = "03"
	InvoiceOrdinary       = "04"
	InvoiceESpecial       = "08"
	InvoiceEOrdinary      = "10"
	InvoiceRoll           = "11"
	InvoiceToll           = "14"
	InvoiceUsedCar        = "15"
	InvoiceESpecial20     = "20"
	InvoiceDigitalSpecial = "31"
	InvoiceDigital        = "32"
	InvoiceDigitalVehicle = "33"
	InvoiceDigitalUsedCar = "34"
	InvoiceRail           = "51"
	InvoiceAir            = "61"
	InvoiceOther          = "other"
)

// What the amount in a QR means.
const (
	AmountTotal = "total"  // 价税合计
	AmountExTax = "ex_tax" // 不含税金额
	AmountAsk   = ""       // not known: taken for the total, and asked
)

var amountMeans = map[string]string{
	InvoiceDigitalSpecial: AmountTotal, InvoiceDigital: AmountTotal, InvoiceDigitalVehicle: AmountTotal, InvoiceDigitalUsedCar: AmountTotal,
	InvoiceRail: AmountTotal, InvoiceAir: AmountTotal,
	InvoiceSpecial: AmountExTax, InvoiceOrdinary: AmountExTax, InvoiceESpecial: AmountExTax, InvoiceEOrdinary: AmountExTax, InvoiceESpecial20: AmountExTax,
}

var knownKinds = map[string]bool{
	InvoiceFreight: true, InvoiceVehicle: true, InvoiceRoll: true, InvoiceToll: true, InvoiceUsedCar: true,
	"85": true, "86": true, "87": true, "88": true, // digital invoices on paper
}

// AmountMeans tells what the amount in a QR of that kind means.
func AmountMeans(kind string) string { return amountMeans[kind] }

// InvoiceKindKnown reports whether a kind is one of the published ones.
func InvoiceKindKnown(kind string) bool { return knownKinds[kind] || amountMeans[kind] != "" }

// InvoiceKindOf reads the kind out of a classic 发票代码; empty if it says nothing.
func InvoiceKindOf(code string) string {
	switch {
	case !digits(code):
	case len(code) == 10:
		switch code[7] {
		case '1', '5':
			return InvoiceSpecial
		case '3', '6':
			return InvoiceOrdinary
		case '2', '7':
			return InvoiceFreight
		}
	case len(code) == 12 && code[0] == '0':
		return map[string]string{
			"04": InvoiceOrdinary, "05": InvoiceOrdinary, "06": InvoiceRoll, "07": InvoiceRoll,
			"11": InvoiceEOrdinary, "12": InvoiceToll, "13": InvoiceESpecial,
		}[code[10:]]
	}
	return ""
}

// InvoiceKey is what makes an invoice one and the same: a 20-digit number alone,
// so that paper and electronic copies meet, or code and number, whose zeros people
// leave out. Empty if either is missing.
func InvoiceKey(code, number string) string {
	switch {
	case !digits(number):
		return ""
	case len(number) == 20:
		return "D:" + number
	case len(code) < 6 || !digits(code):
		return ""
	case len(number) < 8 && len(code) != 10 && len(code) != 12:
		return ""
	}
	number = strings.Repeat("0", max(8-len(number), 0)) + number
	return "C:" + code + ":" + number
}

// Key is what makes an invoice one and the same: see InvoiceKey. Those of the Shenzhen
// blockchain go by number and total, as the address in their QR names no code.
func (f InvoiceFacts) Key() string {
	chained := onChain(f.Code) || f.Code == "" && f.Kind == InvoiceOther && len(f.Number) == 8
	if !chained || f.TotalFen <= 0 || len(f.Number) > 8 || !digits(f.Number) {
		return InvoiceKey(f.Code, f.Number)
	}
	return fmt.Sprintf("B:%s:%d", strings.Repeat("0", 8-len(f.Number))+f.Number, f.TotalFen)
}

// onChain reports whether a code is one of the Shenzhen blockchain.
func onChain(code string) bool {
	return len(code) == 12 && digits(code) && code[0] == '1' && code[7:9] == "09" && code[11] == '0'
}

// InvoiceNumberDoubts returns what is odd about a 20-digit number: its first two
// digits are the year of the issue, the next two a province (GB/T 2260).
func InvoiceNumberDoubts(number, date string) (codes []string) {
	if len(number) != 20 || !digits(number) {
		return nil
	}
	if len(date) == len("2006-01-02") && number[:2] != date[2:4] {
		codes = append(codes, RiskInvoiceYear)
	}
	if !provinces[number[2:4]] {
		codes = append(codes, RiskInvoiceProvince)
	}
	return codes
}

var provinces = setOf("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
	"44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65")

func setOf(values ...string) map[string]bool {
	out := make(map[string]bool, len(values))
	for _, v := range values {
		out[v] = true
	}
	return out
}

// Verdicts on a check.
const (
	CheckOK  = "ok"
	CheckBad = "bad"
	CheckNA  = "na" // nothing to check
)

// TaxNumberCheck checks the last character of an 18-character 统一社会信用代码
// (GB 32100-2015). Some early codes were issued with a wrong one, so CheckBad is
// a doubt and never a reason to block; other lengths are CheckNA.
func TaxNumberCheck(number string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	if len(number) != 18 {
		return CheckNA
	}
	sum, weight := 0, 1
	for i := range 18 {
		at := -1
		for j := range len(alphabet) {
			if alphabet[j] == number[i] {
				at = j
			}
		}
		if at < 0 {
			return CheckBad
		}
		if i == 17 && at != (31-sum%31)%31 {
			return CheckBad
		}
		sum, weight = sum+at*weight, weight*3%31
	}
	return CheckOK
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
