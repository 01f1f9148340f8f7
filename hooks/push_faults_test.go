package hooks_test

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"satchel/internal/testapp"
)

// breakPush lets a phone push one mutation after the other, each with another of
// its statements broken for good, until one has none left. A push that is refused
// after it wrote is tried a second time by the server itself.
func (b *breaker) breakPush(phone *testapp.Phone, what string, mutation func(n int) map[string]any) (cells int) {
	b.t.Helper()
	for n := 0; ; n++ {
		sent, text, from := 0, "", ""
		b.driver.Watch = func(now string) error {
			if sent++; sent == n+1 {
				text, from = now, b.from()
			}
			if now == text {
				return errors.New("a statement broke")
			}
			return nil
		}
		answer := phone.Push(mutation(n))
		b.driver.Watch = nil
		if text == "" {
			return n
		}
		if answer.Code >= http.StatusInternalServerError { // nothing was taken, and no number
			phone.Take(-1)
			continue
		}
		var got struct {
			Results []struct {
				Status, Code string
				Retry        bool
			}
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &got, json.MatchCaseInsensitiveNames(true)); err != nil || len(got.Results) != 1 {
			b.t.Fatalf("%s: %d %s", what, answer.Code, answer.Body)
		}
		if r := got.Results[0]; r.Code != "internal" || !r.Retry {
			b.t.Errorf("%s is %s %s if this breaks: %.200s\n\tfrom %s", what, r.Status, r.Code, text, from)
		}
	}
}

// TestAPushThatBreaksIsAFault: whichever statement breaks while a mutation is
// judged and carried out, its verdict is internal, to be tried again.
func TestAPushThatBreaksIsAFault(t *testing.T) {
	b := newBreaker(t)
	b.cast(b.targets())
	phone := b.app.Phone(b.app.Token("rep.chen"), "breaks")
	phone.Pull()
	mine, foreign, made := fmt.Sprint(b.line["account"]), b.foreign, 0
	create := func(c string, set map[string]any) func(int) map[string]any {
		return func(int) map[string]any {
			made++
			return map[string]any{"op": "create", "c": c, "r": fmt.Sprintf("breaks%09d", made), "set": set}
		}
	}
	note := func(account string) func(int) map[string]any {
		return func(n int) map[string]any {
			return map[string]any{"op": "update", "c": "accounts", "r": account, "base": 1, "set": map[string]any{"note": fmt.Sprint(n)}}
		}
	}
	cells := b.breakPush(phone, "a contact", create("contacts", map[string]any{"account": mine, "name": "王"}))
	cells += b.breakPush(phone, "a contact of others'", create("contacts", map[string]any{"account": foreign, "name": "王"}))
	cells += b.breakPush(phone, "a visit", create("visits", map[string]any{"account": mine, "type": "unplanned", "planned_date": "2026-03-16"}))
	cells += b.breakPush(phone, "an edit", note(mine))
	cells += b.breakPush(phone, "an edit of others'", note(foreign))
	cells += b.breakPush(phone, "an action", func(int) map[string]any {
		return map[string]any{"op": "action", "c": "visits", "r": b.rows["visits"][0], "action": "cancel", "args": map[string]any{"reason": "试"}}
	})
	t.Logf("%d statements broke", cells)
	if cells < 150 {
		t.Error("hardly any statement broke")
	}
}
