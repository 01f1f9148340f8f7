package plans

import (
	"context"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) items() kit.Collection {
	return kit.Collection{
		Name:    records.PlanItemTable,
		Machine: &field.ItemMachine,
		Parties: kit.PersonalParties(records.PlanItems),
		Server: []string{
			records.PlanItemColOwner, records.PlanItemColManager, records.PlanItemColDept, records.PlanItemColMonth, records.PlanItemColDone,
			records.PlanItemColChangedAt, records.PlanItemColCauseCode, records.PlanItemColCauseNote, records.PlanItemColAction, records.PlanItemColExplainedAt,
		},
		Once: []string{records.PlanItemColVisitPlan, records.PlanItemColMonthlyPlan},
		Audit: gate.Audit{Fields: []string{
			records.PlanItemColState, records.PlanItemColQty, records.PlanItemColDates, records.PlanItemColChangeNote, records.PlanItemColCauseCode,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.PlanItems, "planItemCreate", s.itemSave),
			kit.On(kit.Update, records.PlanItems, "planItemUpdate", s.itemSave),
			kit.On(kit.Delete, records.PlanItems, "planItemDelete", itemDelete),
		},
	}
}

// itemSave judges what is planned: by its owner while the plan is a draft, by
// his superior, with a reason, once it is approved.
func (s service) itemSave(e *kit.Change[records.PlanItem]) error {
	item := e.Row
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if (item.VisitPlan() == "") == (item.MonthlyPlan() == "") {
		return gate.Refuse("plan.item_parent")
	}
	plan, found, err := planOf(e.App, item)
	if err != nil {
		return err
	}
	if !found {
		return gate.Refuse("plan.item_parent")
	}
	change, err := mustPlan(e.RecordEvent, plan)
	if err != nil {
		return err
	}
	if change {
		if !item.IsNew() && item.State() == field.ItemDropped {
			return gate.Refuse("plan.item_state", "from", field.ItemDropped, "action", "change")
		}
		if strings.TrimSpace(item.ChangeNote()) == "" {
			return gate.RefuseField(records.PlanItemColChangeNote, "plan.reason_required")
		}
		item.SetChangedAt(s.Now())
	}
	item.SetOwner(plan.Owner())
	item.SetManager(plan.Manager())
	item.SetDept(plan.Dept())
	item.SetMonth(plan.Month())
	if err := checkDays(item); err != nil {
		return err
	}
	if err := checkAccount(e.App, item); err != nil {
		return err
	}
	if err := e.Next(); err != nil || !change {
		return err
	}
	if err := s.recount(e.Context, e.App, item.ID()); err != nil {
		return err
	}
	return flagOpenVisits(e.Context, e.App, item)
}

// checkDays holds an item's days to its month, and its visits to its days: one
// is made for each.
func checkDays(item records.PlanItem) error {
	days, err := item.Dates()
	if err != nil { // no list of days
		return gate.Refuse("plan.item_day", "day", "?", "month", item.Month())
	}
	for _, day := range days {
		if !domain.IsDay(day) || domain.Month(day) != item.Month() {
			return gate.Refuse("plan.item_day", "day", day, "month", item.Month())
		}
	}
	n := len(slices.Compact(slices.Sorted(slices.Values(days))))
	switch {
	case item.Kind() != kindVisit || n == 0:
	case item.Qty() == 0:
		item.SetQty(n)
	case item.Qty() < n:
		return gate.RefuseField(records.PlanItemColQty, "plan.item_qty")
	}
	return nil
}

// kindVisit are items that visits are made for.
const kindVisit records.PlanItemKind = "visit"

// checkAccount holds an item to an account that the planner serves.
func checkAccount(app core.App, item records.PlanItem) error {
	if item.Kind() != kindVisit && item.Account() == "" {
		return nil
	}
	account, found, err := records.Accounts.Find(app, item.Account())
	if err != nil {
		return err
	}
	if !found || account.Owner() != item.Owner() && account.Manager() != item.Owner() {
		return gate.RefuseField(records.PlanItemColAccount, "plan.item_account")
	}
	return nil
}

// itemDelete: what was handed in is dropped, not deleted.
func itemDelete(e *kit.Change[records.PlanItem]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	plan, found, err := planOf(e.App, e.Row)
	if err != nil {
		return err
	}
	if !found { // the plan goes, and its items with it
		return e.Next()
	}
	if author := gate.From(e.RecordEvent).Author(); author != nil && author.Id != string(plan.Owner()) {
		return gate.Refuse("plan.not_owner")
	}
	if !field.PlanEditable(plan.state) {
		return gate.Refuse("plan.locked")
	}
	return e.Next()
}

type explainArgs struct {
	CauseCode   string `json:"cause_code"`
	Note        string `json:"note"`
	Improvement string `json:"improvement"`
	ImproveBy   string `json:"improve_by"` // YYYY-MM-DD
}

// explain says why an item was missed and what is done about it (R4.5):
// plan.cause_required.
func (s service) explain(ctx context.Context, tx core.App, item records.PlanItem, args explainArgs) error {
	if !slices.Contains(field.CauseCodes, args.CauseCode) || strings.TrimSpace(args.Improvement) == "" || (args.ImproveBy != "" && !domain.IsDay(args.ImproveBy)) {
		return gate.Refuse("plan.cause_required")
	}
	action, err := s.improve(ctx, tx, item, args)
	if err != nil {
		return err
	}
	item.SetCauseCode(records.PlanItemCauseCode(args.CauseCode))
	item.SetCauseNote(args.Note)
	item.SetAction(action)
	item.SetExplainedAt(s.Now())
	return nil
}

// improve makes the improvement action that an explanation promises; due in two
// weeks if no day is given.
func (s service) improve(ctx context.Context, tx core.App, item records.PlanItem, args explainArgs) (records.ImprovementActionID, error) {
	if args.ImproveBy == "" {
		args.ImproveBy = domain.AddDays(domain.BusinessDay(s.Now()), 14)
	}
	action, err := records.ImprovementActions.New(tx)
	if err != nil {
		return "", err
	}
	action.SetRefCollection(records.PlanItemTable)
	action.SetRefID(string(item.ID()))
	action.SetTitle(args.Improvement)
	action.SetCause(args.CauseCode + " " + args.Note)
	action.SetAuthor(records.UserID(gate.Of(ctx).Author().Id))
	action.SetOwner(item.Owner())
	action.SetManager(item.Manager())
	action.SetDept(item.Dept())
	action.SetDue(args.ImproveBy)
	action.SetState("open")
	err = tx.SaveWithContext(gate.AsServer(ctx), action.Raw())
	return action.ID(), err
}

type dropArgs struct {
	Reason string `json:"reason"`
}

// drop takes an item out of an approved plan: plan.reason_required. Visits that
// were made for it stay, flagged.
func (s service) drop(ctx context.Context, tx core.App, item records.PlanItem, args dropArgs) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("plan.reason_required")
	}
	item.SetChangeNote(args.Reason)
	item.SetChangedAt(s.Now())
	return flagOpenVisits(ctx, tx, item)
}
