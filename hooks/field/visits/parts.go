package visits

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// steps are what was done on a visit; their owner corrects the answer until he
// reports.
func (s *service) steps() kit.Collection {
	return kit.Collection{
		Name: records.VisitStepTable,
		Server: []string{
			records.VisitStepColLate, records.VisitStepColReleasedBy, records.VisitStepColAccount, records.VisitStepColOwner, records.VisitStepColDept,
		},
		Once:   []string{records.VisitStepColVisit, records.VisitStepColKey, records.VisitStepColKind},
		Within: s.within(records.VisitStepColVisit),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.VisitSteps, "visitStepCreate", stepCreate),
			kit.On(kit.Update, records.VisitSteps, "visitStepUpdate", stepUpdate),
		},
	}
}

// checks are what was counted on a shelf, written down once.
func (s *service) checks() kit.Collection {
	return kit.Collection{
		Name: records.StoreCheckTable,
		Server: []string{
			records.StoreCheckColLate, records.StoreCheckColAccount, records.StoreCheckColOwner, records.StoreCheckColManager, records.StoreCheckColDept,
		},
		Within: s.within(records.StoreCheckColVisit),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.StoreChecks, "storeCheckCreate", checkCreate),
			{On: kit.Update, Collection: records.StoreCheckTable, Name: "storeCheckUpdate", Run: gate.OnlyServer},
		},
	}
}

func stepCreate(e *kit.Change[records.VisitStep]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	visit, err := ownVisit(e.RecordEvent, e.Row.Visit())
	if err != nil {
		return err
	}
	inherit(e.Row, visit)
	return e.Next()
}

func stepUpdate(e *kit.Change[records.VisitStep]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if _, err := ownVisit(e.RecordEvent, e.Row.Visit()); err != nil {
		return err
	}
	return e.Next()
}

func checkCreate(e *kit.Change[records.StoreCheck]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	visit, err := ownVisit(e.RecordEvent, e.Row.Visit())
	if err != nil {
		return err
	}
	inherit(e.Row, visit)
	e.Row.SetManager(visit.Manager())
	return e.Next()
}

// ownVisit finds the visit that a row joins: the actor's own.
func ownVisit(e *core.RecordEvent, id records.VisitID) (records.Visit, error) {
	visit, found, err := records.Visits.Find(e.App, id)
	if err != nil {
		return visit, err
	}
	if !found {
		return visit, gate.RefuseField(records.VisitStepColVisit, "record.not_found")
	}
	if author := gate.From(e).Author(); author != nil && visit.Owner() != idOf(author) {
		return visit, gate.Refuse("visit.not_owner")
	}
	return visit, nil
}

// part is a row that hangs on a visit.
type part interface {
	SetAccount(records.AccountID)
	SetOwner(records.UserID)
	SetDept(records.DepartmentID)
}

// inherit takes from a visit what a row that hangs on it needs to be found.
func inherit(to part, visit records.Visit) {
	to.SetAccount(visit.Account())
	to.SetOwner(visit.Owner())
	to.SetDept(visit.Dept())
}
