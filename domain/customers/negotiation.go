package customers

import (
	"strings"

	"satchel/domain"
)

// Term is one condition of a negotiation or contract, as its own field, so that
// a contract takes it over as it stands.
type Term struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Objection of a customer. It is open until it is answered.
type Objection struct {
	Text   string `json:"text"`
	Answer string `json:"answer"`
}

// CheckTerms returns negotiation.term_invalid for one without name or value, or
// named twice.
func CheckTerms(terms []Term) error {
	seen := map[string]bool{}
	for _, t := range terms {
		if strings.TrimSpace(t.Name) == "" || strings.TrimSpace(t.Value) == "" || seen[t.Name] {
			return domain.Problem{Code: "negotiation.term_invalid", Params: map[string]any{"term": t.Name}}
		}
		seen[t.Name] = true
	}
	return nil
}

// CheckAgreed judges whether a negotiation can be called agreed:
// negotiation.terms_missing, negotiation.objection_open.
func CheckAgreed(price, service []Term, objections []Objection) error {
	if len(price) == 0 || len(service) == 0 {
		return domain.Problem{Code: "negotiation.terms_missing"}
	}
	for _, o := range objections {
		if strings.TrimSpace(o.Answer) == "" {
			return domain.Problem{Code: "negotiation.objection_open", Params: map[string]any{"objection": o.Text}}
		}
	}
	return nil
}
