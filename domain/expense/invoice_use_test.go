package expense

import (
	"slices"
	"testing"

	"satchel/domain"
)

// invoiceUseCases is testdata/invoice_use.json.
type invoiceUseCases struct {
	Note  string `json:"_"`
	Twins []struct {
		Row     string        `json:"row"`
		Case    string        `json:"case"`
		Refused string        `json:"refused"`
		Mine    InvoiceTwin   `json:"mine"`
		Others  []InvoiceTwin `json:"others"`
		Says    []string      `json:"says"`
	} `json:"twins"`
	Use []struct {
		Row   string          `json:"row"`
		Case  string          `json:"case"`
		Code  string          `json:"code"`
		Facts InvoiceUseFacts `json:"facts"`
	} `json:"use"`
	Own   []OwnCompany `json:"own"`
	Buyer []struct {
		Case  string       `json:"case"`
		Want  string       `json:"want"`
		Facts InvoiceFacts `json:"facts"`
	} `json:"buyer"`
	Payment []struct {
		Case     string `json:"case"`
		Verify   string `json:"verify"`
		Code     string `json:"code"`
		Total    int64  `json:"total_fen"`
		Over     int64  `json:"over_fen"`
		Platform bool   `json:"platform"`
		Fresh    bool   `json:"fresh"`
	} `json:"payment"`
	States []struct {
		Case   string `json:"case"`
		Was    string `json:"was"`
		Want   string `json:"want"`
		Active int    `json:"active"`
		Paid   int    `json:"paid"`
		Found  bool   `json:"found"`
	} `json:"states"`
}

// TestInvoicesInUse runs the cases that a clerk can read.
//
// policy: R7.3 H-EXP-3
func TestInvoicesInUse(t *testing.T) {
	var v invoiceUseCases
	vectors(t, "invoice_use.json", &v)
	rows := map[string]int{}
	for _, c := range v.Twins {
		rows[c.Row]++
		reasons, refused, _ := InvoiceTwins(c.Mine, c.Others)
		said := []string{}
		for _, r := range reasons {
			said = append(said, r.Code)
		}
		if !slices.Equal(said, c.Says) || domain.CodeOf(refused) != c.Refused {
			t.Errorf("%s, %s: %v %v", c.Row, c.Case, said, refused)
		}
	}
	for row, n := range rows {
		if n < 3 {
			t.Errorf("%s has %d cases", row, n)
		}
	}
	for _, c := range v.Use {
		if err := CheckInvoiceUse(c.Facts); domain.CodeOf(err) != c.Code {
			t.Errorf("%s, %s: %v", c.Row, c.Case, err)
		}
	}
	for _, c := range v.Payment {
		if err := CheckBeforePayment("1", c.Verify, c.Total, c.Over, c.Platform, c.Fresh); domain.CodeOf(err) != c.Code {
			t.Errorf("%s: %v", c.Case, err)
		}
	}
	for _, c := range v.States {
		if got := InvoiceStateOf(c.Active, c.Paid, c.Found, c.Was); got != c.Want {
			t.Errorf("%s: %s", c.Case, got)
		}
	}
}

// TestHExp4: an invoice is issued to the company, by name and tax number.
//
// policy: R7.3 H-EXP-4
func TestHExp4(t *testing.T) {
	var v invoiceUseCases
	vectors(t, "invoice_use.json", &v)
	for _, c := range v.Buyer {
		if got := InvoiceBuyer(c.Facts, v.Own); got != c.Want {
			t.Errorf("%s: %s", c.Case, got)
		}
		if got := InvoiceBuyer(c.Facts, nil); got != BuyerNA {
			t.Errorf("%s, of a company without names: %s", c.Case, got)
		}
	}
}

// TestDisputesShowAllSources: what QR, text and typing say, also of those who agree.
func TestDisputesShowAllSources(t *testing.T) {
	told := map[string]InvoiceFacts{
		SourceQR: {Number: "1", TotalFen: 65500}, SourcePDF: {Number: "1", TotalFen: 65500}, SourcePhone: {Number: "1", TotalFen: 95500},
	}
	_, _, conflicts := MergeInvoice(told)
	got := InvoiceDisputes(told, conflicts)
	if len(got) != 1 || len(got["total_fen"]) != 3 || got["total_fen"][SourcePhone] != "955.00" || got["total_fen"][SourceQR] != "655.00" || got["total_fen"][SourcePDF] != "655.00" {
		t.Errorf("%v", got)
	}
}
