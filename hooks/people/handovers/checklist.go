package handovers

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// openItems are what a handover's accounts leave open, counted when it is planned.
type openItems struct {
	Orders        int `db:"orders" json:"orders"`
	Visits        int `db:"visits" json:"visits"`
	Issues        int `db:"issues" json:"issues"`
	Opportunities int `db:"opportunities" json:"opportunities"`
	Contracts     int `db:"contracts" json:"contracts"`
}

// prepare gives a handover the checklist of the setting and counts what is open.
func prepare(app core.App, row records.AccountHandover) error {
	names, err := gate.SettingsNow(app).HandoverChecklist()
	if err != nil {
		return err
	}
	list := make([]people.ChecklistItem, len(names))
	for i, n := range names {
		list[i].Item = n
	}
	var open openItems
	err = app.DB().NewQuery(`WITH a AS (SELECT value AS id FROM json_each({:accounts})) SELECT
		(SELECT COUNT(*) FROM orders WHERE account IN (SELECT id FROM a) AND state IN ('draft', 'submitted', 'approved')) AS orders,
		(SELECT COUNT(*) FROM visits WHERE account IN (SELECT id FROM a) AND state IN ('planned', 'approved', 'in_progress', 'checked_out')) AS visits,
		(SELECT COUNT(*) FROM issues WHERE account IN (SELECT id FROM a) AND state NOT IN ('closed', 'merged')) AS issues,
		(SELECT COUNT(*) FROM opportunities WHERE account IN (SELECT id FROM a) AND stage NOT IN ('won', 'lost')) AS opportunities,
		(SELECT COUNT(*) FROM contracts WHERE account IN (SELECT id FROM a) AND state IN ('draft', 'in_review', 'approved', 'signing')) AS contracts`).
		Bind(dbx.Params{"accounts": jsonList(row.Accounts())}).One(&open)
	if err != nil {
		return fmt.Errorf("count open items: %w", err)
	}
	row.SetChecklist(list)
	row.SetOpenItems(open)
	return nil
}

type checkArgs struct {
	Item string `json:"item"`
}

// check ticks an item of the checklist off, for either side: handover.item_unknown.
func (s *Service) check(ctx context.Context, _ core.App, row records.AccountHandover, args checkArgs) error {
	list, err := row.Checklist()
	if err != nil {
		return err
	}
	if err := people.Tick(list, args.Item, gate.Of(ctx).User.Id, s.now()); err != nil {
		return gate.WrapError(err)
	}
	row.SetChecklist(list)
	return nil
}

// sign is each side's name under a handover whose checklist is done:
// handover.items_open, handover.signed. Both must have signed before it is completed early.
func (s *Service) sign(ctx context.Context, _ core.App, row records.AccountHandover, _ kit.None) error {
	list, err := row.Checklist()
	if err != nil {
		return err
	}
	if n := people.OpenItems(list); n > 0 {
		return gate.Refuse("handover.items_open", "count", n)
	}
	at, set := row.SignedFromAt(), row.SetSignedFromAt
	if records.UserID(gate.Of(ctx).User.Id) == row.ToRep() {
		at, set = row.SignedToAt(), row.SetSignedToAt
	}
	if !at.IsZero() {
		return gate.Refuse("handover.signed")
	}
	set(s.now())
	return nil
}
