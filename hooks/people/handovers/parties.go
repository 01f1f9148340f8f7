package handovers

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// staff is what decides of a user.
func staff(user records.User) people.Staff {
	return people.Staff{
		ID: string(user.ID()), Role: string(user.Role()), Manager: string(user.Manager()), Dept: string(user.Department()), Active: user.Active(),
	}
}

// acting is what decides of who acts; nobody if there is no user.
func acting(user *core.Record) people.Staff {
	if user == nil {
		return people.Staff{}
	}
	return staff(records.Users.Of(user))
}

// findStaff finds a user: handover.rep_unknown. An empty id is nobody.
func findStaff(app core.App, field string, id records.UserID) (people.Staff, error) {
	if id == "" {
		return people.Staff{}, nil
	}
	user, found, err := records.Users.Find(app, id)
	if err != nil {
		return people.Staff{}, err
	}
	if !found {
		return people.Staff{}, gate.RefuseField(field, "handover.rep_unknown")
	}
	return staff(user), nil
}

// findBoth finds the two between whom accounts change hands: handover.rep_unknown.
func findBoth(app core.App, fromID, toID records.UserID) (from, to people.Staff, err error) {
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
