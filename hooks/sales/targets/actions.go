package targets

import (
	"context"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// sets reports whether a target is a user's to set: his rep's or one of that rep's
// accounts', one of his own accounts', or one of the department that he manages.
func sets(user *core.Record, target records.Target) bool {
	by, level := records.Users.Of(user), string(target.Level())
	ofAccount := level == sales.TargetOfAccount
	own := ofAccount && target.Owner() == by.ID()
	leads := (ofAccount || level == sales.TargetOfRep) && string(by.Role()) == sales.TargetLevels[sales.TargetOfManager].Role && target.Manager() == by.ID()
	return own || leads || gate.Heads(user, string(target.Dept()))
}

// parties is what the actor is to a target; a department's has its owner over it too.
func parties(ctx context.Context, _ core.App, target records.Target) (out []domain.Party, err error) {
	actor := gate.Of(ctx)
	if actor.User == nil {
		return nil, nil
	}
	if string(target.Owner()) == actor.Author().Id {
		out = append(out, domain.PartyOwner)
	}
	if sets(actor.User, target) {
		out = append(out, domain.PartySuperior)
	}
	return out, nil
}

// guards says what must hold of a target beside its state.
func guards(_ context.Context, tx core.App, target records.Target) (func(string) bool, error) {
	parent, found, err := records.Targets.Find(tx, target.Parent())
	if err != nil {
		return nil, err
	}
	below, err := records.Targets.Count(tx, "parent = {:p} AND state <> 'cancelled'", dbx.Params{"p": target.ID()})
	if err != nil {
		return nil, err
	}
	basis := []string{target.BasisCompany(), target.BasisMarket(), target.BasisCapability()}
	blank := func(text string) bool { return strings.TrimSpace(text) == "" }
	return func(guard string) bool {
		switch guard {
		case "target.basis_required":
			return target.Level() != sales.TargetOfDept || !slices.ContainsFunc(basis, blank)
		case "target.parent_open":
			return !found || parent.State() == sales.TargetIssued || parent.State() == sales.TargetCascaded
		case "target.has_children":
			return below == 0
		}
		return false
	}, nil
}

// issue puts a target in force: its owner is still there, its periods add up, and one
// below a break-down that stands fits into it.
func (s service) issue(ctx context.Context, tx core.App, target records.Target, _ kit.None) error {
	if _, err := ownerOf(tx, target); err != nil {
		return err
	}
	if _, err := whole(target); err != nil {
		return err
	}
	parent, found, err := records.Targets.Find(tx, target.Parent())
	if err != nil {
		return err
	}
	if found && parent.State() == sales.TargetCascaded {
		if err := checkCascade(tx, parent, target.Value()); err != nil {
			return err
		}
	}
	target.SetIssuedBy(records.UserID(gate.Of(ctx).User.Id))
	target.SetIssuedAt(s.Now())
	target.SetReason("")
	return s.tell(ctx, tx, target.Owner(), "issued", target, nil)
}

// cascade says that those below have their targets.
func cascade(_ context.Context, tx core.App, target records.Target, _ kit.None) error {
	return checkCascade(tx, target)
}

// checkCascade holds the targets in force below, and more values that join them,
// to the sum that a break-down has.
func checkCascade(tx core.App, target records.Target, joining ...int) error {
	below, err := records.Targets.All(tx, "parent = {:p} AND state IN ('issued', 'cascaded')", dbx.Params{"p": target.ID()}, "")
	if err != nil {
		return err
	}
	over, err := gate.SettingsNow(tx).TargetOverBp()
	if err != nil {
		return err
	}
	values := joining
	for _, part := range below {
		values = append(values, part.Value())
	}
	return gate.WrapError(sales.CheckTargetCascade(string(target.Metric()), target.Value(), values, over))
}

// because is why a target changes: target.reason_required.
type because struct {
	Reason string `json:"reason"`
}

// revise makes a draft of the next version.
func (s service) revise(ctx context.Context, tx core.App, target records.Target, args because) error {
	target.SetVersion(target.Version() + 1)
	return s.takeBack(ctx, tx, target, args, "revised")
}

// cancel ends a target.
func (s service) cancel(ctx context.Context, tx core.App, target records.Target, args because) error {
	return s.takeBack(ctx, tx, target, args, "cancelled")
}

// takeBack takes a target out of force: the break-down that it was of is open again.
func (s service) takeBack(ctx context.Context, tx core.App, target records.Target, args because, how string) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("target.reason_required")
	}
	target.SetReason(args.Reason)
	if err := s.tell(ctx, tx, target.Owner(), how, target, map[string]any{"reason": args.Reason}); err != nil {
		return err
	}
	parent, found, err := records.Targets.Find(tx, target.Parent())
	if err != nil || !found || parent.State() != sales.TargetCascaded {
		return err
	}
	owner, err := records.Users.Require(tx, target.Owner())
	if err != nil {
		return err
	}
	parent.SetState(sales.TargetIssued)
	if err := tx.SaveWithContext(gate.AsServer(ctx), parent.Raw()); err != nil {
		return err
	}
	return s.tell(ctx, tx, parent.Owner(), "reopened", parent, map[string]any{"name": owner.Name()})
}

// tell tells somebody of a target, unless he does it himself.
func (s service) tell(ctx context.Context, tx core.App, whom records.UserID, what string, target records.Target, params map[string]any) error {
	if actor := gate.Of(ctx).User; actor != nil && string(whom) == actor.Id {
		return nil
	}
	all := map[string]any{"year": target.Year()}
	for name, value := range params {
		all[name] = value
	}
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(whom), Kind: "target." + what + "." + string(target.Metric()), Params: all, Link: records.TargetTable + "/" + string(target.ID()),
	})
}
