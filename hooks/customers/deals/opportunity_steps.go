package deals

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// oppArgs: lose, suspend and return need the reason, lose its code too; win takes
// the order or contract that proves it.
type oppArgs struct {
	Reason   string             `json:"reason"`
	Code     string             `json:"code"`
	Order    records.OrderID    `json:"order"`
	Contract records.ContractID `json:"contract"`
}

// oppStep is a step whose guards know what comes with it. It is logged.
func (d desk) oppStep(verb string, run func(context.Context, core.App, records.Opportunity, oppArgs) error) kit.Action {
	step := func(ctx context.Context, tx core.App, opp records.Opportunity, args oppArgs) error {
		if err := run(ctx, tx, opp, args); err != nil {
			return err
		}
		opp.SetStageAt(d.now())
		taken := kit.StepOf(ctx)
		return d.logged(ctx, tx, opp, taken.From, taken.Action, args.Reason)
	}
	return kit.Guarded(records.Opportunities, kit.Do(records.Opportunities, verb, step),
		func(ctx context.Context, _ core.App, opp records.Opportunity) (func(string) bool, error) {
			var args oppArgs
			if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil {
				return nil, err
			}
			return customers.Deal{
				Major: opp.IsMajor(), Decided: opp.Decision() == decisionGo, Reason: args.Reason, Code: args.Code,
				Proof: opp.Order() != "" || opp.Contract() != "" || args.Order != "" || args.Contract != "",
			}.Holds, nil
		})
}

func oppMoved(context.Context, core.App, records.Opportunity, oppArgs) error { return nil }

func lost(_ context.Context, _ core.App, opp records.Opportunity, args oppArgs) error {
	opp.SetLostReason(args.Reason)
	opp.SetLostCode(records.OpportunityLostCode(args.Code))
	return nil
}

func suspended(ctx context.Context, _ core.App, opp records.Opportunity, _ oppArgs) error {
	opp.SetBeforeStage(kit.StepOf(ctx).From)
	return nil
}

func (d desk) resumed(_ context.Context, tx core.App, opp records.Opportunity, _ oppArgs) error {
	opp.SetStage(records.OpportunityStage(opp.BeforeStage()))
	return d.goesOn(tx, opp)
}

// stageLog is the trail of opportunities: when they came into which stage after
// the first, in which they are made.
func stageLog() kit.Collection {
	return kit.Collection{Name: records.OpportunityStageEntryTable, Keep: &gate.Keep{Log: true}, Follows: kit.Always}
}

func (d desk) logged(ctx context.Context, tx core.App, opp records.Opportunity, from, step, note string) error {
	entry, err := records.OpportunityStageLog.New(tx)
	if err != nil {
		return err
	}
	account, err := gate.TeamOf(tx, string(opp.Account()))
	if err != nil {
		return err
	}
	entry.SetOpportunity(opp.ID())
	entry.SetAccount(opp.Account())
	entry.SetDept(records.DepartmentID(account.Dept))
	entry.SetFrom(from)
	entry.SetTo(string(opp.Stage()))
	entry.SetStep(step)
	entry.SetAt(d.now())
	if author := gate.Of(ctx).Author(); author != nil {
		entry.SetBy(records.UserID(author.Id))
	}
	entry.SetNote(note)
	return tx.SaveWithContext(gate.AsServer(ctx), entry.Raw())
}

// won links the order or contract of the same account that the win rests on: an order that
// was approved and is not cancelled. From
// a certain amount it waits for who is over the account's owner, unless that is
// who says so.
func (d desk) won(ctx context.Context, tx core.App, opp records.Opportunity, args oppArgs) error {
	if err := prove(tx, opp, args); err != nil {
		return err
	}
	limit, err := gate.SettingsNow(tx).OpportunityConfirmFen()
	if err != nil {
		return err
	}
	account, err := records.Accounts.Require(tx, opp.Account())
	if err != nil {
		return err
	}
	by := gate.Of(ctx).Author()
	opp.SetWinBy(records.UserID(by.Id))
	if opp.AmountFen() < limit || over(by, account) {
		opp.SetStage(customers.OppWon)
		return nil
	}
	opp.SetStage(customers.OppWinPending)
	chart, err := gate.ReadChart(tx)
	if err != nil {
		return err
	}
	return d.tell(ctx, tx, opp, account, chart.Superior(string(account.Owner())), "win_pending", map[string]any{"name": records.Users.Of(by).Name()})
}

func prove(tx core.App, opp records.Opportunity, args oppArgs) error {
	if args.Order != "" {
		order, found, err := records.Orders.Find(tx, args.Order)
		if err != nil {
			return err
		}
		if !found || order.Account() != opp.Account() || !sales.OrderReleased(string(order.State())) {
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

func (d desk) confirmed(ctx context.Context, tx core.App, opp records.Opportunity, _ oppArgs) error {
	return d.answered(ctx, tx, opp, "win_confirmed", nil)
}

func (d desk) returned(ctx context.Context, tx core.App, opp records.Opportunity, args oppArgs) error {
	if err := d.goesOn(tx, opp); err != nil {
		return err
	}
	return d.answered(ctx, tx, opp, "win_returned", map[string]any{"comment": args.Reason})
}

// answered tells who said that it is won.
func (d desk) answered(ctx context.Context, tx core.App, opp records.Opportunity, what string, params map[string]any) error {
	account, err := records.Accounts.Require(tx, opp.Account())
	if err != nil {
		return err
	}
	return d.tell(ctx, tx, opp, account, string(opp.WinBy()), what, params)
}

func (d desk) tell(ctx context.Context, tx core.App, opp records.Opportunity, account records.Account, user, what string, params map[string]any) error {
	return gate.Notify(ctx, tx, d.now(), notice(opp, account, user, what, params))
}

// notice tells somebody of an opportunity.
func notice(opp records.Opportunity, account records.Account, user, what string, params map[string]any) gate.Notice {
	all := map[string]any{"account": account.Name(), "title": opp.Title()}
	for name, value := range params {
		all[name] = value
	}
	return gate.Notice{User: user, Kind: "opportunity." + what, Link: records.OpportunityTable + "/" + string(opp.ID()), Params: all}
}
