package incentives

import (
	"cmp"
	"context"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/catalog"
	"satchel/domain/incentive"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func honours() kit.Collection {
	return kit.Collection{
		Name: records.HonorTable, Machine: &incentive.HonourMachine, Parties: kit.Parties(records.Honors, heads[records.Honor]),
		Audit: gate.Audit{Create: true, Fields: []string{records.HonorColState}},
		Rules: serverAlone(records.HonorTable, "honours"),
	}
}

// honours nominates the first of a department in each category; a nomination that is made
// no more lapses, unless somebody has decided on it.
func (s *Service) honours(ctx context.Context, tx core.App, cycle records.AppraisalCycle, rows []records.Appraisal) error {
	share, err := gate.SettingsOn(tx, cycle.ToDay()).IncentiveHonourBp()
	if err != nil {
		return err
	}
	ranked := map[string][]incentive.Ranked{}
	for _, a := range rows {
		said, err := worthOf(cycle, a)
		if err != nil {
			return err
		}
		amount, fresh, err := s.reached(tx, cycle, a)
		if err != nil {
			return err
		}
		values := map[string]*decimal.Decimal{"sales_champion": amount, "new_accounts": fresh, "collaboration": said.collaboration, "satisfaction": nil}
		if satisfied, err := decimal.NewFromString(a.CustomerTotal()); err == nil {
			values["satisfaction"] = &satisfied
		}
		for category, value := range values {
			ranked[category] = append(ranked[category], incentive.Ranked{Person: string(a.Subject()), Grade: a.Grade(), Value: value})
		}
	}
	nominated := map[string]bool{}
	for category := range ranked {
		for _, winner := range incentive.Honoured(ranked[category], share, "A") {
			nominated[winner.Person+" "+category] = true
		}
	}
	before, err := records.Honors.All(tx, "cycle = {:c}", dbx.Params{"c": cycle.ID()}, "id")
	if err != nil {
		return err
	}
	for _, row := range before {
		key := string(row.Person()) + " " + string(row.Category())
		row.SetState(records.HonorState(incentive.Standing(&incentive.HonourMachine, string(row.State()), nominated[key])))
		if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
			return err
		}
		delete(nominated, key)
	}
	for _, a := range rows {
		for category := range catalog.HonourCategories {
			if nominated[string(a.Subject())+" "+category] {
				if err := nominate(ctx, tx, cycle, a, category); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func nominate(ctx context.Context, tx core.App, cycle records.AppraisalCycle, a records.Appraisal, category string) error {
	person, err := records.Users.Require(tx, a.Subject())
	if err != nil {
		return err
	}
	row, err := records.Honors.New(tx)
	if err != nil {
		return err
	}
	about(row, cycle, a, person)
	row.SetName(person.Name())
	row.SetCategory(records.HonorCategory(category))
	row.SetState(incentive.HonourNominated)
	return tx.SaveWithContext(ctx, row.Raw())
}

// about says of whom and of which cycle a row is.
func about(row interface {
	SetPerson(records.UserID)
	SetManager(records.UserID)
	SetDept(records.DepartmentID)
	SetCycle(records.AppraisalCycleID)
	SetPeriod(string)
}, cycle records.AppraisalCycle, a records.Appraisal, person records.User,
) {
	row.SetPerson(a.Subject())
	row.SetManager(person.Manager())
	row.SetDept(a.Dept())
	row.SetCycle(cycle.ID())
	row.SetPeriod(cycle.Period())
}

// reached is what somebody sold in a cycle, and how many new accounts he won.
func (s *Service) reached(tx core.App, cycle records.AppraisalCycle, a records.Appraisal) (amount, fresh *decimal.Decimal, err error) {
	got, err := s.Reached(tx, cycle.Period()[:4], string(a.Dept()), string(a.Subject()))
	if err != nil {
		return nil, nil, err
	}
	of := sales.TargetOf{Level: sales.TargetOfRep, Dept: string(a.Dept()), Owner: string(a.Subject())}
	sum := func(metric string) *decimal.Decimal {
		of.Metric = metric
		n, months := 0, got.Reached(of)
		from, to := 0, 12
		if cycle.Kind() == appraisal.CycleQuarter {
			from = 3 * int(cycle.Period()[5]-'1')
			to = from + 3
		}
		for _, month := range months[from:to] {
			n += month
		}
		value := decimal.NewFromInt(int64(n))
		return &value
	}
	return sum("amount"), sum("new_ka"), nil
}

// honour publishes an honour: name, category and period.
func (s *Service) honour(ctx context.Context, tx core.App, row records.Honor, _ kit.None) error {
	if user, found := author(ctx); found {
		row.SetPublishedBy(user.ID())
	}
	row.SetPublishedAt(s.Now())
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(row.Person()), Kind: "honor.published", Link: records.HonorTable + "/" + string(row.ID()),
		Params: map[string]any{"period": row.Period(), "category": catalog.HonourCategories[string(row.Category())]},
	})
}

func withdraw(_ context.Context, _ core.App, row records.Honor, args because) error {
	row.SetComment(args.Reason)
	return nil
}

func candidates() kit.Collection {
	return kit.Collection{
		Name: records.PromotionCandidateTable, Machine: &incentive.CandidateMachine, Parties: kit.Parties(records.PromotionCandidates, heads[records.PromotionCandidate]),
		Audit: gate.Audit{Create: true, Fields: []string{records.PromotionCandidateColState}},
		Rules: serverAlone(records.PromotionCandidateTable, "promotionCandidates"),
	}
}

// promote decides for a candidate, who is told.
func (s *Service) promote(ctx context.Context, tx core.App, row records.PromotionCandidate, _ kit.None) error {
	s.decided(ctx, row, "")
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(row.Person()), Kind: "promotion_candidate.decided", Link: records.PromotionCandidateTable + "/" + string(row.ID()), Params: map[string]any{"period": row.Period()},
	})
}

func (s *Service) decline(ctx context.Context, _ core.App, row records.PromotionCandidate, args because) error {
	s.decided(ctx, row, args.Reason)
	return nil
}

func (s *Service) decided(ctx context.Context, row records.PromotionCandidate, comment string) {
	if user, found := author(ctx); found {
		row.SetDecidedBy(user.ID())
	}
	row.SetDecidedAt(s.Now())
	row.SetComment(comment)
}

func development() kit.Collection {
	return kit.Collection{
		Name: records.DevelopmentActionTable, Machine: &incentive.DevelopmentMachine, Parties: kit.Parties(records.DevelopmentActions, heads[records.DevelopmentAction]),
		Server: []string{records.DevelopmentActionColResult},
		Once: []string{
			records.DevelopmentActionColPerson, records.DevelopmentActionColManager, records.DevelopmentActionColDept, records.DevelopmentActionColCycle, records.DevelopmentActionColPeriod,
		},
		Audit: gate.Audit{Create: true, Fields: []string{records.DevelopmentActionColState}},
		Rules: []kit.Rule{
			{On: kit.Create, Collection: records.DevelopmentActionTable, Name: "developmentMade", Run: gate.OnlyServer},
			{On: kit.Delete, Collection: records.DevelopmentActionTable, Name: "developmentStays", Run: gate.OnlyServer},
			kit.On(kit.Update, records.DevelopmentActions, "developmentUpdate", func(e *kit.Change[records.DevelopmentAction]) error {
				author := gate.From(e.RecordEvent).Author()
				if !gate.ByServer(e.RecordEvent) && author != nil && (author.Id == string(e.Row.Person()) || !gate.Heads(author, string(e.Row.Dept()))) {
					return gate.Refuse("development_action.not_head")
				}
				return e.Next()
			}),
		},
	}
}

// planned is what is arranged, and by which day.
type planned struct {
	Title string `json:"title"`
	Due   string `json:"due"`
}

// plan arranges a measure, and tells the person: development_action.title_required.
func (s *Service) plan(ctx context.Context, tx core.App, row records.DevelopmentAction, args planned) error {
	title := strings.TrimSpace(cmp.Or(args.Title, row.Title()))
	due := cmp.Or(args.Due, row.Due())
	if title == "" || !domain.IsPlausibleDay(due) {
		return gate.Refuse("development_action.title_required")
	}
	row.SetTitle(title)
	row.SetDue(due)
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(row.Person()), Kind: "development_action.planned", Link: records.DevelopmentActionTable + "/" + string(row.ID()), Params: map[string]any{"title": title, "due": due},
	})
}

// came is how a measure ended.
type came struct {
	Result string `json:"result"`
}

func finish(_ context.Context, _ core.App, row records.DevelopmentAction, args came) error {
	row.SetResult(args.Result)
	return nil
}
