package handovers_test

import (
	"strings"
	"testing"
)

// signed ticks the checklist off as the first of the two, and signs as both.
func (o *office) signed(id, from, to string) {
	o.t.Helper()
	for _, item := range []string{"客户档案与联系人", "未完订单与货款", "未结问题与承诺", "合同与价格条款", "引荐新负责人"} {
		if status, code, _ := o.ask(from, "POST", "/api/ka/account_handovers/"+id+"/check", map[string]any{"item": item}); status != 200 {
			o.t.Fatalf("%s: %s", item, code)
		}
	}
	for _, who := range []string{from, to} {
		if status, code, _ := o.ask(who, "POST", "/api/ka/account_handovers/"+id+"/sign", empty{}); status != 200 {
			o.t.Fatalf("%s signs: %s", who, code)
		}
	}
}

// policy: R7.12 account_handovers
//
// TestBothSidesSignWhatTheyWentThrough: the checklist first, each once, and
// nobody else.
func TestBothSidesSignWhatTheyWentThrough(t *testing.T) {
	o := open(t)
	id := o.planned("manager.wu", "rep.chen", "rep.he", o.accountsOf("rep.chen")[:1], today)
	row := o.row("account_handovers", id)
	if open := row.GetString("open_items"); !strings.Contains(open, `"orders":`) || strings.Contains(open, `"visits":0,"orders":0`) {
		t.Errorf("open: %s", open)
	}
	for _, c := range []struct {
		who, action string
		args        any
		want        string
	}{
		{"rep.chen", "sign", empty{}, "handover.items_open"},
		{"rep.chen", "check", map[string]any{"item": "钥匙"}, "handover.item_unknown"},
		{"manager.wu", "check", map[string]any{"item": "客户档案与联系人"}, "handover.not_party"},
		{"manager.wu", "sign", empty{}, "handover.not_party"},
	} {
		if _, code, _ := o.ask(c.who, "POST", "/api/ka/account_handovers/"+id+"/"+c.action, c.args); code != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.action, code, c.want)
		}
	}
	o.signed(id, "rep.chen", "rep.he")
	if _, code, _ := o.ask("rep.chen", "POST", "/api/ka/account_handovers/"+id+"/sign", empty{}); code != "handover.signed" {
		t.Errorf("signed twice: %q", code)
	}
	if row = o.row("account_handovers", id); row.GetDateTime("signed_from_at").IsZero() || row.GetDateTime("signed_to_at").IsZero() {
		t.Error("the signatures are missing")
	}
	if status, _, _ := o.ask("rep.he", "PATCH", "/api/collections/account_handovers/records/"+id, map[string]any{"signed_to_at": ""}); status == 200 {
		t.Error("a signature is taken back")
	}
}
