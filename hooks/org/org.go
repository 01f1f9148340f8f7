// Package org binds the rules of the organisation: people and departments, who
// stands in for whom, the department's year and months, what is to become
// better, and the policies that people read.
package org

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

type service struct {
	now  func() time.Time
	open []gate.OpenWork
}

// Bind registers the area's events and routes.
func Bind(app core.App, cfg gate.Config, open ...gate.OpenWork) {
	s := &service{now: cfg.Now, open: open}
	app.OnRecordCreate(gate.Users).Bind(gate.Named("orgUserCreate", gate.Atomic(s.userSaved)))
	app.OnRecordUpdate(gate.Users).Bind(gate.Named("orgUserUpdate", gate.Atomic(s.userSaved)))
	app.OnRecordUpdateExecute(gate.Users).Bind(gate.Named("orgUserMoved", gate.Atomic(userMoved)))
	app.OnRecordCreate(departments).Bind(gate.Named("orgDeptCreate", gate.Atomic(deptSaved)))
	app.OnRecordUpdate(departments).Bind(gate.Named("orgDeptUpdate", gate.Atomic(deptSaved)))
	app.OnRecordCreate(plans).Bind(gate.Named("planCreate", gate.Atomic(ownDept)))
	app.OnRecordCreate(reviews).Bind(gate.Named("reviewCreate", gate.Atomic(reviewCreate)))
	app.OnRecordUpdate(reviews).Bind(gate.Named("reviewUpdate", gate.Atomic(reviewUpdate)))
	app.OnRecordDelete(reviews).Bind(gate.Named("reviewDelete", gate.Atomic(reviewDelete)))
	app.OnRecordCreate(improvements).Bind(gate.Named("improvementCreate", gate.Atomic(s.improvementCreate)))
	app.OnRecordUpdate(improvements).Bind(gate.Named("improvementUpdate", gate.Atomic(s.improvementUpdate)))
	app.OnRecordDelete(improvements).Bind(gate.Named("improvementDelete", func(*core.RecordEvent) error { return gate.Refuse("action.kept") }))
	app.OnRecordCreate(policies).Bind(gate.Named("policyCreate", gate.Atomic(policySaved)))
	app.OnRecordUpdate(policies).Bind(gate.Named("policyUpdate", gate.Atomic(policySaved)))
	app.OnRecordDelete(policies).Bind(gate.Named("policyDelete", gate.Atomic(policyDelete)))
	kept := func(e *core.RecordEvent) error { return gate.Refuse("policy.kept") }
	app.OnRecordUpdate(acks).Bind(gate.Named("ackUpdate", func(e *core.RecordEvent) error {
		if gate.ByServer(e) {
			return e.Next()
		}
		return kept(e)
	}))
	app.OnRecordDelete(acks).Bind(gate.Named("ackDelete", kept))
	app.OnRecordCreate(acks).Bind(gate.Named("ackCreate", gate.Atomic(s.ackCreate)))
	bindReport(app, s)
}

// Keeps declares that who read a policy has read it.
func Keeps() gate.Keeps { return gate.Keeps{acks: {Log: true}} }

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	s := &service{now: cfg.Now}
	return gate.Actions{
		gate.Users + ".delegate":                 s.delegate,
		departments + ".appoint":                 s.appoint,
		reviews + ".complete":                    s.completeReview,
		improvements + "." + domain.ActionDone:   s.done,
		improvements + "." + domain.ActionVerify: s.verify,
		improvements + "." + domain.ActionReopen: s.reopen,
		improvements + "." + domain.ActionCancel: s.cancelImprovement,
		policies + ".publish":                    s.publish,
		policies + ".withdraw":                   s.withdrawPolicy,
	}
}

// Jobs are the area's work of the clock.
func Jobs(cfg gate.Config) []gate.Job {
	s := &service{now: cfg.Now}
	return []gate.Job{
		{Name: "businessReviews", Schedule: "5 1 * * *", Run: s.remindReviews},
		{Name: "improvements", Schedule: "10 1 * * *", Run: s.remindImprovements},
		{Name: "policyAcks", Schedule: "15 1 * * *", Run: s.remindReaders},
	}
}

// OpenWork is what people leave open of the area.
func OpenWork() []gate.OpenWork {
	return []gate.OpenWork{{Collection: improvements, Count: func(app core.App, user string) (int64, error) {
		return app.CountRecords(improvements, ownedBy(user, domain.ActionOpen))
	}}}
}
