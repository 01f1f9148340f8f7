package handovers

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/records"
)

// staff is what decides of a user.
func staff(user records.User) domain.Staff {
	return domain.Staff{
		ID: string(user.ID()), Role: string(user.Role()), Manager: string(user.Manager()), Dept: string(user.Department()), Active: user.Active(),
	}
}

// acting is what decides of who acts; nobody if there is no user.
func acting(user *core.Record) domain.Staff {
	if user == nil {
		return domain.Staff{}
	}
	return staff(records.Users.Of(user))
}

// findStaff finds a user: handover.rep_unknown. An empty id is nobody.
func findStaff(app core.App, field string, id records.UserID) (domain.Staff, error) {
	if id == "" {
		return domain.Staff{}, nil
	}
	user, found, err := records.Users.Find(app, id)
	if err != nil {
		return domain.Staff{}, err
	}
	if !found {
		return domain.Staff{}, gate.RefuseField(field, "handover.rep_unknown")
	}
	return staff(user), nil
}

// findBoth finds the two between whom accounts change hands: handover.rep_unknown.
func findBoth(app core.App, fromID, toID records.UserID) (from, to domain.Staff, err error) {
	if from, err = findStaff(app, records.AccountHandoverColFromRep, fromID); err != nil {
		return from, to, err
	}
	to, err = findStaff(app, records.AccountHandoverColToRep, toID)
	return from, to, err
}

// handoverParties is what who acts is to a handover.
func handoverParties(ctx context.Context, tx core.App, row records.AccountHandover) (out []domain.Party, err error) {
	out, err = superior(ctx, tx, row.FromRep(), row.ToRep())
	if id := records.UserID(acting(gate.Of(ctx).User).ID); id != "" && (id == row.FromRep() || id == row.ToRep()) {
		out = append(out, domain.PartySide)
	}
	return out, err
}

// assignmentParties is what who acts is to the change of one account.
func assignmentParties(ctx context.Context, tx core.App, row records.AccountAssignment) ([]domain.Party, error) {
	account, err := records.Accounts.Require(tx, row.Account())
	if err != nil {
		return nil, err
	}
	return superior(ctx, tx, account.Owner(), row.User())
}

// superior says whether who acts may move accounts between two people.
func superior(ctx context.Context, tx core.App, fromID, toID records.UserID) ([]domain.Party, error) {
	from, to, err := findBoth(tx, fromID, toID)
	if err != nil || !acting(gate.Of(ctx).User).MayReassign(from, to) {
		return nil, err
	}
	return []domain.Party{domain.PartySuperior}, nil
}
