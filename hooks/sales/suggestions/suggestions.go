// Package suggestions proposes what an account should order, with the reason of
// each line.
package suggestions

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// lookBack is for how many days what was ordered tells something.
const lookBack = 180

// Area is what suggested orders are.
func Area(cfg gate.Config) kit.Area {
	return kit.Area{
		Name: "suggestions",
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/suggested_order", Run: func(e *core.RequestEvent) error {
			return suggested(e, cfg.Now())
		}}},
	}
}

// reason is why a line is suggested.
type reason struct {
	Code   string         `json:"code"`
	Params map[string]any `json:"params"`
	Zh     string         `json:"zh"`
	En     string         `json:"en"`
}

// line is a line of a suggested order.
type line struct {
	Product   string `json:"product"`
	Sku       string `json:"sku"`
	Name      string `json:"name"`
	Unit      string `json:"unit"` // empty for the product's own
	QtyMilli  int64  `json:"qty_milli"`
	BaseMilli int64  `json:"base_milli"`
	NeedMilli int64  `json:"need_milli"` // base units, before they are rounded up
	Reason    reason `json:"reason"`
}

// suggested answers GET /api/ka/suggested_order?account=: {account, as_of,
// next_visit, lines: […]}, to who may write orders of the account.
func suggested(e *core.RequestEvent, now time.Time) error {
	account, err := ordered(e)
	if err != nil {
		return err
	}
	of := reader{app: e.App, account: account.ID(), today: domain.BusinessDay(now)}
	in, goods, err := of.input()
	if err != nil {
		return err
	}
	lines := []line{}
	for _, s := range sales.Suggest(in) {
		g, why := goods[s.Product], domain.Problem{Code: s.Reason, Params: s.Params}
		lines = append(lines, line{
			Product: s.Product, Sku: g.Sku, Name: g.Name, Unit: s.Unit, QtyMilli: s.QtyMilli, BaseMilli: s.BaseMilli, NeedMilli: s.NeedMilli,
			Reason: reason{s.Reason, s.Params, why.Text("zh"), why.Text("en")},
		})
	}
	return e.JSON(http.StatusOK, map[string]any{"account": account.ID(), "as_of": in.Today, "next_visit": in.NextVisit, "lines": lines})
}

// ordered finds the account, of which the caller may write orders; 404 for who
// does not see it.
func ordered(e *core.RequestEvent) (account records.Account, err error) {
	row, err := gate.Shown(e, records.AccountTable, e.Request.URL.Query().Get("account"))
	if err != nil {
		return account, err
	}
	account = records.Accounts.Of(row)
	if me := records.UserID(e.Auth.Id); account.Owner() != me && account.Manager() != me {
		return account, gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
	}
	return account, nil
}
