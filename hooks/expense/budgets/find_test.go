package budgets_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
	"satchel/records"
)

// TestTheBestLeafIsTheBestOfAll: leaves are found as a look at each of them finds them,
// whatever they name, for whatever days.
func TestTheBestLeafIsTheBestOfAll(t *testing.T) {
	d := agreed(t)
	r := rand.New(rand.NewPCG(7, 7))
	of := func(all ...string) string { return all[r.IntN(len(all))] }
	category := func(code, parent string) string {
		return d.Make("admin.fang", "expense_categories", map[string]any{"code": code, "name_zh": code, "parent": parent, "active": true}).Id
	}
	travel := category("x-travel", "")
	train := category("x-train", travel)
	lines := map[string][]string{"": nil, travel: {travel}, train: {train, travel}}
	spans := [][2]string{{"2026-01-01", "2026-12-31"}, {"2026-01-01", "2026-03-31"}, {"2026-03-01", "2026-03-31"}, {"2026-04-01", "2026-06-30"}}
	dept := d.budget.GetString("dept")
	dims := func() expense.BudgetDims {
		return expense.BudgetDims{Category: of("", travel, train), Manager: of("", "m1", "m2"), Rep: of("", "r1", "r2"), Account: of("", "a1"), Activity: of("", "", "v1")}
	}
	for i := range 120 {
		span, names := spans[r.IntN(len(spans))], dims()
		_, err := d.DB().NewQuery(`INSERT INTO budget_nodes (id, budget, dept, name, position, category, manager, rep, account, activity, period, from_date, to_date, months, alerts, path, viewers, is_leaf, depth)
			VALUES ({:id}, {:budget}, {:dept}, {:name}, {:position}, {:c}, {:m}, {:r}, {:a}, {:v}, 'year', {:from}, {:to}, 'null', '[]', '[]', '[]', {:leaf}, {:depth})`).
			Bind(dbx.Params{
				"id": fmt.Sprintf("leaf%011d", i), "budget": d.budget.Id, "dept": dept, "name": of("甲", "乙"), "position": r.IntN(2), "c": names.Category, "m": names.Manager, "r": names.Rep,
				"a": names.Account, "v": names.Activity, "from": span[0], "to": span[1], "leaf": r.IntN(8) > 0, "depth": 1 + r.IntN(2),
			}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	all, err := records.BudgetNodes.All(d.App, "budget = {:b} AND is_leaf = TRUE", dbx.Params{"b": d.budget.Id}, "")
	if err != nil {
		t.Fatal(err)
	}
	days := func(n records.BudgetNode) int {
		from, _ := time.Parse(time.DateOnly, n.FromDate())
		to, _ := time.Parse(time.DateOnly, n.ToDate())
		return int(to.Sub(from).Hours())
	}
	for range 300 {
		asked, day := dims(), of("2026-02-10", "2026-03-15", "2026-05-05", "2026-11-11")
		var best *records.BudgetNode
		fit := -1
		for _, n := range all {
			its := expense.BudgetDims{Category: string(n.Category()), Manager: string(n.Manager()), Rep: string(n.Rep()), Account: string(n.Account()), Activity: string(n.Activity())}
			f := its.Fit(asked, lines[asked.Category])
			if f < 0 || n.FromDate() > day || n.ToDate() < day || f < fit {
				continue
			}
			if f > fit || cmp.Or(cmp.Compare(days(n), days(*best)), cmp.Compare(best.Depth(), n.Depth()), cmp.Compare(n.Position(), best.Position()), cmp.Compare(n.Name(), best.Name()), cmp.Compare(n.ID(), best.ID())) < 0 {
				best, fit = &n, f
			}
		}
		got, found, err := d.Bound.Budgets.Find(d.App, records.DepartmentID(dept), day, asked)
		if err != nil {
			t.Fatal(err)
		}
		if found != (best != nil) || found && got.ID() != best.ID() {
			t.Errorf("%s %+v: %v, not %v", day, asked, got, best)
		}
	}
	if !slices.ContainsFunc(all, func(n records.BudgetNode) bool { return n.Activity() == "v1" }) {
		t.Error("no leaf names an activity")
	}
}
