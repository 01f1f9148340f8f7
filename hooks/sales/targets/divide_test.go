package targets_test

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/internal/testapp"
)

// periods reads a target's quarters and months.
func (d desk) periods(target *core.Record) (quarters, months []int) {
	row := d.Fresh(target)
	for into, field := range map[*[]int]string{&quarters: "quarters", &months: "months"} {
		if err := json.Unmarshal([]byte(row.GetString(field)), into); err != nil {
			panic(err)
		}
	}
	return quarters, months
}

// below are the targets that hang on one, in the order of their owners' names.
func (d desk) below(target *core.Record) []*core.Record {
	rows, err := d.FindRecordsByFilter("targets", "parent = {:p}", "owner.email, account", 0, 0, dbx.Params{"p": target.Id})
	if err != nil {
		panic(err)
	}
	return rows
}

// sold puts what was delivered in a month of the year before 2027 past the rules.
func (d desk) sold(rep, month string, fen int) {
	p := d.As(rep)
	_, err := d.DB().Insert("sales_months", dbx.Params{
		"month": month, "account": d.AccountOf(rep).Id, "owner": p.Id, "manager": p.GetString("manager"), "dept": p.GetString("department"), "tier": "Z",
		"amount_fen": fen, "tax_fen": 0, "cost_fen": 0, "base_milli": 0, "rebate_fen": 0, "receipt_fen": 0,
	}).Execute()
	if err != nil {
		panic(err)
	}
}

// policy: R4.2 target.spread
//
// TestADraftIsSpread: evenly, by weights or as was delivered the year before, to the
// last fen; without deliveries it is even, and says so.
func TestADraftIsSpread(t *testing.T) {
	d := open(t)
	target := d.draft("dept", "director.lin", nil, map[string]any{"year": "2029", "value": 1000, "quarters": nil, "months": nil})
	d.Must(d.SaveBy("director.lin", target))
	d.Expect("by one who does not see it", d.Act("manager.wu", target, "spread", `{"by":"even"}`), "record.not_found")
	d.Expect("in no known way", d.Act("director.lin", target, "spread", `{}`), "target.by_invalid")
	d.Expect("by eleven weights", d.Act("director.lin", target, "spread", `{"by":"weights","weights":[1,1,1,1,1,1,1,1,1,1,1]}`), "target.weights_invalid")
	d.Expect("by a weight too great", d.Act("director.lin", target, "spread", `{"by":"weights","weights":[99999999999999999999,1,1,1,1,1,1,1,1,1,1,1]}`), "json.number")
	for _, c := range []struct{ args, came, months string }{
		{`{"by":"even"}`, "even", "[84 84 84 84 83 83 83 83 83 83 83 83]"},
		{`{"by":"weights","weights":[1,0,0,0,0,0,0,0,0,0,0,2]}`, "weights", "[333 0 0 0 0 0 0 0 0 0 0 667]"},
		{`{"by":"season"}`, "no_season", "[84 84 84 84 83 83 83 83 83 83 83 83]"},
	} {
		d.Must(d.Act("director.lin", target, "spread", c.args))
		quarters, months := d.periods(target)
		if row := d.Fresh(target); row.GetString("spread") != c.came || fmt.Sprint(months) != c.months || sales.CheckTargetPeriods("amount", 1000, quarters, months) != nil {
			t.Errorf("%s: %s %v %v", c.args, row.GetString("spread"), quarters, months)
		}
	}
	d.sold("rep.chen", "2028-03", 300)
	d.sold("rep.ma", "2028-04", 100)
	d.sold("rep.ma", "2028-05", -50) // more came back than went out
	d.Must(d.Act("director.lin", target, "spread", `{"by":"season"}`))
	if _, months := d.periods(target); d.Fresh(target).GetString("spread") != "season" || fmt.Sprint(months) != "[0 0 750 250 0 0 0 0 0 0 0 0]" {
		t.Errorf("by the season: %v", months)
	}
	d.Expect("a spread that is written", d.Update("director.lin", target, map[string]any{"spread": "even"}), "field.locked spread")
	d.Must(d.Update("director.lin", target, map[string]any{"months": []int{0, 0, 751, 249, 0, 0, 0, 0, 0, 0, 0, 0}}))
	if got := d.Fresh(target).GetString("spread"); got != "" {
		t.Errorf("months by hand are %s", got)
	}
	d.Must(d.Act("director.lin", target, "spread", `{"by":"even"}`))
	d.Must(d.Act("director.lin", target, "issue", ""))
	d.Expect("in force", d.Act("director.lin", target, "spread", `{"by":"even"}`), "target.state")
}

// policy: R4.2 target.split
//
// TestATargetIsSplit: those below have all of it to the last fen, in the year and in
// each month, and what is asked for beyond it within the setting; once more it
// rewrites their drafts, and takes none that is in force.
func TestATargetIsSplit(t *testing.T) {
	d := open(t)
	dept := d.draft("dept", "director.lin", nil, year(1001), map[string]any{"value": 12012})
	d.Must(d.SaveBy("director.lin", dept))
	d.Expect("by one below", d.Act("manager.wu", dept, "split", `{"by":"even"}`), "record.not_found")
	d.Must(d.Act("director.lin", dept, "split", `{"by":"even"}`))
	managers := d.below(dept)
	sum, columns := 0, make([]int, 12)
	for _, m := range managers {
		quarters, months := d.periods(m)
		if err := sales.CheckTargetPeriods("amount", m.GetInt("value"), quarters, months); err != nil || m.GetString("state") != "draft" || m.GetString("spread") != "even" || m.GetInt("version") != 1 {
			t.Errorf("%v %v", err, m.PublicExport())
		}
		sum += m.GetInt("value")
		for i, n := range months {
			columns[i] += n
		}
	}
	if len(managers) != 3 || sum != 12012 || slices.Min(columns) != 1001 || slices.Max(columns) != 1001 {
		t.Errorf("%d managers have %d, by months %v", len(managers), sum, columns)
	}
	wu, lin := d.As("manager.wu").Id, d.As("director.lin").Id
	parts := func(more string) string {
		return fmt.Sprintf(`{"by":"weights","parts":[{"owner":%q,"weight":3},{"owner":%q,"weight":1}]%s}`, wu, d.As("manager.xu").Id, more)
	}
	for _, c := range []struct{ what, args, want string }{
		{"more than the setting", parts(`,"over_bp":1001`), "target.over_setting"},
		{"less than all", parts(`,"over_bp":-1`), "target.over_setting"},
		{"to somebody twice", fmt.Sprintf(`{"by":"even","parts":[{"owner":%q},{"owner":%q}]}`, wu, wu), "target.part_twice"},
		{"to himself", fmt.Sprintf(`{"by":"even","parts":[{"owner":%q}]}`, lin), "target.level_invalid owner"},
		{"to nobody", `{"by":"even","parts":[{"owner":"nobodynobody123"}]}`, "target.level_invalid owner"},
		{"without weights", fmt.Sprintf(`{"by":"weights","parts":[{"owner":%q}]}`, wu), "target.weights_invalid"},
		{"by weights of nobody", `{"by":"weights"}`, "target.weights_invalid"},
		{"in words", `{"by":"even","parts":"all"}`, "args.invalid"},
		{"over by half a unit", parts(`,"over_bp":0.5`), "args.invalid"},
	} {
		d.Expect(c.what, d.Act("director.lin", dept, "split", c.args), c.want)
	}
	d.Must(d.Act("director.lin", dept, "split", parts(`,"over_bp":1000`)))
	if got := d.Fresh(managers[1]).GetInt("value"); len(d.below(dept)) != 3 || got != 9910 { // 3/4 of 13213, rounded: .25 goes to neither first
		t.Errorf("%d drafts, wu has %d", len(d.below(dept)), got)
	}
	d.Must(d.Act("director.lin", dept, "issue", ""))
	d.Must(d.Act("director.lin", managers[1], "issue", ""))
	d.Expect("one is in force", d.Act("director.lin", dept, "split", parts("")), "target.part_taken")

	d.sold("rep.chen", "2026-02", 30_000_000_000)
	d.Must(d.Act("manager.wu", managers[1], "split", `{"by":"season"}`))
	all := 0
	for _, rep := range d.below(managers[1]) {
		all += rep.GetInt("value")
		if rep.GetString("manager") != wu || rep.GetString("level") != "rep" || rep.GetString("spread") != "season" {
			t.Errorf("%v", rep.PublicExport())
		}
	}
	if all != 9910 {
		t.Errorf("his reps have %d", all)
	}
}

// policy: R4.2 H-TGT-1
//
// TestHTgt1BetweenARepAndHisAccounts: a rep breaks his target down to accounts that he
// holds, as others do to people; who leads him may too, nobody else.
func TestHTgt1BetweenARepAndHisAccounts(t *testing.T) {
	d := open(t)
	dept := d.issued("director.lin", "dept", "director.lin", nil)
	wu := d.issued("director.lin", "manager", "manager.wu", dept)
	chen := d.issued("manager.wu", "rep", "rep.chen", wu)
	held, err := d.FindRecordsByFilter("accounts", "owner = {:o} && kind = 'ka'", "id", 0, 0, dbx.Params{"o": d.As("rep.chen").Id})
	if err != nil || len(held) < 2 {
		t.Fatal(len(held), err)
	}
	to := func(account string, more ...map[string]any) *core.Record {
		return d.draft("account", "rep.chen", chen, append([]map[string]any{{"account": account}}, more...)...)
	}
	for _, c := range []struct {
		what, by, want string
		row            *core.Record
	}{
		{"of nobody's account", "rep.chen", "target.account_invalid account", to("")},
		{"of a colleague's account", "rep.chen", "target.account_invalid account", to(d.AccountOf("rep.he").Id)},
		{"by a colleague", "rep.he", "target.not_superior", to(held[0].Id)},
		{"by another manager", "manager.xu", "target.not_superior", to(held[0].Id)},
		{"of a rep that names an account", "manager.wu", "target.account_invalid account", d.draft("rep", "rep.he", wu, map[string]any{"account": d.AccountOf("rep.he").Id})},
		{"of profit", "rep.chen", "target.account_metric metric", to(held[0].Id, map[string]any{"metric": "profit"})},
		{"below the manager's", "rep.chen", "target.parent_invalid parent", to(held[0].Id, map[string]any{"parent": wu.Id})},
		{"by himself", "rep.chen", "", to(held[0].Id, year(60))},
		{"a second one", "rep.chen", "target.twice", to(held[0].Id)},
		{"by his manager", "manager.wu", "", to(held[1].Id, year(39))},
	} {
		d.Expect(c.what, d.SaveBy(c.by, c.row), c.want)
	}
	rows := d.below(chen)
	for _, row := range rows {
		d.Must(d.Act("rep.chen", row, "issue", ""))
	}
	d.Expect("a fen is missing", d.Act("rep.chen", chen, "cascade", ""), "target.below_parent")
	d.Expect("his own whole target", d.Act("rep.chen", chen, "revise", `{"reason":"x"}`), "target.not_superior")
	d.Must(d.Act("rep.chen", rows[0], "revise", `{"reason":"x"}`))
	d.Must(d.Update("rep.chen", rows[0], year(100-d.Fresh(rows[1]).GetInt("value")/12)))
	d.Must(d.Act("rep.chen", rows[0], "issue", ""))
	d.Must(d.Act("rep.chen", chen, "cascade", ""))
	d.Must(d.Act("rep.chen", rows[1], "cancel", `{"reason":"客户流失"}`))
	if got := d.state(chen); got != "issued" {
		t.Errorf("with one less it is %s", got)
	}
	d.Expect("an account's target further", d.Act("rep.chen", rows[0], "split", `{"by":"even"}`), "target.level_last")

	he := d.issued("manager.wu", "rep", "rep.he", wu)
	d.Must(d.Act("rep.he", he, "split", `{"by":"even"}`))
	sum, parts := 0, d.below(he)
	for _, row := range parts {
		sum += row.GetInt("value")
		if row.GetString("account") == "" || row.GetString("owner") != d.As("rep.he").Id {
			t.Errorf("%v", row.PublicExport())
		}
	}
	if sum != 1200 || len(parts) < 2 {
		t.Errorf("%d accounts have %d", len(parts), sum)
	}
}

// TestWhoLeftGetsNothingMore: an owner who left, a target that was removed meanwhile
// and numbers beyond all bounds are refused by code, and what was written stays.
func TestWhoLeftGetsNothingMore(t *testing.T) {
	d := open(t)
	dept := d.issued("director.lin", "dept", "director.lin", nil)
	wu := d.issued("director.lin", "manager", "manager.wu", dept)
	chen, he := d.draft("rep", "rep.chen", wu), d.draft("rep", "rep.he", wu)
	d.Must(d.SaveBy("manager.wu", chen))
	d.Must(d.SaveBy("manager.wu", he))
	moved := d.draft("account", "rep.chen", chen, map[string]any{"account": d.AccountOf("rep.chen").Id})
	d.Must(d.SaveBy("rep.chen", moved))
	account := d.AccountOf("rep.chen")
	if _, err := d.DB().Update("accounts", dbx.Params{"owner": d.As("rep.he").Id}, dbx.HashExp{"id": account.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Act("manager.wu", chen, "issue", ""))
	d.Expect("an account that moved", d.Act("rep.chen", moved, "issue", ""), "target.account_invalid account")
	if _, err := d.DB().Update("users", dbx.Params{"active": false}, dbx.HashExp{"id": d.As("rep.he").Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("who left", d.Act("manager.wu", he, "issue", ""), "target.level_invalid owner")
	d.Expect("a split to who left", d.Act("manager.wu", wu, "split", fmt.Sprintf(`{"by":"even","parts":[{"owner":%q}]}`, d.As("rep.he").Id)), "target.level_invalid owner")
	if got := d.Fresh(he); got.GetString("state") != "draft" || got.GetInt("value") != 1200 {
		t.Errorf("%v", got.PublicExport())
	}
	d.Must(d.DeleteBy("manager.wu", he))
	for what, args := range map[string]string{"issue": "", "spread": `{"by":"even"}`, "split": `{"by":"even"}`} {
		if got := d.Do("manager.wu", "POST", "/api/ka/targets/"+he.Id+"/"+what, args); got.Code != 404 || testapp.Answered(got) != "record.not_found" {
			t.Errorf("%s of what is gone: %d %s", what, got.Code, got.Body)
		}
	}
	over := map[string]any{"value": sales.TargetMost + 1}
	if _, got := d.Create("manager.wu", "targets", map[string]any{"level": "rep", "owner": d.As("rep.zhou").Id, "metric": "amount", "year": "2027", "parent": wu.Id, "value": sales.TargetMost + 1}); got == "" {
		t.Error("a value beyond all bounds is taken")
	}
	zhou := d.draft("rep", "rep.zhou", wu)
	d.Must(d.SaveBy("manager.wu", zhou))
	for _, more := range []map[string]any{over, {"months": []int{sales.TargetMost + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}} {
		if got := d.Update("manager.wu", zhou, more); got == "" {
			t.Errorf("%v is taken", more)
		}
	}

	phone := d.Phone(d.Token("manager.wu"), "phone-targets")
	gone := map[string]any{"op": "create", "c": "targets", "r": "targetofnothing", "set": map[string]any{
		"level": "rep", "owner": d.As("rep.zhou").Id, "metric": "volume", "year": "2027", "parent": "removedmeanwhil", "value": 7,
	}}
	big := map[string]any{"op": "create", "c": "targets", "r": "targetofallmost", "set": map[string]any{
		"level": "rep", "owner": d.As("rep.zhou").Id, "metric": "volume", "year": "2027", "parent": wu.Id, "months": []string{"9e99"},
	}}
	act := map[string]any{"op": "action", "c": "targets", "r": he.Id, "action": "issue", "args": map[string]any{}}
	left := map[string]any{"op": "action", "c": "targets", "r": wu.Id, "action": "split", "args": map[string]any{"by": "even", "parts": []map[string]any{{"owner": d.As("rep.he").Id}}}}
	answer := phone.Push(gone, big, act, left)
	for _, code := range []string{"target.parent_invalid", "target.numbers_invalid", "record.not_found", "target.level_invalid"} {
		if !strings.Contains(answer.Body.String(), code) {
			t.Errorf("a phone is not told %s: %s", code, answer.Body)
		}
	}
	kept, err := d.FindRecordsByFilter("sync_issues", "user = {:u} && state = 'open'", "", 0, 0, dbx.Params{"u": d.As("manager.wu").Id})
	if err != nil || len(kept) != 4 {
		t.Errorf("%d of four are kept, %v", len(kept), err)
	}
}
