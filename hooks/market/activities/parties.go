package activities

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// parties is what the actor is to work of market's: its owner, or who heads the
// department, for which an administrator may stand.
func parties(ctx context.Context, tx core.App, owner records.UserID, dept records.DepartmentID) (by []domain.Party, err error) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return nil, nil
	}
	who := records.Users.Of(author)
	if who.ID() == owner {
		by = append(by, domain.PartyOwner)
	}
	department, found, err := records.Departments.Find(tx, dept)
	if err != nil {
		return nil, err
	}
	if found && department.Head() == who.ID() || who.Role() == people.RoleAdmin {
		by = append(by, domain.PartyHead)
	}
	return by, nil
}

func planParties(ctx context.Context, tx core.App, plan records.PromoPlan) ([]domain.Party, error) {
	return parties(ctx, tx, plan.Owner(), plan.Dept())
}

func activityParties(ctx context.Context, tx core.App, activity records.Activity) ([]domain.Party, error) {
	return parties(ctx, tx, activity.Owner(), activity.Dept())
}

// assignment names who takes something over.
type assignment struct {
	Owner records.UserID `json:"owner"`
}

// assignable is what a colleague may take over.
type assignable interface {
	SetOwner(records.UserID)
	SetManager(records.UserID)
	SetDept(records.DepartmentID)
}

// assign hands a row to somebody of market who is in office: activity.assignee_invalid.
func assign(tx core.App, row assignable, to records.UserID) error {
	user, found, err := records.Users.Find(tx, to)
	if err != nil {
		return err
	}
	if !found || !user.Active() || user.Role() != people.RoleMarket {
		return gate.RefuseField("owner", "activity.assignee_invalid")
	}
	row.SetOwner(user.ID())
	row.SetManager(user.Manager())
	row.SetDept(user.Department())
	return nil
}

// tell tells people of a row, but not who does it himself.
func (s service) tell(ctx context.Context, tx core.App, kind, link string, params map[string]any, users ...records.UserID) error {
	var self records.UserID
	if author := gate.Of(ctx).Author(); author != nil {
		self = records.UserID(author.Id)
	}
	for _, user := range users {
		if user == self {
			continue
		}
		if err := gate.Notify(ctx, tx, s.Now(), gate.Notice{User: string(user), Kind: kind, Params: params, Link: link}); err != nil {
			return err
		}
	}
	return nil
}
