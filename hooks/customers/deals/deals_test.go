package deals_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/internal/testapp"
)

// desk is a company with contracts.
type desk struct{ testapp.Desk }

func open(t *testing.T) desk { return desk{testapp.Open(t)} }

// deal is an opportunity with an account, as somebody writes it down.
func deal(account *core.Record, fen int) map[string]any {
	return map[string]any{"account": account.Id, "title": "全国陈列", "source": "拜访", "needs": "端架", "amount_fen": fen}
}

// decided has a person decide, who must have been asked.
func (d desk) decided(who, decision string, subject *core.Record) {
	if d.Asked(who, subject) == nil {
		d.Must(who + " is not asked")
	}
	d.Must(d.Decide(who, subject, decision, `{"comment":"看过"}`))
}

func (d desk) contract(who string, fen int) *core.Record {
	return d.Make(who, "contracts", map[string]any{
		"account": d.AccountOf("rep.chen").Id, "no": "HT-" + who, "type": "standard", "title": "年度合作", "amount_fen": fen,
		"start_date": "2026-04-01", "end_date": "2027-03-31",
	})
}

// TestHCon1AllDepartmentsReviewAtOnce, and one refusal is enough for a new version.
//
// policy: R3.2f H-CON-1
func TestHCon1AllDepartmentsReviewAtOnce(t *testing.T) {
	d := open(t)
	contract := d.contract("manager.wu", 5_000_000)
	d.Must(d.Act("manager.wu", contract, "submit", `{}`))
	if d.Asked("finance.zhao", contract) == nil || d.Asked("reviewer.shen", contract) == nil || d.Asked("product.guo", contract) != nil {
		t.Error("not finance and legal at once")
	}
	if answer := d.Do("reviewer.shen", http.MethodGet, "/api/collections/contracts/records/"+contract.Id, ""); answer.Code != http.StatusOK {
		t.Error("the reviewer does not see the contract")
	}
	d.decided("finance.zhao", "approve", contract)
	if state := d.Fresh(contract).GetString("state"); state != "in_review" {
		t.Errorf("after one of two it is %s", state)
	}
	d.decided("reviewer.shen", "reject", contract)
	if c := d.Fresh(contract); c.GetString("state") != "draft" || c.GetInt("version") != 2 {
		t.Errorf("refused, it is %s, version %d", c.GetString("state"), c.GetInt("version"))
	}
	d.Must(d.Act("manager.wu", contract, "submit", `{}`))
	d.decided("finance.zhao", "approve", contract)
	d.decided("reviewer.shen", "approve", contract)
	if state := d.Fresh(contract).GetString("state"); state != "approved" {
		t.Errorf("reviewed by all it is %s", state)
	}
}

// TestAMajorContractGoesUp: a rep's manager first, the head and the management last.
//
// policy: R3.2f contracts
func TestAMajorContractGoesUp(t *testing.T) {
	d := open(t)
	contract := d.contract("rep.chen", 100_000_000)
	d.Must(d.Act("rep.chen", contract, "submit", `{}`))
	for _, who := range []string{"manager.wu", "finance.zhao", "reviewer.shen", "director.lin", "executive.sun"} {
		d.decided(who, "approve", contract)
	}
	if state := d.Fresh(contract).GetString("state"); state != "approved" {
		t.Error(state)
	}
}

// TestHCon2AnEditResetsTheReviews asks every department again.
//
// policy: R3.2f H-CON-2
func TestHCon2AnEditResetsTheReviews(t *testing.T) {
	d := open(t)
	contract := d.contract("manager.wu", 5_000_000)
	d.Must(d.Act("manager.wu", contract, "submit", `{}`))
	stale := d.Asked("finance.zhao", contract)
	d.decided("reviewer.shen", "approve", contract)
	edited := d.Fresh(contract)
	edited.Set("amount_fen", 6_000_000)
	d.Must(d.SaveBy("manager.wu", edited))
	if d.Asked("reviewer.shen", contract) == nil {
		t.Error("who had approved is not asked again")
	}
	if got := d.Act("finance.zhao", stale, "approve", `{}`); got != "approval.stale" {
		t.Errorf("a row of the content before is decided: %q", got)
	}
}

// TestHCon3ASignedFileAndItsHash: without the file it does not take effect, and
// a file that is not the one that was announced is refused.
//
// policy: R3.2f H-CON-3
func TestHCon3ASignedFileAndItsHash(t *testing.T) {
	d := open(t)
	contract := d.contract("manager.wu", 5_000_000)
	pdf := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")
	attach := func(hash string) string {
		record := d.Fresh(contract)
		file, err := filesystem.NewFileFromBytes(pdf, "signed.pdf")
		if err != nil {
			t.Fatal(err)
		}
		record.Set("signed", file)
		if hash != "" {
			record.Set("signed_sha256", hash)
		}
		return d.SaveBy("manager.wu", record)
	}
	if got := attach(""); got != "contract.state" {
		t.Errorf("a draft is signed: %q", got)
	}
	d.Must(d.Act("manager.wu", contract, "submit", `{}`))
	d.decided("finance.zhao", "approve", contract)
	d.decided("reviewer.shen", "approve", contract)
	if got := d.Act("manager.wu", contract, "send", `{}`); got != "" {
		t.Error(got)
	}
	if got := d.Act("manager.wu", contract, "sign", `{}`); got != "contract.file_required" {
		t.Error(got)
	}
	sum := sha256.Sum256(bytes.ToUpper(pdf))
	if got := attach(hex.EncodeToString(sum[:])); got != "contract.hash_mismatch signed_sha256" {
		t.Error(got)
	}
	sum = sha256.Sum256(pdf)
	if got := attach(hex.EncodeToString(sum[:])); got != "" {
		t.Error(got)
	}
	if got := d.Act("manager.wu", contract, "sign", `{}`); got != "" || d.Fresh(contract).GetString("state") != "effective" {
		t.Errorf("%q, %s", got, d.Fresh(contract).GetString("state"))
	}
	edited := d.Fresh(contract)
	edited.Set("amount_fen", 1)
	if got := d.SaveBy("manager.wu", edited); got != "contract.locked" && got != "approval.locked" {
		t.Errorf("a contract in force is edited: %q", got)
	}
}

// TestHCon4RenewalIsToldOnce, so many days ahead, and the end is the end.
//
// policy: R3.2f H-CON-4
func TestHCon4RenewalIsToldOnce(t *testing.T) {
	d := open(t)
	contract := d.contract("manager.wu", 5_000_000)
	if _, err := d.DB().NewQuery("UPDATE contracts SET state = 'effective'").Execute(); err != nil {
		t.Fatal(err)
	}
	told := func() int {
		n, err := d.FindRecordsByFilter("notifications", "link = {:l}", "", 0, 0, map[string]any{"l": "contracts/" + contract.Id})
		if err != nil {
			t.Fatal(err)
		}
		return len(n)
	}
	for _, c := range []struct {
		day, state string
		told       int
	}{{"2027-01-29", "effective", 0}, {"2027-01-30", "expiring", 2}, {"2027-01-31", "expiring", 2}, {"2027-03-31", "expiring", 2}, {"2027-04-01", "expired", 4}} {
		at, _ := time.Parse(time.RFC3339, c.day+"T02:00:00Z")
		for _, job := range d.Bound.Jobs {
			if job.Name == "contractsExpire" {
				if err := job.Run(d.App, at); err != nil {
					t.Fatal(err)
				}
			}
		}
		if state := d.Fresh(contract).GetString("state"); state != c.state || told() != c.told {
			t.Errorf("%s: %s, %d told", c.day, state, told())
		}
	}
}

// TestHOppMajWaitsForTheHead: a major deal is not won before the department
// manager has decided, and a larger one has to be decided anew.
//
// policy: R2.6 H-OPP-MAJ
func TestHOppMajWaitsForTheHead(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	order, err := d.FindFirstRecordByData("orders", "account", account.Id)
	if err != nil {
		t.Fatal(err)
	}
	opp := d.Make("rep.chen", "opportunities", deal(account, 120_000_000))
	if !opp.GetBool("is_major") || opp.GetString("stage") != "found" || opp.GetString("owner") != d.As("rep.chen").Id {
		t.Errorf("%v", opp.PublicExport())
	}
	for range 3 {
		if got := d.Act("rep.chen", opp, "advance", `{}`); got != "" {
			t.Fatal(got)
		}
	}
	proof := `{"order":"` + order.Id + `"}`
	for _, c := range []struct{ who, step, args, want string }{
		{"rep.chen", "win", proof, "opportunity.major_undecided"},
		{"manager.wu", "decide", `{"decision":"go","note":"x"}`, "opportunity.not_head"},
		{"director.lin", "decide", `{"decision":"maybe","note":"x"}`, "args.invalid"},
		{"director.lin", "decide", `{"decision":"go"}`, "opportunity.reason_required"},
		{"director.lin", "decide", `{"decision":"go","note":"毛利可接受"}`, ""},
	} {
		if got := d.Act(c.who, opp, c.step, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.step, got, c.want)
		}
	}
	grown := d.Fresh(opp)
	grown.Set("amount_fen", 150_000_000)
	d.Must(d.SaveBy("rep.chen", grown))
	if got := d.Act("rep.chen", opp, "win", proof); got != "opportunity.major_undecided" {
		t.Errorf("the decision on less counts: %q", got)
	}
	if got := d.Act("director.lin", opp, "decide", `{"decision":"go","note":"可以"}`); got != "" {
		t.Error(got)
	}
	if got := d.Act("rep.chen", opp, "win", `{}`); got != "opportunity.proof_required" {
		t.Error(got)
	}
	if got := d.Act("rep.chen", opp, "win", proof); got != "" {
		t.Error(got)
	}
	if got := d.Act("rep.chen", opp, "lose", `{"reason":"x"}`); got != "opportunity.state" {
		t.Error(got)
	}
}

// TestANegotiationIsAgreedWhole: its terms are fields, and no objection is open.
//
// policy: R3.2e negotiations
func TestANegotiationIsAgreedWhole(t *testing.T) {
	d := open(t)
	talks := d.Make("rep.chen", "negotiations", map[string]any{"account": d.AccountOf("rep.chen").Id, "topic": "账期"})
	for _, c := range []struct {
		set  map[string]any
		want string
	}{
		{map[string]any{"state": "agreed"}, "negotiation.terms_missing"},
		{map[string]any{"price_terms": []any{map[string]any{"name": "折扣"}}}, "negotiation.term_invalid"},
		{map[string]any{"price_terms": "9折"}, "field.type price_terms"},
		{map[string]any{"price_terms": []any{map[string]any{"name": "折扣", "value": "9折"}}, "service_terms": []any{map[string]any{"name": "配送", "value": "次日"}}}, ""},
		{map[string]any{"objections": []any{map[string]any{"text": "太贵"}}, "state": "agreed"}, "negotiation.objection_open"},
		{map[string]any{"objections": []any{map[string]any{"text": "太贵", "answer": "含配送"}}, "state": "agreed"}, ""},
	} {
		record := d.Fresh(talks)
		record.Load(c.set)
		if got := d.SaveBy("rep.chen", record); got != c.want {
			t.Errorf("%v: %q", c.set, got)
		}
	}
}
