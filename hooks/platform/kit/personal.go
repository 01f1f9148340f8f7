package kit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Personal says that a row is its author's own: who writes it is its owner, and
// it takes manager and department, where it has them, from him as he stands then.
// Of an account it speaks only if that is his line's.
type Personal struct {
	Stranger string // code for anybody but the owner
}

// create fills whose the row is. An owner that is not there is left to the
// relation's own validation.
func (p Personal) create(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := begun(e, p.Stranger); err != nil {
		return err
	}
	if err := ofHisAccount(e); err != nil {
		return err
	}
	if e.Record.Collection().Fields.GetByName(managerCol) == nil {
		return e.Next()
	}
	if err := gate.LockFields(e, managerCol, deptCol); err != nil {
		return err
	}
	owner, found, err := records.Users.Find(e.App, records.UserID(column(e.Record, ownerCol)))
	if err != nil {
		return err
	}
	if found {
		setColumn(e.Record, managerCol, string(owner.Manager()))
		setColumn(e.Record, deptCol, string(owner.Department()))
	}
	return e.Next()
}

// update keeps the row to its owner.
func (p Personal) update(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, ownerCol, managerCol, deptCol); err != nil {
		return err
	}
	if err := own(e, p.Stranger); err != nil {
		return err
	}
	if err := ofHisAccount(e); err != nil {
		return err
	}
	return e.Next()
}

// ofHisAccount holds the account that a row comes to name to those that its author
// has, or served when he captured it: what follows from a row tells of its account.
// Offices, who have none, speak of any.
func ofHisAccount(e *core.RecordEvent) error {
	if e.Record.Collection().Fields.GetByName(accountCol) == nil {
		return nil
	}
	id := column(e.Record, accountCol)
	actor := gate.From(e)
	author := actor.Author()
	if id == "" || author == nil || column(records.Before(e.Record), accountCol) == id {
		return nil
	}
	switch records.Users.Of(author).Role() {
	case people.RoleRep, people.RoleKAManager, people.RoleDeptManager:
	default:
		return nil
	}
	team, err := gate.TeamOf(e.App, id)
	if errors.Is(err, sql.ErrNoRows) { // left to the relation's own validation
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the account of a row of %s: %w", e.Record.Collection().Name, err)
	}
	if team.Has(author) || team.Has(actor.User) {
		return nil
	}
	return actor.ServedThen(id)
}

// Whose is a row of somebody's, who has people over him.
type Whose interface {
	Owner() records.UserID
	Manager() records.UserID
	Dept() records.DepartmentID
}

// AsOfToday puts a personal row where its owner stands by now.
func AsOfToday(tx core.App, row interface {
	Owner() records.UserID
	SetManager(records.UserID)
	SetDept(records.DepartmentID)
},
) error {
	owner, err := records.Users.Require(tx, row.Owner())
	if err != nil {
		return err
	}
	row.SetManager(owner.Manager())
	row.SetDept(owner.Department())
	return nil
}

// Superior reports whether who acts is over a row's owner, and not the owner.
func Superior(actor *core.Record, row Whose) bool {
	return actor != nil && actor.Id != string(row.Owner()) && (actor.Id == string(row.Manager()) || gate.Heads(actor, string(row.Dept())))
}

// PersonalParties is what the actor is to such a row: its owner, or his superior.
func PersonalParties[R Whose, ID ~string](c records.Collection[R, ID]) func(context.Context, core.App, *core.Record) ([]domain.Party, error) {
	return Parties(c, func(ctx context.Context, _ core.App, row R) ([]domain.Party, error) {
		switch author := gate.Of(ctx).Author(); {
		case author == nil:
			return nil, nil
		case author.Id == string(row.Owner()):
			return []domain.Party{domain.PartyOwner}, nil
		case Superior(author, row):
			return []domain.Party{domain.PartySuperior}, nil
		}
		return nil, nil
	})
}
