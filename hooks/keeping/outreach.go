package keeping

import (
	"context"
	"encoding/json/jsontext"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

const (
	campaigns = "outreach_campaigns"

	campaignDraft = "draft"
	campaignSent  = "sent"
)

// campaignSaved keeps a campaign open until it is sent.
func campaignSaved(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if e.Record.IsNew() && stateOf(e.Record) == "" {
		e.Record.Set("state", campaignDraft)
		setBy(e.Record, gate.From(e).Author())
	} else if err := gate.LockFields(e, "state", "by"); err != nil {
		return err
	}
	if err := gate.LockFields(e, "sent_at", "accounts", "contacts", "opted_out"); err != nil {
		return err
	}
	if stateOf(e.Record.Original()) == campaignSent {
		return gate.Refuse("outreach.sent")
	}
	return e.Next()
}

// send takes no args: it logs the campaign as a communication with every contact
// of the active key accounts of its tiers, of all if it names none; but not with
// one who opted out (R3.3c).
func (a actions) send(ctx context.Context, txApp core.App, campaign *core.Record, raw jsontext.Value) error {
	actor := gate.Of(ctx).User
	if actor == nil || !sendsCampaigns(actor) {
		return gate.Refuse("record.not_allowed")
	}
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if stateOf(campaign) != campaignDraft {
		return gate.Refuse("outreach.sent")
	}
	var to []struct {
		Contact string `db:"contact"`
		Account string `db:"account"`
		Dept    string `db:"dept"`
		Optout  bool   `db:"optout"`
	}
	err := txApp.DB().NewQuery(`SELECT c.id AS contact, a.id AS account, a.dept AS dept, c.optout AS optout FROM contacts c JOIN accounts a ON a.id = c.account
		WHERE a.stage = 'contracted' AND ({:tiers} IN ('', 'null', '[]') OR EXISTS (SELECT 1 FROM json_each({:tiers}) t WHERE t.value = a.tier))
		ORDER BY c.id`).Bind(dbx.Params{"tiers": campaign.GetString("tiers")}).All(&to)
	if err != nil {
		return fmt.Errorf("failed to find whom to reach: %w", err)
	}
	coll, err := txApp.FindCachedCollectionByNameOrId(communications)
	if err != nil {
		return err
	}
	reached, optedOut := map[string]bool{}, 0
	contacts := 0
	for _, c := range to {
		if c.Optout {
			optedOut++
			continue
		}
		row := core.NewRecord(coll)
		row.Load(map[string]any{
			"account": c.Account, "dept": c.Dept, "contact": c.Contact, "by": actor.Id, "channel": campaign.GetString("channel"),
			"direction": "out", "at": a.now(), "summary": titleOf(campaign), "campaign": campaign.Id,
		})
		if err := txApp.SaveWithContext(gate.AsServer(ctx), row); err != nil {
			return fmt.Errorf("failed to log a campaign: %w", err)
		}
		reached[c.Account] = true
		contacts++
	}
	campaign.Load(map[string]any{"state": campaignSent, "sent_at": a.now(), "accounts": len(reached), "contacts": contacts, "opted_out": optedOut})
	return txApp.SaveWithContext(gate.AsServer(ctx), campaign)
}

func sendsCampaigns(user *core.Record) bool {
	switch user.GetString("role") {
	case "market", "dept_manager", "admin":
		return true
	}
	return false
}
