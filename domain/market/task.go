package market

import (
	"satchel/domain"
)

// States of a task.
const (
	TaskOpen    = "open"
	TaskDone    = "done"
	TaskDropped = "dropped"
)

// Steps with a task.
const (
	TaskFinish = "finish"
	TaskDrop   = "drop"
)

// TaskReasonRequired guards that a task is dropped.
const TaskReasonRequired = "activity_task.reason_required"

// TaskMachine is the life of an activity's task (R5.2): who has it does it, the
// activity's owner may do without.
var TaskMachine = domain.Machine{
	Collection: "activity_tasks",
	States:     []string{TaskOpen, TaskDone, TaskDropped},
	Refusal:    "activity_task.state",
	Locked:     "activity_task.locked",
	Steps: []domain.Step{
		{
			Action: TaskFinish, From: []string{TaskOpen}, To: []string{TaskDone}, By: []domain.Party{domain.PartyOwner}, Stranger: "activity_task.not_owner",
			Leads: []string{"the activity's owner is told"},
		},
		{
			Action: TaskDrop, From: []string{TaskOpen}, To: []string{TaskDropped}, By: []domain.Party{domain.PartyAuthor}, Stranger: notOwner,
			Guards: []string{TaskReasonRequired}, Leads: []string{"who had it is told"},
		},
	},
}
