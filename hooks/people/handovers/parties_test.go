package handovers_test

import "testing"

// TestNobodyIsHisOwnSuperior: an account went to its next holder by hand before the
// day, so that the plan is from him to him. His manager takes it back, he does not.
func TestNobodyIsHisOwnSuperior(t *testing.T) {
	o := open(t)
	account := o.accountsOf("rep.chen")[0]
	status, code, out := o.ask("manager.wu", "POST", "/api/collections/account_assignments/records", map[string]any{
		"account": account, "user": o.As("rep.he").Id, "from_date": thursday,
	})
	if status != 200 {
		t.Fatalf("%d %s %v", status, code, out)
	}
	o.set(o.row("accounts", account), map[string]any{"owner": o.As("rep.he").Id})
	path := "/api/ka/account_assignments/" + out["id"].(string) + "/cancel"
	if status, code, _ := o.ask("rep.he", "POST", path, empty{}); status != 400 || code != "handover.not_superior" {
		t.Errorf("he cancels it himself: %d %s", status, code)
	}
	if status, code, _ := o.ask("manager.wu", "POST", path, empty{}); status != 200 {
		t.Errorf("his manager: %d %s", status, code)
	}
}

// TestOneOfAHandoverGoesWithIt: it is not taken back alone.
func TestOneOfAHandoverGoesWithIt(t *testing.T) {
	o := open(t)
	id := o.planned("manager.wu", "rep.chen", "rep.he", o.accountsOf("rep.chen")[:1], thursday)
	one, err := o.FindFirstRecordByData("account_assignments", "handover", id)
	if err != nil {
		t.Fatal(err)
	}
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_assignments/"+one.Id+"/cancel", empty{}); status != 400 || code != "handover.state" {
		t.Errorf("alone: %d %s", status, code)
	}
	if got := o.row("account_assignments", one.Id).GetString("state"); got != "planned" {
		t.Errorf("it is %s", got)
	}
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/"+id+"/cancel", empty{}); status != 200 {
		t.Errorf("the handover: %d %s", status, code)
	}
	if got := o.row("account_assignments", one.Id).GetString("state"); got != "cancelled" {
		t.Errorf("it is %s", got)
	}
}
