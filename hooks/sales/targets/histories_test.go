package targets_test

import (
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
)

var (
	steps   = []string{"split", "spread", "issue", "cascade", "revise", "cancel"}
	often   = []int{12, 20, 46, 62, 65, 66} // up to which of 66 dice is each
	setters = []string{"director.lin", "director.lin", "director.lin", "manager.wu", "manager.xu", "rep.chen", "rep.he"}
)

// TestTargetsNeverDrift: whatever people do with a year's targets, by REST and by steps as
// pushes take them, what is in force adds up by periods, and what is broken down has its
// value below it and at most the setting's share more; what is refused changes nothing.
func TestTargetsNeverDrift(t *testing.T) {
	taken := map[string]int{}
	for seed := range uint64(effort.Times(2, 40)) {
		d, dice := open(t), rand.New(rand.NewPCG(seed, 25))
		over := []int{0, 1, 1000}[seed%3]
		d.Setting("target.over_bp", over)
		for _, metric := range []string{"amount", "csat"} {
			top := d.draft("dept", "director.lin", nil, year(1+dice.IntN(1_000_000)), map[string]any{"metric": metric})
			if metric == "csat" {
				top = d.draft("dept", "director.lin", nil, map[string]any{"metric": metric, "value": 9000, "quarters": slices.Repeat([]int{9000}, 4), "months": slices.Repeat([]int{9000}, 12)})
			}
			d.Must(d.SaveBy("director.lin", top))
		}
		for n := range 250 {
			rows, err := d.FindRecordsByFilter("targets", "year = '2027'", "@rowid", 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			if upper := slices.DeleteFunc(slices.Clone(rows), func(r *core.Record) bool { return r.GetString("level") == "account" }); dice.IntN(8) > 0 {
				rows = upper
			}
			row, who, was := rows[dice.IntN(len(rows))], setters[dice.IntN(len(setters))], d.written(t)
			if dice.IntN(2) == 0 {
				who = d.nameOf(row.GetString("owner"))
			}
			what, refused := d.step(dice, who, row, over)
			if refused == "" {
				taken[what]++
			} else if is := d.written(t); is != was {
				t.Errorf("seed %d, step %d: %s refuses %s %s, and left\n%s\nof\n%s", seed, n, refused, who, what, is, was)
			}
			for _, wrong := range d.inexact(t, over) {
				t.Errorf("seed %d, step %d, %s of %s by %s: %s", seed, n, what, row.Id, who, wrong)
			}
			if t.Failed() {
				return
			}
		}
	}
	for _, what := range append(slices.Clone(steps), "write") {
		if taken[what] == 0 {
			t.Errorf("%s was never taken: %v", what, taken)
		}
	}
}

// step does something with a target, as somebody who may or may not.
func (d desk) step(dice *rand.Rand, who string, row *core.Record, over int) (what, refused string) {
	if dice.IntN(12) == 0 {
		d.toTheEdge(dice, row, over)
		return "edge", ""
	}
	if dice.IntN(6) == 0 {
		values := year(1 + dice.IntN(1_000_000))
		if quarters, months := d.periods(row); len(months) == 12 && dice.IntN(4) > 0 { // almost what it was
			more := dice.IntN(3) - 1
			quarters[0], months[0] = max(0, quarters[0]+more), max(0, months[0]+more)
			values = map[string]any{"value": max(0, row.GetInt("value")+more), "quarters": quarters, "months": months}
			if dice.IntN(3) == 0 {
				delete(values, []string{"value", "quarters", "months"}[dice.IntN(3)])
			}
		}
		return "write", d.Update(who, row, values)
	}
	thrown := dice.IntN(often[len(often)-1])
	what = steps[slices.IndexFunc(often, func(to int) bool { return thrown < to })]
	args := map[string]string{"revise": `{"reason":"市场变化"}`, "cancel": `{"reason":"重做"}`}[what]
	switch what {
	case "split":
		args = fmt.Sprintf(`{"by":%q,"over_bp":%d}`, []string{"even", "season"}[dice.IntN(2)], []int{0, 0, 1, 500, 1001}[dice.IntN(5)])
	case "spread":
		weights := make([]int, 12)
		for i := range weights {
			weights[i] = dice.IntN(9)
		}
		text, err := json.Marshal(weights)
		if err != nil {
			panic(err)
		}
		args = fmt.Sprintf(`{"by":"weights","weights":%s}`, text)
	}
	if dice.IntN(2) == 0 {
		return what, d.Run(who, row, what, args)
	}
	return what, d.Act(who, row, what, args)
}

// toTheEdge breaks a target down to what may just be, or to one unit beside it.
func (d desk) toTheEdge(dice *rand.Rand, row *core.Record, over int) {
	split := fmt.Sprintf(`{"by":"even","over_bp":%d}`, []int{0, over}[dice.IntN(2)])
	if d.Act("director.lin", row, "split", split) != "" {
		return
	}
	below := d.below(row)
	for i, part := range below {
		if quarters, months := d.periods(part); i == 0 && row.GetString("metric") != "csat" {
			more := max(dice.IntN(3)-1, -months[0])
			quarters[0], months[0] = quarters[0]+more, months[0]+more
			d.Update("director.lin", part, map[string]any{"value": part.GetInt("value") + more, "quarters": quarters, "months": months})
		}
		d.Act("director.lin", part, "issue", "")
	}
	d.Act(d.nameOf(row.GetString("owner")), row, "cascade", "")
}

// nameOf is the name by which a desk knows somebody.
func (d desk) nameOf(id string) string {
	name, _, _ := strings.Cut(d.Row("users", id).GetString("email"), "@")
	return name
}

// written are all targets as they stand.
func (d desk) written(t *testing.T) string {
	var rows []dbx.NullStringMap
	if err := d.DB().NewQuery("SELECT id, state, version, value, quarters, months, parent FROM targets ORDER BY id").All(&rows); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(rows)
}

// inexact adds up what is in force, and knows nothing of the rules but what they promise.
func (d desk) inexact(t *testing.T, over int) (wrong []string) {
	rows, err := d.FindRecordsByFilter("targets", "year = '2027' && (state = 'issued' || state = 'cascaded')", "id", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	below := map[string]int{}
	for _, row := range rows {
		if row.GetString("metric") == "csat" {
			continue
		}
		below[row.GetString("parent")] += row.GetInt("value")
		quarters, months := d.periods(row)
		sum := 0
		for q := range quarters {
			if third := months[3*q] + months[3*q+1] + months[3*q+2]; third != quarters[q] {
				wrong = append(wrong, fmt.Sprintf("quarter %d of %s has %d, its months %d", q+1, row.Id, quarters[q], third))
			}
			sum += quarters[q]
		}
		if sum != row.GetInt("value") {
			wrong = append(wrong, fmt.Sprintf("%s has %d, its quarters %d", row.Id, row.GetInt("value"), sum))
		}
	}
	for _, row := range rows {
		value, has := row.GetInt("value"), below[row.Id]
		if row.GetString("state") != "cascaded" || row.GetString("metric") == "csat" {
			continue
		}
		if has < value || (has-value)*10_000 > value*over {
			wrong = append(wrong, fmt.Sprintf("%s has %d, those below it %d", row.Id, value, has))
		}
	}
	return wrong
}
