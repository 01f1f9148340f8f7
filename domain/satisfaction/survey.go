package satisfaction

import "satchel/domain"

// States of a survey.
const (
	SurveyPlanned = "planned"
	SurveyOpen    = "open"   // customers answer, and how they are reached stays as it is
	SurveyClosed  = "closed" // what was answered counts
)

// Steps of a survey.
const (
	SurveyDraw  = "draw"  // by hand
	SurveyClose = "close" // by hand
	SurveyBegin = "begin" // the server's, on its day or with its cycle
	SurveyEnd   = "end"   // the server's, when its links end
)

// SurveyMachine is the life of a survey. Nobody opens or ends one in which he is rated.
var SurveyMachine = domain.Machine{
	Collection: "satisfaction_surveys",
	States:     []string{SurveyPlanned, SurveyOpen, SurveyClosed},
	Refusal:    "satisfaction.state",
	Locked:     "satisfaction.locked",
	Steps: []domain.Step{
		{
			Action: SurveyDraw, From: []string{SurveyPlanned}, To: []string{SurveyOpen}, By: []domain.Party{domain.PartyOffice}, Stranger: "satisfaction.not_office",
			Leads: []string{"the sample is drawn", "customers get their links", "how those who could be drawn are reached is frozen"},
		},
		{
			Action: SurveyClose, From: []string{SurveyOpen}, To: []string{SurveyClosed}, By: []domain.Party{domain.PartyOffice}, Stranger: "satisfaction.not_office",
			Leads: []string{"links end", "edits that were held are carried out"},
		},
		{Action: SurveyBegin, From: []string{SurveyPlanned}, To: []string{SurveyOpen}},
		{Action: SurveyEnd, From: []string{SurveyOpen}, To: []string{SurveyClosed}},
	},
}

// Channels by which a link reaches a customer.
const (
	ChannelMail = "mail"
	ChannelQR   = "qr" // shown to him, or sent by WeCom out of the list of links
)
