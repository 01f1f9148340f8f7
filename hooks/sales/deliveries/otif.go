package deliveries

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// promised is an order as on time and in full asks for it.
type promised struct {
	ID         string `db:"id" json:"order"`
	No         string `db:"no" json:"no"`
	Account    string `db:"account" json:"account"`
	State      string `db:"state" json:"state"`
	PromisedOn string `db:"promised_on" json:"promised_on"`
	OnTime     string `db:"on_time" json:"on_time"` // yes or no
	InFull     string `db:"in_full" json:"in_full"`
}

// share is a line of the answer: what a month or an account comes to.
type share struct {
	Key string `json:"key"`
	sales.OTIF
}

type otifAnswer struct {
	From   string     `json:"from"`
	To     string     `json:"to"`
	Total  sales.OTIF `json:"total"`
	Items  []share    `json:"items,omitempty"`
	Orders []promised `json:"orders,omitempty"`
}

// mostMonths is how many months one answer has.
const mostMonths = 24

// answerOTIF counts the orders that the reader may see and that were promised from
// a month to another, by month, by account, or one by one.
func (b book) answerOTIF(e *core.RequestEvent) error {
	if !records.Users.Of(e.Auth).Active() {
		return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
	}
	query := e.Request.URL.Query()
	today := domain.BusinessDay(b.Now())
	out := otifAnswer{From: cmp.Or(query.Get("from"), today[:7]), To: cmp.Or(query.Get("to"), today[:7])}
	by := cmp.Or(query.Get("by"), "month")
	if !months(out.From, out.To) || !slices.Contains([]string{"month", "account", "order"}, by) {
		return gate.Refuse("delivery.period_invalid", "most", mostMonths)
	}
	orders, err := promisedIn(e, out.From, out.To)
	if err != nil {
		return err
	}
	sums := map[string]*sales.OTIF{}
	for _, o := range orders {
		month, counts := sales.OTIFMonth(o.PromisedOn, today, o.OnTime != "")
		if !counts {
			continue
		}
		o.OnTime, o.InFull = cmp.Or(o.OnTime, "no"), cmp.Or(o.InFull, "no")
		out.Total.Add(o.OnTime == "yes", o.InFull == "yes")
		key := map[string]string{"month": month, "account": o.Account}[by]
		if by == "order" {
			out.Orders = append(out.Orders, o)
			continue
		}
		if sums[key] == nil {
			sums[key] = &sales.OTIF{}
		}
		sums[key].Add(o.OnTime == "yes", o.InFull == "yes")
	}
	for key, sum := range sums {
		out.Items = append(out.Items, share{key, *sum})
	}
	slices.SortFunc(out.Items, func(a, b share) int { return cmp.Compare(a.Key, b.Key) })
	return e.JSON(http.StatusOK, out)
}

// months reports whether two months are a period that is answered.
func months(from, to string) bool {
	first, err := time.Parse("2006-01", from)
	if err != nil {
		return false
	}
	last, err := time.Parse("2006-01", to)
	return err == nil && !last.Before(first) && last.Before(first.AddDate(0, mostMonths, 0))
}

// promisedIn reads the orders that were promised in a period and that the list rule
// of orders shows to who asks.
func promisedIn(e *core.RequestEvent, from, to string) (orders []promised, err error) {
	coll, err := e.App.FindCachedCollectionByNameOrId(records.OrderTable)
	if err != nil {
		return nil, fmt.Errorf("find orders: %w", err)
	}
	query, err := gate.Listed(e.App, coll, e.Auth)
	if err != nil {
		return nil, err
	}
	err = query.Select("orders.id", "orders.no", "orders.account", "orders.state", "orders.promised_on", "orders.on_time", "orders.in_full").
		AndWhere(dbx.NewExp(`orders.promised_on >= {:from} AND orders.promised_on <= {:to}`, dbx.Params{"from": from + "-01", "to": to + "-31"})).
		AndWhere(dbx.In("orders.state", "confirmed", "processing", "partly_delivered", "delivered", "accepted", "settled")).
		OrderBy("orders.promised_on", "orders.id").Distinct(true).All(&orders)
	if err != nil {
		return nil, fmt.Errorf("read what was promised: %w", err)
	}
	return orders, nil
}
