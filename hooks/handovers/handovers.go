// Package handovers moves accounts from one person to another: on a planned
// day, with a time before in which the new rep reads ahead and a time after in
// which what the old rep captured still arrives. It keeps who held what when.
//
// All movement goes through account_assignments: a planned one takes effect at
// the start of its day. A handover is a group of them that moves in one
// transaction.
package handovers

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Settings of the area, in days.
const (
	prefetchKey = "handover.prefetch_days" // how long before its day the new rep reads ahead
	drainKey    = "handover.drain_days"    // how long the old rep's work still arrives, 0 to 7

	defaultPrefetch = 3
	defaultDrain    = 7
)

// Service is the area's state.
type Service struct{ now func() time.Time }

// Bind registers the area's events and routes.
func Bind(app core.App, cfg gate.Config) *Service {
	s := &Service{now: cfg.Now}
	app.OnRecordCreate(handovers).Bind(gate.Named("handoverCreate", gate.Atomic(s.handoverCreate)))
	app.OnRecordUpdate(handovers).Bind(gate.Named("handoverUpdate", gate.Atomic(handoverUpdate)))
	app.OnRecordDelete(handovers).Bind(gate.Named("handoverDelete", func(*core.RecordEvent) error { return gate.Refuse("handover.kept") }))
	app.OnRecordCreate(assignments).Bind(gate.Named("assignmentCreate", gate.Atomic(s.assignmentCreate)))
	app.OnRecordUpdate(assignments).Bind(gate.Named("assignmentUpdate", gate.Atomic(assignmentUpdate)))
	app.OnRecordCreateExecute(accounts).Bind(gate.Named("handoverAccountMade", gate.Atomic(s.accountSaved)))
	app.OnRecordUpdateExecute(accounts).Bind(gate.Named("handoverAccountSaved", gate.Atomic(s.accountSaved)))
	app.OnRecordUpdateExecute(gate.Users).Bind(gate.Named("handoverUserMoved", gate.Atomic(userMoved)))
	bindDryRun(app, s)

	// What fell due while the server was down is made up before it answers.
	app.OnServe().Bind(gate.Named("handoverCatchUp", func(e *core.ServeEvent) error {
		if err := s.Run(e.App); err != nil {
			e.App.Logger().Error("Failed to carry out handovers", "error", err)
		}
		return e.Next()
	}))
	return s
}

// Jobs are the area's work of the clock.
func (s *Service) Jobs() []gate.Job {
	return []gate.Job{{Name: "handovers", Schedule: "* * * * *", Run: func(app core.App, _ time.Time) error { return s.Run(app) }}}
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	s := &Service{now: cfg.Now}
	return gate.Actions{
		handovers + "." + domain.HandoverCancel:   s.cancel,
		handovers + "." + domain.HandoverComplete: s.complete,
		handovers + ".check":                      s.check,
		handovers + ".sign":                       s.sign,
		assignments + "." + domain.HandoverCancel: s.cancelAssignment,
	}
}

func (s *Service) today() string { return domain.BusinessDay(s.now()) }
