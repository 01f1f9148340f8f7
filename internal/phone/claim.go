package phone

import (
	"cmp"
	"maps"
	"slices"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/numbers"
)

// NewClaim makes a draft of the user's. Its number is of the phone's own block; without
// one the server gives it.
func (p *Phone) NewClaim(more Row) (id string, err error) {
	user, err := p.User()
	if err != nil {
		return "", err
	}
	no, err := p.Number(numbers.Claim)
	if err != nil {
		return "", err
	}
	row := Row{"owner": user, "state": expense.ClaimDraft, "period": domain.Month(domain.BusinessDay(p.cfg.Now())), "payee_kind": "employee"}
	if no != "" {
		row["no"] = no
	}
	maps.Copy(row, more)
	id = p.NewID()
	return id, p.Create("expense_claims", id, row)
}

// AddReceipt photographs a paper, of which the server makes an invoice once its bytes are
// there; what the phone knows of it already, it says itself.
func (p *Phone) AddReceipt(data []byte, told Row) (invoice string, err error) {
	user, err := p.User()
	if err != nil {
		return "", err
	}
	blob := p.NewID()
	if err := p.addBytes(blob, data, Row{"purpose": "invoice", "source": Camera}); err != nil {
		return "", err
	}
	row := Row{"owner": user, "blob": blob}
	maps.Copy(row, told)
	invoice = p.NewID()
	return invoice, p.Create("invoices", invoice, row)
}

// SubmitClaim hands a draft in.
func (p *Phone) SubmitClaim(claim string, args Row) error {
	return p.Act("expense_claims", claim, "submit", args)
}

// ClaimCheck is what a phone finds of a draft by itself.
type ClaimCheck struct {
	TotalFen int
	Hits     []expense.Hit
	Problem  error    // what would refuse it, as far as the phone knows
	Later    []string // codes of rules of a newer server, which judges them itself
}

// CheckClaim judges a draft without a network, by the evaluators of the server and what the
// phone has down of other documents: others' invoices and spending it does not know.
func (p *Phone) CheckClaim(claim string, special bool) (check ClaimCheck, err error) {
	f, err := p.claimFacts(claim)
	if err != nil {
		return check, err
	}
	check.Hits = expense.JudgeClaim(f.rules, f.claim)
	check.Later = f.later
	check.TotalFen, check.Problem = expense.ClaimTotal(f.money)
	check.Problem = cmp.Or(check.Problem, f.wrong, expense.CheckDays(f.money, f.claim.SubmitDay))
	for i, line := range f.claim.Lines {
		if check.Problem == nil {
			check.Problem = f.checkLine(i, line)
		}
	}
	if check.Problem == nil {
		check.Problem = expense.JudgeHits(check.Hits, special, f.name)
	}
	if check.Problem == nil {
		check.Problem = f.checkFolder()
	}
	return check, nil
}

// checkLine: what invoices give comes to a line, and a line without any says why (H-EXP-1).
func (f *claimFacts) checkLine(i int, line expense.LineFacts) error {
	if err := expense.CheckUses(f.money[i]); err != nil {
		return err
	}
	computed := expense.ComputeLine(f.rules, f.claim.Role, line)
	if len(line.Invoices) == 0 && line.NoInvoiceReason == "" && (computed == nil || !computed.NoInvoice) {
		return domain.Problem{Code: "claim.invoice_required", Params: map[string]any{"line": f.name(line.ID)}}
	}
	return nil
}

// checkFolder: each invoice covers all that it is used for, and is none that lies in the
// folder twice.
func (f *claimFacts) checkFolder() error {
	asked := map[string]int64{}
	for _, line := range f.claim.Lines {
		for _, i := range line.Invoices {
			asked[i.ID] += int64(i.UsedFen)
		}
	}
	for _, line := range f.claim.Lines {
		for _, i := range line.Invoices {
			err := expense.CheckInvoiceUse(expense.InvoiceUseFacts{
				InvoiceFacts: i.InvoiceFacts, NoPaper: i.NoPaper, Verify: i.Verify, Buyer: i.Buyer, OtherFen: int64(i.OtherFen), UseFen: asked[i.ID], Today: f.claim.SubmitDay,
			})
			if err != nil {
				return err
			}
			at := slices.IndexFunc(f.folder, func(t expense.InvoiceTwin) bool { return t.ID == i.ID })
			if at < 0 {
				continue
			}
			if _, blocked, _ := expense.InvoiceTwins(f.folder[at], f.folder); blocked != nil {
				return blocked
			}
		}
	}
	return nil
}
