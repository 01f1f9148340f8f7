// Package trainings binds the rules of trainings: who is invited, who came, and what
// the quizzes came to.
package trainings

import (
	"satchel/domain/product"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// service reads phones' clocks.
type service struct{ gate.Config }

// Area is what trainings are.
func Area(cfg gate.Config) kit.Area {
	s := service{cfg}
	return kit.Area{
		Name:        "trainings",
		Collections: []kit.Collection{trainings(), keys(), taken()},
		Actions: []kit.Action{
			kit.Guarded(records.Trainings, kit.Do(records.Trainings, product.TrainingPublish, s.publish), s.trainingGuards),
			kit.Guarded(records.Trainings, kit.Do(records.Trainings, product.TrainingHold, s.hold), s.trainingGuards),
			kit.Do(records.Trainings, product.TrainingClose, s.close),
			kit.Do(records.Trainings, product.TrainingCancel, s.cancel),
			kit.Guarded(records.TrainingRecords, kit.Do(records.TrainingRecords, product.PartAttend, s.attend), s.partGuards),
			kit.Guarded(records.TrainingRecords, kit.Do(records.TrainingRecords, product.PartSubmit, s.submit), s.partGuards),
		},
		Jobs:   []gate.Job{{Name: "trainingsRemind", Schedule: "25 1 * * *", Run: remind}}, // 09:25 in Shanghai
		Routes: []kit.Route{{Method: "GET", Path: "/api/ka/training_records/{id}/answers", Run: showAnswers}},
	}
}

func trainings() kit.Collection {
	return kit.Collection{
		Name:     records.TrainingTable,
		Machine:  &product.TrainingMachine,
		Parties:  kit.Parties(records.Trainings, trainingParties),
		Personal: &kit.Personal{Stranger: "training.not_trainer"},
		Server: []string{
			records.TrainingColPublishedAt, records.TrainingColHeldAt, records.TrainingColClosedAt, records.TrainingColReason,
		},
		Audit: gate.Audit{Fields: []string{records.TrainingColState, records.TrainingColDate, records.TrainingColPassBp}},
		Open:  kit.Open(records.Trainings, "owner = {:user} AND state IN ('published', 'held')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Trainings, "trainingCreate", saved),
			kit.On(kit.Update, records.Trainings, "trainingUpdate", saved),
		},
	}
}

// keys are the right answers, apart from the quiz that everybody reads.
func keys() kit.Collection {
	return kit.Collection{
		Name:     records.TrainingKeyTable,
		Personal: &kit.Personal{Stranger: "training.not_trainer"},
		Once:     []string{records.TrainingKeyColTraining},
		Within: &kit.Within{
			Field: records.TrainingKeyColTraining, Parent: records.TrainingTable, Open: []string{product.TrainingDraft}, Refusal: "training.locked",
		},
		Audit: gate.Audit{Fields: []string{records.TrainingKeyColTraining}, Create: true},
		Rules: []kit.Rule{kit.On(kit.Create, records.TrainingKeys, "trainingKeyCreate", keyCreate)},
	}
}

// taken are people's parts in trainings, which publishing makes.
func taken() kit.Collection {
	return kit.Collection{
		Name:    records.TrainingRecordTable,
		Machine: &product.PartMachine,
		Parties: kit.Parties(records.TrainingRecords, partParties),
		Audit: gate.Audit{Fields: []string{
			records.TrainingRecordColState, records.TrainingRecordColAttended, records.TrainingRecordColScoreBp, records.TrainingRecordColPassed,
		}},
		Rules: []kit.Rule{{On: kit.Create, Collection: records.TrainingRecordTable, Name: "serverMakes", Run: gate.OnlyServer}},
	}
}
