package notifications_test

import (
	"encoding/json/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/hooks"
	"satchel/internal/testapp"
)

const webhooksAt = "/api/collections/webhooks/records"

// TestAWebhookAsDocumented: address, events and secret make one that is on; its
// secret is never told again, is kept by what does not name it, and signs.
func TestAWebhookAsDocumented(t *testing.T) {
	x := &targets{answer: map[string]func(*http.Request) (int, error){}, got: map[string][]string{}}
	var signature string
	x.set("erp.example.com", func(req *http.Request) (int, error) {
		signature = req.Header.Get("X-Satchel-Signature")
		return 200, nil
	})
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Messages.HTTP = &http.Client{Transport: x} }))
	const first, second = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
	answer := app.Do("admin.fang", "POST", webhooksAt, `{"url":"https://erp.example.com/in","events":["accounts.*","orders.cancel"],"secret":"`+first+`"}`)
	var made struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Active bool   `json:"active"`
		Secret string `json:"secret"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &made); answer.Code != 200 || err != nil || !made.Active || made.Name != "erp.example.com" || made.Secret != "set" {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	signs := func(want string) {
		t.Helper()
		happen(t, app, "")
		run(t, app)
		got := x.got["erp.example.com"]
		body := got[len(got)-1]
		if domain.SignWebhook(want, app.Clock.Now(), []byte(body)) != signature {
			t.Errorf("%s is not signed with %s", body, want)
		}
	}
	signs(first)
	for _, c := range []struct{ body, want string }{
		{`{"name":"ERP"}`, first},
		{`{"secret":""}`, first},
		{`{"secret":"set","name":"ERP 2"}`, first},
		{`{"secret":"` + second + `"}`, second},
	} {
		answer := app.Do("admin.fang", "PATCH", webhooksAt+"/"+made.ID, c.body)
		if answer.Code != 200 || strings.Contains(answer.Body.String(), first) || strings.Contains(answer.Body.String(), second) {
			t.Errorf("%s: %d %s", c.body, answer.Code, answer.Body)
		}
		signs(c.want)
	}
	if answer := app.Do("admin.fang", "PATCH", webhooksAt+"/"+made.ID, `{"secret":"short"}`); answer.Code != 400 || !strings.Contains(answer.Body.String(), "webhook.secret") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	signs(second)
	if answer := app.Do("admin.fang", "POST", webhooksAt, `{"url":"https://bi.example.com","events":["*"],"secret":"`+first+`","active":false}`); !strings.Contains(answer.Body.String(), `"active":false`) {
		t.Errorf("%s", answer.Body)
	}
	if answer := app.Do("admin.fang", "DELETE", webhooksAt+"/"+made.ID, ""); answer.Code != 204 {
		t.Fatal(answer.Body)
	}
	var left int
	if err := app.DB().NewQuery("SELECT COUNT(*) FROM _webhook_secrets WHERE webhook = {:w}").Bind(dbx.Params{"w": made.ID}).Row(&left); err != nil || left != 0 {
		t.Errorf("%d secrets of a webhook that is gone, %v", left, err)
	}
}

// TestEventsAreKnown: what the log can say is known, what it cannot is refused by name.
func TestEventsAreKnown(t *testing.T) {
	app := testapp.New(t)
	body := func(event string) string {
		return `{"url":"https://erp.example.com","secret":"` + secret + `","events":["` + event + `"]}`
	}
	for name := range app.Bound.Actions {
		if !app.Bound.KnownEvent(app, name) {
			t.Errorf("%s is not known", name)
		}
	}
	for _, event := range []string{"*", "visits.*", "accounts.update", "accounts.override", "approvals.remind", "contracts.expire"} {
		if answer := app.Do("admin.fang", "POST", webhooksAt, body(event)); answer.Code != 200 {
			t.Errorf("%s: %s", event, answer.Body)
		}
	}
	for _, event := range []string{"order.approved", "orders.approved", "orders", "nothing.*", "", "_superusers.*", "users.*.x", "orders.", ".*"} {
		answer := app.Do("admin.fang", "POST", webhooksAt, body(event))
		if answer.Code != 400 || !strings.Contains(answer.Body.String(), "webhook.event_unknown") {
			t.Errorf("%s: %d %s", event, answer.Code, answer.Body)
		}
	}
}
