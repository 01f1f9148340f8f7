package activities

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// deptsOf are the departments that accounts are of now, in order. An account that
// is not there is left to the relation's own validation.
func deptsOf(app core.App, accounts []records.AccountID) (depts []records.DepartmentID, err error) {
	for _, account := range accounts {
		team, err := gate.TeamOf(app, string(account))
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("find an account that is named: %w", err)
		}
		if dept := records.DepartmentID(team.Dept); dept != "" && !slices.Contains(depts, dept) {
			depts = append(depts, dept)
		}
	}
	slices.Sort(depts)
	return depts, nil
}

// part is a row of an activity that the same accounts' lines see.
type part interface {
	SetAccounts([]records.AccountID)
	SetDepts([]records.DepartmentID)
	Raw() *core.Record
}

// show lets those see a part who see its activity for the sake of their accounts.
func show(p part, activity records.Activity) {
	p.SetAccounts(activity.Accounts())
	p.SetDepts(activity.Depts())
}

// showParts does so for all parts that an activity has while its accounts may change.
func showParts(ctx context.Context, tx core.App, activity records.Activity) error {
	of := dbx.Params{"a": activity.ID()}
	tasks, err := records.ActivityTasks.All(tx, "activity = {:a}", of, "id")
	if err != nil {
		return err
	}
	costs, err := records.ActivityCosts.All(tx, "activity = {:a}", of, "id")
	if err != nil {
		return err
	}
	var parts []part
	for _, t := range tasks {
		parts = append(parts, t)
	}
	for _, c := range costs {
		parts = append(parts, c)
	}
	for _, p := range parts {
		show(p, activity)
		if err := tx.SaveWithContext(gate.AsServer(ctx), p.Raw()); err != nil {
			return fmt.Errorf("show a part of an activity: %w", err)
		}
	}
	return nil
}

// linesOf are those who answer for accounts: who holds them, and who leads him.
func linesOf(app core.App, accounts []records.AccountID) (users []records.UserID, err error) {
	for _, account := range accounts {
		team, err := gate.TeamOf(app, string(account))
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("find whom an activity concerns: %w", err)
		}
		for _, user := range []records.UserID{records.UserID(team.Owner), records.UserID(team.Manager)} {
			if user != "" && !slices.Contains(users, user) {
				users = append(users, user)
			}
		}
	}
	return users, nil
}
