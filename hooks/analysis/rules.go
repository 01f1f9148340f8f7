package analysis

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/sales"
	"satchel/hooks/analysis/facts"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// collections are what facts are written of, each in the transaction of what happened.
func (s *Service) collections() []kit.Collection {
	return []kit.Collection{
		{Name: records.DeliveryTable, Rules: []kit.Rule{
			kit.On(kit.CreateExecute, records.Deliveries, "deliveryMadeFacts", s.delivered),
			kit.On(kit.UpdateExecute, records.Deliveries, "deliveryFacts", s.delivered),
		}},
		{Name: records.ReturnTable, Rules: []kit.Rule{
			kit.On(kit.CreateExecute, records.Returns, "returnMadeFacts", s.returned),
			kit.On(kit.UpdateExecute, records.Returns, "returnFacts", s.returned),
		}},
		{Name: records.RebateAccrualTable, Rules: []kit.Rule{
			kit.On(kit.CreateExecute, records.RebateAccruals, "rebateMadeFacts", s.rebated),
			kit.On(kit.UpdateExecute, records.RebateAccruals, "rebateFacts", s.rebated),
		}},
		{Name: records.AccountTable, Rules: s.followed()},
		{Name: records.AccountEntryTable, Rules: []kit.Rule{kit.On(kit.CreateExecute, records.AccountEntries, "entryFacts", s.received)}},
		{
			Name:  records.ProductCostTable,
			Once:  []string{records.ProductCostColProduct},
			Audit: gate.Audit{Fields: []string{records.ProductCostColCostFen, records.ProductCostColFromDate}, Create: true},
			Rules: []kit.Rule{
				kit.On(kit.Create, records.ProductCosts, "productCostCreate", costSaved),
				kit.On(kit.Update, records.ProductCosts, "productCostUpdate", costSaved),
				kit.On(kit.CreateExecute, records.ProductCosts, "productCostMadeFacts", s.recost),
				kit.On(kit.UpdateExecute, records.ProductCosts, "productCostFacts", s.recost),
				kit.On(kit.DeleteExecute, records.ProductCosts, "productCostGoneFacts", s.recost),
			},
		},
	}
}

// facts writes facts in a transaction.
func (s *Service) facts(tx core.App) facts.Book {
	return facts.In(tx.DB(), domain.BusinessDay(s.cfg.Now()))
}

func (s *Service) delivered(e *kit.Change[records.Delivery]) error {
	before := e.Before().State()
	if err := e.Next(); err != nil || e.Row.State() != sales.DeliveryDelivered || before == sales.DeliveryDelivered {
		return err
	}
	return s.facts(e.App).Delivered(string(e.Row.ID()))
}

func (s *Service) returned(e *kit.Change[records.Return]) error {
	before := e.Before().State()
	if err := e.Next(); err != nil || e.Row.State() != sales.ReturnReturned || before == sales.ReturnReturned {
		return err
	}
	if err := s.facts(e.App).Returned(string(e.Row.ID())); err != nil || s.cfg.Planted != syncer.PlantReturnMonth {
		return err
	}
	return returnEarly(e.App, e.Row.ID())
}

func (s *Service) rebated(e *kit.Change[records.RebateAccrual]) error {
	before := e.Before().AccruedFen()
	if err := e.Next(); err != nil || e.Row.AccruedFen() == before {
		return err
	}
	return s.facts(e.App).Rebated(string(e.Row.ID()))
}

func (s *Service) received(e *kit.Change[records.AccountEntry]) error {
	if err := e.Next(); err != nil {
		return err
	}
	if kind := e.Row.Kind(); kind != sales.EntryReceipt && kind != sales.EntryReversal {
		return nil
	}
	return s.facts(e.App).Received(string(e.Row.ID()))
}

// costSaved holds a cost to an amount: product_cost.amount_invalid.
func costSaved(e *kit.Change[records.ProductCost]) error {
	if fen := e.Row.CostFen(); fen < 0 || fen > analysis.MaxCostFen {
		return gate.RefuseField(records.ProductCostColCostFen, "product_cost.amount_invalid", "most", analysis.MaxCostFen)
	}
	return e.Next()
}

// recost counts anew what was sold of a product when what it costs becomes another,
// for past days too.
func (s *Service) recost(e *kit.Change[records.ProductCost]) error {
	if err := e.Next(); err != nil {
		return err
	}
	return s.facts(e.App).Recost(string(e.Row.Product()))
}
