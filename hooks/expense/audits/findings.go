package audits

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) findings() kit.Collection {
	return kit.Collection{
		Name:    records.AuditFindingTable,
		Machine: &expense.FindingMachine,
		Parties: kit.Parties(records.AuditFindings, findingParties),
		Server: []string{
			records.AuditFindingColFinder, records.AuditFindingColPerson, records.AuditFindingColDept, records.AuditFindingColAnswer,
			records.AuditFindingColAnsweredAt, records.AuditFindingColDecidedBy, records.AuditFindingColDecidedAt, records.AuditFindingColReason,
		},
		Once: []string{records.AuditFindingColClaim, records.AuditFindingColSample},
		Audit: gate.Audit{Fields: []string{
			records.AuditFindingColState, records.AuditFindingColClaim, records.AuditFindingColPerson, records.AuditFindingColRepayFen, records.AuditFindingColPoints,
			records.AuditFindingColLiable, records.AuditFindingColLiablePoints,
		}, Create: true},
		Keep: &gate.Keep{Drafts: []string{}},
		Open: kit.Open(records.AuditFindings, "finder = {:user} AND state = 'open'"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.AuditFindings, "auditFindingCreate", s.found),
			kit.On(kit.Update, records.AuditFindings, "auditFindingUpdate", s.found),
		},
	}
}

// findingParties: whom it concerns answers; who looks at claims, or the management, and
// has no part in it decides: neither found it nor signed the claim.
func findingParties(ctx context.Context, app core.App, row records.AuditFinding) (by []domain.Party, err error) {
	user, found := actor(ctx)
	switch {
	case !found:
		return nil, nil
	case user.ID() == row.Person():
		return []domain.Party{domain.PartyAsked}, nil
	case slices.Contains(row.Liable(), user.ID()):
		return []domain.Party{domain.PartyAsked}, nil
	case user.ID() == row.Finder():
		return []domain.Party{domain.PartyOwner}, nil
	case looks(user.Role()), user.Role() == people.RoleExecutive:
		signed, err := signers(app, row.Claim())
		if err != nil || slices.Contains(signed, user.ID()) {
			return nil, err
		}
		return []domain.Party{domain.PartyOffice}, nil
	}
	return nil, nil
}

// signers are who approved a claim.
func signers(app core.App, claim records.ExpenseClaimID) (out []records.UserID, err error) {
	rows, err := records.Approvals.All(app, "ref_collection = {:c} AND ref_id = {:id} AND state = 'approved'", dbx.Params{"c": records.ExpenseClaimTable, "id": claim}, "id")
	for _, row := range rows {
		out = append(out, row.Approver())
	}
	return out, err
}

// found names whose claim it is, and judges what is asked for: no more than the claim
// paid, of a line of that claim; liable is who signed it.
func (s service) found(e *kit.Change[records.AuditFinding]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	row, isNew := e.Row, e.Row.IsNew()
	user := gate.From(e.RecordEvent).Author()
	if isNew && user != nil {
		row.SetFinder(records.UserID(user.Id))
	}
	if !isNew && user != nil && records.UserID(user.Id) != e.Before().Finder() {
		return gate.Refuse("finding.not_finder")
	}
	claim, found, err := records.ExpenseClaims.Find(e.App, row.Claim())
	if err != nil {
		return err
	}
	if !found || !slices.Contains([]string{"approved", "paid", "archived", "reversed"}, string(claim.State())) {
		return gate.RefuseField(records.AuditFindingColClaim, "finding.claim_invalid")
	}
	if user != nil && claim.Owner() == records.UserID(user.Id) {
		return gate.RefuseField(records.AuditFindingColClaim, "finding.own_claim")
	}
	if err := s.ofClaim(e.App, row, claim); err != nil {
		return err
	}
	row.SetPerson(claim.Owner())
	row.SetDept(claim.Dept())
	if err := e.Next(); err != nil || !isNew {
		return err
	}
	return s.tell(e.Context, e.App, "finding.made", row, map[string]any{"no": nameOf(claim), "text": row.Text()}, append([]records.UserID{row.Person()}, row.Liable()...)...)
}

// ofClaim judges what a finding says of its claim.
func (s service) ofClaim(app core.App, row records.AuditFinding, claim records.ExpenseClaim) error {
	most := claim.ApprovedFen()
	if row.Line() != "" {
		line, found, err := records.ExpenseLines.Find(app, row.Line())
		if err != nil {
			return err
		}
		if !found || line.Claim() != claim.ID() {
			return gate.RefuseField(records.AuditFindingColLine, "finding.line_invalid")
		}
		most = line.ApprovedFen()
	}
	var others int
	err := app.DB().NewQuery("SELECT COALESCE(SUM(repay_fen), 0) FROM audit_findings WHERE claim = {:c} AND id <> {:id} AND state <> 'dismissed'").
		Bind(dbx.Params{"c": claim.ID(), "id": row.ID()}).Row(&others)
	if err != nil {
		return fmt.Errorf("add up what is asked back of a claim: %w", err)
	}
	if most = min(most, max(claim.ApprovedFen()-others, 0)); row.RepayFen() > most {
		return gate.RefuseField(records.AuditFindingColRepayFen, "finding.repay_invalid", "most_fen", most)
	}
	if row.Sample() != "" {
		sample, found, err := records.AuditSamples.Find(app, row.Sample())
		if err != nil {
			return err
		}
		picks, err := sample.Picks()
		if found && err != nil {
			return err
		}
		if !found || !slices.ContainsFunc(picks, func(p expense.AuditPick) bool { return p.Claim == string(claim.ID()) }) {
			return gate.RefuseField(records.AuditFindingColSample, "finding.not_sampled")
		}
	}
	if len(row.Liable()) == 0 {
		return nil
	}
	signed, err := signers(app, claim.ID())
	if err != nil {
		return err
	}
	for _, person := range row.Liable() {
		if !slices.Contains(signed, person) {
			return gate.RefuseField(records.AuditFindingColLiable, "finding.not_signed")
		}
	}
	return nil
}

// words are what somebody says for himself.
type words struct {
	Text string `json:"text"`
}

// answer notes what whom it concerns says; the one liable for it adds to it.
func (s service) answer(ctx context.Context, tx core.App, row records.AuditFinding, args words) error {
	user, found := actor(ctx)
	if text := strings.TrimSpace(args.Text); !found || text == "" || len(text) > 1000 {
		return gate.Refuse("finding.answer_required")
	}
	said := user.Name() + "：" + strings.TrimSpace(args.Text)
	if before := row.Answer(); before != "" {
		said = before + "\n" + said
	}
	if len(said) > 6000 {
		return gate.Refuse("finding.answer_required")
	}
	row.SetAnswer(said)
	row.SetAnsweredAt(s.Now())
	return s.tell(ctx, tx, "finding.answered", row, map[string]any{"name": user.Name()}, row.Finder())
}

// confirm makes penalties of it: points of the appraisal of the month that runs, for
// whom it concerns and for who signed, and money to pay back.
func (s service) confirm(ctx context.Context, tx core.App, row records.AuditFinding, _ kit.None) error {
	s.decided(ctx, row)
	days, err := gate.SettingsNow(tx).AuditRepayDays()
	if err != nil {
		return err
	}
	today := domain.BusinessDay(s.Now())
	for _, p := range penaltiesOf(row) {
		penalty, err := records.Penalties.New(tx)
		if err != nil {
			return err
		}
		user, err := records.Users.Require(tx, p.owner)
		if err != nil {
			return err
		}
		penalty.SetOwner(p.owner)
		penalty.SetDept(user.Department())
		penalty.SetFinding(row.ID())
		penalty.SetKind(records.PenaltyKind(p.kind))
		penalty.SetMonth(domain.Month(today))
		penalty.SetPoints(p.points)
		penalty.SetAmountFen(p.fen)
		penalty.SetPayments([]expense.Repayment{})
		if p.kind == expense.PenaltyRepayment {
			penalty.SetDue(domain.AddDays(today, days))
		}
		penalty.SetState(expense.PenaltyOpen)
		if err := tx.SaveWithContext(gate.AsServer(ctx), penalty.Raw()); err != nil {
			return fmt.Errorf("make a penalty: %w", err)
		}
		err = gate.Notify(ctx, tx, s.Now(), gate.Notice{
			User: string(p.owner), Kind: "penalty." + p.kind, Link: records.PenaltyTable + "/" + string(penalty.ID()),
			Params: map[string]any{"points": p.points, "amount": domain.Yuan(int64(p.fen)), "due": penalty.Due(), "text": row.Text()},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// penaltyOf is what somebody bears.
type penaltyOf struct {
	owner       records.UserID
	kind        string
	points, fen int
}

func penaltiesOf(row records.AuditFinding) (out []penaltyOf) {
	if row.Points() > 0 {
		out = append(out, penaltyOf{row.Person(), expense.PenaltyDeduction, row.Points(), 0})
	}
	if row.RepayFen() > 0 {
		out = append(out, penaltyOf{row.Person(), expense.PenaltyRepayment, 0, row.RepayFen()})
	}
	for _, user := range row.Liable() {
		if row.LiablePoints() > 0 {
			out = append(out, penaltyOf{user, expense.PenaltyDeduction, row.LiablePoints(), 0})
		}
	}
	return out
}

func (s service) dismiss(ctx context.Context, tx core.App, row records.AuditFinding, args because) error {
	s.decided(ctx, row)
	row.SetReason(args.Reason)
	return s.tell(ctx, tx, "finding.dismissed", row, map[string]any{"reason": args.Reason}, row.Finder(), row.Person())
}

func (s service) decided(ctx context.Context, row records.AuditFinding) {
	if user, found := actor(ctx); found {
		row.SetDecidedBy(user.ID())
	}
	row.SetDecidedAt(s.Now())
}

// tell tells people of a finding.
func (s service) tell(ctx context.Context, tx core.App, kind string, row records.AuditFinding, params map[string]any, users ...records.UserID) error {
	for _, user := range users {
		err := gate.Notify(ctx, tx, s.Now(), gate.Notice{User: string(user), Kind: kind, Link: records.AuditFindingTable + "/" + string(row.ID()), Params: params})
		if err != nil {
			return err
		}
	}
	return nil
}

// nameOf is what people know a claim by.
func nameOf(claim records.ExpenseClaim) string {
	if claim.No() != "" {
		return claim.No()
	}
	return claim.Title()
}
