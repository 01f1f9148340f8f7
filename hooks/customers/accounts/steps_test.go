package accounts_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// TestStepsOfAnAccount: who takes them, from where, and what each asks for.
func TestStepsOfAnAccount(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.chen")
	why := `{"note":"x"}`
	for _, c := range []struct{ who, from, step, args, want, to string }{
		{"", customers.StageScreened, "advance", ``, "record.not_allowed", ""},
		{"rep.ma", customers.StageScreened, "advance", ``, "record.not_allowed", ""},
		{"rep.chen", customers.StageScreened, "advance", `{"reason":"x"}`, "args.invalid", ""},
		{"rep.chen", customers.StageScreened, "advance", ``, "", customers.StageFirstContact},
		{"rep.chen", customers.StageDormant, "advance", ``, "account.stage", ""},
		{"rep.chen", customers.StageInDepth, "drop", `{"note":" "}`, "account.stage_reason", ""},
		{"rep.chen", customers.StageInDepth, "drop", why, "", customers.StageDropped},
		{"manager.wu", customers.StageContracted, "drop", why, "account.stage", ""},
		{"director.lin", customers.StageDropped, "reopen", why, "", customers.StageResearch},
		{"rep.chen", customers.StageLost, "reopen", ``, "account.stage_reason", ""},
		{"admin.fang", customers.StageLost, "reopen", why, "", customers.StageContracted},
		{"rep.chen", customers.StageContracted, "lose", why, "account.stage", ""},
		{"rep.chen", customers.StageDormant, "lose", why, "", customers.StageLost},
	} {
		t.Run(c.who+" "+c.step+" from "+c.from+" "+c.want, func(t *testing.T) {
			put := d.Fresh(account)
			put.Set("stage", c.from)
			d.Must(testapp.Code(d.SaveWithContext(gate.AsServer(t.Context()), put)))
			d.Expect(c.args, d.Run(c.who, account, c.step, c.args), c.want)
			now := d.Fresh(account)
			if c.to == "" {
				d.Expect("stage", now.GetString("stage"), c.from)
				return
			}
			kind, status := customers.StageKind(c.to)
			d.Expect("stage", now.GetString("stage")+" "+now.GetString("kind")+" "+now.GetString("status"), c.to+" "+kind+" "+status)
			entry, err := d.FindFirstRecordByFilter("account_stage_log", "account = {:a} && from = {:f} && to = {:t}", map[string]any{"a": account.Id, "f": c.from, "t": c.to})
			if err != nil || entry.GetString("step") != c.step || entry.GetString("by") != d.As(c.who).Id || !entry.GetDateTime("at").Time().Equal(d.Clock.Now()) {
				t.Errorf("logged %v, %v", entry, err)
			}
		})
	}
}

// TestWhereAnAccountBegins follows from what it is said to be, and from who says so.
func TestWhereAnAccountBegins(t *testing.T) {
	d := testapp.Open(t)
	for i, c := range []struct{ who, kind, status, stage, want, begins string }{
		{"rep.chen", "prospect", "", "", "", customers.StageResearch},
		{"rep.chen", "prospect", "", customers.StageResearch, "", customers.StageResearch},
		{"rep.chen", "prospect", "", customers.StageScreened, "field.locked stage", ""},
		{"rep.chen", "lost", "", "", "field.locked stage", ""},
		{"manager.wu", "prospect", "dormant", "", "field.locked status", ""},
		{"director.lin", "ka", "", "", "", customers.StageContracted},
		{"director.lin", "ka", "dormant", "", "", customers.StageDormant},
		{"director.lin", "ka", "dormant", customers.StageContracted, "field.locked stage", ""},
		{"", "lost", "", "", "", customers.StageLost},
		{"", "prospect", "", customers.StageNegotiating, "field.locked stage", ""},
	} {
		t.Run(c.who+" "+c.kind+c.status+" "+c.stage, func(*testing.T) {
			row := d.Blank("accounts", map[string]any{"name": "店" + string(rune('A'+i)), "owner": d.As("rep.chen").Id, "kind": c.kind, "status": c.status, "stage": c.stage})
			d.Expect("made", d.SaveBy(c.who, row), c.want)
			if c.want == "" {
				d.Expect("begins", d.Fresh(row).GetString("stage"), c.begins)
			}
		})
	}
}

// TestAChangeRequestIsDecidedOnce, by who has the account today.
func TestAChangeRequestIsDecidedOnce(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.ma")
	request := func(record string) *core.Record {
		return d.Make("", "account_change_requests", map[string]any{
			"account": account.Id, "collection": "accounts", "record": record, "patch": map[string]any{"note": "周三收货"}, "reason": "给过别人",
			"by": d.As("rep.chen").Id, "owner": account.GetString("owner"), "dept": account.GetString("dept"), "mutation": "m" + record,
		})
	}
	first := request(account.Id)
	d.Expect("state", first.GetString("state"), customers.RequestOpen)
	for _, who := range []string{"", "rep.chen", "director.lin"} {
		d.Expect(who, d.Run(who, first, "accept", ``), "record.not_allowed")
	}
	d.Expect("arguments", d.Run("rep.ma", first, "accept", `{"reason":"x"}`), "args.invalid")
	d.Must(d.Run("rep.ma", first, "accept", ``))
	d.Expect("carried out", d.Fresh(account).GetString("note"), "周三收货")
	d.Expect("again", d.Run("rep.ma", first, "refuse", `{"reason":"x"}`), "request.decided")
	now := d.Fresh(first)
	d.Expect("accepted", now.GetString("state")+" "+now.GetString("reason"), "accepted 给过别人")

	second := request("nosuchaccount00")
	d.Expect("of what is gone", d.Run("rep.ma", second, "accept", ``), "record.not_found")
	d.Must(d.Run("manager.xu", second, "refuse", `{"reason":"不对"}`))
	now = d.Fresh(second)
	if now.GetString("state") != customers.RequestRefused || now.GetString("reason") != "不对" || now.GetString("reviewer") != d.As("manager.xu").Id || !now.GetDateTime("decided_at").Time().Equal(d.Clock.Now()) {
		t.Errorf("refused: %v", now.PublicExport())
	}
}

// TestAFaultIsNoRefusal: what cannot be read is not said to be missing.
func TestAFaultIsNoRefusal(t *testing.T) {
	for _, c := range []struct {
		what, table string // that cannot be read
		run         func(d testapp.Desk, by context.Context, account, card *core.Record) string
	}{
		{"a new owner", "users", func(d testapp.Desk, by context.Context, account, _ *core.Record) string {
			return testapp.Code(d.SaveWithContext(by, d.Blank("accounts", map[string]any{"name": "新", "kind": "prospect", "owner": account.GetString("owner")})))
		}},
		{"a card's account", "accounts", func(d testapp.Desk, by context.Context, _, card *core.Record) string {
			return d.RunBy(by, card, "admit", `{"reason":"x"}`)
		}},
		{"a card's model", "scoring_models", func(d testapp.Desk, by context.Context, _, card *core.Record) string {
			return testapp.Code(d.SaveWithContext(by, card))
		}},
		{"the model in force", "scoring_models", func(d testapp.Desk, by context.Context, account, _ *core.Record) string {
			return testapp.Code(d.SaveWithContext(by, d.Blank("account_scorecards", map[string]any{"account": account.Id})))
		}},
		{"a contact's account", "accounts", func(d testapp.Desk, by context.Context, account, _ *core.Record) string {
			return testapp.Code(d.SaveWithContext(by, d.Blank("contacts", map[string]any{"account": account.Id, "name": "王"})))
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := testapp.Open(t)
			account := d.AccountOf("rep.chen")
			card := d.Make("rep.chen", "account_scorecards", map[string]any{"account": account.Id})
			by := d.By("rep.chen")
			d.Unreadable(c.table)
			if got := c.run(d, by, account, card); !strings.Contains(got, "no such table") {
				t.Errorf("%q", got)
			}
		})
	}
	t.Run("duplicates", func(t *testing.T) {
		d := testapp.Open(t)
		token := d.Token("rep.chen")
		if got := d.DoBy(token, http.MethodGet, "/api/ka/accounts/nosuchaccount00/duplicates", ""); got.Code != http.StatusNotFound {
			t.Errorf("of none: %d", got.Code)
		}
		d.Unreadable("accounts")
		if got := d.DoBy(token, http.MethodGet, "/api/ka/accounts/nosuchaccount00/duplicates", ""); strings.Contains(got.Body.String(), "record.not_found") {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	})
}
