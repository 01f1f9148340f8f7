package handovers

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
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
func prepare(app core.App, r *core.Record, accounts []string) error {
	names, err := gate.SettingsNow(app).List("handover.checklist")
	if err != nil {
		return err
	}
	list := make([]domain.ChecklistItem, len(names))
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
		Bind(dbx.Params{"accounts": jsonList(accounts)}).One(&open)
	if err != nil {
		return fmt.Errorf("failed to count open items: %w", err)
	}
	setChecklist(r, list)
	r.Set("open_items", open)
	return nil
}

// check args: {item}. Either side ticks an item of the checklist off.
func (s *Service) check(ctx context.Context, txApp core.App, handover *core.Record, raw jsontext.Value) error {
	side, err := party(ctx, handover)
	if err != nil {
		return err
	}
	var args struct {
		Item string `json:"item"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if stateOf(handover) == domain.HandoverCancelled {
		return gate.Refuse("handover.state", "from", stateOf(handover), "action", "check")
	}
	list, err := checklistOf(handover)
	if err != nil {
		return err
	}
	if err := domain.Tick(list, args.Item, side, s.now()); err != nil {
		return gate.WrapError(err)
	}
	setChecklist(handover, list)
	return s.save(txApp, handover)
}

// sign takes no args: each side puts his name to a handover whose checklist is
// done. Both must have before it is completed early.
func (s *Service) sign(ctx context.Context, txApp core.App, handover *core.Record, raw jsontext.Value) error {
	side, err := party(ctx, handover)
	if err != nil {
		return err
	}
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if stateOf(handover) == domain.HandoverCancelled {
		return gate.Refuse("handover.state", "from", stateOf(handover), "action", "sign")
	}
	list, err := checklistOf(handover)
	if err != nil {
		return err
	}
	if n := domain.OpenItems(list); n > 0 {
		return gate.Refuse("handover.items_open", "count", n)
	}
	field := "signed_from_at"
	if side == toOf(handover) {
		field = "signed_to_at"
	}
	if !handover.GetDateTime(field).IsZero() {
		return gate.Refuse("handover.signed")
	}
	handover.Set(field, s.now())
	return s.save(txApp, handover)
}

// party returns which of the two acts: handover.not_party.
func party(ctx context.Context, handover *core.Record) (string, error) {
	actor := gate.Of(ctx).User
	if actor == nil || (actor.Id != fromOf(handover) && actor.Id != toOf(handover)) {
		return "", gate.Refuse("handover.not_party")
	}
	return actor.Id, nil
}

func checklistOf(r *core.Record) (list []domain.ChecklistItem, err error) {
	text := r.GetString("checklist")
	if text == "" || text == "null" {
		return nil, nil
	}
	return list, json.Unmarshal([]byte(text), &list)
}

func setChecklist(r *core.Record, list []domain.ChecklistItem) { r.Set("checklist", list) }

func signedByBoth(r *core.Record) bool {
	return !r.GetDateTime("signed_from_at").IsZero() && !r.GetDateTime("signed_to_at").IsZero()
}
