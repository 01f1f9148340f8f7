package cycles

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// made are the rules of rows that our own code makes and removes.
func made(collection, name string) []kit.Rule {
	return []kit.Rule{
		{On: kit.Create, Collection: collection, Name: name + "Made", Run: gate.OnlyServer},
		{On: kit.Delete, Collection: collection, Name: name + "Stays", Run: gate.OnlyServer},
	}
}

func (s *Service) cycles() kit.Collection {
	return kit.Collection{
		Name:    records.AppraisalCycleTable,
		Machine: &appraisal.CycleMachine,
		Parties: kit.Parties(records.AppraisalCycles, cycleParties),
		Audit:   gate.Audit{Create: true, Fields: []string{records.AppraisalCycleColState, records.AppraisalCycleColDeadlines}},
		Rules: append(made(records.AppraisalCycleTable, "cycle"),
			kit.Rule{On: kit.Update, Collection: records.AppraisalCycleTable, Name: "cycleSteps", Run: gate.OnlyServer}),
	}
}

// appraisals: the log keeps what was decided and why, and no score.
func (s *Service) appraisals() kit.Collection {
	return kit.Collection{
		Name:    records.AppraisalTable,
		Machine: &appraisal.AppraisalMachine,
		Parties: kit.Parties(records.Appraisals, appraisalParties),
		Audit: gate.Audit{Create: true, Fields: []string{
			records.AppraisalColState, records.AppraisalColSuperior, records.AppraisalColCalibrationReason, records.AppraisalColDecision,
			records.AppraisalColReopenReason, records.AppraisalColTraceDigest,
		}},
		Rules: append(made(records.AppraisalTable, "appraisal"),
			kit.Rule{On: kit.Update, Collection: records.AppraisalTable, Name: "appraisalSteps", Run: gate.OnlyServer}),
	}
}

func (s *Service) ratings() kit.Collection {
	return kit.Collection{
		Name:    records.AppraisalRatingTable,
		Machine: &appraisal.RatingMachine,
		Parties: kit.Parties(records.AppraisalRatings, ratingParties),
		Server: []string{
			records.AppraisalRatingColAppraisal, records.AppraisalRatingColCycle, records.AppraisalRatingColRater, records.AppraisalRatingColSubject,
			records.AppraisalRatingColSight, records.AppraisalRatingColReaders, records.AppraisalRatingColKind, records.AppraisalRatingColQuestions,
			records.AppraisalRatingColFacts, records.AppraisalRatingColDays, records.AppraisalRatingColDue, records.AppraisalRatingColSubmittedAt,
			records.AppraisalRatingColDevice,
		},
		Audit: gate.Audit{Create: true, Fields: []string{records.AppraisalRatingColState, records.AppraisalRatingColRater}},
		Rules: append(made(records.AppraisalRatingTable, "rating"),
			kit.On(kit.Update, records.AppraisalRatings, "ratingDraft", s.drafted)),
	}
}

// cycleParties: the manager of the department; of the managers' own cycle the management.
func cycleParties(ctx context.Context, _ core.App, cycle records.AppraisalCycle) ([]domain.Party, error) {
	user := gate.Of(ctx).User
	if user == nil {
		return nil, nil
	}
	if gate.Heads(user, string(cycle.Dept())) || cycle.Dept() == "" && executive(user) {
		return []domain.Party{domain.PartyHead}, nil
	}
	return nil, nil
}

// appraisalParties: nobody is more than the subject in his own. Where the head would be
// he himself, sight is empty and the management stands in his place.
func appraisalParties(ctx context.Context, _ core.App, row records.Appraisal) ([]domain.Party, error) {
	user := gate.Of(ctx).User
	if user == nil {
		return nil, nil
	}
	if user.Id == string(row.Subject()) {
		return []domain.Party{domain.PartyOwner}, nil
	}
	var by []domain.Party
	if user.Id == string(row.Superior()) {
		by = append(by, domain.PartySuperior)
	}
	if gate.Heads(user, string(row.Sight())) || row.Sight() == "" && executive(user) {
		by = append(by, domain.PartyHead)
	}
	return by, nil
}

func ratingParties(ctx context.Context, _ core.App, row records.AppraisalRating) ([]domain.Party, error) {
	if user := gate.Of(ctx).User; user != nil && user.Id == string(row.Rater()) {
		return []domain.Party{domain.PartyOwner}, nil
	}
	return nil, nil
}

func executive(user *core.Record) bool {
	return records.Users.Of(user).Role() == people.RoleExecutive
}

// sightOf is the department whose manager sees somebody's appraisal: none where that is
// the subject himself, or was what he is appraised as.
func sightOf(role string, dept records.DepartmentID, subject records.User) records.DepartmentID {
	if role == people.RoleDeptManager || subject.Role() == people.RoleDeptManager && subject.Department() == dept {
		return ""
	}
	return dept
}

// moved has a department's manager not see his own, when he comes to be it.
func (s *Service) moved(e *kit.Change[records.User]) error {
	changed := !e.Row.IsNew() && (e.Before().Role() != e.Row.Role() || e.Before().Department() != e.Row.Department())
	if err := e.Next(); err != nil || !changed {
		return err
	}
	rows, err := records.Appraisals.All(e.App, "subject = {:u}", params{"u": e.Row.ID()}, "id")
	if err != nil {
		return err
	}
	for _, row := range rows {
		sight := sightOf(row.Role(), row.Dept(), e.Row)
		if sight == row.Sight() {
			continue
		}
		row.SetSight(sight)
		if err := save(e.Context, e.App, row); err != nil {
			return err
		}
		forms, err := records.AppraisalRatings.All(e.App, "appraisal = {:a} AND state = 'submitted'", params{"a": row.ID()}, "id")
		if err != nil {
			return err
		}
		for _, form := range forms {
			form.SetSight(sight)
			if err := save(e.Context, e.App, form); err != nil {
				return err
			}
		}
	}
	return nil
}
