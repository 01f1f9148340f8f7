package deals

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Decisions on a major deal.
const (
	decisionGo   records.OpportunityDecision = "go"
	decisionNoGo records.OpportunityDecision = "no_go"
)

func opportunities() kit.Collection {
	return kit.Collection{
		Name:    records.OpportunityTable,
		Machine: &customers.OppMachine,
		Parties: kit.Parties(records.Opportunities, func(ctx context.Context, tx core.App, opp records.Opportunity) ([]domain.Party, error) {
			return parties(ctx, tx, opp.Account())
		}),
		Hung: true,
		Server: []string{
			records.OpportunityColBeforeStage, records.OpportunityColIsMajor,
			records.OpportunityColDecision, records.OpportunityColDecisionNote, records.OpportunityColDecidedBy, records.OpportunityColDecidedAt,
			records.OpportunityColOrder, records.OpportunityColContract, records.OpportunityColLostReason,
		},
		Audit:   gate.Audit{Fields: []string{records.OpportunityColStage, records.OpportunityColAmountFen, records.OpportunityColDecision}},
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Opportunities, "opportunityCreate", opportunitySaved),
			kit.On(kit.Update, records.Opportunities, "opportunityUpdate", opportunitySaved),
		},
	}
}

// opportunitySaved gives a new one to its author, keeps what is over, and tells
// major deals.
func opportunitySaved(e *kit.Change[records.Opportunity]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	switch stage := e.Before().Stage(); {
	case e.Row.IsNew():
		if author := gate.From(e.RecordEvent).Author(); author != nil && e.Row.Owner() == "" {
			e.Row.SetOwner(records.UserID(author.Id))
		}
	case stage == customers.OppWon, stage == customers.OppLost:
		return gate.Refuse("opportunity.locked")
	}
	limit, err := gate.SettingsNow(e.App).OpportunityMajorFen()
	if err != nil {
		return err
	}
	// A decision counts for the amount that it was made on: more than that is to
	// be decided anew.
	e.Row.SetIsMajor(e.Row.AmountFen() >= limit)
	if e.Row.IsMajor() && e.Row.AmountFen() > e.Before().AmountFen() {
		decided(e.Row, "", "", "", time.Time{})
	}
	return e.Next()
}

func decided(opp records.Opportunity, decision records.OpportunityDecision, note string, by records.UserID, at time.Time) {
	opp.SetDecision(decision)
	opp.SetDecisionNote(note)
	opp.SetDecidedBy(by)
	opp.SetDecidedAt(at)
}

// oppArgs: lose and suspend need the reason; win takes the order or contract
// that proves it.
type oppArgs struct {
	Reason   string             `json:"reason"`
	Order    records.OrderID    `json:"order"`
	Contract records.ContractID `json:"contract"`
}

// oppStep is a step whose guards know what comes with it.
func oppStep(verb string, run func(context.Context, core.App, records.Opportunity, oppArgs) error) kit.Action {
	return kit.Guarded(records.Opportunities, kit.Do(records.Opportunities, verb, run),
		func(ctx context.Context, _ core.App, opp records.Opportunity) (func(string) bool, error) {
			var args oppArgs
			if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil {
				return nil, err
			}
			return customers.Deal{
				Major: opp.IsMajor(), Decided: opp.Decision() == decisionGo, Reason: args.Reason,
				Proof: opp.Order() != "" || opp.Contract() != "" || args.Order != "" || args.Contract != "",
			}.Holds, nil
		})
}

func oppMoved(context.Context, core.App, records.Opportunity, oppArgs) error { return nil }

// won links the order or contract of the same account that the win rests on.
func won(_ context.Context, tx core.App, opp records.Opportunity, args oppArgs) error {
	if args.Order != "" {
		order, found, err := records.Orders.Find(tx, args.Order)
		if err != nil {
			return err
		}
		if !found || order.Account() != opp.Account() {
			return gate.RefuseField(records.OpportunityColOrder, "record.not_found")
		}
		opp.SetOrder(order.ID())
	}
	if args.Contract != "" {
		contract, found, err := records.Contracts.Find(tx, args.Contract)
		if err != nil {
			return err
		}
		if !found || contract.Account() != opp.Account() {
			return gate.RefuseField(records.OpportunityColContract, "record.not_found")
		}
		opp.SetContract(contract.ID())
	}
	return nil
}

func lost(_ context.Context, _ core.App, opp records.Opportunity, args oppArgs) error {
	opp.SetLostReason(args.Reason)
	return nil
}

func suspended(ctx context.Context, _ core.App, opp records.Opportunity, _ oppArgs) error {
	opp.SetBeforeStage(kit.StepOf(ctx).From)
	return nil
}

func resumed(_ context.Context, _ core.App, opp records.Opportunity, _ oppArgs) error {
	opp.SetStage(records.OpportunityStage(opp.BeforeStage()))
	return nil
}

// decision of the department manager of the account, whose record a major deal
// needs before it is won (H-OPP-MAJ).
type decision struct {
	Decision records.OpportunityDecision `json:"decision"` // go or no_go
	Note     string                      `json:"note"`
}

func (d desk) decide(ctx context.Context, _ core.App, opp records.Opportunity, args decision) error {
	if args.Decision != decisionGo && args.Decision != decisionNoGo {
		return gate.Refuse("args.invalid")
	}
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("opportunity.reason_required")
	}
	decided(opp, args.Decision, args.Note, records.UserID(gate.Of(ctx).User.Id), d.now())
	return nil
}
