// Package approvals is the one mechanism behind every chain of approval: plans,
// contracts, budgets, claims. An area says what is approved and by which route;
// the mechanism finds the people, asks them in order, and tells the area how it
// ended.
//
// A chain is the rows of approvals with one ref_collection, ref_id and round.
// A row is for one content: an edit makes the rows stale and new ones, so that
// nobody signs what he has not seen. A decision may come from a phone that was
// offline; it counts if the row is still open.
package approvals

import (
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// kind is a collection whose rows are approved, with its defaults filled.
type kind struct{ kit.Approval }

// Service is the area's state.
type Service struct {
	now   func() time.Time
	kinds map[string]*kind
}

// New takes the kinds of all areas.
func New(cfg gate.Config, kinds ...kit.Approval) *Service {
	s := &Service{now: cfg.Now, kinds: map[string]*kind{}}
	for _, k := range kinds {
		if k.Author == "" {
			k.Author = "owner"
		}
		if k.State == "" {
			k.State = "state"
		}
		if k.States == (kit.States{}) {
			k.States = kit.UsualStates
		}
		s.kinds[k.Collection] = &kind{k}
	}
	return s
}

// Area is what approvals are: rows that actions make and decide, and what holds
// for every collection whose rows are approved.
func (s *Service) Area() kit.Area {
	area := kit.Area{
		Name: "approvals",
		Collections: []kit.Collection{{
			Name:  records.ApprovalTable,
			Audit: gate.Audit{Fields: []string{records.ApprovalColState, records.ApprovalColApprover, records.ApprovalColComment, records.ApprovalColSignatureHash}},
			Open:  kit.Open(records.Approvals, "state IN ('pending', 'waiting') AND (approver = {:user} OR delegated_from = {:user} OR author = {:user})"),
			Rules: []kit.Rule{
				{On: kit.Create, Collection: records.ApprovalTable, Name: "approvalCreate", Run: gate.OnlyServer},
				{On: kit.Update, Collection: records.ApprovalTable, Name: "approvalUpdate", Run: gate.OnlyServer},
				kit.On(kit.Delete, records.Approvals, "approvalDelete", func(*kit.Change[records.Approval]) error { return gate.Refuse("approval.kept") }),
			},
		}},
		Actions: []kit.Action{
			kit.DoAny(records.ApprovalTable, people.ApprovalApprove, s.decision(people.ApprovalApprove)),
			kit.DoAny(records.ApprovalTable, people.ApprovalReject, s.decision(people.ApprovalReject)),
			kit.DoAny(records.ApprovalTable, people.ApprovalReturn, s.decision(people.ApprovalReturn)),
		},
		Jobs: []gate.Job{{Name: "approvals", Schedule: "*/15 * * * *", Run: s.Run}},
	}
	for _, name := range slices.Sorted(maps.Keys(s.kinds)) {
		k := s.kinds[name]
		area.Collections[0].Rules = append(area.Collections[0].Rules,
			kit.Rule{On: kit.Create, Collection: name, Name: "approvalSubjectCreate", Run: k.created},
			kit.Rule{On: kit.Update, Collection: name, Name: "approvalSubjectUpdate", Run: func(e *core.RecordEvent) error { return s.edited(e, k) }},
			kit.Rule{On: kit.Delete, Collection: name, Name: "approvalSubjectDelete", Run: k.deleted},
		)
		area.Actions = append(area.Actions, k.submission(s.submit), kit.DoAny(name, people.ApprovalWithdraw, s.withdraw))
	}
	return area
}
