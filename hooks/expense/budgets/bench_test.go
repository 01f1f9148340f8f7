package budgets_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
)

// BenchmarkReserve holds money of a leaf four levels down for a document of two lines, in a
// transaction of its own.
func BenchmarkReserve(b *testing.B) {
	d := open(b)
	d.draft("2026")
	d.node("部门", "", 1_000_000_000_00)
	d.node("吴", "部门", 1_000_000_000_00)
	d.node("陈", "吴", 1_000_000_000_00, map[string]any{"rep": d.As("rep.chen").Id})
	d.node("一", "陈", 500_000_000_00)
	d.node("二", "陈", 500_000_000_00)
	d.agree()
	ctx := gate.With(b.Context(), gate.Actor{User: d.As("rep.chen")})
	n := 0
	for b.Loop() {
		n++
		err := d.RunInTransaction(func(tx core.App) error {
			_, err := d.Bound.Budgets.Reserve(ctx, tx, claim(fmt.Sprint(n)), []expense.BudgetCost{d.cost("1", "一", 100), d.cost("2", "二", 100)})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
