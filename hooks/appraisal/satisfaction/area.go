// Package satisfaction binds what customers say of who serves them (policy 6(2), R6.5): the
// sample that the system draws, links that open one page without an account, answers of
// which nobody is told who gave them, and figures from a least number on. Those whom
// customers rate neither choose nor read nor edit any of it (R1.2).
package satisfaction

import (
	"context"
	"io"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/satisfaction"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	// Mail queues a letter to a customer, in the transaction of what it tells of: the kind
	// of the letter, and the row that it is about.
	Mail func(txApp core.App, kind, ref string) error
	// Write writes a list as a file.
	Write func(w io.Writer, format, mark string, heads []string, rows [][]any) error
}

// Service is the area's state.
type Service struct {
	Config
	guesses *paces // of links that are none
	visits  *paces // of links that are some
}

// New prepares the area.
func New(cfg Config) *Service {
	return &Service{Config: cfg, guesses: newPaces(guessEvery, guessesAtOnce), visits: newPaces(visitEvery, visitsAtOnce)}
}

// Area is what customers are asked.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "satisfaction",
		Collections: []kit.Collection{s.surveys(), invites(), responses(), s.contacts(), s.cycles()},
		Actions: []kit.Action{
			kit.Do(records.SatisfactionSurveys, satisfaction.SurveyDraw, s.drawByHand),
			kit.Do(records.SatisfactionSurveys, satisfaction.SurveyClose, func(ctx context.Context, tx core.App, row records.SatisfactionSurvey, _ kit.None) error {
				return s.over(ctx, tx, row)
			}),
		},
		Jobs: []gate.Job{{Name: "satisfaction", Schedule: "*/10 * * * *", Run: s.due}},
		Routes: []kit.Route{
			{Method: http.MethodGet, Path: "/s/{token}", Who: kit.Anyone(), Run: s.show},
			{Method: http.MethodPost, Path: "/s/{token}", Who: kit.Anyone(), Run: s.take},
			{Method: http.MethodGet, Path: "/api/ka/satisfaction_surveys/{id}/links", Run: s.links},
			{Method: http.MethodGet, Path: "/api/ka/satisfaction_surveys/{id}/figures", Run: s.figures},
			{Method: http.MethodGet, Path: "/api/ka/survey_invites/{id}/qr", Run: s.code},
		},
	}
}

func (s *Service) surveys() kit.Collection {
	return kit.Collection{
		Name:    records.SatisfactionSurveyTable,
		Machine: &satisfaction.SurveyMachine,
		Parties: kit.Parties(records.SatisfactionSurveys, surveyParties),
		Server: []string{
			records.SatisfactionSurveyColOwner, records.SatisfactionSurveyColCycle, records.SatisfactionSurveyColQuestions, records.SatisfactionSurveyColSeed,
			records.SatisfactionSurveyColFrameHash, records.SatisfactionSurveyColOpenedAt, records.SatisfactionSurveyColExpiresAt, records.SatisfactionSurveyColClosedAt,
			records.SatisfactionSurveyColFrame, records.SatisfactionSurveyColDrawn, records.SatisfactionSurveyColExcluded, records.SatisfactionSurveyColAnswered,
		},
		Once: []string{records.SatisfactionSurveyColDept},
		Audit: gate.Audit{Fields: []string{
			records.SatisfactionSurveyColState, records.SatisfactionSurveyColDept, records.SatisfactionSurveyColFromDate, records.SatisfactionSurveyColToDate,
		}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.SatisfactionSurveys, "surveyPlanned", s.planned),
			kit.On(kit.Update, records.SatisfactionSurveys, "surveyReplanned", s.planned),
		},
	}
}

// surveyParties: the service and administrators, and who manages the department: those
// whom a survey of it rates are others.
func surveyParties(ctx context.Context, _ core.App, row records.SatisfactionSurvey) ([]domain.Party, error) {
	author := gate.Of(ctx).Author()
	if author == nil || !runs(author) && !gate.Heads(author, string(row.Dept())) {
		return nil, nil
	}
	return []domain.Party{domain.PartyOffice}, nil
}

// runs reports whether somebody runs surveys of all departments.
func runs(user *core.Record) bool {
	role := records.Users.Of(user).Role()
	return role == people.RoleService || role == people.RoleAdmin
}

func invites() kit.Collection {
	return kit.Collection{Name: records.SurveyInviteTable, Rules: onlyServer(records.SurveyInviteTable)}
}

// responses are added when customers answer, and stay.
func responses() kit.Collection {
	return kit.Collection{Name: records.SatisfactionResponseTable, Keep: &gate.Keep{Log: true}, Rules: onlyServer(records.SatisfactionResponseTable)}
}

// onlyServer leaves a collection to the server's own code (R1.2).
func onlyServer(collection string) (rules []kit.Rule) {
	for _, when := range []kit.Moment{kit.Create, kit.Update, kit.Delete} {
		rules = append(rules, kit.Rule{On: when, Collection: collection, Name: "customersSay", Run: func(e *core.RecordEvent) error {
			if gate.ByServer(e) {
				return e.Next()
			}
			return gate.Refuse("satisfaction.own_rows")
		}})
	}
	return rules
}
