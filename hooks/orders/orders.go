// Package orders binds the rules of orders, their lines and their prices.
package orders

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Bind registers the area's events.
func Bind(app core.App, cfg gate.Config) {
	b := book{now: cfg.Now}
	app.OnRecordCreate(orders).Bind(gate.Named("orderCreate", gate.Atomic(b.orderCreate)))
	app.OnRecordUpdate(orders).Bind(gate.Named("orderUpdate", gate.Atomic(b.orderUpdate)))
	app.OnRecordUpdateExecute(orders).Bind(gate.Named("orderRepriced", gate.Atomic(b.orderRepriced)))
	app.OnRecordCreate(lines).Bind(gate.Named("orderLineCreate", gate.Atomic(lineSaved)))
	app.OnRecordUpdate(lines).Bind(gate.Named("orderLineUpdate", gate.Atomic(lineSaved)))
	app.OnRecordDelete(lines).Bind(gate.Named("orderLineDelete", gate.Atomic(lineDelete)))
	app.OnRecordCreateExecute(lines).Bind(gate.Named("orderLineAdded", gate.Atomic(retotal)))
	app.OnRecordUpdateExecute(lines).Bind(gate.Named("orderLineChanged", gate.Atomic(retotal)))
	app.OnRecordDeleteExecute(lines).Bind(gate.Named("orderLineRemoved", gate.Atomic(retotal)))
	bindPrices(app)
}

// Hangs declares that the lines of an order are as fixed as it is.
func Hangs() []gate.Hangs {
	return []gate.Hangs{{Child: lines, Field: "order", Parent: orders, Open: []string{domain.OrderDraft}, Code: "order.locked"}}
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	b := book{now: cfg.Now}
	return gate.Actions{
		orders + "." + domain.OrderSubmit:  b.submit,
		orders + "." + domain.OrderApprove: b.approve,
		orders + "." + domain.OrderReject:  b.reject,
		orders + "." + domain.OrderCancel:  b.cancel,
	}
}

// orderCreate fills who is responsible, from the account and for good.
func (b book) orderCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.OrderDraft)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if stateOf(e.Record) != domain.OrderDraft {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, append(computed, fieldManager, fieldDept)...); err != nil {
		return err
	}
	account, err := e.App.FindRecordById("accounts", accountOf(e.Record))
	if err != nil {
		return gate.RefuseField("account", "order.account_required")
	}
	if actor := gate.From(e).Author(); actor != nil {
		if ownerOf(e.Record) == "" {
			e.Record.Set(fieldOwner, actor.Id)
		}
		if ownerOf(e.Record) != actor.Id {
			return gate.Refuse("order.not_owner")
		}
		if !serves(actor, account) && !serves(gate.From(e).User, account) {
			if err := gate.From(e).ServedThen(account.Id); err != nil {
				return err
			}
		}
	}
	copyLine(e.Record, account)
	if err := b.checkList(e.App, e.Record, account); err != nil {
		return err
	}
	if err := checkVisit(e.App, e.Record); err != nil {
		return err
	}
	return e.Next()
}

// orderUpdate refuses to touch what the server computes, and all of an order
// that was submitted.
func (b book) orderUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	before := e.Record.Original()
	if actor := gate.From(e).Author(); actor != nil && ownerOf(before) != actor.Id {
		return gate.Refuse("order.not_owner")
	}
	if stateOf(before) != domain.OrderDraft {
		return gate.Refuse("order.locked")
	}
	locked := append(computed, fieldState, "no", "account", fieldOwner, fieldManager, fieldDept)
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	if listOf(e.Record) != listOf(before) {
		account, err := e.App.FindRecordById("accounts", accountOf(e.Record))
		if err != nil {
			return err
		}
		if err := b.checkList(e.App, e.Record, account); err != nil {
			return err
		}
	}
	if visitOf(e.Record) != visitOf(before) {
		if err := checkVisit(e.App, e.Record); err != nil {
			return err
		}
	}
	return e.Next()
}

// checkVisit holds an order to a visit of its own account.
func checkVisit(app core.App, order *core.Record) error {
	if visitOf(order) == "" {
		return nil
	}
	visit, err := app.FindRecordById("visits", visitOf(order))
	if err != nil || accountOf(visit) != accountOf(order) {
		return gate.RefuseField("visit", "record.not_found")
	}
	return nil
}

// lineSaved prices a line of a draft; nobody else knows a price.
func lineSaved(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	locked := lineFilled
	if !e.Record.IsNew() {
		locked = append(locked, "order")
	}
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	order, err := orderOf(e)
	if err != nil {
		return err
	}
	copyPlace(e.Record, order)
	if err := price(e.App, listOf(order), e.Record); err != nil {
		return err
	}
	return e.Next()
}

func lineDelete(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if _, err := e.App.FindRecordById(orders, e.Record.GetString("order")); err != nil {
		return e.Next() // the order goes, and its lines with it
	}
	if _, err := orderOf(e); err != nil {
		return err
	}
	return e.Next()
}

// orderOf finds the order of a line: the actor's own.
func orderOf(e *core.RecordEvent) (*core.Record, error) {
	order, err := e.App.FindRecordById(orders, e.Record.GetString("order"))
	if err != nil {
		return nil, gate.RefuseField("order", "record.not_found")
	}
	if actor := gate.From(e).Author(); actor != nil && ownerOf(order) != actor.Id {
		return nil, gate.Refuse("order.not_owner")
	}
	return order, nil
}
