package analysis

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/analysis"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// returnEarly is a planted fault: a return counts in the month before.
func returnEarly(tx core.App, id records.ReturnID) error {
	_, err := tx.DB().NewQuery("UPDATE sales_facts SET day = date(day, '-1 month') WHERE ref = {:r}").Bind(dbx.Params{"r": id}).Execute()
	return err
}

// followed is a planted fault: what was sold goes with its account. Without
// it no rule of figures looks at accounts.
func (s *Service) followed() []kit.Rule {
	if s.cfg.Planted != syncer.PlantFactsFollow {
		return nil
	}
	return []kit.Rule{kit.On(kit.UpdateExecute, records.Accounts, "factsFollow", func(e *kit.Change[records.Account]) error {
		if err := e.Next(); err != nil {
			return err
		}
		_, err := e.App.DB().NewQuery("UPDATE sales_facts SET owner = {:o}, manager = {:m} WHERE account = {:a}").
			Bind(dbx.Params{"o": e.Row.Owner(), "m": e.Row.Manager(), "a": e.Row.ID()}).Execute()
		return err
	})}
}

// seeMore is a planted fault: somebody sees accounts that are not his.
func seeMore(db dbx.Builder, seen *analysis.Seen) error {
	var ids []string
	if err := db.NewQuery("SELECT id FROM accounts").Column(&ids); err != nil {
		return err
	}
	for _, id := range ids {
		seen.Accounts[id] = true
	}
	return nil
}
