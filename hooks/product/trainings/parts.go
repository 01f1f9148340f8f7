package trainings

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/product"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// partParties is what the actor is to somebody's part: the trainee, or who leads the training.
func partParties(ctx context.Context, app core.App, part records.TrainingRecord) ([]domain.Party, error) {
	if author := gate.Of(ctx).Author(); author != nil && author.Id == string(part.User()) {
		return []domain.Party{domain.PartyOwner}, nil
	}
	training, err := records.Trainings.Require(app, part.Training())
	if err != nil {
		return nil, err
	}
	return leads(ctx, app, training.Owner(), training.Dept(), domain.PartyAuthor, domain.PartyAuthor)
}

// partGuards says what must hold of a training that somebody takes part in.
func (s service) partGuards(_ context.Context, tx core.App, part records.TrainingRecord) (func(string) bool, error) {
	training, err := records.Trainings.Require(tx, part.Training())
	if err != nil {
		return nil, err
	}
	quiz, err := training.Quiz()
	if err != nil {
		return nil, err
	}
	tries, err := gate.SettingsNow(tx).TrainingTries()
	if err != nil {
		return nil, err
	}
	today := domain.BusinessDay(s.Now())
	return func(guard string) bool {
		switch guard {
		case "training.too_early":
			return training.Date() <= today
		case "training.cancelled":
			return training.State() != product.TrainingCancelled
		case "training.no_quiz":
			return len(quiz) > 0
		case "training.passed":
			return !part.Passed()
		case "training.tries_over":
			return part.Tries() < tries
		}
		return false
	}, nil
}

// attendArgs say when somebody came, as the trainer's phone says; now if it says nothing.
type attendArgs struct {
	At    time.Time             `json:"at"`
	Clock *domain.ClockEvidence `json:"clock"`
}

// attend notes that somebody came.
func (s service) attend(ctx context.Context, tx core.App, part records.TrainingRecord, args attendArgs) error {
	if part.Attended() {
		return nil
	}
	read, err := s.ReadStep(ctx, tx, args.At, args.Clock)
	if err != nil {
		return err
	}
	part.SetAttended(true)
	part.SetAttendedAt(read.At)
	return nil
}

// submitArgs are the options chosen, by the keys of the questions.
type submitArgs struct {
	At      time.Time             `json:"at"`
	Clock   *domain.ClockEvidence `json:"clock"`
	Answers product.Answers       `json:"answers"`
}

// submit scores a quiz. The best of several tries counts; one that comes late, or as
// far as is known, is kept and says so.
func (s service) submit(ctx context.Context, tx core.App, part records.TrainingRecord, args submitArgs) error {
	training, err := records.Trainings.Require(tx, part.Training())
	if err != nil {
		return err
	}
	quiz, err := training.Quiz()
	if err != nil {
		return err
	}
	if err := product.CheckAnswers(quiz, args.Answers); err != nil {
		return gate.WrapError(err)
	}
	right, err := rightAnswers(tx, training.ID())
	if err != nil {
		return err
	}
	if right == nil {
		return fmt.Errorf("training %s has no right answers", training.ID())
	}
	read, err := s.ReadStep(ctx, tx, args.At, args.Clock)
	if err != nil {
		return err
	}
	proven := read.At
	if read.Unknown() {
		proven = s.Arrived(ctx)
	}
	part.SetTries(part.Tries() + 1)
	if score := product.Score(quiz, right, args.Answers); part.Tries() == 1 || score > part.ScoreBp() {
		part.SetScoreBp(score)
		part.SetAnswers(args.Answers)
		part.SetSubmittedAt(read.At)
		part.SetPassed(score >= training.PassBp())
		part.SetLate(domain.BusinessDay(proven) > training.QuizDue())
	}
	return nil
}
