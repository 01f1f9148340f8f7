package budgets_test

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
)

// step is what a test's phone asks for a document of its own, on a leaf that it sees.
type step struct {
	What  string               `json:"what"` // hold, give_up, pay, take_back, move
	Doc   expense.BudgetDoc    `json:"doc"`
	Costs []expense.BudgetCost `json:"costs"`
}

// claims lets phones push steps of documents that only tests have.
func (d *desk) claims() *desk {
	book := d.Bound.Budgets
	d.Bound.Actions["budget_nodes.test"] = func(ctx context.Context, tx core.App, _ *core.Record, raw jsontext.Value) (err error) {
		var s step
		if err := gate.Args(raw, &s); err != nil {
			return err
		}
		switch s.What {
		case "hold":
			_, err = book.Reserve(ctx, tx, s.Doc, s.Costs)
		case "give_up":
			err = book.Release(ctx, tx, s.Doc)
		case "pay":
			_, err = book.Spend(ctx, tx, s.Doc, s.Costs, d.Clock.Now())
		case "take_back":
			err = book.Reverse(ctx, tx, s.Doc, "test")
		case "move":
			err = book.Adjust(ctx, tx, s.Doc, s.Costs, "test")
		}
		return err
	}
	return d
}

// said names the verdict of a push's last mutation: applied, or the code of its refusal.
func said(t testing.TB, answer *httptest.ResponseRecorder) string {
	t.Helper()
	var out struct {
		Results []struct {
			Status string `json:"status"`
			Code   string `json:"code"`
		} `json:"results"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || len(out.Results) == 0 {
		return answer.Body.String()
	}
	last := out.Results[len(out.Results)-1]
	if last.Code != "" {
		return last.Code
	}
	return last.Status
}

// TestTheLastYuanOfANode goes to one of 64 phones that ask for it at once; the others
// are told what is left, and that alone is held.
func TestTheLastYuanOfANode(t *testing.T) {
	d := agreed(t).claims()
	d.Must(d.reserve("", claim("before"), d.cost("1", "陈", 39_900)))
	const phones = 64
	d.Setting("device.live_most", phones)
	answers, leaf := make([]string, phones), d.nodes["陈"].Id
	var all sync.WaitGroup
	for i := range phones {
		phone := d.Phone(d.Token("rep.chen"), fmt.Sprint("yuan", i))
		s := step{"hold", claim(fmt.Sprint("yuan", i)), []expense.BudgetCost{d.cost("1", "陈", 40), d.cost("2", "陈", 60)}}
		all.Go(func() {
			m := map[string]any{"n": 1, "id": fmt.Sprintf("yuan%011d", i), "op": "action", "c": "budget_nodes", "r": leaf, "action": "test", "args": s}
			answers[i] = said(t, phone.Post("/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": []map[string]any{m}}))
		})
	}
	all.Wait()
	told := map[string]int{}
	for _, said := range answers {
		told[said]++
	}
	if len(told) != 2 || told["applied"] != 1 || told["budget.insufficient"] != phones-1 {
		t.Errorf("%v", told)
	}
	d.has("the last yuan", map[string]string{"陈": "40000 40000 0 0", "吴": "60000 40000 0 20000", "部门": "100000 40000 0 60000"})
	d.Job("budgetBalances")
	if n := d.Bound.Budgets.Drift(); n != 0 {
		t.Errorf("%d nodes drift", n)
	}
}
