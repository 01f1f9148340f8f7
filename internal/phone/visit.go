package phone

import (
	"maps"
	"time"

	"satchel/domain/numbers"
)

// Place is where the phone thinks it is, in WGS-84.
type Place struct {
	Lat, Lng, AccM float64
}

// OrderLine is what a customer wants of a product.
type OrderLine struct {
	Product  string
	QtyMilli int64
}

// StartVisit makes an unplanned visit at an account.
func (p *Phone) StartVisit(account, objective string) (string, error) {
	user, err := p.User()
	if err != nil {
		return "", err
	}
	id := p.NewID()
	return id, p.Create("visits", id, Row{
		"account": account, "owner": user, "type": "unplanned", "state": "planned",
		"planned_date": p.cfg.Now().Format(time.DateOnly), "objective": objective,
	})
}

func (p *Phone) fix(at Place) map[string]any {
	return map[string]any{"at": p.cfg.Now().Format(time.RFC3339), "lat": at.Lat, "lng": at.Lng, "acc_m": at.AccM}
}

// CheckIn starts a planned visit here and now, with three raw fixes as evidence.
func (p *Phone) CheckIn(visit string, at Place) error {
	args := p.fix(at)
	fixes := make([]any, 3)
	for i := range fixes {
		near := Place{at.Lat + float64(i-1)*0.00001, at.Lng - float64(i-1)*0.00001, at.AccM + float64(i)}
		fixes[i] = p.fix(near)
	}
	args["fixes"] = fixes
	return p.actAt("visits", visit, "check_in", args)
}

// CheckOut ends the stay.
func (p *Phone) CheckOut(visit string, at Place) error {
	return p.actAt("visits", visit, "check_out", p.fix(at))
}

// actAt takes a step whose time matters, with what the device knows of it.
func (p *Phone) actAt(collection, id, step string, args map[string]any) error {
	clock, err := p.clock()
	if err != nil {
		return err
	}
	if clock != nil {
		args["clock"] = clock
	}
	return p.Act(collection, id, step, args)
}

// Report writes the visit's record.
func (p *Phone) Report(visit, summary, needs string) error {
	return p.actAt("visits", visit, "report", map[string]any{"at": p.cfg.Now().Format(time.RFC3339), "summary": summary, "needs": needs})
}

// AddStep records a step of a visit.
func (p *Phone) AddStep(visit, key, kind string, answer any) (string, error) {
	id := p.NewID()
	row := Row{"visit": visit, "key": key, "kind": kind, "done_at": p.cfg.Now().UTC().Format(time.RFC3339)}
	if answer != nil {
		row["answer"] = answer
	}
	return id, p.Create("visit_steps", id, row)
}

// NewOrder makes a draft with its lines.
func (p *Phone) NewOrder(account, visit, priceList string, lines []OrderLine) (string, error) {
	id := p.NewID()
	if err := p.draftOrder(id, Row{"account": account, "visit": visit, "price_list": priceList}); err != nil {
		return "", err
	}
	for _, l := range lines {
		if err := p.Create("order_lines", p.NewID(), Row{"order": id, "product": l.Product, "qty_milli": l.QtyMilli}); err != nil {
			return "", err
		}
	}
	return id, nil
}

// draftOrder makes a draft of the user's. Its number is of the phone's own block;
// without one the server gives it.
func (p *Phone) draftOrder(id string, row Row) error {
	user, err := p.User()
	if err != nil {
		return err
	}
	row["owner"], row["state"] = user, "draft"
	no, err := p.Number(numbers.Order)
	if err != nil {
		return err
	}
	if no != "" {
		row["no"] = no
	}
	return p.Create("orders", id, row)
}

// SubmitOrder hands a draft in, with when it was captured.
func (p *Phone) SubmitOrder(order string, more Row) error {
	args := Row{"at": p.cfg.Now().Format(time.RFC3339)}
	maps.Copy(args, more)
	return p.actAt("orders", order, "submit", args)
}
