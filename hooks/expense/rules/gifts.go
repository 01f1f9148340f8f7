package rules

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/records"
)

// given are the states of claims that count: they were handed in and not taken back.
const given = "('submitted', 'approved', 'paid', 'archived')"

// gifts are one register: what care tasks gave in their year, and lines of claims of the
// categories of gift rules. Those of one claim may be left out. What lines claim of a care
// task's gift counts with them.
type gifts struct {
	app        core.App
	claim      string
	categories []string // ids
	known      map[[3]string]int
}

// sum is what an account or a contact got in the year of a day.
func (g *gifts) sum(column, id, day string) (fen int, err error) {
	if id == "" || len(day) < 4 {
		return 0, nil
	}
	key := [3]string{column, id, day[:4]}
	fen, asked := g.known[key]
	if !asked {
		if fen, err = g.read(column, id, day[:4]); err != nil {
			return 0, err
		}
		if g.known == nil {
			g.known = map[[3]string]int{}
		}
		g.known[key] = fen
	}
	return fen, nil
}

func (g *gifts) read(column, id, year string) (fen int, err error) {
	of := dbx.Params{"id": id, "year": year, "claim": g.claim, "from": year + "-01-01", "to": year + "-12-31"}
	in := "''"
	for i, category := range g.categories {
		name := fmt.Sprint("c", i)
		in += ", {:" + name + "}"
		of[name] = category
	}
	var tasks int
	err = g.app.DB().NewQuery(`SELECT COALESCE(SUM(MAX(t.gift_value_fen - COALESCE((
			SELECT SUM(CASE WHEN c.state IN ('approved', 'paid', 'archived') THEN l.approved_fen ELSE l.amount_fen END)
			FROM expense_lines l JOIN expense_claims c ON c.id = l.claim
			WHERE l.care_task = t.id AND l.account = t.account AND l.contact = t.contact AND l.category IN (` + in + `) AND (c.id = {:claim} OR c.state IN ` + given + `)
		), 0), 0)), 0) FROM care_tasks t WHERE t.[[` + column + `]] = {:id} AND t.state = 'done' AND t.due LIKE {:year} || '%'`).Bind(of).Row(&tasks)
	if err != nil {
		return 0, fmt.Errorf("add up gifts of care: %w", err)
	}
	err = g.app.DB().NewQuery(`SELECT COALESCE(SUM(CASE WHEN c.state = 'submitted' THEN l.amount_fen ELSE l.approved_fen END), 0)
		FROM expense_lines l JOIN expense_claims c ON c.id = l.claim
		WHERE l.[[` + column + `]] = {:id} AND l.day >= {:from} AND l.day <= {:to} AND c.id <> {:claim} AND c.state IN ` + given + ` AND l.category IN (` + in + `)`).
		Bind(of).Row(&fen)
	if err != nil {
		return 0, fmt.Errorf("add up gifts of claims: %w", err)
	}
	return tasks + fen, nil
}

// giftCategories are those that any gift rule names, with those below.
func giftCategories(rules []expense.Rule, tree categories) (ids []string) {
	for id := range tree {
		code, above := tree.of(id)
		if expense.NamedBy(rules, expense.RuleGift, append([]string{code}, above...)) {
			ids = append(ids, string(id))
		}
	}
	return ids
}

// Gift tells which limit a gift of a care task exceeds by the rules of a day: each_fen,
// year_fen or person_year_fen, empty if it keeps all.
func Gift(app core.App, role, day string, task records.CareTask, fen int) (name string, limit, had int, err error) {
	rules, err := read(app, expense.RuleGift)
	if err != nil {
		return "", 0, 0, err
	}
	tree, err := readCategories(app)
	if err != nil {
		return "", 0, 0, err
	}
	register := gifts{app: app, categories: giftCategories(rules, tree)}
	of := expense.GiftGiven{Fen: fen}
	if of.AccountFen, err = register.sum("account", string(task.Account()), task.Due()); err != nil {
		return "", 0, 0, err
	}
	if of.PersonFen, err = register.sum("contact", string(task.Contact()), task.Due()); err != nil {
		return "", 0, 0, err
	}
	for _, r := range expense.GiftRules(rules, role, day) {
		if name, limit, had = expense.GiftOver(r.Params, of); name != "" {
			return name, limit, had, nil
		}
	}
	return "", 0, 0, nil
}
