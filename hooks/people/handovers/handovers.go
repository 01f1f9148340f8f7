// Package handovers moves accounts from one person to another: on a planned
// day, with a time before in which the new rep reads ahead and a time after in
// which what the old rep captured still arrives. It keeps who held what when.
//
// All movement goes through account_assignments: a planned one takes effect at
// the start of its day. A handover is a group of them that moves in one
// transaction.
package handovers

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what handovers take from outside.
type Config struct {
	gate.Config
	// Moved is called in the transaction in which accounts came to their new reps.
	Moved func(ctx context.Context, tx core.App, accounts []records.AccountID) error
}

// Service is the area's state.
type Service struct {
	now   func() time.Time
	moved func(ctx context.Context, tx core.App, accounts []records.AccountID) error
}

// New makes the area's state.
func New(cfg Config) *Service { return &Service{now: cfg.Now, moved: cfg.Moved} }

// Area is what handovers are.
func (s *Service) Area() kit.Area {
	dryRun := "/api/ka/" + records.AccountHandoverTable
	return kit.Area{
		Name: "handovers",
		Collections: []kit.Collection{
			s.handovers(), s.assignments(),
			{Name: records.AccountTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.Accounts, "handoverAccountMade", s.accountSaved),
				kit.On(kit.UpdateExecute, records.Accounts, "handoverAccountSaved", s.accountSaved),
			}},
			{Name: records.UserTable, Rules: []kit.Rule{kit.On(kit.UpdateExecute, records.Users, "handoverUserMoved", userMoved)}},
		},
		Actions: []kit.Action{
			kit.Do(records.AccountHandovers, people.HandoverCancel, s.cancel),
			kit.Guarded(records.AccountHandovers, kit.Do(records.AccountHandovers, people.HandoverComplete, complete), guards),
			kit.Do(records.AccountHandovers, people.HandoverCheck, s.check),
			kit.Do(records.AccountHandovers, people.HandoverSign, s.sign),
			kit.Do(records.AccountAssignments, people.HandoverCancel, cancelAssignment),
		},
		Jobs: []gate.Job{{Name: "handovers", Schedule: "* * * * *", Run: func(_ context.Context, app core.App, _ time.Time) error { return s.Run(app) }}},
		Routes: []kit.Route{
			{Method: http.MethodGet, Path: dryRun + "/{id}/dry_run", Who: kit.AnyReader(), Run: s.dryRunPlanned},
			{Method: http.MethodPost, Path: dryRun + "/dry_run", Who: kit.AnyReader(), Run: s.dryRunDraft},
		},
		Bind: s.catchUp,
	}
}

func (s *Service) handovers() kit.Collection {
	return kit.Collection{
		Name:    records.AccountHandoverTable,
		Machine: &people.HandoverMachine,
		Parties: kit.Parties(records.AccountHandovers, handoverParties),
		Server: []string{
			records.AccountHandoverColRequestedBy,
			records.AccountHandoverColFromManager, records.AccountHandoverColToManager, records.AccountHandoverColFromDept, records.AccountHandoverColToDept,
			records.AccountHandoverColMovedAt, records.AccountHandoverColDrainUntil, records.AccountHandoverColProblem,
			records.AccountHandoverColTotal, records.AccountHandoverColMoved, records.AccountHandoverColSkipped,
			records.AccountHandoverColChecklist, records.AccountHandoverColOpenItems,
			records.AccountHandoverColSignedFromAt, records.AccountHandoverColSignedToAt,
		},
		Once: []string{
			records.AccountHandoverColFromRep, records.AccountHandoverColToRep, records.AccountHandoverColAccounts, records.AccountHandoverColPlannedDate,
		},
		Audit: gate.Audit{Fields: []string{records.AccountHandoverColState}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.AccountHandovers, "handoverCreate", s.handoverCreate),
			kit.On(kit.Delete, records.AccountHandovers, "handoverDelete", func(*kit.Change[records.AccountHandover]) error { return gate.Refuse("handover.kept") }),
		},
	}
}

func (s *Service) assignments() kit.Collection {
	return kit.Collection{
		Name:    records.AccountAssignmentTable,
		Machine: &people.AssignmentMachine,
		Parties: kit.Parties(records.AccountAssignments, assignmentParties),
		Server: []string{
			records.AccountAssignmentColDept, records.AccountAssignmentColHandover,
			records.AccountAssignmentColBeganAt, records.AccountAssignmentColEndedAt, records.AccountAssignmentColProblem,
		},
		Once: []string{
			records.AccountAssignmentColAccount, records.AccountAssignmentColUser, records.AccountAssignmentColFromDate, records.AccountAssignmentColToDate,
		},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.AccountAssignments, "assignmentCreate", s.assignmentCreate),
			kit.On(kit.UpdateExecute, records.AccountAssignments, "assignmentChanged", s.assignmentChanged),
		},
	}
}

// catchUp makes up what fell due while the server was down, before it answers.
func (s *Service) catchUp(app core.App) {
	app.OnServe().Bind(gate.Named("handoverCatchUp", func(e *core.ServeEvent) error {
		if err := s.Run(e.App); err != nil {
			e.App.Logger().Error("Failed to carry out handovers", "error", err)
		}
		return e.Next()
	}))
}

func (s *Service) today() string { return domain.BusinessDay(s.now()) }

// stamp writes a moment as the database keeps it.
func stamp(at time.Time) string { return at.UTC().Format(types.DefaultDateLayout) }
