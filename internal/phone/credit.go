package phone

import (
	"encoding/json/v2"
	"errors"
	"slices"

	"satchel/domain/sales"
)

// Credit is what an account may still order, as its phone reckons it without a network.
type Credit struct {
	sales.Credit       // as the server said last
	OwnFen       int64 // the phone's own orders, of which the server has not said so
	FreeFen      int64 // what is left; below 0 if it is more than the limit, 0 if there is none
}

// Credit counts the phone's own orders on top of the account's row: drafts, and what
// was handed in and has not come back with a pull. What the server counts already
// is in the row, which arrives together with the orders that it counts.
func (p *Phone) Credit(account string) (c Credit, err error) {
	row, err := p.Find("account_credits", Row{"account": account})
	if err != nil && !errors.Is(err, ErrNoRow) {
		return c, err
	}
	c.LimitFen, c.OpenFen, c.OverdueFen = int64(row.Number("limit_fen")), int64(row.Number("open_fen")), int64(row.Number("overdue_fen"))
	c.AsOf = row.Text("as_of")
	if c.OwnFen, err = p.unheard(account); err != nil {
		return c, err
	}
	whole := c.Credit
	whole.OpenFen += c.OwnFen
	c.FreeFen = whole.FreeFen()
	return c, nil
}

// unheard is what the phone's own orders of an account come to that its row does
// not count: as the phone showed them, else as the server priced their lines when it saved them.
func (p *Phone) unheard(account string) (fen int64, err error) {
	user, err := p.User()
	if err != nil {
		return 0, err
	}
	orders, err := p.List("orders")
	if err != nil {
		return 0, err
	}
	known, err := p.Base("orders")
	if err != nil {
		return 0, err
	}
	lines, err := p.List("order_lines")
	if err != nil {
		return 0, err
	}
	for _, order := range orders {
		state := order.Text("state")
		if order.Text("account") != account || order.Text("owner") != user || state != sales.OrderDraft && !counts(state) {
			continue
		}
		if body, pulled := known[order.Text("id")]; pulled {
			var was Row
			if err := json.Unmarshal([]byte(body), &was); err != nil {
				return 0, err
			}
			if counts(was.Text("state")) {
				continue
			}
		}
		total := int64(order.Number("shown_total_fen"))
		if total == 0 {
			for _, line := range lines {
				if line.Text("order") == order.Text("id") {
					total += int64(line.Number("line_fen") + line.Number("tax_fen"))
				}
			}
		}
		fen += total
	}
	return fen, nil
}

// counts reports whether the server counts an order in a state.
func counts(state string) bool { return slices.Contains(sales.CreditOrderStates, state) }
