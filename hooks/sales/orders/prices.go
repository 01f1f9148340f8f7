package orders

import (
	"github.com/pocketbase/dbx"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func priceLists() kit.Collection {
	return kit.Collection{
		Name:    records.PriceListTable,
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.PriceLists, "priceListCreate", listSaved),
			kit.On(kit.Update, records.PriceLists, "priceListUpdate", listSaved),
			kit.On(kit.UpdateExecute, records.PriceLists, "priceListMoved", listMoved),
		},
	}
}

func priceItems() kit.Collection {
	return kit.Collection{
		Name:    records.PriceItemTable,
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.PriceItems, "priceItemCreate", itemSaved),
			kit.On(kit.Update, records.PriceItems, "priceItemUpdate", itemSaved),
		},
	}
}

// listSaved fills what decides who sees a price list.
func listSaved(e *kit.Change[records.PriceList]) error {
	if err := gate.LockFields(e.RecordEvent, records.PriceListColDept); err != nil {
		return err
	}
	account, found, err := records.Accounts.Find(e.App, e.Row.Account())
	if err != nil {
		return err
	}
	e.Row.SetDept("")
	if found {
		e.Row.SetDept(account.Dept())
	}
	return e.Next()
}

// listMoved hands the list's account on to its items.
func listMoved(e *kit.Change[records.PriceList]) error {
	moved := e.Row.Account() != e.Before().Account()
	if err := e.Next(); err != nil || !moved {
		return err
	}
	_, err := e.App.DB().Update(records.PriceItemTable,
		dbx.Params{records.PriceItemColAccount: e.Row.Account(), records.PriceItemColDept: e.Row.Dept()},
		dbx.HashExp{records.PriceItemColList: e.Row.ID()}).Execute()
	return err
}

// itemSaved fills what decides who sees an item, from its list.
func itemSaved(e *kit.Change[records.PriceItem]) error {
	if err := gate.LockFields(e.RecordEvent, records.PriceItemColAccount, records.PriceItemColDept); err != nil {
		return err
	}
	list, found, err := records.PriceLists.Find(e.App, e.Row.List())
	if err != nil {
		return err
	}
	if found {
		e.Row.SetAccount(list.Account())
		e.Row.SetDept(list.Dept())
	}
	return e.Next()
}
