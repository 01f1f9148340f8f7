package ledger_test

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// world is what is known of an account.
type world struct {
	naive   naive
	orders  []*core.Record
	waiting []*core.Record // receipts that are reported
}

// keptCopy is a backup, with what was known when it was made.
type keptCopy struct {
	file string
	world
}

// clone is the world as it is now, whatever becomes of it.
func (w world) clone() world {
	at := map[*noted]*noted{}
	documents, parts := w.naive.documents, w.naive.parts
	w.naive.documents, w.naive.parts = nil, nil
	for _, d := range documents {
		same := *d
		at[d] = &same
		w.naive.documents = append(w.naive.documents, &same)
	}
	for _, p := range parts {
		w.naive.parts = append(w.naive.parts, &partOf{at[p.credit], at[p.debit], p.fen})
	}
	w.orders, w.waiting = slices.Clone(w.orders), slices.Clone(w.waiting)
	return w
}

// hand lets a phone hand something in: once, and again if the server has lost it.
func (h *history) hand(what func()) {
	if h.kept != nil {
		h.handed = append(h.handed, what)
	}
	what()
}

// copyOrGoBack keeps a copy of the server, or puts the one that it has in its
// place. What was decided at desks meanwhile is lost; phones push again what they
// had handed in.
func (h *history) copyOrGoBack() {
	h.t.Helper()
	if h.kept == nil {
		h.kept = &keptCopy{h.Backup(), h.clone()}
		return
	}
	now, kept, handed := h.Clock.Now(), h.kept, h.handed
	h.Desk = testapp.Open(h.t, append(slices.Clone(h.opts), testapp.FromBackup(kept.file))...)
	h.Clock.Set(now)
	h.world, h.kept, h.handed = kept.world, nil, nil
	h.back++
	h.Job("creditsAsOfToday")
	for _, what := range handed {
		what()
	}
}
