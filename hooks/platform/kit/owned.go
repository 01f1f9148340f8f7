package kit

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Owned says that a row is somebody's work for an account: its author is its
// owner and serves the account, or did when he captured it; it takes manager and
// department from the account, for good; and only its owner writes it.
type Owned struct {
	Stranger  string // code for anybody but the owner
	NoAccount string // code where the account is missing
}

// Columns that every owned collection has.
const (
	ownerCol   = records.OrderColOwner
	accountCol = records.OrderColAccount
	managerCol = records.OrderColManager
	deptCol    = records.OrderColDept
)

// create fills who is responsible.
func (o Owned) create(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, managerCol, deptCol); err != nil {
		return err
	}
	account, err := gate.TeamOf(e.App, column(e.Record, accountCol))
	if errors.Is(err, sql.ErrNoRows) {
		return gate.RefuseField(accountCol, o.NoAccount)
	}
	if err != nil {
		return fmt.Errorf("find the account of a row of %s: %w", e.Record.Collection().Name, err)
	}
	if err := begun(e, o.Stranger); err != nil {
		return err
	}
	if author := gate.From(e).Author(); author != nil {
		if !account.Serves(author) && !account.Serves(gate.From(e).User) {
			if err := gate.From(e).ServedThen(column(e.Record, accountCol)); err != nil {
				return err
			}
		}
	}
	setColumn(e.Record, managerCol, account.Manager)
	setColumn(e.Record, deptCol, account.Dept)
	return e.Next()
}

// update keeps the row to its owner.
func (o Owned) update(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := own(e, o.Stranger); err != nil {
		return err
	}
	if err := gate.LockFields(e, accountCol, ownerCol, managerCol, deptCol); err != nil {
		return err
	}
	return e.Next()
}

// begun gives a new row to its author, who makes none in another's name.
func begun(e *core.RecordEvent, stranger string) error {
	author := gate.From(e).Author()
	if author == nil {
		return nil
	}
	if column(e.Record, ownerCol) == "" {
		setColumn(e.Record, ownerCol, author.Id)
	}
	if column(e.Record, ownerCol) != author.Id {
		return gate.Refuse(stranger)
	}
	return nil
}

// own refuses everybody but a row's owner.
func own(e *core.RecordEvent, stranger string) error {
	if author := gate.From(e).Author(); author != nil && column(records.Before(e.Record), ownerCol) != author.Id {
		return gate.Refuse(stranger)
	}
	return nil
}
