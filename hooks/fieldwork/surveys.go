package fieldwork

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// answerCreate takes an answer to a survey that is open, with every required
// question answered.
func (s *Service) answerCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, answerFilled...); err != nil {
		return err
	}
	if err := owned(e); err != nil {
		return err
	}
	survey, err := e.App.FindRecordById(surveys, e.Record.GetString("survey"))
	if err != nil {
		return gate.RefuseField("survey", "record.not_found")
	}
	if e.Record.GetDateTime("at").IsZero() {
		e.Record.Set("at", s.now())
	}
	day := domain.BusinessDay(e.Record.GetDateTime("at").Time())
	from, to := survey.GetString("from"), survey.GetString("to")
	if !survey.GetBool("active") || (from != "" && day < from) || (to != "" && day > to) {
		return gate.Refuse("survey.closed")
	}
	var questions []domain.Question
	if err := survey.UnmarshalJSONField("questions", &questions); err != nil {
		return gate.Refuse("survey.closed") // nobody can answer what cannot be read
	}
	given := map[string]any{}
	_ = e.Record.UnmarshalJSONField("answers", &given) // no object answers nothing
	if err := domain.CheckAnswers(questions, given); err != nil {
		return gate.WrapError(err)
	}
	return e.Next()
}
