package orders

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// bindPrices fills what decides who sees a price list and its items.
func bindPrices(app core.App) {
	app.OnRecordCreate("price_lists").Bind(gate.Named("priceListCreate", listSaved))
	app.OnRecordUpdate("price_lists").Bind(gate.Named("priceListUpdate", listSaved))
	app.OnRecordUpdateExecute("price_lists").Bind(gate.Named("priceListMoved", gate.Atomic(listMoved)))
	app.OnRecordCreate("price_items").Bind(gate.Named("priceItemCreate", itemSaved))
	app.OnRecordUpdate("price_items").Bind(gate.Named("priceItemUpdate", itemSaved))
}

func listSaved(e *core.RecordEvent) error {
	if err := gate.LockFields(e, fieldDept); err != nil {
		return err
	}
	e.Record.Set(fieldDept, "")
	if id := accountOf(e.Record); id != "" {
		if account, err := e.App.FindRecordById("accounts", id); err == nil {
			e.Record.Set(fieldDept, account.GetString(fieldDept))
		}
	}
	return e.Next()
}

// listMoved hands the list's account on to its items.
func listMoved(e *core.RecordEvent) error {
	moved := accountOf(e.Record) != accountOf(e.Record.Original())
	if err := e.Next(); err != nil || !moved {
		return err
	}
	_, err := e.App.DB().Update("price_items",
		map[string]any{"account": accountOf(e.Record), fieldDept: e.Record.GetString(fieldDept)},
		dbx.HashExp{"list": e.Record.Id}).Execute()
	return err
}

func itemSaved(e *core.RecordEvent) error {
	if err := gate.LockFields(e, "account", fieldDept); err != nil {
		return err
	}
	if list, err := e.App.FindRecordById("price_lists", e.Record.GetString("list")); err == nil {
		e.Record.Set("account", accountOf(list))
		e.Record.Set(fieldDept, list.GetString(fieldDept))
	}
	return e.Next()
}
