package satisfaction

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/people"
	"satchel/domain/satisfaction"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Answers are those about somebody in the survey of a cycle, each with its account and the
// tier that it had at the draw, in an order that tells nothing.
func (s *Service) Answers(app core.App, cycle records.AppraisalCycleID, subject records.UserID) (out []appraisal.Answer, err error) {
	survey, found, err := ofCycle(app, cycle)
	if err != nil || !found {
		return nil, err
	}
	answers, err := answersOf(app, "survey = {:s} AND subject = {:u}", dbx.Params{"s": survey.ID(), "u": subject})
	for _, a := range answers {
		marks := make([]decimal.Decimal, len(a.Answers))
		for i, mark := range a.Answers {
			marks[i] = decimal.NewFromInt(int64(mark))
		}
		out = append(out, appraisal.Answer{Account: a.Account, Tier: a.Tier, Marks: marks})
	}
	return out, err
}

func answersOf(app core.App, where string, params dbx.Params) (out []satisfaction.Answer, err error) {
	rows, err := records.SatisfactionResponses.All(app, where, params, "account, score_bp, answers")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		answers, err := row.Answers()
		if err != nil {
			return nil, err
		}
		out = append(out, satisfaction.Answer{Account: string(row.Account()), Tier: string(row.Tier()), Answers: answers})
	}
	return out, nil
}

// Of is what contacts of an account answered in surveys that are over of days within a
// period, 0 to 100 half up; not known from fewer answers than the least number.
func Of(app core.App, account records.AccountID, period domain.Period) (score int, known bool, err error) {
	answers, err := answersOf(app, `account = {:a} AND survey IN (SELECT id FROM satisfaction_surveys WHERE state = 'closed' AND to_date >= {:from} AND to_date <= {:to})`,
		dbx.Params{"a": account, "from": period.From, "to": period.To})
	if err != nil {
		return 0, false, err
	}
	least, err := leastOf(app)
	if err != nil {
		return 0, false, err
	}
	least.Accounts = 1
	if !least.Enough(answers) {
		return 0, false, nil
	}
	return satisfaction.HalfUp(satisfaction.Mean(answers), 0), true, nil
}

func leastOf(app core.App) (least satisfaction.Least, err error) {
	settings := gate.SettingsNow(app)
	if least.Answers, err = settings.SatisfactionLeastAnswers(); err != nil {
		return least, err
	}
	least.Accounts, err = settings.SatisfactionLeastAccounts()
	return least, err
}

// Figure is what customers said of somebody.
type Figure struct {
	Subject   records.UserID `json:"subject"`
	Name      string         `json:"name"`
	Answers   int            `json:"answers"`
	Enough    bool           `json:"enough"`             // else nothing more is told
	Score     *int           `json:"score"`              // 0 to 100
	Questions []int          `json:"questions,omitzero"` // mean answers in hundredths
}

// figures answers GET /api/ka/satisfaction_surveys/{id}/figures: of oneself, of those whom
// one is over, and for who runs surveys of all; each from the least number of answers on,
// and when nobody answers any more.
func (s *Service) figures(e *core.RequestEvent) error {
	user := records.Users.Of(e.Auth)
	if !user.Active() {
		return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
	}
	survey, found, err := records.SatisfactionSurveys.Find(e.App, records.SatisfactionSurveyID(e.Request.PathValue("id")))
	if err != nil {
		return err
	}
	if !found || !concerns(user, survey) {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	if survey.State() != satisfaction.SurveyClosed {
		return gate.Refuse("satisfaction.not_closed")
	}
	least, err := leastOf(e.App)
	if err != nil {
		return err
	}
	out := []Figure{}
	rated, err := records.Users.All(e.App, "id IN (SELECT subject FROM survey_invites WHERE survey = {:s})", dbx.Params{"s": survey.ID()}, "id")
	if err != nil {
		return err
	}
	for _, person := range rated {
		if !sees(user, person) {
			continue
		}
		answers, err := answersOf(e.App, "survey = {:s} AND subject = {:u}", dbx.Params{"s": survey.ID(), "u": person.ID()})
		if err != nil {
			return err
		}
		f := Figure{Subject: person.ID(), Name: person.Name(), Answers: len(answers), Enough: least.Enough(answers)}
		if f.Enough {
			score := satisfaction.HalfUp(satisfaction.Weighed(answers), 0)
			f.Score, f.Questions = &score, satisfaction.ByQuestion(answers)
		}
		out = append(out, f)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]any{"survey": survey.ID(), "figures": out})
}

// concerns reports whether somebody may ask for figures of a survey.
func concerns(user records.User, survey records.SatisfactionSurvey) bool {
	role := user.Role()
	return runs(user.Raw()) || role == people.RoleExecutive || survey.Dept() != "" && user.Department() == survey.Dept() || survey.Dept() == "" && role == people.RoleDeptManager
}

// sees reports whether figures of a person are told to somebody: himself, and who is over him.
func sees(user, person records.User) bool {
	return user.ID() == person.ID() || person.Manager() == user.ID() || gate.Heads(user.Raw(), string(person.Department())) && person.Role() != people.RoleDeptManager ||
		runs(user.Raw()) || user.Role() == people.RoleExecutive
}
