// Package preapprovals binds the rules of what is applied for before it takes place:
// entertainment, gifts, activities and trips (policy 7, R7.8). What was approved is
// reserved in the budget; claims draw on it and give back.
package preapprovals

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Budget is the ledger of budgets, as far as pre-approvals need it.
type Budget struct {
	// Find finds the leaf of a department's budget that fits an expense of a day best.
	Find func(tx core.App, dept records.DepartmentID, day string, dims expense.BudgetDims) (records.BudgetNode, bool, error)
	// Reserve makes a document hold what its lines are to cost, in place of what it held.
	Reserve func(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error)
	// Keep is Reserve of what lines are to hold beside what others drew of them.
	Keep func(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error)
	// Release gives up what a document holds.
	Release func(ctx context.Context, tx core.App, doc expense.BudgetDoc) error
}

// Config is what pre-approvals take from outside.
type Config struct {
	gate.Config
	Budget Budget
}

// Service is what claims ask of pre-approvals.
type Service struct{ Config }

// New makes the service.
func New(cfg Config) *Service { return &Service{cfg} }

// Area is what is applied for beforehand.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "preapprovals",
		Collections: []kit.Collection{s.preapprovals()},
		Actions:     []kit.Action{kit.Do(records.Preapprovals, expense.PreapprovalClose, s.close)},
		Approvals:   []kit.Approval{s.approval()},
		Jobs:        []gate.Job{{Name: "preapprovals", Schedule: "12 16 * * *", Run: s.byTheDay}}, // 00:12 in Shanghai
	}
}

func (s *Service) preapprovals() kit.Collection {
	return kit.Collection{
		Name:     records.PreapprovalTable,
		Machine:  &expense.PreapprovalMachine,
		Parties:  kit.PersonalParties(records.Preapprovals),
		Personal: &kit.Personal{Stranger: "preapproval.not_owner"},
		Server: []string{
			records.PreapprovalColPaperDue, records.PreapprovalColPaperToldAt, records.PreapprovalColNode, records.PreapprovalColUsedFen,
			records.PreapprovalColLeftFen, records.PreapprovalColDraws, records.PreapprovalColExpiresOn, records.PreapprovalColClosedAt,
			records.PreapprovalColBudgetLevels,
		},
		Audit: gate.Audit{Fields: []string{
			records.PreapprovalColState, records.PreapprovalColPlannedFen, records.PreapprovalColEmergency, records.PreapprovalColConsentBy,
			records.PreapprovalColConsentAt,
		}, Create: true},
		Open: kit.Open(records.Preapprovals, "owner = {:user} AND state IN ('submitted', 'approved', 'used')"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Preapprovals, "preapprovalCreate", s.saved),
			kit.On(kit.Update, records.Preapprovals, "preapprovalUpdate", s.saved),
			kit.On(kit.Delete, records.Preapprovals, "preapprovalDelete", kept),
		},
	}
}

// planned are the fields that stay as they are once claims draw on a draft.
var planned = []string{
	records.PreapprovalColKind, records.PreapprovalColCategory, records.PreapprovalColAccount, records.PreapprovalColDay, records.PreapprovalColToDay,
	records.PreapprovalColPlannedFen, records.PreapprovalColEmergency, records.PreapprovalColConsentBy, records.PreapprovalColConsentAt,
}

// saved judges a draft by itself, and tells who consented by word that it was recorded.
func (s *Service) saved(e *kit.Change[records.Preapproval]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := expense.CheckPreapproval(e.Row.Day(), e.Row.ToDay(), e.Row.PlannedFen()); err != nil {
		return gate.WrapError(err)
	}
	if _, changed := gate.Difference(e.Row.Raw(), planned); e.Before().UsedFen() > 0 && len(changed) > 0 {
		return gate.Refuse("preapproval.in_use")
	}
	if err := s.consented(e.App, e.Row); err != nil {
		return err
	}
	before := e.Before()
	if err := e.Next(); err != nil {
		return err
	}
	if !e.Row.Emergency() || before.Emergency() && before.ConsentBy() == e.Row.ConsentBy() {
		return nil
	}
	owner, err := records.Users.Require(e.App, e.Row.Owner())
	if err != nil {
		return err
	}
	return gate.Notify(e.Context, e.App, s.Now(), gate.Notice{
		User: string(e.Row.ConsentBy()), Kind: "preapproval.consent", Link: linkOf(e.Row), Params: map[string]any{"name": owner.Name(), "title": titleOf(e.Row)},
	})
}

// consented judges who agreed by word to an emergency, and when: a superior of the
// owner's, before it took place. It says by when the paper is due.
func (s *Service) consented(app core.App, row records.Preapproval) error {
	if !row.Emergency() {
		row.SetPaperDue("")
		return nil
	}
	chart, err := gate.ReadChart(app)
	if err != nil {
		return err
	}
	at := row.ConsentAt()
	if at.IsZero() || at.After(s.Now()) || domain.BusinessDay(at) > row.Day() || !chart.Over(string(row.ConsentBy()), string(row.Owner())) {
		return gate.RefuseField(records.PreapprovalColConsentBy, "preapproval.consent_invalid")
	}
	days, err := gate.SettingsNow(app).PreapprovalPaperDays()
	if err != nil {
		return err
	}
	row.SetPaperDue(expense.PaperDue(domain.BusinessDay(at), days))
	return nil
}

// kept keeps a draft on which claims draw.
func kept(e *kit.Change[records.Preapproval]) error {
	if e.Row.UsedFen() > 0 {
		return gate.Refuse("preapproval.in_use")
	}
	return e.Next()
}

func linkOf(row records.Preapproval) string {
	return records.PreapprovalTable + "/" + string(row.ID())
}

// kinds as approvers read them.
var kinds = map[records.PreapprovalKind]string{
	expense.PreapprovalEntertainment: "业务招待", expense.PreapprovalGift: "礼品", expense.PreapprovalActivity: "活动", expense.PreapprovalTrip: "出差",
}

func titleOf(row records.Preapproval) string {
	title := "事前申请 " + kinds[row.Kind()] + " " + domain.Yuan(int64(row.PlannedFen())) + " 元：" + row.Reason()
	if row.Emergency() {
		return "（紧急）" + title
	}
	return title
}
