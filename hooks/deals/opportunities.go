package deals

import (
	"context"
	"encoding/json/jsontext"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

var oppSteps = []string{domain.OppAdvance, domain.OppWin, domain.OppLose, domain.OppSuspend, domain.OppResume}

// opportunitySaved keeps stage and decision for the steps, and tells major deals.
// An amount that grows past the limit after the decision needs it anew.
func opportunitySaved(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	if gate.ByServer(e) && oppStage(e.Record) != "" {
		return e.Next()
	}
	if e.Record.IsNew() && oppStage(e.Record) == domain.OppFound { // a phone that says where it begins
		e.Record.Set("stage", "")
	}
	if err := gate.LockFields(e, oppFilled...); err != nil {
		return err
	}
	if e.Record.IsNew() {
		beginOpportunity(e.Record, gate.From(e).Author())
	} else if over(e.Record.Original()) {
		return gate.Refuse("opportunity.locked")
	}
	limit, err := gate.SettingsNow(e.App).Whole("opportunity.major_fen")
	if err != nil {
		return err
	}
	setMajor(e.Record, limit)
	return e.Next()
}

// stepArgs: lose, suspend and resume need the reason; win takes the order or
// contract that proves it.
type stepArgs struct {
	Reason   string `json:"reason"`
	Order    string `json:"order"`
	Contract string `json:"contract"`
}

func (a actions) oppStep(step string) gate.Action {
	return func(ctx context.Context, txApp core.App, opp *core.Record, raw jsontext.Value) error {
		account, err := gate.MustBeInLine(txApp, gate.Of(ctx).User, opp)
		if err != nil {
			return err
		}
		var args stepArgs
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		if (step == domain.OppLose || step == domain.OppSuspend) && strings.TrimSpace(args.Reason) == "" {
			return gate.Refuse("opportunity.reason_required")
		}
		if step == domain.OppWin {
			if err := linkProof(txApp, opp, account.Id, args); err != nil {
				return err
			}
		}
		next, err := domain.OppMove(dealOf(opp), step)
		if err != nil {
			return gate.WrapError(err)
		}
		setOppStage(opp, next, args.Reason)
		return txApp.SaveWithContext(gate.AsServer(ctx), opp)
	}
}

// linkProof takes the order or contract of the same account that a win rests on.
func linkProof(txApp core.App, opp *core.Record, account string, args stepArgs) error {
	for field, id := range map[string]string{"order": args.Order, "contract": args.Contract} {
		if id == "" {
			continue
		}
		proof, err := txApp.FindRecordById(proofs[field], id)
		if err != nil || accountOf(proof) != account {
			return gate.RefuseField(field, "record.not_found")
		}
		opp.Set(field, id)
	}
	return nil
}

// decide args: {decision: "go" or "no_go", note}. Of the department manager of
// the account, whose record a major deal needs before it is won (H-OPP-MAJ).
func (a actions) decide(ctx context.Context, txApp core.App, opp *core.Record, raw jsontext.Value) error {
	account, err := gate.AccountOf(txApp, opp)
	if err != nil {
		return err
	}
	actor := gate.Of(ctx).User
	if actor == nil || !gate.Heads(actor, deptOf(account)) {
		return gate.Refuse("opportunity.not_head")
	}
	var args struct {
		Decision string `json:"decision"`
		Note     string `json:"note"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if args.Decision != decisionGo && args.Decision != decisionNoGo {
		return gate.Refuse("args.invalid")
	}
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("opportunity.reason_required")
	}
	if over(opp) {
		return gate.Refuse("opportunity.locked")
	}
	setOppDecision(opp, args.Decision, args.Note, actor.Id, a.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), opp)
}
