package customers

import (
	"satchel/domain"
)

// States of a campaign.
const (
	CampaignDraft = "draft"
	CampaignSent  = "sent"
)

// CampaignSend sends a campaign.
const CampaignSend = "send"

// CampaignMachine is the life of a campaign (R3.3c).
var CampaignMachine = domain.Machine{
	Collection: "outreach_campaigns",
	States:     []string{CampaignDraft, CampaignSent},
	Refusal:    "outreach.sent",
	Steps: []domain.Step{{
		Action: CampaignSend, From: []string{CampaignDraft}, To: []string{CampaignSent}, By: []domain.Party{domain.PartyOffice}, Stranger: "record.not_allowed",
		Leads: []string{"each contact who has not opted out has a communication"},
	}},
}
