package product

import (
	"satchel/domain"
)

// States of a training.
const (
	TrainingDraft     = "draft"
	TrainingPublished = "published"
	TrainingHeld      = "held"
	TrainingClosed    = "closed"
	TrainingCancelled = "cancelled"
)

// Actions on a training.
const (
	TrainingPublish = "publish"
	TrainingHold    = "hold"
	TrainingClose   = "close"
	TrainingCancel  = "cancel"
)

// TrainingMachine is the life of a training (R5.5). Its owner leads it, the head of
// his department in his place.
var TrainingMachine = domain.Machine{
	Collection: "trainings",
	States:     []string{TrainingDraft, TrainingPublished, TrainingHeld, TrainingClosed, TrainingCancelled},
	Refusal:    "training.state",
	Locked:     "training.locked",
	Steps: []domain.Step{
		{
			Action: TrainingPublish, From: []string{TrainingDraft}, To: []string{TrainingPublished}, By: trainers, Stranger: "training.not_trainer",
			Guards: []string{"training.date_required", "training.keys_required", "training.audience_required"},
			Leads:  []string{"its audience is invited", "everybody may see its material"},
		},
		{
			Action: TrainingHold, From: []string{TrainingPublished}, To: []string{TrainingHeld}, By: trainers, Stranger: "training.not_trainer",
			Guards: []string{"training.too_early"},
		},
		{Action: TrainingClose, From: []string{TrainingHeld}, To: []string{TrainingClosed}, By: trainers, Stranger: "training.not_trainer"},
		{
			Action: TrainingCancel, From: []string{TrainingPublished}, To: []string{TrainingCancelled}, By: trainers, Stranger: "training.not_trainer",
			Leads: []string{"who was invited is told"},
		},
	},
}

var trainers = []domain.Party{domain.PartyOwner, domain.PartyHead}

// States of somebody's part in a training.
const (
	PartInvited   = "invited"
	PartAttended  = "attended"
	PartSubmitted = "submitted"
)

// Actions on somebody's part in a training.
const (
	PartAttend = "attend"
	PartSubmit = "submit"
)

// PartMachine is somebody's part in a training: the trainer says who came, the
// trainee answers the quiz, in either order, since both may be without a network.
var PartMachine = domain.Machine{
	Collection: "training_records",
	States:     []string{PartInvited, PartAttended, PartSubmitted},
	Refusal:    "training.state",
	Steps: []domain.Step{
		{
			Action: PartAttend, From: []string{PartInvited}, To: []string{PartAttended}, By: []domain.Party{domain.PartyAuthor}, Stranger: "training.not_trainer",
			Guards: []string{"training.too_early", "training.cancelled"},
		},
		{
			Action: PartAttend, From: []string{PartSubmitted}, By: []domain.Party{domain.PartyAuthor}, Stranger: "training.not_trainer",
			Guards: []string{"training.too_early", "training.cancelled"},
		},
		{
			Action: PartSubmit, From: []string{PartInvited, PartAttended, PartSubmitted}, To: []string{PartSubmitted}, By: []domain.Party{domain.PartyOwner}, Stranger: "training.not_trainee",
			Guards: []string{"training.cancelled", "training.no_quiz", "training.passed", "training.tries_over"},
			Leads:  []string{"the server scores the answers"},
		},
	},
}

// PartOver reports whether somebody is through with a quiz: he passed, or has no try left.
func PartOver(passed bool, tries, most int) bool { return passed || tries >= most }
