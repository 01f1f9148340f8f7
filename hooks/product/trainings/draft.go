package trainings

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/product"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// trainingParties is what the actor is to a training: its owner, or who stands in
// for him as the head of his department.
func trainingParties(ctx context.Context, app core.App, row records.Training) ([]domain.Party, error) {
	return leads(ctx, app, row.Owner(), row.Dept(), domain.PartyOwner, domain.PartyHead)
}

// leads is one party for who leads a training, and another for the head of its department.
func leads(ctx context.Context, app core.App, owner records.UserID, dept records.DepartmentID, own, head domain.Party) ([]domain.Party, error) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return nil, nil
	}
	if author.Id == string(owner) {
		return []domain.Party{own}, nil
	}
	department, found, err := records.Departments.Find(app, dept)
	if err != nil {
		return nil, err
	}
	if found && string(department.Head()) == author.Id {
		return []domain.Party{head}, nil
	}
	return nil, nil
}

// saved judges a draft: its quiz is whole, its days are in order, and its material
// is a paper of that purpose that its owner has brought.
func saved(e *kit.Change[records.Training]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	quiz, err := e.Row.Quiz()
	if err != nil {
		return gate.RefuseField(records.TrainingColQuiz, "field.type")
	}
	if err := product.CheckQuiz(quiz); err != nil {
		return gate.WrapError(err)
	}
	if due := e.Row.QuizDue(); due != "" && due < e.Row.Date() {
		return gate.RefuseField(records.TrainingColQuizDue, "training.due_invalid")
	}
	if _, _, err := material(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// material finds the paper that a training goes by, if it names one: record.not_found
// for any but its owner's of that purpose.
func material(app core.App, row records.Training) (paper records.Blob, named bool, err error) {
	if row.Material() == "" {
		return paper, false, nil
	}
	paper, found, err := records.Blobs.Find(app, row.Material())
	if err == nil && (!found || paper.Purpose() != evidence.BlobTraining || paper.Owner() != row.Owner()) {
		err = gate.RefuseField(records.TrainingColMaterial, "record.not_found")
	}
	return paper, err == nil, err
}

// keyCreate takes the right answers from who leads the training.
func keyCreate(e *kit.Change[records.TrainingKey]) error {
	training, found, err := records.Trainings.Find(e.App, e.Row.Training())
	if err != nil {
		return err
	}
	if found && training.Owner() != e.Row.Owner() {
		return gate.Refuse("training.not_trainer")
	}
	return e.Next() // the relation's own validation refuses one that is not there
}
