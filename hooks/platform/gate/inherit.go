package gate

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/records"
)

// Columns of every row that belongs to an account.
const (
	accountCol = records.ContactColAccount
	deptCol    = records.ContactColDept
)

// InheritFromAccount fills the department of a row from its account, which must
// be of the actor's team: record.not_allowed. An account that is not there is left
// to the relation's own validation.
func InheritFromAccount(e *core.RecordEvent) error {
	if err := LockFields(e, deptCol); err != nil {
		return err
	}
	if !written(e.Record, accountCol) {
		return nil
	}
	team, err := TeamOf(e.App, textOf(e.Record, accountCol))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the account of a row: %w", err)
	}
	if actor := From(e).User; actor != nil && !ByServer(e) && !team.Has(actor) {
		return Refuse("record.not_allowed")
	}
	put(e.Record, deptCol, team.Dept)
	return nil
}
