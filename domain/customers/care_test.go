package customers

import (
	"testing"

	"satchel/domain"
)

// TestCareAndCampaignsStepOnce, by who may.
//
// policy: R3.3d H-CARE
func TestCareAndCampaignsStepOnce(t *testing.T) {
	for _, c := range []struct {
		machine     *domain.Machine
		from, step  string
		by          domain.Party
		leads, code string
	}{
		{&CareMachine, CareOpen, CareFinish, domain.PartyTeam, CareDone, ""},
		{&CareMachine, CareOpen, CareSkip, domain.PartyTeam, CareSkipped, ""},
		{&CareMachine, CareDone, CareSkip, domain.PartyTeam, "", "care.done"},
		{&CareMachine, CareSkipped, CareFinish, domain.PartyTeam, "", "care.done"},
		{&CareMachine, CareDone, CareFinish, domain.PartyAsked, "", "record.not_allowed"},
		{&CampaignMachine, CampaignDraft, CampaignSend, domain.PartyOffice, CampaignSent, ""},
		{&CampaignMachine, CampaignSent, CampaignSend, domain.PartyOffice, "", "outreach.sent"},
		{&CampaignMachine, CampaignDraft, CampaignSend, domain.PartyTeam, "", "record.not_allowed"},
	} {
		t.Run(c.machine.Collection+" "+c.from+" "+c.step, func(t *testing.T) {
			leads := ""
			step, err := c.machine.Take(c.from, c.step, []domain.Party{c.by}, nil)
			if err == nil {
				leads = step.Next(c.from)
			}
			if leads != c.leads || domain.CodeOf(err) != c.code {
				t.Errorf("by %s: %q, %v", c.by, leads, err)
			}
		})
	}
}
