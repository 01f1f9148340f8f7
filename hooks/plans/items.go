package plans

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// itemSave judges what is planned: by its owner while the plan is a draft, by
// his superior, with a reason, once it is approved.
func (s *Service) itemSave(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.ItemOpen)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if e.Record.IsNew() && stateOf(e.Record) != domain.ItemOpen {
		return gate.RefuseField(fieldState, "field.locked")
	}
	locked := itemFilled
	if e.Record.IsNew() {
		locked = without(itemFilled, fieldState)
	} else {
		locked = append(locked, itemParents...)
	}
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	if (e.Record.GetString("visit_plan") == "") == (e.Record.GetString("monthly_plan") == "") {
		return gate.Refuse("plan.item_parent")
	}
	collection, id := parentOf(e.Record)
	plan, err := e.App.FindRecordById(collection, id)
	if err != nil {
		return gate.Refuse("plan.item_parent")
	}
	change, err := mustPlan(e, plan)
	if err != nil {
		return err
	}
	if change {
		if !e.Record.IsNew() && stateOf(e.Record) == domain.ItemDropped {
			return gate.Refuse("plan.item_state", "from", domain.ItemDropped, "action", "change")
		}
		if strings.TrimSpace(e.Record.GetString("change_note")) == "" {
			return gate.RefuseField("change_note", "plan.reason_required")
		}
		e.Record.Set("changed_at", s.now())
	}
	copyPlan(e.Record, plan)
	if err := checkItem(e.App, e.Record); err != nil {
		return err
	}
	if err := e.Next(); err != nil || !change {
		return err
	}
	if err := s.recount(e.Context, e.App, e.Record.Id); err != nil {
		return err
	}
	return flagOpenVisits(e.Context, e.App, e.Record)
}

// checkItem judges account and days of an item.
func checkItem(app core.App, item *core.Record) error {
	raw := item.GetString("dates")
	days := datesOf(item)
	if raw != "" && raw != "null" && days == nil && strings.TrimSpace(raw) != "[]" {
		return gate.Refuse("plan.item_day", "day", raw, "month", monthOf(item))
	}
	for _, day := range days {
		if !domain.IsDay(day) || domain.Month(day) != monthOf(item) {
			return gate.Refuse("plan.item_day", "day", day, "month", monthOf(item))
		}
	}
	if n := distinct(days); item.GetString("kind") == "visit" && n > 0 { // a visit is made for each
		switch qty := item.GetInt("qty"); {
		case qty == 0:
			item.Set("qty", n)
		case qty < n:
			return gate.RefuseField("qty", "plan.item_qty")
		}
	}
	if item.GetString("kind") != "visit" && accountOf(item) == "" {
		return nil
	}
	account, err := app.FindRecordById(accounts, accountOf(item))
	if err != nil || (ownerOf(account) != ownerOf(item) && managerOf(account) != ownerOf(item)) {
		return gate.RefuseField("account", "plan.item_account")
	}
	return nil
}

func distinct(days []string) int { return len(slices.Compact(slices.Sorted(slices.Values(days)))) }

// itemDelete: what was handed in is dropped, not deleted.
func (s *Service) itemDelete(e *core.RecordEvent) error {
	collection, id := parentOf(e.Record)
	plan, err := e.App.FindRecordById(collection, id)
	if err != nil || gate.ByServer(e) { // the plan goes, and its items with it
		return e.Next()
	}
	if actor := gate.From(e).Author(); actor != nil && actor.Id != ownerOf(plan) {
		return gate.Refuse("plan.not_owner")
	}
	if !domain.PlanEditable(stateOf(plan)) {
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

// explain args: {cause_code, note, improvement, improve_by}: why an item was
// missed and what is done about it (R4.5), by its owner or his superior.
func (s *Service) explain(ctx context.Context, txApp core.App, item *core.Record, raw jsontext.Value) error {
	actor := gate.Of(ctx).Author()
	if actor == nil || (actor.Id != ownerOf(item) && !superior(actor, item)) {
		return gate.Refuse("plan.not_owner")
	}
	if stateOf(item) != domain.ItemMissed {
		return gate.Refuse("plan.item_state", "from", stateOf(item), "action", domain.ItemExplain)
	}
	var args explainArgs
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if !anyOf(domain.CauseCodes, args.CauseCode) || strings.TrimSpace(args.Improvement) == "" || (args.ImproveBy != "" && !domain.IsDay(args.ImproveBy)) {
		return gate.Refuse("plan.cause_required")
	}
	action, err := s.improve(ctx, txApp, item, actor.Id, args)
	if err != nil {
		return err
	}
	setExplained(item, args, action, s.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), item)
}

// improve makes the improvement action that an explanation promises; due in two
// weeks if no day is given.
func (s *Service) improve(ctx context.Context, txApp core.App, item *core.Record, author string, a explainArgs) (string, error) {
	coll, err := txApp.FindCachedCollectionByNameOrId("improvement_actions")
	if err != nil {
		return "", err
	}
	if a.ImproveBy == "" {
		a.ImproveBy = domain.AddDays(domain.BusinessDay(s.now()), 14)
	}
	r := core.NewRecord(coll)
	r.Load(map[string]any{
		"ref_collection": items, "ref_id": item.Id, "title": a.Improvement, "cause": a.CauseCode + " " + a.Note, "author": author,
		"owner": ownerOf(item), "manager": managerOf(item), "dept": deptOf(item), "due": a.ImproveBy, "state": "open",
	})
	err = txApp.SaveWithContext(gate.AsServer(ctx), r)
	return r.Id, err
}

// drop args: {reason}: the superior takes an item out of an approved plan. Visits
// that were made for it stay, flagged.
func (s *Service) drop(ctx context.Context, txApp core.App, item *core.Record, raw jsontext.Value) error {
	if !superior(gate.Of(ctx).Author(), item) {
		return gate.Refuse("plan.not_superior")
	}
	if stateOf(item) == domain.ItemDropped {
		return gate.Refuse("plan.item_state", "from", stateOf(item), "action", domain.ItemDrop)
	}
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("plan.reason_required")
	}
	setState(item, domain.ItemDropped)
	item.Set("change_note", args.Reason)
	item.Set("changed_at", s.now())
	if err := txApp.SaveWithContext(gate.AsServer(ctx), item); err != nil {
		return err
	}
	return flagOpenVisits(ctx, txApp, item)
}

// progressCreate notes how far an item got: entries add up and are never changed.
func (s *Service) progressCreate(e *core.RecordEvent) error {
	if e.Record.GetInt("qty") == 0 {
		return gate.RefuseField("qty", "plan.progress_invalid")
	}
	if e.Record.GetDateTime("at").IsZero() {
		e.Record.Set("at", s.now())
	}
	if !gate.ByServer(e) {
		if err := gate.LockFields(e, progressFilled...); err != nil {
			return err
		}
		item, err := e.App.FindRecordById(items, e.Record.GetString("item"))
		if err != nil {
			return gate.RefuseField("item", "record.not_found")
		}
		if actor := gate.From(e).Author(); actor != nil && actor.Id != ownerOf(item) {
			return gate.Refuse("plan.not_owner")
		}
		copyItem(e.Record, item)
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.recount(e.Context, e.App, e.Record.GetString("item"))
}

// recount adds up what was done of an item: entries of progress and visits that count.
func (s *Service) recount(ctx context.Context, app core.App, id string) error {
	item, err := app.FindRecordById(items, id)
	if err != nil {
		return fmt.Errorf("failed to find plan item %s: %w", id, err)
	}
	var done int
	err = app.DB().NewQuery(`SELECT (SELECT COALESCE(SUM(qty), 0) FROM plan_progress WHERE item = {:i}) +
		(SELECT COUNT(*) FROM visits WHERE plan_item = {:i} AND counts = TRUE)`).Bind(dbx.Params{"i": id}).Row(&done)
	if err != nil {
		return fmt.Errorf("failed to add up plan item %s: %w", id, err)
	}
	over := monthOf(item) < domain.Month(domain.BusinessDay(s.now()))
	state := domain.ItemState(stateOf(item), item.GetInt("qty"), done, over && stateOf(item) == domain.ItemMissed)
	if item.GetInt("done") == done && stateOf(item) == state {
		return nil
	}
	item.Set("done", done)
	setState(item, state)
	return app.SaveNoValidateWithContext(gate.AsServer(ctx), item)
}

func without(list []string, s string) (out []string) {
	for _, v := range list {
		if v != s {
			out = append(out, v)
		}
	}
	return out
}
