package control_test

import (
	"strings"
	"testing"

	"satchel/internal/testapp"
)

// policy: R7.2 budget_entries
//
// TestTheAccountantsList: finance alone takes what was booked, by months of booking,
// and it is noted who did.
func TestTheAccountantsList(t *testing.T) {
	d := open(t)
	d.spend(d.chen, "2026-02-10", 12_34)
	d.spend(d.he, "2026-03-10", 5)
	path := "/api/ka/budgets/" + d.budget.Id + "/entries"
	for _, who := range []string{"director.lin", "executive.sun", "auditor.jin", "admin.fang", "rep.chen", "manager.wu"} {
		d.Expect(who, testapp.Answered(d.Do(who, "GET", path, "")), "budget.export_not_finance")
	}
	d.Expect("another format", testapp.Answered(d.Do("finance.zhao", "GET", path+"?format=pdf", "")), "export.format")
	answer := d.Do("finance.zhao", "GET", path+"?format=csv&from=2026-02&to=2026-02", "")
	d.Must(testapp.Answered(answer))
	lines := strings.Split(strings.TrimSpace(answer.Body.String()), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[2], "# 水印 "+d.As("finance.zhao").GetString("name")+" 2026-") || !strings.Contains(lines[1], "2026-02,,2026-02-10,支出,陈,,,12.34,tests,") {
		t.Errorf("%q", lines)
	}
	book := d.Do("finance.zhao", "GET", path, "")
	if kind := book.Header().Get("Content-Type"); !strings.Contains(kind, "spreadsheetml") || !strings.HasPrefix(book.Body.String(), "PK") {
		t.Errorf("a book is %s", kind)
	}
	noted, err := d.FindRecordsByFilter("access_log", "what = 'export' && actor = {:a}", "", 0, 0, map[string]any{"a": d.As("finance.zhao").Id})
	if err != nil || len(noted) != 2 {
		t.Errorf("noted %d times, %v", len(noted), err)
	}
}
