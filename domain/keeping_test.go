package domain

import "testing"

// TestCareAndCampaignsStepOnce, by who may.
//
// policy: R3.3d H-CARE
func TestCareAndCampaignsStepOnce(t *testing.T) {
	for _, c := range []struct {
		machine     *Machine
		from, step  string
		by          Party
		leads, code string
	}{
		{&CareMachine, CareOpen, CareFinish, PartyTeam, CareDone, ""},
		{&CareMachine, CareOpen, CareSkip, PartyTeam, CareSkipped, ""},
		{&CareMachine, CareDone, CareSkip, PartyTeam, "", "care.done"},
		{&CareMachine, CareSkipped, CareFinish, PartyTeam, "", "care.done"},
		{&CareMachine, CareDone, CareFinish, PartyAsked, "", "record.not_allowed"},
		{&CampaignMachine, CampaignDraft, CampaignSend, PartyOffice, CampaignSent, ""},
		{&CampaignMachine, CampaignSent, CampaignSend, PartyOffice, "", "outreach.sent"},
		{&CampaignMachine, CampaignDraft, CampaignSend, PartyTeam, "", "record.not_allowed"},
	} {
		t.Run(c.machine.Collection+" "+c.from+" "+c.step, func(t *testing.T) {
			leads := ""
			step, err := c.machine.Take(c.from, c.step, []Party{c.by}, nil)
			if err == nil {
				leads = step.Next(c.from)
			}
			if leads != c.leads || CodeOf(err) != c.code {
				t.Errorf("by %s: %q, %v", c.by, leads, err)
			}
		})
	}
}
