// Package promotions binds the rules of what is given beyond the list: rules as
// data, and how much of each orders hold.
package promotions

import (
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Area is what promotions are.
func Area() kit.Area {
	return kit.Area{
		Name: "promotions",
		Collections: []kit.Collection{
			{
				Name:   records.PromotionTable,
				Server: []string{records.PromotionColUsedFen, records.PromotionColUsedMilli},
				Audit: gate.Audit{Fields: []string{
					records.PromotionColActive, records.PromotionColValidFrom, records.PromotionColValidTo, records.PromotionColRule,
					records.PromotionColCapFen, records.PromotionColCapMilli,
				}, Create: true},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.Promotions, "promotionCreate", saved),
					kit.On(kit.Update, records.Promotions, "promotionUpdate", saved),
					kit.On(kit.Delete, records.Promotions, "promotionDelete", remove),
				},
			},
			{
				Name: records.PromotionUseTable,
				Server: []string{
					records.PromotionUseColPromotion, records.PromotionUseColOrder, records.PromotionUseColAccount, records.PromotionUseColOwner,
					records.PromotionUseColDept, records.PromotionUseColAmountFen, records.PromotionUseColQtyMilli, records.PromotionUseColState,
				},
				Rules: []kit.Rule{
					kit.On(kit.CreateExecute, records.PromotionUses, "promotionUseAdded", counted),
					kit.On(kit.UpdateExecute, records.PromotionUses, "promotionUseChanged", counted),
				},
			},
		},
	}
}

// saved reads a rule strictly, with its caps and days: what it names is there.
func saved(e *kit.Change[records.Promotion]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	e.Row.SetCode(strings.TrimSpace(e.Row.Code()))
	if from, to := e.Row.ValidFrom(), e.Row.ValidTo(); from != "" && to != "" && to < from {
		return gate.RefuseField(records.PromotionColValidTo, "promotion.days_invalid")
	}
	rule, err := e.Row.Rule()
	if err != nil {
		return gate.Refuse("promotion.rule_invalid", "fault", "json")
	}
	if err := rule.Check(); err != nil {
		return gate.WrapError(err)
	}
	if err := rule.CheckCaps(int64(e.Row.CapFen()), int64(e.Row.CapMilli())); err != nil {
		return gate.WrapError(err)
	}
	if err := checkGoods(e.App, rule); err != nil {
		return err
	}
	if err := recount(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// checkGoods refuses a rule that names a product, or a unit of a gift, that there is none of.
func checkGoods(app core.App, rule pricing.Rule) error {
	goods := make([]string, len(rule.Goods))
	for i, g := range rule.Goods {
		goods[i] = g.Product
	}
	var gift []string
	if rule.GetProduct != "" {
		gift = []string{rule.GetProduct}
	}
	for _, named := range []struct {
		member string
		ids    []string
	}{{"products", rule.Products}, {"goods", goods}, {"get_product", gift}} {
		for _, id := range named.ids {
			if _, found, err := records.Products.Find(app, records.ProductID(id)); err != nil {
				return err
			} else if !found {
				return gate.Refuse("promotion.rule_invalid", "fault", named.member)
			}
		}
	}
	return checkGiftUnit(app, rule)
}

// checkGiftUnit wants a unit of a gift to be one of its product's, or of all products
// that it is a gift for.
func checkGiftUnit(app core.App, rule pricing.Rule) error {
	if rule.GetUnit == "" {
		return nil
	}
	of := rule.Products
	if rule.GetProduct != "" {
		of = []string{rule.GetProduct}
	}
	for _, id := range of {
		product, err := records.Products.Require(app, records.ProductID(id))
		if err != nil {
			return err
		}
		n, err := records.ProductUnits.Count(app, "product = {:p} AND unit = {:u}", dbx.Params{"p": id, "u": rule.GetUnit})
		if err != nil {
			return err
		}
		if n == 0 && product.Unit() != rule.GetUnit {
			return gate.Refuse("promotion.rule_invalid", "fault", "get_unit")
		}
	}
	return nil
}

// remove keeps what an order had a part of.
func remove(e *kit.Change[records.Promotion]) error {
	used, err := records.PromotionUses.Count(e.App, "promotion = {:p}", dbx.Params{"p": e.Row.ID()})
	if err != nil {
		return err
	}
	if used > 0 {
		return gate.Refuse("record.kept", "collection", records.PromotionTable, "from", e.Row.Code())
	}
	return e.Next()
}
