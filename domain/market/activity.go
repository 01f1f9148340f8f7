package market

import (
	"slices"

	"satchel/domain"
)

// States of an activity.
const (
	ActivityDraft     = "draft"
	ActivitySubmitted = "submitted"
	ActivityApproved  = "approved"
	ActivityReturned  = "returned"
	ActivityRejected  = "rejected"
	ActivityRunning   = "running"
	ActivityEnded     = "ended"    // its result is awaited
	ActivityReported  = "reported" // what it cost may still be added
	ActivityClosed    = "closed"
	ActivityCancelled = "cancelled"
)

// Steps with an activity beside those of its approval.
const (
	ActivityStart  = "start"  // its first day has come
	ActivityEnd    = "end"    // its last day has passed
	ActivityReport = "report" // its result is here
	ActivityClose  = "close"
	ActivityCancel = "cancel"
	ActivityAssign = "assign" // to a colleague
)

// Guards of an activity's steps.
const (
	ActivityTasksOpen      = "activity.tasks_open"
	ActivityReasonRequired = "activity.reason_required"
)

// Refusals that plans and activities share.
const (
	notOwner = "activity.not_owner"
	notHead  = "activity.not_head"
)

// ActivityMachine is the life of an activity (R5.2). Its approval by the head of
// market, by those who head its accounts' departments, and by the management if it
// is dear, belongs to approvals.
var ActivityMachine = domain.Machine{
	Collection: "activities",
	States: []string{
		ActivityDraft, ActivitySubmitted, ActivityApproved, ActivityReturned, ActivityRejected,
		ActivityRunning, ActivityEnded, ActivityReported, ActivityClosed, ActivityCancelled,
	},
	Open:    activityWritten,
	Refusal: "activity.state",
	Locked:  "activity.locked",
	Steps: []domain.Step{
		{Action: ActivityStart, From: []string{ActivityApproved}, To: []string{ActivityRunning}},
		{Action: ActivityEnd, From: []string{ActivityRunning}, To: []string{ActivityEnded}, Leads: []string{"its owner is told by when the result is due"}},
		{Action: ActivityReport, From: ActivityResultStates, To: []string{ActivityReported}, Leads: []string{"its owner is told"}},
		{
			Action: ActivityClose, From: []string{ActivityReported}, To: []string{ActivityClosed}, By: planned, Stranger: notOwner,
			Guards: []string{ActivityTasksOpen}, Leads: []string{"its costs stay as they are"},
		},
		{
			Action: ActivityCancel, From: slices.Concat([]string{ActivitySubmitted, ActivityReturned, ActivityRejected}, activityAgreed), To: []string{ActivityCancelled},
			By: planned, Stranger: notOwner, Guards: []string{ActivityReasonRequired}, Leads: []string{"its tasks are dropped", "the lines of its accounts are told"},
		},
		{
			Action: ActivityAssign, By: []domain.Party{domain.PartyHead}, Stranger: notHead, Leads: []string{"who takes it over is told"},
			From: slices.Concat(activityWritten, activityAgreed, []string{ActivityEnded, ActivityReported}),
		},
	},
}

var (
	// activityWritten are the states in which its owner writes an activity.
	activityWritten = []string{ActivityDraft, ActivityReturned, ActivityRejected}
	// activityAgreed are those in which it is to take place, or does.
	activityAgreed = []string{ActivityApproved, ActivityRunning}
)

// States of an activity in which people write its parts.
var (
	ActivityPlannedStates = activityWritten // what it is to cost
	ActivityCostStates    = slices.Concat(activityWritten, activityAgreed, []string{ActivityEnded, ActivityReported})
	ActivityTaskStates    = slices.Concat([]string{ActivitySubmitted}, ActivityCostStates)
	ActivityResultStates  = []string{ActivityRunning, ActivityEnded}
)

// ActivityAgreed reports whether those concerned count on an activity in a state.
func ActivityAgreed(state string) bool { return slices.Contains(activityAgreed, state) }

// ActivityHolds reports whether an activity in a state holds what it is planned to cost.
func ActivityHolds(state string) bool {
	return ActivityAgreed(state) || state == ActivityEnded || state == ActivityReported
}

// ActivityOver are the states in which nothing of an activity is left to be done.
var ActivityOver = []string{ActivityClosed, ActivityCancelled}

// CheckDays wants days of the calendar, the first of them not after the last:
// activity.days_invalid.
func CheckDays(from, to string) error {
	if !domain.IsPlausibleDay(from) || !domain.IsPlausibleDay(to) || to < from {
		return domain.Problem{Code: "activity.days_invalid"}
	}
	return nil
}

// ActivityOn is the step that is due on a day, if one is.
func ActivityOn(state, from, to, today string) (step string, due bool) {
	switch {
	case state == ActivityApproved && from <= today:
		return ActivityStart, true
	case state == ActivityRunning && to < today:
		return ActivityEnd, true
	}
	return "", false
}
