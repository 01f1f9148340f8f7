package orders

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// quoted is what a draft would cost now.
type quoted struct {
	Lines   []pricing.Priced `json:"lines"`
	Totals  pricing.Totals   `json:"totals"`
	Uses    []pricing.Use    `json:"uses"`
	Faults  []fault          `json:"faults"`
	Credit  sales.Credit     `json:"credit"`
	Reasons []string         `json:"reasons"` // why somebody would be asked
	Day     string           `json:"day"`
}

// fault is a line without a price.
type fault struct {
	Line   string         `json:"line"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params"`
	domain.Texts
}

// quote prices a draft whole, for who sees it, and keeps nothing. What was submitted
// has its price, and its part of promotions, already.
func (b *Book) quote(e *core.RequestEvent) error {
	row, err := gate.Shown(e, records.OrderTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	order := records.Orders.Of(row)
	if order.State() != sales.OrderDraft {
		return gate.Refuse("order.state", "from", order.State(), "action", "quote")
	}
	w, err := read(e.App, order)
	if err != nil {
		return err
	}
	out := quoted{Day: domain.BusinessDay(b.now()), Lines: []pricing.Priced{}, Uses: []pricing.Use{}, Faults: []fault{}, Reasons: []string{}}
	in, err := b.offers(e.App, w, out.Day)
	if err != nil {
		return err
	}
	result, faults := pricing.Price(in)
	for _, f := range faults {
		if err := named(e.App, &f.Problem); err != nil {
			return err
		}
		out.Faults = append(out.Faults, fault{f.Line, f.Problem.Code, f.Problem.Params, domain.Texts{ZH: f.Problem.Text("zh"), EN: f.Problem.Text("en")}})
	}
	if len(faults) > 0 {
		return e.JSON(http.StatusOK, out)
	}
	w.result = result
	order.SetTotalFen(int(result.Totals.TotalFen))
	if err := b.reasons(e.App, w); err != nil {
		return err
	}
	out.Lines, out.Totals, out.Uses = append(out.Lines, result.Lines...), result.Totals, append(out.Uses, result.Uses...)
	if out.Credit, err = order.Credit(); err != nil {
		return err
	}
	reasons, err := order.RouteReasons()
	out.Reasons = append(out.Reasons, reasons...)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}
