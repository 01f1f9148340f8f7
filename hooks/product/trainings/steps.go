package trainings

import (
	"context"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/product"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// trainingGuards says what must hold of a training beside its state.
func (s service) trainingGuards(_ context.Context, tx core.App, row records.Training) (func(string) bool, error) {
	quiz, err := row.Quiz()
	if err != nil {
		return nil, err
	}
	right, err := rightAnswers(tx, row.ID())
	if err != nil {
		return nil, err
	}
	people, err := audience(tx, row)
	if err != nil {
		return nil, err
	}
	today := domain.BusinessDay(s.Now())
	return func(guard string) bool {
		switch guard {
		case "training.date_required":
			return row.Date() >= today
		case "training.keys_required":
			return product.Answered(quiz, right)
		case "training.audience_required":
			return len(people) > 0
		case "training.too_early":
			return row.Date() <= today
		}
		return false
	}, nil
}

// rightAnswers are those of a quiz; none if nobody has given them.
func rightAnswers(app core.App, training records.TrainingID) (product.Answers, error) {
	key, found, err := records.TrainingKeys.First(app, "training = {:t}", dbx.Params{"t": training}, "")
	if err != nil || !found {
		return nil, err
	}
	return key.Answers()
}

// publish invites the audience, and shows everybody the material.
func (s service) publish(ctx context.Context, tx core.App, row records.Training, _ kit.None) error {
	if err := fill(tx, row); err != nil {
		return err
	}
	row.SetPublishedAt(s.Now())
	paper, named, err := material(tx, row)
	if err != nil {
		return err
	}
	if named {
		paper.SetShared(true)
		if err := tx.SaveWithContext(gate.AsServer(ctx), paper.Raw()); err != nil {
			return fmt.Errorf("share what a training goes by: %w", err)
		}
	}
	people, err := audience(tx, row)
	if err != nil {
		return err
	}
	for _, user := range people {
		if err := s.invite(ctx, tx, row, user); err != nil {
			return fmt.Errorf("invite %s: %w", user.ID(), err)
		}
	}
	return nil
}

// fill gives a training with a quiz what it does not say itself.
func fill(tx core.App, row records.Training) error {
	quiz, err := row.Quiz()
	if err != nil || len(quiz) == 0 {
		return err
	}
	settings := gate.SettingsNow(tx)
	if row.PassBp() == 0 {
		pass, err := settings.TrainingPassBp()
		if err != nil {
			return err
		}
		row.SetPassBp(pass)
	}
	if row.QuizDue() == "" {
		days, err := settings.TrainingQuizDays()
		if err != nil {
			return err
		}
		row.SetQuizDue(domain.AddDays(row.Date(), days))
	}
	return nil
}

func (s service) invite(ctx context.Context, tx core.App, row records.Training, user records.User) error {
	part, err := records.TrainingRecords.New(tx)
	if err != nil {
		return err
	}
	part.SetTraining(row.ID())
	part.SetUser(user.ID())
	part.SetManager(user.Manager())
	part.SetDept(user.Department())
	part.SetTrainer(row.Owner())
	if err := tx.SaveWithContext(gate.AsServer(ctx), part.Raw()); err != nil {
		return err
	}
	return gate.Notify(ctx, tx, s.Now(), notice("training.invited", row, user.ID(), map[string]any{"day": row.Date(), "place": row.Place()}))
}

func notice(kind string, row records.Training, user records.UserID, params map[string]any) gate.Notice {
	params["title"] = row.Title()
	return gate.Notice{User: string(user), Kind: kind, Link: records.TrainingTable + "/" + string(row.ID()), Params: params}
}

// hold says that the training took place.
func (s service) hold(_ context.Context, _ core.App, row records.Training, _ kit.None) error {
	row.SetHeldAt(s.Now())
	return nil
}

// close ends it; quizzes that arrive later are kept.
func (s service) close(_ context.Context, _ core.App, row records.Training, _ kit.None) error {
	row.SetClosedAt(s.Now())
	return nil
}

type cancelArgs struct {
	Reason string `json:"reason"`
}

// cancel calls the training off: training.reason_required.
func (s service) cancel(ctx context.Context, tx core.App, row records.Training, args cancelArgs) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("training.reason_required")
	}
	row.SetReason(args.Reason)
	parts, err := records.TrainingRecords.All(tx, "training = {:t}", dbx.Params{"t": row.ID()}, "id")
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err := gate.Notify(ctx, tx, s.Now(), notice("training.cancelled", row, part.User(), map[string]any{"reason": args.Reason})); err != nil {
			return err
		}
	}
	return nil
}
