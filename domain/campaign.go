package domain

// States of a campaign.
const (
	CampaignDraft = "draft"
	CampaignSent  = "sent"
)

// CampaignSend sends a campaign.
const CampaignSend = "send"

// CampaignMachine is the life of a campaign (R3.3c).
var CampaignMachine = Machine{
	Collection: "outreach_campaigns",
	States:     []string{CampaignDraft, CampaignSent},
	Refusal:    "outreach.sent",
	Steps: []Step{{
		Action: CampaignSend, From: []string{CampaignDraft}, To: []string{CampaignSent}, By: []Party{PartyOffice}, Stranger: "record.not_allowed",
		Leads: []string{"each contact who has not opted out has a communication"},
	}},
}
