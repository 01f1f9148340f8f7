package service

import (
	"satchel/domain"
)

// States of a service standard.
const (
	StandardDraft    = "draft"
	StandardInForce  = "in_force" // from its day on
	StandardReplaced = "replaced" // by a later one whose day has come
)

// Actions on a service standard.
const (
	StandardEnforce  = "enforce"
	StandardWithdraw = "withdraw"
	StandardReplace  = "replace" // the server's
)

// StandardBegun refuses to take back what cases may count by.
const StandardBegun = "service_standard.begun"

// StandardMachine is the life of a version of the service standards (R5.8). Once
// in force it stays as it is: cases count by it.
var StandardMachine = domain.Machine{
	Collection: "service_standards",
	States:     []string{StandardDraft, StandardInForce, StandardReplaced},
	Refusal:    "service_standard.state",
	Locked:     "service_standard.locked",
	Steps: []domain.Step{
		{
			Action: StandardEnforce, From: []string{StandardDraft}, To: []string{StandardInForce}, By: []domain.Party{domain.PartyHead}, Stranger: "service_standard.not_head",
			Leads: []string{"cases raised from its day on take their times from it", "service and the heads of sales are told"},
		},
		{
			Action: StandardWithdraw, From: []string{StandardInForce}, To: []string{StandardDraft}, By: []domain.Party{domain.PartyHead}, Stranger: "service_standard.not_head",
			Guards: []string{StandardBegun},
		},
		{Action: StandardReplace, From: []string{StandardInForce}, To: []string{StandardReplaced}},
	},
}

// Levels of cases, the most urgent first.
var Levels = []string{"urgent", "major", "normal"}

// Level is what a standard promises for cases of a level: minutes to the first
// response and to the solution, day and night or of the office hours.
type Level struct {
	FirstMinutes   int  `json:"first_minutes"`
	ResolveMinutes int  `json:"resolve_minutes"`
	Always         bool `json:"always"`
}

// longest is how much time a standard may give: a year, in minutes.
const longest = 366 * 24 * 60

// CheckLevels wants times for every level, a solution never before the first
// response. Problem service_standard.levels_invalid.
func CheckLevels(levels map[string]Level) error {
	fits := len(levels) == len(Levels)
	for _, name := range Levels {
		l := levels[name]
		fits = fits && l.FirstMinutes > 0 && l.ResolveMinutes >= l.FirstMinutes && l.ResolveMinutes <= longest
	}
	if !fits {
		return domain.Problem{Code: "service_standard.levels_invalid"}
	}
	return nil
}
