package cases

import (
	"context"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// parties is what the actor is to an issue: those who solve are the owner
// department and the service; the line speaks with the customer; the heads of the
// service and of the account's department say who was at fault.
func parties(ctx context.Context, tx core.App, issue records.Case) (by []domain.Party, err error) {
	actor := gate.Of(ctx).User
	if actor == nil {
		return nil, gate.Refuse("record.not_allowed")
	}
	account, err := records.Accounts.Require(tx, issue.Account())
	if err != nil {
		return nil, err
	}
	if user := records.Users.Of(actor); serves(user) || worksIn(user, issue.OwnerDept()) {
		by = append(by, domain.PartyAsked)
	}
	if gate.OnTeam(actor, account.Raw()) {
		by = append(by, domain.PartyTeam)
	}
	heads, err := gate.HeadsKind(tx, actor, people.DeptService)
	if err != nil {
		return nil, err
	}
	if heads || gate.Heads(actor, string(issue.Dept())) {
		by = append(by, domain.PartyHead)
	}
	return by, nil
}

// serves reports whether a user is of the service, which looks after every issue.
func serves(user records.User) bool { return user.Role() == people.RoleService }

func worksIn(user records.User, dept records.DepartmentID) bool {
	return dept != "" && user.Department() == dept
}

func over(issue records.Case) bool {
	return !slices.Contains(customers.CaseMachine.Editable(), string(issue.State()))
}
