package invoices

import (
	"encoding/json/v2"
	"math"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/records"
)

// typed reads what the owner typed, by the fields' names: texts, and whole fen
// for amounts. It fails on anything else.
func typed(row records.Invoice) (fields map[string]string, ok bool) {
	var raw map[string]any
	if err := json.Unmarshal(row.Typed(), &raw); err != nil {
		return map[string]string{}, false
	}
	fields = map[string]string{}
	for _, name := range expense.InvoiceFieldNames {
		value, given := raw[name]
		delete(raw, name)
		switch value := value.(type) {
		case nil:
		case string:
			if isFen(name) {
				return map[string]string{}, false
			}
			fields[name] = value
		case float64:
			if !isFen(name) || value != math.Trunc(value) || math.Abs(value) > 1e15 {
				return map[string]string{}, false
			}
			fields[name] = domain.Yuan(int64(value))
		default:
			if given {
				return map[string]string{}, false
			}
		}
	}
	return fields, len(raw) == 0
}

func isFen(name string) bool {
	return name == records.InvoiceColAmountExFen || name == records.InvoiceColTaxFen || name == records.InvoiceColTotalFen
}

// told reports whether the row says anything of an invoice.
func told(row records.Invoice) bool {
	fields, ok := typed(row)
	return row.Blob() != "" || row.QRRaw() != "" || len(fields) > 0 || !ok
}
