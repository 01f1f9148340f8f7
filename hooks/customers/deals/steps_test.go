package deals_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// stage puts an opportunity where no person can.
func (d desk) stage(opp *core.Record, stage string) {
	opp = d.Fresh(opp)
	opp.Set("stage", stage)
	d.Must(testapp.Code(d.SaveWithContext(gate.AsServer(d.By("")), opp)))
}

// TestStepsOfAnOpportunity: who takes them, from where, and with what.
func TestStepsOfAnOpportunity(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	opp := d.Make("rep.chen", "opportunities", deal(account, 1))
	foreign, err := d.FindFirstRecordByFilter("orders", "account != {:mine}", dbx.Params{"mine": account.Id})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ who, from, step, args, want, to string }{
		{"rep.ma", "found", "advance", `{}`, "record.not_allowed", ""},
		{"", "found", "advance", `{}`, "record.not_allowed", ""},
		{"rep.chen", "found", "advance", `{"by":2}`, "args.invalid", ""},
		{"rep.chen", "found", "advance", `{}`, "", "qualified"},
		{"manager.wu", "proposal", "advance", `{}`, "", "negotiation"},
		{"rep.chen", "negotiation", "advance", `{}`, "opportunity.state", ""},
		{"rep.chen", "proposal", "win", `{"order":"x"}`, "opportunity.state", ""},
		{"rep.chen", "negotiation", "win", `{}`, "opportunity.proof_required", ""},
		{"rep.chen", "negotiation", "win", `{"order":"nosuchorder0000"}`, "record.not_found order", ""},
		{"rep.chen", "negotiation", "win", `{"order":"` + foreign.Id + `"}`, "record.not_found order", ""},
		{"rep.chen", "negotiation", "win", `{"contract":"nosuchcontract0"}`, "record.not_found contract", ""},
		{"rep.chen", "qualified", "lose", `{"reason":" "}`, "opportunity.reason_required", ""},
		{"rep.chen", "qualified", "lose", `{"reason":"价格"}`, "opportunity.lost_code_required", ""},
		{"rep.chen", "qualified", "lose", `{"reason":"价格","code":"weather"}`, "opportunity.lost_code_required", ""},
		{"rep.chen", "qualified", "lose", `{"reason":"价格","code":"price"}`, "", "lost"},
		{"rep.chen", "proposal", "suspend", `{}`, "opportunity.reason_required", ""},
		{"rep.chen", "proposal", "suspend", `{"reason":"等预算"}`, "", "suspended"},
		{"rep.chen", "suspended", "lose", `{"reason":"x"}`, "opportunity.state", ""},
		{"rep.chen", "win_pending", "confirm", `{}`, "opportunity.not_superior", ""},
		{"admin.fang", "win_pending", "confirm", `{}`, "opportunity.not_superior", ""},
		{"", "win_pending", "confirm", `{}`, "opportunity.not_superior", ""},
		{"manager.wu", "negotiation", "confirm", `{}`, "opportunity.state", ""},
		{"manager.wu", "win_pending", "return", `{}`, "opportunity.reason_required", ""},
		{"manager.wu", "win_pending", "return", `{"reason":"合同未盖章"}`, "", "negotiation"},
		{"director.lin", "win_pending", "confirm", `{}`, "", "won"},
		{"rep.chen", "win_pending", "suspend", `{"reason":"x"}`, "opportunity.state", ""},
		{"director.lin", "lost", "decide", `{"decision":"go","note":"x"}`, "opportunity.locked", ""},
		{"director.lin", "suspended", "decide", `{"decision":"no_go","note":"x"}`, "", "suspended"},
	} {
		t.Run(c.step+" from "+c.from+" "+c.want, func(t *testing.T) {
			d.stage(opp, c.from)
			d.Expect(c.who+" "+c.args, d.Run(c.who, opp, c.step, c.args), c.want)
			if c.to == "" {
				c.to = c.from
			}
			d.Expect("stage", d.Fresh(opp).GetString("stage"), c.to)
		})
	}
	t.Run("resume goes back to where it was", func(t *testing.T) {
		d.stage(opp, "qualified")
		d.Must(d.Run("rep.chen", opp, "suspend", `{"reason":"x"}`))
		d.Must(d.Run("rep.chen", opp, "resume", ``))
		d.Expect("stage", d.Fresh(opp).GetString("stage"), "qualified")
	})
	t.Run("what is over is locked", func(t *testing.T) {
		d.stage(opp, "lost")
		d.Expect("edit", d.Set("rep.chen", opp, "title", "x"), "opportunity.locked")
		d.Expect("stage", d.Set("rep.chen", opp, "stage", "found"), "field.locked stage")
	})
}

// TestStepsOfAContract after its review.
func TestStepsOfAContract(t *testing.T) {
	d := open(t)
	contract, next := d.contract("manager.wu", 1), d.contract("rep.chen", 1)
	foreign := d.Make("", "contracts", map[string]any{
		"account": d.AccountOf("rep.ma").Id, "owner": d.As("rep.ma").Id, "no": "HT-F", "type": "standard", "title": "x",
		"start_date": "2026-04-01", "end_date": "2027-03-31",
	})
	for _, c := range []struct{ who, from, step, args, want, to string }{
		{"rep.ma", customers.ContractApproved, "send", `{}`, "contract.not_line", ""},
		{"", customers.ContractApproved, "send", `{}`, "contract.not_line", ""},
		{"rep.chen", customers.ContractDraft, "send", `{}`, "contract.state", ""},
		{"rep.chen", customers.ContractApproved, "send", `{}`, "", customers.ContractSigning},
		{"rep.chen", customers.ContractSigning, "sign", `{}`, "contract.file_required", ""},
		{"rep.chen", customers.ContractEffective, "terminate", `{"reason":" "}`, "contract.reason_required", ""},
		{"rep.chen", customers.ContractExpiring, "terminate", `{"reason":"闭店"}`, "", customers.ContractTerminated},
		{"rep.chen", customers.ContractEffective, "renew", `{}`, "record.not_found next", ""},
		{"rep.chen", customers.ContractEffective, "renew", `{"next":"` + contract.Id + `"}`, "record.not_found next", ""},
		{"rep.chen", customers.ContractEffective, "renew", `{"next":"` + foreign.Id + `"}`, "record.not_found next", ""},
		{"rep.chen", customers.ContractExpired, "renew", `{"next":"` + next.Id + `"}`, "", customers.ContractRenewed},
		{"rep.chen", customers.ContractRenewed, "renew", `{"next":"` + next.Id + `"}`, "contract.state", ""},
	} {
		t.Run(c.step+" from "+c.from+" "+c.want, func(t *testing.T) {
			d.Force(contract, c.from)
			d.Expect(c.who+" "+c.args, d.Run(c.who, contract, c.step, c.args), c.want)
			if c.to == "" {
				c.to = c.from
			}
			d.Expect("state", d.Fresh(contract).GetString("state"), c.to)
		})
	}
	d.Expect("linked", d.Fresh(contract).GetString("renewed_by"), next.Id)
}

// TestAFaultIsNoRefusal: what cannot be read is not said to be missing.
func TestAFaultIsNoRefusal(t *testing.T) {
	for _, c := range []struct {
		table string // that cannot be read
		what  string
		run   func(d desk, by context.Context, opp, contract *core.Record) string
	}{
		{"orders", "win", func(d desk, by context.Context, opp, _ *core.Record) string {
			return d.RunBy(by, opp, "win", `{"order":"nosuchorder0000"}`)
		}},
		{"accounts", "advance", func(d desk, by context.Context, opp, _ *core.Record) string { return d.RunBy(by, opp, "advance", ``) }},
		{"accounts", "send", func(d desk, by context.Context, _, contract *core.Record) string {
			return d.RunBy(by, contract, "send", ``)
		}},
		{"accounts", "hang", func(d desk, by context.Context, _, _ *core.Record) string {
			return testapp.Code(d.SaveWithContext(by, d.Blank("negotiations", map[string]any{"account": "nosuchaccount00", "topic": "x"})))
		}},
		{"users", "submit", func(d desk, by context.Context, _, contract *core.Record) string {
			return d.RunBy(by, contract, "submit", ``)
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := open(t)
			opp := d.Make("rep.chen", "opportunities", deal(d.AccountOf("rep.chen"), 1))
			d.stage(opp, "negotiation")
			contract := d.contract("rep.chen", 1)
			by := d.By("rep.chen")
			d.Unreadable(c.table)
			if got := c.run(d, by, opp, contract); !strings.Contains(got, "no such table") {
				t.Errorf("%q", got)
			}
		})
	}
}
