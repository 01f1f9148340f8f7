package preapprovals

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// approval is of the owner's superior, and of the management if it is dear.
func (s *Service) approval() kit.Approval {
	return kit.Approval{
		Collection: records.PreapprovalTable,
		Content: []string{
			records.PreapprovalColKind, records.PreapprovalColCategory, records.PreapprovalColAccount, records.PreapprovalColReason,
			records.PreapprovalColAttendees, records.PreapprovalColDay, records.PreapprovalColToDay, records.PreapprovalColPlannedFen,
			records.PreapprovalColEmergency, records.PreapprovalColConsentBy, records.PreapprovalColConsentAt,
		},
		Title:      func(subject *core.Record) string { return titleOf(records.Preapprovals.Of(subject)) },
		Oversight:  "finance",
		Route:      route,
		OnSubmit:   s.submitted,
		OnApproved: s.approved,
	}
}

func route(tx core.App, subject *core.Record) ([]people.ApprovalStep, error) {
	most, err := gate.SettingsNow(tx).PreapprovalExecutiveFen()
	if err != nil {
		return nil, err
	}
	steps := []people.ApprovalStep{{Key: "manager", By: people.BySuperior}}
	if records.Preapprovals.Of(subject).PlannedFen() > most {
		steps = append(steps, people.ApprovalStep{Key: "management", By: people.ByRole, Role: people.RoleExecutive, Any: true})
	}
	return steps, nil
}

// submitted wants it to be applied for in time, and says who takes part in what is
// entertainment. A phone's submit counts as of when it was taken.
func (s *Service) submitted(ctx context.Context, tx core.App, subject *core.Record) error {
	row := records.Preapprovals.Of(subject)
	taken, err := s.ReadStep(ctx, tx, time.Time{}, nil)
	if err != nil {
		return err
	}
	if err := expense.CheckApplied(row.Day(), domain.BusinessDay(taken.At), row.Emergency()); err != nil {
		return gate.WrapError(err)
	}
	if err := kit.AsOfToday(tx, row); err != nil {
		return err
	}
	names, err := row.Attendees()
	if err != nil || row.Kind() == expense.PreapprovalEntertainment && len(names) == 0 {
		return gate.RefuseField(records.PreapprovalColAttendees, "preapproval.attendees_required")
	}
	return nil
}

// approved reserves what it plans, but what claims of an emergency have drawn already,
// and says until when it holds.
func (s *Service) approved(ctx context.Context, tx core.App, subject *core.Record) error {
	row := records.Preapprovals.Of(subject)
	days, err := gate.SettingsNow(tx).PreapprovalExpiryDays()
	if err != nil {
		return err
	}
	row.SetExpiresOn(domain.AddDays(row.ToDay(), days))
	row.SetLeftFen(max(0, row.PlannedFen()-row.UsedFen()))
	if row.UsedFen() > 0 {
		row.SetState(expense.PreapprovalUsed)
	}
	return s.reserve(ctx, tx, row)
}

// reserve holds what is left of a pre-approval on the node that fits it. A department
// without a budget in force is not held to one; of one that has one there must be a node.
func (s *Service) reserve(ctx context.Context, tx core.App, row records.Preapproval) error {
	node, found, err := s.nodeOf(tx, row)
	if err != nil || !found {
		return err
	}
	row.SetNode(node)
	if row.LeftFen() == 0 {
		return nil
	}
	short, err := s.Budget.Reserve(ctx, tx, docOf(row), []expense.BudgetCost{{Line: plannedLine, Node: string(node), Day: row.Day(), Net: row.LeftFen()}})
	if err != nil {
		return err
	}
	levels := []int{}
	for _, warning := range short {
		levels = append(levels, warning.Level)
	}
	row.SetBudgetLevels(levels)
	return nil
}

func (s *Service) nodeOf(tx core.App, row records.Preapproval) (id records.BudgetNodeID, found bool, err error) {
	dims := expense.BudgetDims{Category: string(row.Category()), Account: string(row.Account()), Rep: string(row.Owner()), Manager: string(row.Manager())}
	if dims.Category == "" {
		category, has, err := records.ExpenseCategories.First(tx, "code = {:c} AND active = TRUE", dbx.Params{"c": expense.PreapprovalCategory(string(row.Kind()))}, "")
		if err != nil {
			return "", false, err
		}
		if has {
			dims.Category = string(category.ID())
		}
	}
	node, fits, err := s.Budget.Find(tx, row.Dept(), row.Day(), dims)
	if err != nil || fits {
		return node.ID(), fits, err
	}
	n, err := records.Budgets.Count(tx, "dept = {:d} AND year = {:y} AND state IN ('approved', 'active', 'frozen', 'closed')",
		dbx.Params{"d": row.Dept(), "y": row.Day()[:4]})
	if err != nil {
		return "", false, err
	}
	if n > 0 {
		return "", false, gate.Refuse("preapproval.no_node")
	}
	return "", false, nil
}

// plannedLine is the one line by which a pre-approval holds money.
const plannedLine = "planned"

func docOf(row records.Preapproval) expense.BudgetDoc {
	return expense.BudgetDoc{Collection: records.PreapprovalTable, ID: string(row.ID())}
}

// Open reports whether a document may hold money of a budget: a pre-approval in force,
// others as long as they like.
func Open(app core.App, doc expense.BudgetDoc) (bool, error) {
	if doc.Collection != records.PreapprovalTable {
		return true, nil
	}
	row, found, err := records.Preapprovals.Find(app, records.PreapprovalID(doc.ID))
	return found && expense.PreapprovalHolds(string(row.State())), err
}
