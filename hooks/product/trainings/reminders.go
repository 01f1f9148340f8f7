package trainings

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// remind tells people once of a training that is near, and of a quiz that is about
// to be due and was not handed in.
func remind(ctx context.Context, app core.App, now time.Time) error {
	days, err := gate.SettingsNow(app).TrainingRemindDays()
	if err != nil {
		return err
	}
	span := dbx.Params{"today": domain.BusinessDay(now), "until": domain.AddDays(domain.BusinessDay(now), days)}
	near, err := records.Trainings.All(app, "state = 'published' AND date BETWEEN {:today} AND {:until}", span, "date, id")
	if err != nil {
		return fmt.Errorf("look for trainings that are near: %w", err)
	}
	for _, row := range near {
		params := map[string]any{"day": row.Date(), "place": row.Place()}
		if err := remindOf(ctx, app, now, row, "training.soon", "attended = FALSE", params); err != nil {
			return err
		}
	}
	due, err := records.Trainings.All(app, "state IN ('published', 'held') AND quiz_due BETWEEN {:today} AND {:until}", span, "quiz_due, id")
	if err != nil {
		return fmt.Errorf("look for quizzes that are due: %w", err)
	}
	for _, row := range due {
		if err := remindOf(ctx, app, now, row, "training.quiz_due", "tries = 0", map[string]any{"day": row.QuizDue()}); err != nil {
			return err
		}
	}
	return nil
}

// remindOf tells those who take part and are still in office, if a condition holds of their part.
func remindOf(ctx context.Context, app core.App, now time.Time, row records.Training, kind, which string, params map[string]any) error {
	return app.RunInTransaction(func(tx core.App) error {
		parts, err := records.TrainingRecords.All(tx, `training = {:t} AND `+which+` AND EXISTS (SELECT 1 FROM users u WHERE u.id = training_records.user AND u.active = TRUE)`,
			dbx.Params{"t": row.ID()}, "id")
		if err != nil {
			return fmt.Errorf("find who takes part in training %s: %w", row.ID(), err)
		}
		for _, part := range parts {
			if err := gate.NotifyOnce(ctx, tx, now, notice(kind, row, part.User(), params)); err != nil {
				return err
			}
		}
		return nil
	})
}
