package phone

import (
	"encoding/json/v2"

	"satchel/domain/market"
)

// Budget is what a node of a budget has free, as its phone reckons it without a network.
type Budget struct {
	Name    string
	AsOf    string // of what the server said last
	OwnFen  int64  // the phone's own documents, which the server does not count
	FreeFen int64  // what is left; below 0 if it is more than that
}

// Budget counts the phone's own documents on top of a node's row: the planned costs of
// activities that are drafts or wait for approval. What the server holds for them
// already is in the row, which arrives together with the activity's new state.
func (p *Phone) Budget(node string) (b Budget, err error) {
	row, err := p.Find("budget_nodes", Row{"id": node})
	if err != nil {
		return b, err
	}
	b.Name, b.AsOf = row.Text("name"), row.Text("as_of")
	if b.OwnFen, err = p.planned(node); err != nil {
		return b, err
	}
	b.FreeFen = int64(row.Number("free_fen")) - b.OwnFen
	return b, nil
}

// planned is what the phone's own activities plan of a node that the server does not hold.
func (p *Phone) planned(node string) (fen int64, err error) {
	user, err := p.User()
	if err != nil {
		return 0, err
	}
	activities, err := p.List("activities")
	if err != nil {
		return 0, err
	}
	known, err := p.Base("activities")
	if err != nil {
		return 0, err
	}
	open := map[string]bool{}
	for _, activity := range activities {
		state := activity.Text("state")
		if activity.Text("owner") != user || state != market.ActivityDraft && state != market.ActivitySubmitted {
			continue
		}
		if body, pulled := known[activity.Text("id")]; pulled {
			var was Row
			if err := json.Unmarshal([]byte(body), &was); err != nil {
				return 0, err
			}
			if market.ActivityHolds(was.Text("state")) {
				continue
			}
		}
		open[activity.Text("id")] = true
	}
	lines, err := p.List("activity_costs")
	if err != nil {
		return 0, err
	}
	for _, line := range lines {
		if line.Text("node") == node && open[line.Text("activity")] {
			fen += int64(line.Number("planned_fen"))
		}
	}
	return fen, nil
}
