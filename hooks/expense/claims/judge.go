package claims

import (
	"maps"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

func problem(code, line string) error {
	return domain.Problem{Code: code, Params: map[string]any{"line": line}}
}

// judge asks the rules, and says what of each line is tax that comes back.
func (s *Service) judge(tx core.App, w *whole, owner records.User) ([]expense.Hit, error) {
	invoices, err := s.invoiceFacts(tx, w)
	if err != nil {
		return nil, err
	}
	w.tax(invoices)
	facts, err := s.facts(tx, w, owner, invoices)
	if err != nil {
		return nil, err
	}
	return s.Judge(tx, facts)
}

// invoiceFacts reads the invoices that a claim names.
func (s *Service) invoiceFacts(tx core.App, w *whole) (_ map[records.InvoiceID]expense.LineInvoice, err error) {
	if w.invoices, err = s.Invoices.Named(tx, w.claim.ID()); err != nil {
		return nil, err
	}
	return s.Invoices.Facts(tx, w.claim.ID(), w.invoices)
}

// tax splits the deductible tax off what is approved of each line. A part of an invoice
// has what other parts leave.
func (w *whole) tax(invoices map[records.InvoiceID]expense.LineInvoice) {
	invoices = maps.Clone(invoices)
	for _, line := range w.lines {
		e := expense.VoucherExpense{Tax: string(w.categories[line.Category()].InputTax()), Fen: line.ApprovedFen()}
		for _, use := range w.uses[line.ID()] {
			i := invoices[use.Invoice()]
			u := expense.VoucherUse{Kind: i.Kind, TotalFen: int(i.TotalFen), TaxFen: int(i.TaxFen), UsedFen: use.AmountFen()}
			if u.UsedFen < u.TotalFen {
				use.SetTaxFen(expense.PartTaxFen(u, i.OtherFen, i.OtherTaxFen))
				u = expense.VoucherPart(u.UsedFen, use.TaxFen())
				i.OtherFen, i.OtherTaxFen = i.OtherFen+u.UsedFen, i.OtherTaxFen+u.TaxFen
				invoices[use.Invoice()] = i
			}
			e.Uses = append(e.Uses, u)
		}
		line.SetTaxFen(e.Deducted())
	}
}

// facts are what the claim itself says, with its invoices and pre-approvals.
func (s *Service) facts(tx core.App, w *whole, owner records.User, invoices map[records.InvoiceID]expense.LineInvoice) (expense.ClaimFacts, error) {
	out := expense.ClaimFacts{ID: string(w.claim.ID()), Owner: string(owner.ID()), Role: string(owner.Role()), Dept: string(owner.Department()), SubmitDay: s.today(), Advance: string(w.claim.Advance())}
	agreed, err := s.Preapprovals.Facts(tx, w.lines)
	if err != nil {
		return out, err
	}
	for _, line := range w.lines {
		attendees, err := line.Attendees()
		if err != nil {
			return out, gate.RefuseField(records.ExpenseLineColAttendees, "claim.attendees_invalid")
		}
		l := expense.LineFacts{
			ID: string(line.ID()), Category: w.categories[line.Category()].Code(), Day: line.Day(), ToDay: line.ToDay(), At: line.At(), City: line.City(),
			Fen: line.AmountFen(), Merchant: line.Merchant(), Account: string(line.Account()), Contact: string(line.Contact()), Visit: string(line.Visit()),
			Activity: string(line.Activity()), Contract: string(line.Contract()), Attendees: attendees, Nights: line.Nights(), DistanceM: line.DistanceM(),
			Reason: line.Reason(), NoInvoiceReason: line.NoInvoiceReason(), Preapproval: agreed[line.ID()], Node: string(line.Node()),
		}
		for _, share := range w.shares[line.ID()] {
			l.Accounts = append(l.Accounts, string(share.Account()))
		}
		for _, use := range w.uses[line.ID()] {
			invoice := invoices[use.Invoice()]
			invoice.UsedFen = use.AmountFen()
			l.Invoices = append(l.Invoices, invoice)
		}
		out.Lines = append(out.Lines, l)
	}
	return out, nil
}

// checked is what would be found if a claim was handed in now.
type checked struct {
	TotalFen int       `json:"total_fen"`
	Hits     []told    `json:"hits"`
	Problem  *faultOf  `json:"problem,omitempty"` // what would refuse it
	Uses     []usedFen `json:"uses"`
}

type told struct {
	expense.Hit
	Name string `json:"name"` // of the line
	domain.Texts
}

type faultOf struct {
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	domain.Texts
}

type usedFen struct {
	Invoice string `json:"invoice"`
	Fen     int    `json:"amount_fen"`
}

// check judges a draft for who sees it, and keeps nothing.
func (s *Service) check(e *core.RequestEvent) error {
	row, err := gate.Shown(e, records.ExpenseClaimTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	claim := records.ExpenseClaims.Of(row)
	if !slices.Contains(expense.ClaimWritten, string(claim.State())) {
		return gate.Refuse("claim.state", "from", claim.State(), "action", "check")
	}
	owner, err := records.Users.Require(e.App, claim.Owner())
	if err != nil {
		return err
	}
	w, err := read(e.App, claim)
	if err != nil {
		return err
	}
	if err := s.Reckon(e.App, owner, w.lines); err != nil {
		return err
	}
	out := checked{Hits: []told{}, Uses: []usedFen{}}
	for _, line := range w.lines {
		out.TotalFen += line.AmountFen()
	}
	for _, use := range w.all() {
		out.Uses = append(out.Uses, usedFen{use.Invoice, use.Fen})
	}
	_, wrong := w.begin(s.today(), s.Planted)
	hits, err := s.judge(e.App, w, owner)
	if err != nil {
		return err
	}
	if wrong == nil {
		wrong = expense.JudgeHits(hits, false, w.name)
	}
	for _, h := range hits {
		p := domain.Problem{Code: h.Code, Params: h.Params}
		out.Hits = append(out.Hits, told{h, w.name(h.Line), domain.Texts{ZH: p.Text("zh"), EN: p.Text("en")}})
	}
	if wrong == nil && owner.ID() == records.UserID(e.Auth.Id) {
		wrong = s.settle(e.App, w)
	}
	if wrong != nil {
		p, _, is := gate.ProblemOf(gate.WrapError(wrong))
		if !is {
			return wrong
		}
		out.Problem = &faultOf{p.Code, p.Params, domain.Texts{ZH: p.Text("zh"), EN: p.Text("en")}}
	}
	return e.JSON(http.StatusOK, out)
}
