package api_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"satchel/internal/testapp"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// audited is an answer of the audit: "user collection id only_in" lines and its end.
type audited struct {
	status int
	text   string
	lines  []string
	end    struct {
		Users, Collections         int
		Rows, Differences, Expired int64
		Unsettled                  []string
	}
}

func audit(t *testing.T, app *testapp.App, token, query string) (out audited) {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, "/api/sync/audit"+query, nil)
	req.Header.Set("Authorization", token)
	answer := httptest.NewRecorder()
	app.Handler().ServeHTTP(answer, req)
	out.status, out.text = answer.Code, answer.Body.String()
	if answer.Code != http.StatusOK {
		return out
	}
	ended := false
	for line := range strings.Lines(out.text) {
		if strings.HasPrefix(line, `{"end":`) {
			end := map[string]any{"end": &out.end}
			if err := json.Unmarshal([]byte(line), &end, json.MatchCaseInsensitiveNames(true)); err != nil {
				t.Fatal(err)
			}
			ended = true
			continue
		}
		var l struct {
			User       string `json:"user"`
			Collection string `json:"collection"`
			ID         string `json:"id"`
			OnlyIn     string `json:"only_in"`
			Expired    bool   `json:"expired"`
		}
		if err := json.Unmarshal([]byte(line), &l, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if l.Expired {
			l.OnlyIn = "expired"
		}
		out.lines = append(out.lines, strings.Join([]string{l.User, l.Collection, l.ID, l.OnlyIn}, " "))
	}
	if !ended {
		t.Fatalf("an audit without an end: %s", out.text)
	}
	return out
}

// TestAuditFindsNothingInOrder over the whole company, and is the superuser's alone.
func TestAuditFindsNothingInOrder(t *testing.T) {
	app := testapp.New(t)
	got := audit(t, app, app.SuperuserToken(), "")
	if got.status != 200 || len(got.lines) != 0 || got.end.Differences != 0 || got.end.Users < 24 || got.end.Collections < 15 || got.end.Rows < 1000 || len(got.end.Unsettled) > 0 {
		t.Errorf("%+v", got)
	}
	one := audit(t, app, app.SuperuserToken(), "?user="+app.As("rep.chen").Id)
	if one.status != 200 || one.end.Users != 1 || one.end.Rows == 0 || one.end.Rows >= got.end.Rows {
		t.Errorf("%+v", one)
	}
	if none := audit(t, app, app.SuperuserToken(), "?user=nobody"); none.status != 404 {
		t.Errorf("%+v", none)
	}
	for name, status := range map[string]int{"rep.chen": 403, "admin.fang": 403, "auditor.jin": 403} {
		if got := audit(t, app, app.Token(name), "?user="+app.As("rep.ma").Id); got.status != status || strings.Contains(got.text, app.As("rep.ma").Id) {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	if got := audit(t, app, "", ""); got.status != 401 {
		t.Errorf("nobody: %d", got.status)
	}
}

// TestAuditNamesEveryDifference, of a rule that shows too much and of one that shows too little.
func TestAuditNamesEveryDifference(t *testing.T) {
	app := testapp.New(t)
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "contacts")
	if err != nil {
		t.Fatal(err)
	}
	keys := rule.GetString("keys")
	contacts, err := app.CountRecords("contacts")
	if err != nil {
		t.Fatal(err)
	}
	active, err := app.CountRecords("users", dbx.HashExp{"active": true})
	if err != nil {
		t.Fatal(err)
	}
	rule.Set("keys", `[{"key":"all"}]`)
	if err := app.Save(rule); err != nil {
		t.Fatal(err)
	}
	got := audit(t, app, app.SuperuserToken(), "")
	seen := got.end.Rows
	chen, foreign := app.As("rep.chen").Id, app.AccountOf("rep.ma").Id
	contact, err := app.FindFirstRecordByData("contacts", "account", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s contacts %s sync", chen, contact.Id); !strings.Contains(strings.Join(got.lines, "\n"), want) {
		t.Errorf("not named: %s", want)
	}
	if got.end.Differences != int64(len(got.lines)) || got.end.Differences == 0 || got.end.Differences >= contacts*active {
		t.Errorf("%d differences in %d lines", got.end.Differences, len(got.lines))
	}
	rule.Set("keys", `[{"key":"dept:{dept}"},{"key":"role:auditor"},{"key":"role:admin"}]`)
	if err := app.Save(rule); err != nil {
		t.Fatal(err)
	}
	got = audit(t, app, app.SuperuserToken(), "?user="+chen)
	if len(got.lines) == 0 || got.end.Differences != int64(len(got.lines)) || got.end.Rows >= seen {
		t.Fatalf("%+v", got)
	}
	for _, l := range got.lines {
		if !strings.HasPrefix(l, chen+" contacts ") || !strings.HasSuffix(l, " rest") {
			t.Errorf("%s", l)
		}
	}
	rule.Set("keys", keys)
	if err := app.Save(rule); err != nil {
		t.Fatal(err)
	}
	if got = audit(t, app, app.SuperuserToken(), ""); len(got.lines) != 0 {
		t.Errorf("mended: %v", got.lines)
	}
}

// TestAuditSetsRetentionApart: what is off the phones for its age is no difference.
func TestAuditSetsRetentionApart(t *testing.T) {
	app := testapp.New(t)
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "visits")
	if err != nil {
		t.Fatal(err)
	}
	rule.Set("retention_days", 3)
	rule.Set("retention_field", "planned_date")
	if err := app.Save(rule); err != nil {
		t.Fatal(err)
	}
	got := audit(t, app, app.SuperuserToken(), "?user="+app.As("rep.chen").Id)
	if got.end.Differences != 0 || got.end.Expired == 0 || int64(len(got.lines)) != got.end.Expired {
		t.Errorf("%+v", got)
	}
	for _, l := range got.lines {
		if !strings.HasSuffix(l, " expired") {
			t.Errorf("%s", l)
		}
	}
}

// TestAuditOfDisabled: a disabled user sees nothing anywhere, and all of it again once he is back.
func TestAuditOfDisabled(t *testing.T) {
	app := testapp.New(t)
	chen := app.As("rep.chen")
	rows := func() int64 {
		t.Helper()
		got := audit(t, app, app.SuperuserToken(), "?user="+chen.Id)
		if len(got.lines) > 0 {
			t.Errorf("%v", got.lines)
		}
		return got.end.Rows
	}
	before := rows()
	set := func(r *core.Record, active bool) {
		t.Helper()
		r.Set("active", active)
		if err := app.Override(r); err != nil {
			t.Fatal(err)
		}
	}
	set(chen, false)
	if got := rows(); got != 0 || before == 0 {
		t.Errorf("%d rows, before %d", got, before)
	}
	set(chen, true)
	if got := rows(); got != before {
		t.Errorf("%d rows, before %d", got, before)
	}
}
