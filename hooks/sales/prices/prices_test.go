package prices_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/sales/prices"
	"satchel/internal/testapp"
	"satchel/records"
)

// desk is a company without lists, and a product that nobody has a price for.
type desk struct {
	testapp.Desk
	account, product *core.Record
}

func open(t *testing.T) *desk {
	d := &desk{Desk: testapp.Open(t)}
	if _, err := d.DB().NewQuery("UPDATE price_lists SET active = false").Execute(); err != nil {
		t.Fatal(err)
	}
	d.account = d.AccountOf("rep.chen")
	d.product = d.Make("", "products", map[string]any{"sku": "T", "name": "货", "unit": "瓶", "tax_bp": 1300, "status": "active"})
	return d
}

func (d *desk) list(name string, more map[string]any) (*core.Record, string) {
	list := d.Blank("price_lists", map[string]any{"name": name, "scope": "default", "active": true}, more)
	return list, d.SaveBy("", list)
}

// TestPriceListsShowWhoseTheyAre: what decides who sees them follows from the account.
func TestPriceListsShowWhoseTheyAre(t *testing.T) {
	d := open(t)
	list := d.Make("", "price_lists", map[string]any{"name": "Own", "scope": "account", "account": d.account.Id, "active": true})
	item := d.Make("", "price_items", map[string]any{"list": list.Id, "product": d.product.Id, "price_fen": 1})
	if list.GetString("dept") != d.account.GetString("dept") || item.GetString("account") != d.account.Id || item.GetString("dept") != d.account.GetString("dept") {
		t.Errorf("list %v, item %v", list.PublicExport(), item.PublicExport())
	}
	if got := d.Set("", item, "account", ""); got != "field.locked account" {
		t.Errorf("%q", got)
	}
	if got := d.Set("", list, "account", ""); got != "" {
		t.Fatal(got)
	}
	if now := d.Fresh(item); now.GetString("account") != "" || now.GetString("dept") != "" {
		t.Errorf("the item keeps %q and %q", now.GetString("account"), now.GetString("dept"))
	}
}

// TestListsDoNotOverlap: of those for the same people one is in force on a day,
// and a refusal names the other.
func TestListsDoNotOverlap(t *testing.T) {
	d := open(t)
	if _, got := d.list("三月", map[string]any{"valid_from": "2026-03-01", "valid_to": "2026-03-31"}); got != "" {
		t.Fatal(got)
	}
	for _, c := range []struct {
		more map[string]any
		want string
	}{
		{map[string]any{"valid_from": "2026-03-31"}, "price_list.overlap"},
		{map[string]any{"valid_to": "2026-03-01"}, "price_list.overlap"},
		{nil, "price_list.overlap"},
		{map[string]any{"valid_from": "2026-05-02", "valid_to": "2026-05-01"}, "price_list.days_invalid valid_to"},
		{map[string]any{"active": false}, ""},
		{map[string]any{"scope": "tier", "tier": "A"}, ""},
		{map[string]any{"scope": "tier", "tier": "A"}, "price_list.overlap"},
		{map[string]any{"scope": "tier", "tier": "B"}, ""},
		{map[string]any{"scope": "account", "account": d.account.Id}, ""},
		{map[string]any{"scope": "account", "account": d.AccountOf("rep.he").Id}, ""},
		{map[string]any{"valid_from": "2026-04-01"}, ""},
		{map[string]any{"valid_to": "2026-02-28"}, ""},
	} {
		if _, got := d.list("另一张", c.more); got != c.want {
			t.Errorf("%v: %q, want %q", c.more, got, c.want)
		}
	}
	list := d.Blank("price_lists", map[string]any{"name": "x", "scope": "default", "active": true, "valid_from": "2026-03-10", "valid_to": "2026-03-11"})
	if err := d.Save(list); err == nil || !strings.Contains(err.Error(), "三月") || !strings.Contains(err.Error(), "2026-03-31") {
		t.Errorf("the other is not named: %v", err)
	}
}

// TestContractListNeedsItsContract in force, of the account.
func TestContractListNeedsItsContract(t *testing.T) {
	d := open(t)
	contract := d.Make("rep.chen", "contracts", map[string]any{
		"account": d.account.Id, "no": "T-1", "title": "年框", "type": "standard", "start_date": "2026-01-01", "end_date": "2026-12-31",
	})
	of := map[string]any{"scope": "contract", "contract": contract.Id}
	if _, got := d.list("合同价", of); got != "price_list.contract_unbound contract" {
		t.Errorf("of a draft: %q", got)
	}
	d.Force(contract, "effective")
	if _, got := d.list("合同价", map[string]any{"scope": "contract"}); got != "record.not_found contract" {
		t.Errorf("of none: %q", got)
	}
	list, got := d.list("合同价", of)
	if got != "" || list.GetString("account") != d.account.Id {
		t.Fatalf("%q %v", got, list.PublicExport())
	}
	if _, got := d.list("又一张", of); got != "price_list.overlap" {
		t.Errorf("two of one contract: %q", got)
	}
	d.Make("", "price_items", map[string]any{"list": list.Id, "product": d.product.Id, "price_fen": 7})
	for day, want := range map[string]int{"2025-12-31": 0, "2026-01-01": 1, "2026-12-31": 1, "2027-01-01": 0} {
		in, err := prices.Offers(d.App, records.AccountID(d.account.Id), d.account.GetString("tier"), day, []string{d.product.Id})
		if err != nil || len(in.Lists) != want || len(in.Basket.Contracts) != want {
			t.Errorf("%s: %v %v", day, in, err)
		}
	}
	d.Force(contract, "terminated")
	if in, err := prices.Offers(d.App, records.AccountID(d.account.Id), d.account.GetString("tier"), "2026-03-16", []string{d.product.Id}); err != nil || len(in.Lists) != 0 {
		t.Errorf("of a contract that ended: %v %v", in, err)
	}
}

// TestUnitsAreTheProducts own, or its others.
func TestUnitsAreTheProducts(t *testing.T) {
	d := open(t)
	list, _ := d.list("L", nil)
	for _, c := range []struct {
		collection string
		row        map[string]any
		want       string
	}{
		{"product_units", map[string]any{"product": d.product.Id, "unit": "瓶", "factor_milli": 1000}, "product_unit.own unit"},
		{"product_units", map[string]any{"product": d.product.Id, "unit": "箱", "factor_milli": -1}, "order.quantity_invalid factor_milli"},
		{"price_items", map[string]any{"list": list.Id, "product": d.product.Id, "price_fen": 1, "unit": "箱"}, "order.unit_unknown unit"},
		{"product_units", map[string]any{"product": d.product.Id, "unit": "箱", "factor_milli": 12_000}, ""},
		{"price_items", map[string]any{"list": list.Id, "product": d.product.Id, "price_fen": 1, "unit": "箱"}, ""},
		{"price_items", map[string]any{"list": list.Id, "product": d.product.Id, "price_fen": 1, "unit": "瓶"}, ""},
		{"price_items", map[string]any{"list": list.Id, "product": d.product.Id, "price_fen": -1}, "order.amount_too_large price_fen"},
		{"price_items", map[string]any{"list": list.Id, "product": d.product.Id, "price_fen": 1, "min_qty_milli": -1}, "order.quantity_invalid min_qty_milli"},
		{"assortments", map[string]any{"account": d.account.Id, "product": d.product.Id, "state": "listed", "valid_from": "2026-03-02", "valid_to": "2026-03-01"}, "price_list.days_invalid valid_to"},
		{"assortments", map[string]any{"account": d.account.Id, "product": d.product.Id, "state": "listed"}, ""},
	} {
		if got := d.SaveBy("", d.Blank(c.collection, c.row)); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.collection, c.row, got, c.want)
		}
	}
	if n, err := d.CountRecords("assortments", dbx.HashExp{"dept": d.account.GetString("dept")}); err != nil || n != 1 {
		t.Errorf("%d %v", n, err)
	}
	if got := d.SaveBy("rep.he", d.Blank("assortments", map[string]any{"account": d.account.Id, "product": d.product.Id, "state": "listed"})); got != "record.not_allowed" {
		t.Errorf("a stranger lists goods: %q", got)
	}
}
