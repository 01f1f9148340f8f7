package trainings

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/product"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// reviewed is the answer of the route: what was chosen, and what would have been right.
type reviewed struct {
	Answers product.Answers `json:"answers"`
	Right   product.Answers `json:"right"`
}

// showAnswers lets a trainee go through his quiz once he passed or has no try left:
// training.answers_closed to anybody before, and to others always.
func showAnswers(e *core.RequestEvent) error {
	row, err := gate.Shown(e, records.TrainingRecordTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	part := records.TrainingRecords.Of(row)
	tries, err := gate.SettingsNow(e.App).TrainingTries()
	if err != nil {
		return err
	}
	if e.Auth.Id != string(part.User()) || !product.PartOver(part.Passed(), part.Tries(), tries) {
		return gate.Refuse("training.answers_closed")
	}
	given, err := part.Answers()
	if err != nil {
		return err
	}
	right, err := rightAnswers(e.App, part.Training())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, reviewed{given, right})
}
