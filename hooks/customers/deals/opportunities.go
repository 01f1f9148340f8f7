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

// most is the highest amount of an opportunity, in fen.
const most = 10_000_000_000_000

func (d desk) opportunities() kit.Collection {
	return kit.Collection{
		Name:    records.OpportunityTable,
		Machine: &customers.OppMachine,
		Parties: kit.Parties(records.Opportunities, oppParties),
		Hung:    true,
		Server: []string{
			records.OpportunityColBeforeStage, records.OpportunityColIsMajor,
			records.OpportunityColDecision, records.OpportunityColDecisionNote, records.OpportunityColDecidedBy, records.OpportunityColDecidedAt,
			records.OpportunityColOrder, records.OpportunityColContract, records.OpportunityColLostReason, records.OpportunityColLostCode,
			records.OpportunityColScoreBp, records.OpportunityColGrade, records.OpportunityColGradedAt, records.OpportunityColFoundAt, records.OpportunityColStageAt,
			records.OpportunityColWinBy, records.OpportunityColOverdueToldAt, records.OpportunityColOverdueRaisedAt,
		},
		Audit: gate.Audit{Fields: []string{
			records.OpportunityColStage, records.OpportunityColAmountFen, records.OpportunityColDecision, records.OpportunityColGrade,
		}},
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Opportunities, "opportunityCreate", d.opportunitySaved),
			kit.On(kit.Update, records.Opportunities, "opportunityUpdate", d.opportunitySaved),
		},
	}
}

// oppParties is what the actor is to an opportunity: who is over its account's
// owner confirms a win, unless it is his own.
func oppParties(ctx context.Context, tx core.App, opp records.Opportunity) ([]domain.Party, error) {
	actor := gate.Of(ctx).User
	if actor == nil {
		return nil, nil
	}
	account, err := records.Accounts.Require(tx, opp.Account())
	if err != nil {
		return nil, err
	}
	all := partiesTo(actor, account)
	if over(actor, account) && string(opp.WinBy()) != actor.Id {
		all = append(all, domain.PartySuperior)
	}
	return all, nil
}

// over reports whether somebody is over the owner of an account.
func over(user *core.Record, account records.Account) bool {
	mine := string(account.Manager()) == user.Id && string(account.Owner()) != user.Id
	return mine || gate.Heads(user, string(account.Dept()))
}

// opportunitySaved keeps what is over, grades, bounds the next action by the
// grade, and tells major deals.
func (d desk) opportunitySaved(e *kit.Change[records.Opportunity]) error {
	before := e.Before()
	if e.Row.IsNew() {
		e.Row.SetFoundAt(d.now())
		e.Row.SetStageAt(d.now())
	} else if e.Row.NextAt() != before.NextAt() { // it is told of anew
		e.Row.SetOverdueToldAt(time.Time{})
		e.Row.SetOverdueRaisedAt(time.Time{})
	}
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	switch stage := before.Stage(); {
	case e.Row.IsNew():
		if author := gate.From(e.RecordEvent).Author(); author != nil && e.Row.Owner() == "" {
			e.Row.SetOwner(records.UserID(author.Id))
		}
	case stage == customers.OppWinPending, stage == customers.OppWon, stage == customers.OppLost:
		return gate.Refuse("opportunity.locked")
	}
	if err := whole(e.Row, before); err != nil {
		return err
	}
	if err := d.graded(e); err != nil {
		return err
	}
	limit, err := gate.SettingsNow(e.App).OpportunityMajorFen()
	if err != nil {
		return err
	}
	// A decision counts for the amount that it was made on: more than that is to
	// be decided anew.
	e.Row.SetIsMajor(e.Row.AmountFen() >= limit)
	if e.Row.IsMajor() && e.Row.AmountFen() > before.AmountFen() {
		decided(e.Row, "", "", "", time.Time{})
	}
	return e.Next()
}

// whole refuses an opportunity without its source or needs (R4.9). One that came
// before they were asked for is not held to them until somebody fills them.
func whole(opp, before records.Opportunity) error {
	for _, f := range []struct{ name, now, was string }{
		{records.OpportunityColSource, opp.Source(), before.Source()}, {records.OpportunityColNeeds, opp.Needs(), before.Needs()},
	} {
		if strings.TrimSpace(f.now) == "" && (opp.IsNew() || f.was != "") {
			return gate.RefuseField(f.name, "opportunity.field_required")
		}
	}
	if opp.AmountFen() < 0 || opp.AmountFen() > most {
		return gate.RefuseField(records.OpportunityColAmountFen, "opportunity.amount_invalid")
	}
	return nil
}

func decided(opp records.Opportunity, decision records.OpportunityDecision, note string, by records.UserID, at time.Time) {
	opp.SetDecision(decision)
	opp.SetDecisionNote(note)
	opp.SetDecidedBy(by)
	opp.SetDecidedAt(at)
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
