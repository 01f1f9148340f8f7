package requests_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/internal/testapp"
)

// desk is a test's hand on an app, over REST.
type desk struct {
	t   *testing.T
	app *testapp.App
}

func open(t *testing.T) desk { return desk{t, testapp.New(t)} }

func code(answer *httptest.ResponseRecorder) string {
	if answer.Code < 300 {
		return ""
	}
	var out struct {
		Data map[string]any `json:"data"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		return answer.Body.String()
	}
	if c, ok := out.Data["code"].(string); ok {
		return c
	}
	return fmt.Sprint(answer.Code)
}

func (d desk) create(who, collection string, body map[string]any) (id, refused string) {
	d.t.Helper()
	body["owner"] = d.app.As(who).Id
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := d.app.Do(who, "POST", "/api/collections/"+collection+"/records", string(text))
	var row struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &row)
	return row.ID, code(answer)
}

func (d desk) act(who, collection, id, action, args string) string {
	d.t.Helper()
	return code(d.app.Do(who, "POST", "/api/ka/"+collection+"/"+id+"/"+action, args))
}

func (d desk) must(got string) {
	d.t.Helper()
	if got != "" {
		d.t.Fatal(got)
	}
}

func (d desk) row(collection, id string) *core.Record {
	d.t.Helper()
	r, err := d.app.FindRecordById(collection, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d desk) told(kind, who string) int {
	d.t.Helper()
	n, err := d.app.CountRecords("notifications", dbx.HashExp{"kind": kind, "user": d.app.As(who).Id})
	if err != nil {
		d.t.Fatal(err)
	}
	return int(n)
}

// TestHIntel: what the field hears goes to the head of the department, to
// marketing and, by its kind, to others, who say that they have read it (R2.10).
//
// policy: R2.10 H-INTEL
func TestHIntel(t *testing.T) {
	d := open(t)
	market, product := d.app.As("market.tang").GetString("department"), d.app.As("product.guo").GetString("department")
	id, got := d.create("rep.chen", "intel_reports", map[string]any{"kind": "competitor", "text": "对手推出小包装"})
	d.must(got)
	r := d.row("intel_reports", id)
	if routed := r.GetStringSlice("routed"); !slices.Contains(routed, market) || !slices.Contains(routed, product) || r.GetString("manager") != d.app.As("manager.wu").Id {
		t.Errorf("routed to %v", routed)
	}
	if n := d.told("intel.new", "director.lin"); n != 1 {
		t.Errorf("the head is told %d times", n)
	}
	for _, c := range []struct{ who, want string }{
		{"rep.chen", "intel.own"},
		{"service.qian", "record.not_found"},
		{"rep.he", "record.not_found"},
		{"auditor.jin", "intel.not_addressed"},
		{"market.tang", ""},
		{"product.guo", ""},
		{"director.lin", ""},
		{"market.tang", ""},
	} {
		if got := d.act(c.who, "intel_reports", id, "acknowledge", `{"note":"已阅"}`); got != c.want {
			t.Errorf("%s: %q, want %q", c.who, got, c.want)
		}
	}
	if n := d.row("intel_reports", id).GetInt("ack_count"); n != 3 {
		t.Errorf("%d have read it", n)
	}
	for want, body := range map[string]map[string]any{
		"intel.text_required": {"kind": "market", "text": " "}, "field.locked": {"kind": "market", "text": "x", "ack_count": 5},
	} {
		if _, got := d.create("rep.chen", "intel_reports", body); got != want {
			t.Errorf("%v: %q, want %q", body, got, want)
		}
	}
	id, got = d.create("rep.chen", "intel_reports", map[string]any{"kind": "price", "text": "对手降价5%"})
	d.must(got)
	if routed := d.row("intel_reports", id).GetStringSlice("routed"); !slices.Contains(routed, market) || slices.Contains(routed, product) {
		t.Errorf("a price goes to %v", routed)
	}
}

// TestSupportHasADepartmentAndADueTime (R1.3, R2.4), and its clock runs in
// working hours.
//
// policy: R1.3 support_requests
// policy: R2.4 support_requests
func TestSupportHasADepartmentAndADueTime(t *testing.T) {
	d := open(t)
	service := d.app.As("service.qian").GetString("department")
	if _, got := d.create("rep.chen", "support_requests", map[string]any{"kind": "complaint", "text": "x"}); got != "request.department" {
		t.Errorf("nobody is asked: %q", got)
	}
	id, got := d.create("rep.chen", "support_requests", map[string]any{"kind": "complaint", "text": "外箱破损", "to_dept": service})
	d.must(got)
	// Eight hours of work from Monday half past eight end at six the same day.
	if due := d.row("support_requests", id).GetDateTime("due").Time(); !due.Equal(time.Date(2026, 3, 16, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("due %v", due)
	}
	overdue := func() {
		t.Helper()
		i := slices.IndexFunc(d.app.Bound.Jobs, func(j gate.Job) bool { return j.Name == "requestsOverdue" })
		if err := d.app.Bound.Jobs[i].Run(d.app, d.app.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	d.app.Clock.Set(time.Date(2026, 3, 16, 10, 0, 0, 0, time.UTC))
	overdue()
	if d.row("support_requests", id).GetBool("overdue") {
		t.Error("late on time")
	}
	d.app.Clock.Advance(time.Second)
	overdue()
	overdue()
	if !d.row("support_requests", id).GetBool("overdue") || d.told("request.overdue", "rep.chen") != 1 {
		t.Errorf("told %d times", d.told("request.overdue", "rep.chen"))
	}
	for _, c := range []struct{ who, action, args, want, state string }{
		{"rep.chen", "accept", "{}", "request.not_party", "open"},
		{"market.tang", "accept", "{}", "record.not_found", "open"},
		{"service.qian", "accept", "{}", "", "accepted"},
		{"service.qian", "answer", "{}", "request.answer_required", "accepted"},
		{"service.qian", "refuse", "{}", "request.reason_required", "accepted"},
		{"service.qian", "answer", `{"answer":"已补发"}`, "", "answered"},
		{"service.qian", "close", "{}", "request.not_party", "answered"},
		{"rep.chen", "reopen", `{"reason":"仍破损"}`, "", "open"},
		{"service.qian", "refuse", `{"reason":"超出范围"}`, "", "refused"},
		{"rep.chen", "close", "{}", "", "closed"},
		{"rep.chen", "withdraw", "{}", "request.state", "closed"},
	} {
		if got := d.act(c.who, "support_requests", id, c.action, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.action, got, c.want)
		}
		if got := d.row("support_requests", id).GetString("state"); got != c.state {
			t.Errorf("%s %s leads to %s", c.who, c.action, got)
		}
	}
}

// TestProductRequestsAreAnswered by the department that makes the goods (R5.4).
func TestProductRequestsAreAnswered(t *testing.T) {
	d := open(t)
	id, got := d.create("rep.chen", "product_requests", map[string]any{"need": "100毫升装"})
	d.must(got)
	for _, c := range []struct{ who, action, args, want, state string }{
		{"rep.chen", "review", "{}", "request.not_party", "new"},
		{"product.guo", "finish", "{}", "request.state", "new"},
		{"product.guo", "review", "{}", "", "reviewing"},
		{"product.guo", "promise", "{}", "request.version", "reviewing"},
		{"product.guo", "promise", `{"version":"2026Q3"}`, "", "planned"},
		{"product.guo", "decline", "{}", "request.reason_required", "planned"},
		{"product.guo", "finish", "{}", "", "done"},
	} {
		if got := d.act(c.who, "product_requests", id, c.action, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.action, got, c.want)
		}
		if got := d.row("product_requests", id).GetString("state"); got != c.state {
			t.Errorf("%s %s leads to %s", c.who, c.action, got)
		}
	}
	if got := code(d.app.Do("rep.chen", "PATCH", "/api/collections/product_requests/records/"+id, `{"need":"别的"}`)); got != "request.state" {
		t.Errorf("reworded when done: %q", got)
	}
}
