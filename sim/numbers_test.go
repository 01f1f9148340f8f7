package sim

import (
	"testing"

	"satchel/domain/numbers"
	"satchel/internal/phone"
)

// prints drafts orders whose customers are told their numbers.
func (w *world) prints(d *device, times int) {
	w.t.Helper()
	for range times {
		id, row := d.NewID(), phone.Row{"account": ownAccount(w.t, d), "owner": d.user, "state": "draft"}
		no, err := d.Number(numbers.Order)
		w.must(err)
		if no != "" {
			row["no"], d.printed[id] = no, no
		}
		w.must(d.Create("orders", id, row))
	}
}

// TestS12NoNumberIsGivenTwiceAfterARestore: the lost history gave blocks to one
// phone, the restored server to another; orders of both keep what was printed, and
// the lost blocks are gone on with.
func TestS12NoNumberIsGivenTwiceAfterARestore(t *testing.T) {
	w := newStory(t, 5)
	chen, he := w.phones[0], w.phones[1]
	w.sync(chen)
	backup := w.app.Backup()
	w.prints(chen, 5)
	w.sync(chen) // is given another block
	w.prints(chen, 9)
	w.sync(chen)
	w.prints(chen, 3) // of the block that the restore loses

	w.restore(backup)
	w.prints(he, 7)
	w.sync(he)
	w.prints(he, 9)
	w.sync(he)
	for range 2 {
		w.sync(chen)
	}
	w.prints(chen, 4)
	w.sync(chen)
	w.numbersAreFound()
	for _, d := range []*device{chen, he} {
		for id, no := range d.printed {
			if got := w.record("orders", id).GetString("no"); got != no {
				t.Errorf("an order of %s was printed %s and bears %s", d.name, no, got)
			}
		}
	}
	if n := len(chen.printed) + len(he.printed); n != 37 {
		t.Errorf("%d orders were numbered on phones", n)
	}
}
