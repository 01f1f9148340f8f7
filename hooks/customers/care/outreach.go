package care

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func campaigns() kit.Collection {
	return kit.Collection{
		Name:    records.OutreachCampaignTable,
		Machine: &customers.CampaignMachine,
		Parties: kit.Parties(records.OutreachCampaigns, campaignParties),
		Server: []string{
			records.OutreachCampaignColSentAt, records.OutreachCampaignColAccounts, records.OutreachCampaignColContacts, records.OutreachCampaignColOptedOut,
		},
		Once:  []string{records.OutreachCampaignColBy},
		Audit: gate.Audit{Fields: []string{records.OutreachCampaignColState}},
		Rules: saved(records.OutreachCampaigns, campaignSaved),
	}
}

// campaignParties: campaigns are the work of marketing and of the heads.
func campaignParties(ctx context.Context, _ core.App, _ records.OutreachCampaign) ([]domain.Party, error) {
	actor := gate.Of(ctx).User
	if actor == nil {
		return nil, nil
	}
	switch records.Users.Of(actor).Role() {
	case "market", people.RoleDeptManager, people.RoleAdmin:
		return []domain.Party{domain.PartyOffice}, nil
	}
	return nil, nil
}

// campaignSaved keeps a campaign open until it is sent.
func campaignSaved(e *kit.Change[records.OutreachCampaign]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if author := gate.From(e.RecordEvent).Author(); e.Row.IsNew() && author != nil {
		e.Row.SetBy(records.UserID(author.Id))
	}
	if e.Before().State() == customers.CampaignSent {
		return gate.Refuse("outreach.sent")
	}
	return e.Next()
}

// send logs the campaign as a communication with every contact of the active key
// accounts of its tiers, of all if it names none; but not with one who opted out
// (R3.3c).
func (a actions) send(ctx context.Context, tx core.App, campaign records.OutreachCampaign, _ kit.None) error {
	var to []struct {
		Contact records.ContactID    `db:"contact"`
		Account records.AccountID    `db:"account"`
		Dept    records.DepartmentID `db:"dept"`
		Optout  bool                 `db:"optout"`
	}
	err := tx.DB().NewQuery(`SELECT c.id AS contact, a.id AS account, a.dept AS dept, c.optout AS optout FROM contacts c JOIN accounts a ON a.id = c.account
		WHERE a.stage = 'contracted' AND ({:tiers} IN ('', 'null', '[]') OR EXISTS (SELECT 1 FROM json_each({:tiers}) t WHERE t.value = a.tier))
		ORDER BY c.id`).Bind(dbx.Params{"tiers": string(campaign.Tiers())}).All(&to)
	if err != nil {
		return fmt.Errorf("find whom to reach: %w", err)
	}
	reached, optedOut := map[records.AccountID]bool{}, 0
	for _, c := range to {
		if c.Optout {
			optedOut++
			continue
		}
		row, err := records.Communications.New(tx)
		if err != nil {
			return err
		}
		row.SetAccount(c.Account)
		row.SetDept(c.Dept)
		row.SetContact(c.Contact)
		row.SetBy(records.UserID(gate.Of(ctx).User.Id))
		row.SetChannel(records.CommunicationChannel(campaign.Channel()))
		row.SetDirection("out")
		row.SetAt(a.now())
		row.SetSummary(campaign.Title())
		row.SetCampaign(campaign.ID())
		if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
			return fmt.Errorf("log a campaign: %w", err)
		}
		reached[c.Account] = true
	}
	campaign.SetSentAt(a.now())
	campaign.SetAccounts(len(reached))
	campaign.SetContacts(len(to) - optedOut)
	campaign.SetOptedOut(optedOut)
	return nil
}
