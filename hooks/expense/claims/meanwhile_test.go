package claims_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks/platform/gate"
)

// TestAnActivityThatIsAnothersMeanwhile bears nothing of a draft that names it still.
func TestAnActivityThatIsAnothersMeanwhile(t *testing.T) {
	d := open(t)
	activity := d.Blank("activities", map[string]any{"owner": d.As(rep).Id, "dept": d.As(rep).GetString("department"), "title": "试吃", "state": "approved"})
	if err := d.SaveNoValidateWithContext(gate.AsServer(t.Context()), activity); err != nil {
		t.Fatal(err)
	}
	c := d.claim(rep)
	d.line(rep, c, 100, map[string]any{"no_invoice_reason": "x", "activity": activity.Id})
	d.sql("UPDATE activities SET owner = {:o}, dept = {:d} WHERE id = {:id}", dbx.Params{"o": d.As(finance).Id, "d": d.As(finance).GetString("department"), "id": activity.Id})
	d.Expect("another's", d.Act(rep, c, "submit", ""), "record.not_found activity")
}
