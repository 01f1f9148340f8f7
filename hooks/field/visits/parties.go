package visits

import (
	"context"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// parties is what who acts is to a visit: its owner makes it, a superior judges
// it, and the head of its department says the second word about a fraud that
// somebody else claims.
func parties(ctx context.Context, tx core.App, visit records.Visit) (out []domain.Party, err error) {
	if owns(ctx, visit.Owner()) {
		out = append(out, domain.PartyOwner)
	}
	actor := gate.Of(ctx).User
	over, err := superior(tx, actor, visit)
	if err != nil {
		return nil, err
	}
	if over {
		out = append(out, domain.PartySuperior)
	}
	if is := idOf(actor); is != "" && is != visit.Owner() && is != visit.VoidBy() && heads(actor, visit.Dept()) {
		out = append(out, domain.PartyHead)
	}
	return out, nil
}

// owns reports whether a row is the work of who acts, or of whom he stands in for.
func owns(ctx context.Context, owner records.UserID) bool {
	author := gate.Of(ctx).Author()
	return author != nil && idOf(author) == owner
}

// superior reports whether somebody judges a visit: the manager of its time, the
// account's manager of today, or the head of its department; never its owner.
func superior(app core.App, actor *core.Record, visit records.Visit) (bool, error) {
	is := idOf(actor)
	switch {
	case is == "" || is == visit.Owner():
		return false, nil
	case is == visit.Manager(), heads(actor, visit.Dept()):
		return true, nil
	}
	account, err := records.Accounts.Require(app, visit.Account())
	return err == nil && account.Manager() == is, err
}

// heads reports whether somebody manages a department.
func heads(actor *core.Record, dept records.DepartmentID) bool {
	return gate.Heads(actor, string(dept))
}

// idOf is who somebody is; empty for nobody.
func idOf(user *core.Record) records.UserID {
	if user == nil {
		return ""
	}
	return records.UserID(user.Id)
}

// hasRole reports whether somebody has one of these roles.
func hasRole(user *core.Record, roles ...records.UserRole) bool {
	return user != nil && slices.Contains(roles, records.Users.Of(user).Role())
}
