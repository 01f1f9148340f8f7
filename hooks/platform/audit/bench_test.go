package audit_test

import (
	"fmt"
	"net/http"
	"testing"

	"satchel/internal/testapp"
)

// BenchmarkPush is 50 visits that are checked in: 100 mutations, 50 entries of the log.
func BenchmarkPush(b *testing.B) {
	app := testapp.New(b)
	account := app.AccountOf("rep.chen").Id
	phone := app.Phone(app.Token("rep.chen"), "chen")
	n := 0
	for b.Loop() {
		var work []map[string]any
		for range 50 {
			n++
			id := fmt.Sprintf("v%014d", n)
			work = append(work,
				map[string]any{"op": "create", "c": "visits", "r": id, "set": map[string]any{"account": account, "type": "unplanned", "planned_date": "2026-03-16"}, "captured": "2026-03-16T00:00:00Z"},
				map[string]any{"op": "action", "c": "visits", "r": id, "action": "check_in", "args": map[string]any{}, "captured": "2026-03-16T00:00:00Z"})
		}
		if answer := phone.Push(work...); answer.Code != http.StatusOK {
			b.Fatal(answer.Body)
		}
	}
}
