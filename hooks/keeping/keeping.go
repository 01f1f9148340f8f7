// Package keeping binds the rules of keeping accounts: how often they are
// visited, how customers' messages are answered, and care on their days.
package keeping

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// Bind registers the area's events.
func Bind(app core.App) {
	both(app, communications, communicationSaved)
	both(app, careDates, careDateSaved)
	both(app, valueServices, hung)
	both(app, campaigns, campaignSaved)
	both(app, reviews, reviewSaved)
}

func both(app core.App, collection string, saved func(e *core.RecordEvent) error) {
	app.OnRecordCreate(collection).Bind(gate.Named(collection+"Create", gate.Atomic(saved)))
	app.OnRecordUpdate(collection).Bind(gate.Named(collection+"Update", gate.Atomic(saved)))
}

// hung fills the department from the account, which must be of the actor's line.
func hung(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	return e.Next()
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	a := actions{now: cfg.Now}
	return gate.Actions{
		coverage + ".request":     a.requestException,
		coverage + ".grant":       a.decideException(exceptionGranted),
		coverage + ".refuse":      a.decideException(exceptionRefused),
		communications + ".reply": a.reply,
		careTasks + ".finish":     a.finishCare,
		careTasks + ".skip":       a.skipCare,
		campaigns + ".send":       a.send,
	}
}

// Kinds are what is approved.
func Kinds() []kit.Approval { return []kit.Approval{reviewKind()} }

// Jobs are the area's work of the clock.
func Jobs() []gate.Job {
	return []gate.Job{
		{Name: "coverage", Schedule: "11 17 * * *", Run: Coverage}, // 01:11 in Shanghai
		{Name: "communicationsOverdue", Schedule: "*/15 * * * *", Run: remindReplies},
		{Name: "careTasks", Schedule: "13 17 * * *", Run: Care},
		{Name: "accountReviews", Schedule: "17 17 * * *", Run: remindReviews},
		{Name: "accountPlans", Schedule: "19 17 * * *", Run: remindPlans},
	}
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		coverage:  {Fields: []string{"exception", "decided_by"}},
		careTasks: {Fields: []string{"state", "gift_value_fen"}},
		campaigns: {Fields: []string{"state"}},
	}
}

type actions struct{ now func() time.Time }
