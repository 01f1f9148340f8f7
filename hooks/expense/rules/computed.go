package rules

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// reckoned are the kinds by which amounts are reckoned.
var reckoned = []string{expense.RulePerDiem, expense.RuleMileage, expense.RuleLodging, expense.RuleCityTiers}

// computed explains what rules make of a line that its owner writes. An amount that he
// left open, or left as it was reckoned, follows; any other is his, and wants a reason if it
// is above. What was handed in stays as it is.
func computed(e *kit.Change[records.ExpenseLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	owner, found, err := records.Users.Find(e.App, e.Row.Owner())
	if err != nil {
		return err
	}
	if !found {
		return e.Next() // the relation's own validation refuses it
	}
	r, err := readReckoner(e.App, owner)
	if err != nil {
		return err
	}
	if err := r.line(e.Row, e.Before()); err != nil {
		return err
	}
	return e.Next()
}

// Reckon reckons the lines of a claim that is handed in once more: a rate may have come, or
// tracks, since they were written. What changes says what it was before.
func Reckon(app core.App, owner records.User, lines []records.ExpenseLine) error {
	r, err := readReckoner(app, owner)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if err := r.line(line, line); err != nil {
			return err
		}
	}
	return nil
}

// reckoner has what amounts of somebody's lines are reckoned by.
type reckoner struct {
	app   core.App
	owner records.User
	rules []expense.Rule
	tree  categories
}

func readReckoner(app core.App, owner records.User) (r reckoner, err error) {
	r = reckoner{app: app, owner: owner}
	if r.rules, err = read(app, reckoned...); err != nil || len(r.rules) == 0 {
		return r, err
	}
	r.tree, err = readCategories(app)
	return r, err
}

// line reckons a line, which was as given.
func (r reckoner) line(line, was records.ExpenseLine) error {
	before, err := records.Decode[*expense.Computed](was.Computed())
	if err != nil {
		return fmt.Errorf("read how an amount came about: %w", err)
	}
	now, err := r.compute(line)
	if err != nil {
		return err
	}
	if now = now.After(before); now == nil {
		if before != nil {
			line.SetComputed(nil)
		}
		return nil
	}
	kept := before != nil && before.NoInvoice && line.AmountFen() == before.Fen
	line.SetComputed(now)
	if now.NoInvoice && (line.AmountFen() == 0 || kept) {
		line.SetAmountFen(now.Fen)
	}
	return nil
}

// compute reckons a line by the rules of its day.
func (r reckoner) compute(line records.ExpenseLine) (*expense.Computed, error) {
	if len(r.rules) == 0 {
		return nil, nil
	}
	facts := expense.LineFacts{Day: line.Day(), ToDay: line.ToDay(), City: line.City(), Nights: line.Nights(), DistanceM: line.DistanceM()}
	facts.Category, facts.Above = r.tree.of(line.Category())
	if facts.DistanceM > 0 {
		byDay, err := trackedDays(r.app, string(r.owner.ID()), facts.Day, max(facts.Day, facts.ToDay))
		if err != nil {
			return nil, err
		}
		tracked(byDay, &facts)
	}
	return expense.ComputeLine(r.rules, string(r.owner.Role()), facts), nil
}

// trackedDays are the metres that somebody's tracks came to, by day.
func trackedDays(app core.App, owner, from, to string) (map[string]int, error) {
	var rows []struct {
		Day    string `db:"date"`
		Metres int    `db:"metres"`
	}
	err := app.DB().NewQuery(`SELECT date, SUM(distance_m) AS metres FROM work_sessions WHERE owner = {:o} AND date >= {:from} AND date <= {:to} GROUP BY date`).
		Bind(dbx.Params{"o": owner, "from": from, "to": to}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("add up tracks: %w", err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.Day] = r.Metres
	}
	return out, nil
}

// tracked tells a line what falls on its days.
func tracked(byDay map[string]int, line *expense.LineFacts) {
	line.TrackedM, line.TrackedDays = 0, map[string]int{}
	for day, n := range byDay {
		if line.Day <= day && day <= max(line.Day, line.ToDay) {
			line.TrackedM += n
			line.TrackedDays[day] = n
		}
	}
}

// categories are all, by id.
type categories map[records.ExpenseCategoryID]records.ExpenseCategory

func readCategories(app core.App) (categories, error) {
	all, err := records.ExpenseCategories.All(app, "", nil, "")
	if err != nil {
		return nil, err
	}
	out := categories{}
	for _, c := range all {
		out[c.ID()] = c
	}
	return out, nil
}

// of are the code of a category and of those above it.
func (c categories) of(id records.ExpenseCategoryID) (code string, above []string) {
	row, found := c[id]
	if !found {
		return "", nil
	}
	for up, found := c[row.Parent()]; found && len(above) < 16; up, found = c[up.Parent()] {
		above = append(above, up.Code())
	}
	return row.Code(), above
}
