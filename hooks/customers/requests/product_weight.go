package requests

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// yearBack is from when on sales count that stand behind a request.
const yearBack = -364

// weighed writes a request with the priority of the demand behind it, and brings the
// others for the same product up to that. What its author gives as the priority is
// his wish: phones that know no wish write it there.
func (s service) weighed(e *kit.Change[records.ProductRequest]) error {
	before := e.Before()
	if said := e.Row.Priority(); said != before.Priority() {
		e.Row.SetWish(records.ProductRequestWish(said))
	}
	demand, err := s.demand(e.App, e.Row)
	if err != nil {
		return err
	}
	if err := weigh(e.App, e.Row, demand); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	if err := s.value(e.Context, e.App, e.Row); err != nil {
		return err
	}
	if e.Row.Product() == "" {
		return nil
	}
	others, err := records.ProductRequests.All(e.App, "product = {:p} AND id <> {:id} AND state IN ('new', 'reviewing', 'planned')",
		dbx.Params{"p": e.Row.Product(), "id": e.Row.ID()}, "id")
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := weigh(e.App, other, demand); err != nil {
			return err
		}
		if err := gate.SaveChanged(e.Context, e.App, other.Raw()); err != nil {
			return err
		}
	}
	return nil
}

// demand is what stands behind a request: the accounts that ask for its product, its
// own among them, and what they bought in a year.
func (s service) demand(app core.App, row records.ProductRequest) (d customers.ProductDemand, err error) {
	accounts := []records.AccountID{}
	if row.Account() != "" {
		accounts = append(accounts, row.Account())
	}
	if row.Product() != "" {
		var asking []records.AccountID
		err := app.DB().NewQuery("SELECT DISTINCT account FROM product_requests WHERE product = {:p} AND id <> {:id} AND account <> '' AND state IN ('new', 'reviewing', 'planned') ORDER BY account").
			Bind(dbx.Params{"p": row.Product(), "id": row.ID()}).Column(&asking)
		if err != nil {
			return d, fmt.Errorf("look who asks for product %s: %w", row.Product(), err)
		}
		accounts = append(accounts, asking...)
	}
	slices.Sort(accounts)
	for _, account := range slices.Compact(accounts) {
		bought, err := s.revenue(app, account)
		if err != nil {
			return d, err
		}
		d.Accounts++
		d.RevenueFen += bought
	}
	return d, nil
}

// revenue is what an account bought in a year up to today.
func (s service) revenue(app core.App, account records.AccountID) (int64, error) {
	today := domain.BusinessDay(s.now())
	bought, _, err := s.Sold(app, account, domain.Period{From: domain.AddDays(today, yearBack), To: today})
	if err != nil {
		return 0, fmt.Errorf("read what account %s bought: %w", account, err)
	}
	return int64(bought), nil
}

// weigh gives a request the priority of a demand.
func weigh(app core.App, row records.ProductRequest, d customers.ProductDemand) error {
	settings := gate.SettingsNow(app)
	fen, err := settings.ProductRequestPriorityFen()
	if err != nil {
		return err
	}
	accounts, err := settings.ProductRequestPriorityAccounts()
	if err != nil {
		return err
	}
	priority, rank := customers.ProductPriority(d, fen, accounts)
	row.SetPriority(records.ProductRequestPriority(priority))
	row.SetRank(rank)
	row.SetAsking(d.Accounts)
	return nil
}

// value keeps what a request's account bought, for those who may see that.
func (s service) value(ctx context.Context, tx core.App, row records.ProductRequest) error {
	if row.Account() == "" {
		return nil
	}
	value, found, err := records.ProductRequestValues.First(tx, "request = {:r}", dbx.Params{"r": row.ID()}, "")
	if err != nil {
		return err
	}
	if !found {
		if value, err = records.ProductRequestValues.New(tx); err != nil {
			return err
		}
		value.SetRequest(row.ID())
	}
	bought, err := s.revenue(tx, row.Account())
	if err != nil {
		return err
	}
	team, err := gate.TeamOf(tx, string(row.Account()))
	if err != nil {
		return fmt.Errorf("find the account of request %s: %w", row.ID(), err)
	}
	value.SetAccount(row.Account())
	value.SetDept(records.DepartmentID(team.Dept))
	value.SetRevenueFen(int(bought))
	value.SetAsOf(domain.BusinessDay(s.now()))
	return gate.SaveChanged(ctx, tx, value.Raw())
}

// weighAll weighs all open requests anew, by what was sold since.
func (s service) weighAll(ctx context.Context, app core.App, _ time.Time) error {
	open, err := records.ProductRequests.All(app, "state IN ('new', 'reviewing', 'planned')", nil, "product, id")
	if err != nil {
		return err
	}
	known := map[records.ProductID]customers.ProductDemand{}
	for _, row := range open {
		if err := ctx.Err(); err != nil {
			return err
		}
		demand, is := known[row.Product()]
		if !is {
			if demand, err = s.demand(app, row); err != nil {
				return err
			}
			if row.Product() != "" {
				known[row.Product()] = demand
			}
		}
		if err := app.RunInTransaction(func(tx core.App) error { return s.weighAgain(ctx, tx, row.ID(), demand) }); err != nil {
			return fmt.Errorf("weigh request %s: %w", row.ID(), err)
		}
	}
	return nil
}

// weighAgain weighs a request that is still open.
func (s service) weighAgain(ctx context.Context, tx core.App, id records.ProductRequestID, demand customers.ProductDemand) error {
	row, found, err := records.ProductRequests.Find(tx, id)
	if err != nil || !found || !slices.Contains(customers.ProductOpen, string(row.State())) {
		return err
	}
	if err := weigh(tx, row, demand); err != nil {
		return err
	}
	if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
		return err
	}
	return s.value(ctx, tx, row)
}
