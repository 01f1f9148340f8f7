package handovers

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// accountSaved keeps the history of an account whose owner was changed by hand.
func (s *Service) accountSaved(e *kit.Change[records.Account]) error {
	moved := e.Row.IsNew() || e.Row.Owner() != e.Before().Owner()
	if err := e.Next(); err != nil || !moved {
		return err
	}
	return s.keepHistory(e.App, "a.id = {:account}", dbx.Params{"account": e.Row.ID()})
}

// mendHistory does the same for owners that were changed past the hooks.
func (s *Service) mendHistory(txApp core.App) error {
	return s.keepHistory(txApp, "true", dbx.Params{})
}

// keepHistory ends the assignments of accounts that have another owner now and
// opens one where there is none: the first since the account was made. where picks accounts a. Nothing is written
// where all is as it should be.
func (s *Service) keepHistory(txApp core.App, where string, bind dbx.Params) error {
	bind["now"], bind["today"] = stamp(s.now()), s.today()
	for _, stmt := range []string{
		`UPDATE account_assignments AS h SET state = 'ended', to_date = {:today}, ended_at = {:now}, updated = {:now} FROM accounts a
			WHERE h.account = a.id AND h.state = 'active' AND h.user <> a.owner AND ` + where,
		`INSERT INTO account_assignments (id, account, user, dept, from_date, state, began_at, created, updated)
			SELECT ` + newID + `, a.id, a.owner, a.dept, IIF(EXISTS (SELECT 1 FROM account_assignments h WHERE h.account = a.id AND h.state = 'ended'),
				{:today}, MIN({:today}, substr(a.created, 1, 10))), 'active', {:now}, {:now}, {:now} FROM accounts a
			WHERE a.owner <> '' AND NOT EXISTS (SELECT 1 FROM account_assignments h WHERE h.account = a.id AND h.state = 'active') AND ` + where,
	} {
		if _, err := txApp.DB().NewQuery(stmt).Bind(bind).Execute(); err != nil {
			return fmt.Errorf("keep who held an account: %w", err)
		}
	}
	return nil
}

// mendLines gives accounts and open handovers the manager and department of
// their people where somebody changed those past the hooks.
func (s *Service) mendLines(txApp core.App) error {
	for _, side := range []string{"from", "to"} {
		_, err := txApp.DB().NewQuery(strings.ReplaceAll(`UPDATE account_handovers AS h SET side_manager = u.manager, side_dept = u.department FROM users u
			WHERE u.id = h.side_rep AND h.state IN ('planned', 'draining') AND (h.side_manager <> u.manager OR h.side_dept <> u.department)`, "side", side)).Execute()
		if err != nil {
			return fmt.Errorf("mend the lines of handovers: %w", err)
		}
	}
	done, err := txApp.DB().NewQuery(`UPDATE accounts AS a SET manager = u.manager, dept = u.department FROM users u
		WHERE u.id = a.owner AND (a.manager <> u.manager OR a.dept <> u.department)`).Execute()
	if err != nil {
		return fmt.Errorf("mend the lines of accounts: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return gate.FollowAccounts(txApp, "true", dbx.Params{})
}

// Tenure is what a user's time with an account was.
type Tenure struct {
	Holds    bool      // he is the owner now
	Until    time.Time // when he last ceased to be; zero if he never was or still is
	Draining bool      // what he captured before Until is still awaited
}

// Tenure tells who held what until when, as the transaction sees it.
func (s *Service) Tenure(app core.App, account, user string) (Tenure, error) {
	var row struct {
		Owner    string         `db:"owner"`
		Ended    types.DateTime `db:"ended_at"`
		Draining bool           `db:"draining"`
	}
	err := app.DB().NewQuery(`SELECT a.owner,
		COALESCE((SELECT MAX(ended_at) FROM account_assignments WHERE account = a.id AND user = {:user} AND state = 'ended'), '') AS ended_at,
		EXISTS (SELECT 1 FROM account_assignments n JOIN account_handovers h ON h.id = n.handover
			WHERE n.account = a.id AND n.state IN ('active', 'ended') AND h.from_rep = {:user} AND h.state = 'draining') AS draining
		FROM accounts a WHERE a.id = {:account}`).Bind(dbx.Params{"account": account, "user": user}).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return Tenure{}, nil
	}
	if err != nil {
		return Tenure{}, fmt.Errorf("read who held an account: %w", err)
	}
	if row.Owner == user {
		return Tenure{Holds: true}, nil
	}
	return Tenure{Until: row.Ended.Time(), Draining: row.Draining}, nil
}

// userMoved lets the managers that a person has now see his open handovers.
func userMoved(e *kit.Change[records.User]) error {
	before, now := staff(e.Before()), staff(e.Row)
	if err := e.Next(); err != nil || (before.Manager == now.Manager && before.Dept == now.Dept) {
		return err
	}
	for _, side := range []string{"from", "to"} {
		_, err := e.App.DB().NewQuery("UPDATE account_handovers SET " + side + "_manager = {:manager}, " + side + "_dept = {:dept} WHERE " +
			side + "_rep = {:user} AND state IN ('planned', 'draining')").
			Bind(dbx.Params{"user": now.ID, "manager": now.Manager, "dept": now.Dept}).Execute()
		if err != nil {
			return fmt.Errorf("move handovers with their people: %w", err)
		}
	}
	return nil
}
