package sim

import (
	"context"
	"errors"
	"fmt"

	"satchel/domain/numbers"
	"satchel/internal/phone"
)

// play runs a history of so many steps, lets the faults stop, and settles it.
func (w *world) play(steps int) {
	for w.step = 1; w.step <= steps; w.step++ {
		w.tick()
		d := oneOf(w.rng, w.phones)
		switch w.rng.IntN(19) {
		case 0, 1, 2:
			w.editContact(d)
		case 3, 4:
			w.createContact(d)
		case 5:
			w.deleteContact(d)
		case 6:
			w.draftOrder(d)
		case 7, 8:
			w.countUp(d)
		case 9:
			w.officeEdit()
		case 10:
			w.officeMovesAccount()
		case 11:
			w.rawWrite()
		case 12:
			w.fold()
		case 13, 14:
			w.answerIssue(d)
		case 15:
			w.endSessions(d)
		default:
			w.syncBadly(d)
		}
	}
	w.settle()
}

// settle gives the network back and syncs until nothing is pending anywhere.
func (w *world) settle() {
	w.note("the faults stop")
	for range 2 {
		for _, d := range w.phones {
			d.network.Heal()
			w.fold()
			_, err := d.Sync(context.Background())
			if asked(err) {
				w.must(w.signIn(d))
				_, err = d.Sync(context.Background())
			}
			w.must(err)
			w.model.pulled(d)
		}
	}
}

// syncBadly pushes and pulls over a line that may fail in any way.
func (w *world) syncBadly(d *device) {
	fault := w.rng.IntN(7)
	d.network.SetOffline(fault == 0)
	switch fault {
	case 1:
		d.network.LoseAnswer()
	case 2:
		d.network.Duplicate()
	case 3:
		d.network.CutAfter(int64(w.rng.IntN(600)))
	case 4:
		d.expired = true
	}
	pushed, err := d.Push(context.Background())
	w.note("%s pushes (fault %d): %+v %v", d.name, fault, pushed, err)
	if w.rng.IntN(4) == 0 {
		w.fold()
	}
	if w.rng.IntN(3) > 0 {
		switch w.rng.IntN(5) {
		case 0:
			d.network.LoseAnswer()
		case 1, 2:
			d.breaks, d.meanwhile = 0.1+0.8*w.rng.Float64(), oneOf(w.rng, []func(){
				nil, func() { w.takeAway(d); w.fold() }, func() { w.officeEdit(); w.fold() }, func() { d.expired = true },
			})
		}
		got, err := d.Pull(context.Background())
		d.breaks = 0
		w.note("%s pulls: %+v %v", d.name, got, err)
		if err == nil {
			w.model.pulled(d)
		}
	}
	if w.step%2 == 0 {
		w.note("%s asks for numbers: %v", d.name, d.LeaseNumbers(context.Background(), numbers.Order))
	}
	d.network.Heal()
	if asked(err) && w.rng.IntN(3) > 0 { // the person has the password at hand
		w.note("%s signs in: %v", d.name, w.signIn(d))
	}
}

// endSessions ends what a person's phone holds, in one of the ways after which it
// goes on with its numbers: a new password, or a revocation that is lifted before
// the phone has heard of it.
func (w *world) endSessions(d *device) {
	user := w.app.As(d.name)
	if w.rng.IntN(2) == 0 {
		w.note("%s has another password", d.name)
		user.SetPassword(fmt.Sprintf("the password of step %d", w.step))
		w.must(w.app.Save(user))
		return
	}
	id, err := d.Device()
	w.must(err)
	w.note("the phone of %s is revoked, and given back", d.name)
	for _, revoked := range []bool{true, false} {
		r := w.record("sync_devices", id)
		r.Set("revoked", revoked)
		w.must(w.app.Override(r))
	}
}

// shown picks a row that the phone shows.
func (w *world) shown(d *device, collection string) phone.Row {
	rows, err := d.List(collection)
	w.must(err)
	if len(rows) == 0 {
		return nil
	}
	return oneOf(w.rng, rows)
}

func (w *world) editContact(d *device) {
	row := w.shown(d, "contacts")
	if row == nil {
		return
	}
	set := phone.Row{}
	for range 1 + w.rng.IntN(2) {
		set[oneOf(w.rng, editable)] = fmt.Sprintf("%s at step %d", d.name, w.step)
	}
	w.note("%s edits contact %s: %v", d.name, row.Text("id"), set)
	w.must(d.Update("contacts", row.Text("id"), set))
	w.model.captured(d)
}

func (w *world) createContact(d *device) {
	account := w.shown(d, "accounts")
	if account == nil {
		return
	}
	id, at, foreign := d.NewID(), account.Text("id"), w.rng.IntN(4) == 0
	if foreign { // from memory, his or not
		at = oneOf(w.rng, w.model.accountIDs)
	}
	w.note("%s creates contact %s at %s", d.name, id, at)
	w.must(d.Create("contacts", id, phone.Row{"account": at, "name": fmt.Sprintf("contact of step %d", w.step)}))
	w.model.captured(d)
	for n := range w.rng.IntN(3) {
		if foreign {
			w.must(d.Update("contacts", id, phone.Row{editable[n]: fmt.Sprintf("%s on top at step %d", d.name, w.step)}))
			w.model.captured(d)
		}
	}
}

func (w *world) deleteContact(d *device) {
	row := w.shown(d, "contacts")
	if row == nil {
		return
	}
	w.note("%s deletes contact %s", d.name, row.Text("id"))
	w.must(d.Delete("contacts", row.Text("id")))
	w.model.captured(d)
}

func (w *world) draftOrder(d *device) {
	account := w.shown(d, "accounts")
	if account == nil {
		return
	}
	list, err := d.Find("price_lists", phone.Row{"scope": "default"})
	w.must(err)
	id, row := d.NewID(), phone.Row{"account": account.Text("id"), "owner": d.user, "price_list": list.Text("id"), "state": "draft"}
	no, err := d.Number(numbers.Order)
	w.must(err)
	if no != "" {
		row["no"] = no
		d.printed[id] = no
	}
	w.note("%s drafts order %s %s at %s", d.name, id, no, account.Text("id"))
	w.must(d.Create("orders", id, row))
	w.model.captured(d)
	d.orders = append(d.orders, id)
}

// countUp adds to a number of one of his drafts: applied twice, it shows.
func (w *world) countUp(d *device) {
	if len(d.orders) == 0 {
		w.draftOrder(d)
		return
	}
	id, by := oneOf(w.rng, d.orders), int64(1+w.rng.IntN(9))
	w.note("%s adds %d to order %s", d.name, by, id)
	w.must(d.Increment("orders", id, "shown_total_fen", by))
	w.model.captured(d)
}

// answerIssue takes up a contact that was refused: hands it in again at an
// account that the phone shows, or gives it up.
func (w *world) answerIssue(d *device) {
	issues, err := d.Issues()
	w.must(err)
	for _, issue := range issues {
		payload, _ := issue["payload"].(map[string]any)
		if issue.Text("collection") != "contacts" || payload["op"] != "create" {
			continue
		}
		account := w.shown(d, "accounts")
		if account == nil || w.rng.IntN(3) == 0 {
			w.note("%s discards issue %s of contact %s", d.name, issue.Text("id"), issue.Text("record"))
			w.must(d.Discard(issue.Text("id"), "given up"))
		} else {
			w.note("%s resubmits contact %s at %s", d.name, issue.Text("record"), account.Text("id"))
			w.must(d.Resubmit(issue.Text("id"), phone.Corrections{Set: phone.Row{"account": account.Text("id")}}))
		}
		w.model.captured(d)
		w.model.asked[issue.Text("id")] = issue.Text("record")
		return
	}
}

// officeEdit is the manager at a desk: no device, and at once.
func (w *world) officeEdit() {
	contact := w.model.anyContact(w.rng)
	if contact == "" {
		return
	}
	record := w.record("contacts", contact)
	if w.rng.IntN(5) == 0 {
		w.note("the office deletes contact %s", contact)
		w.must(w.app.Delete(record))
		w.model.officeDeletes(contact)
		return
	}
	field, value := oneOf(w.rng, editable), fmt.Sprintf("office at step %d", w.step)
	w.note("the office sets %s of contact %s", field, contact)
	record.Set(field, value)
	w.must(w.app.Save(record))
	w.model.officeSets(contact, field, value)
}

func (w *world) officeMovesAccount() {
	account := oneOf(w.rng, w.model.accountIDs)
	owner := oneOf(w.rng, []string{"rep.chen", "rep.he", "rep.ma", "rep.chen", "rep.he"})
	w.note("account %s goes to %s", account, owner)
	record := w.record("accounts", account)
	record.Set("owner", w.app.As(owner).Id)
	w.must(w.app.Save(record))
	w.model.moves(record)
}

// takeAway moves one of the accounts of a phone's user to somebody else.
func (w *world) takeAway(d *device) {
	for _, account := range w.model.accountIDs {
		if w.model.owner[account] != d.user {
			continue
		}
		w.note("account %s is taken from %s in the middle of a pull", account, d.name)
		record := w.record("accounts", account)
		record.Set("owner", w.app.As("rep.ma").Id)
		w.must(w.app.Save(record))
		w.model.moves(record)
		return
	}
}

// rawWrite changes a row behind every hook.
func (w *world) rawWrite() {
	contact := w.model.anyContact(w.rng)
	if contact == "" {
		return
	}
	value := fmt.Sprintf("raw at step %d", w.step)
	w.note("raw SQL sets note of contact %s", contact)
	_, err := w.app.DB().NewQuery("UPDATE contacts SET note = {:v} WHERE id = {:id}").Bind(map[string]any{"v": value, "id": contact}).Execute()
	w.must(err)
	w.model.officeSets(contact, "note", value)
}

// attempt plays a history and returns what went wrong, if anything.
func attempt(play func()) (err error) {
	defer func() {
		switch f := recover().(type) {
		case nil:
		case failure:
			err = errors.New(string(f))
		default:
			panic(f)
		}
	}()
	play()
	return nil
}
