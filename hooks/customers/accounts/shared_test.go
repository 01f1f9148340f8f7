package accounts_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"satchel/internal/testapp"
)

// TestNobodyFillsEveryPhone: what goes to all is made by people in the field so many
// times a day, by a form and by a push together; another may still make his.
func TestNobodyFillsEveryPhone(t *testing.T) {
	app := testapp.New(t)
	make1 := func(token, name string) (int, string) {
		got := app.DoBy(token, http.MethodPost, "/api/collections/competitors/records", fmt.Sprintf(`{"name":%q,"active":true}`, name))
		return got.Code, got.Body.String()
	}
	chen := app.Token("rep.chen")
	for i := range 50 {
		if code, body := make1(chen, fmt.Sprintf("对手%d", i)); code != http.StatusOK {
			t.Fatalf("the %dth: %d %s", i+1, code, body)
		}
	}
	if code, body := make1(chen, "再来"); code != http.StatusBadRequest || !strings.Contains(body, "shared.too_many") {
		t.Errorf("one more: %d %s", code, body)
	}
	phone := app.Phone(app.Token("rep.chen"), "fills")
	answer := phone.Push(map[string]any{"n": 1, "id": "fills0000000001", "op": "create", "c": "competitors", "r": "fills0000000001", "set": map[string]any{"name": "又来", "active": true}})
	if !strings.Contains(answer.Body.String(), "shared.too_many") {
		t.Errorf("by his phone: %s", answer.Body)
	}
	for _, name := range []string{"rep.he", "market.tang"} {
		if code, body := make1(app.Token(name), "对手 of "+name); code != http.StatusOK {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
}
