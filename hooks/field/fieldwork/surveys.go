package fieldwork

import (
	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) answers() kit.Collection {
	return kit.Collection{
		Name:     records.SurveyAnswerTable,
		Personal: mine(),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.SurveyAnswers, "surveyAnswerCreate", s.answerCreate),
			frozen(records.SurveyAnswerTable, "surveyAnswerUpdate"),
		},
	}
}

// answerCreate takes an answer to a survey that is open, with every required
// question answered.
func (s service) answerCreate(e *kit.Change[records.SurveyAnswer]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	survey, found, err := records.Surveys.Find(e.App, e.Row.Survey())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.SurveyAnswerColSurvey, "record.not_found")
	}
	if e.Row.At().IsZero() {
		e.Row.SetAt(s.now())
	}
	day := domain.BusinessDay(e.Row.At())
	if !survey.Active() || (survey.From() != "" && day < survey.From()) || (survey.To() != "" && day > survey.To()) {
		return gate.Refuse("survey.closed")
	}
	questions, err := records.Decode[[]customers.Question](survey.Questions())
	if err != nil {
		return gate.Refuse("survey.closed") // nobody can answer what cannot be read
	}
	given, err := records.Decode[map[string]any](e.Row.Answers())
	if err != nil {
		given = nil // no object answers nothing
	}
	if err := customers.CheckAnswers(questions, given); err != nil {
		return gate.WrapError(err)
	}
	return e.Next()
}
