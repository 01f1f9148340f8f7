package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks"
	"satchel/internal/phone"
	"satchel/internal/testapp"
)

// newStory is a world without an oracle. What goes wrong in it fails the test.
func newStory(t *testing.T, seed uint64) *world {
	w := newWorld(t, seed, "")
	w.model = nil
	return w
}

// restore puts an older copy of the database in the server's place.
func (w *world) restore(backup string) {
	w.app = testapp.New(w.t, testapp.Company(company()), testapp.FromBackup(backup), testapp.Hooks(func(c *hooks.Config) { c.Manual = true }))
	w.server = w.app.Handler()
}

func (w *world) sync(d *device) phone.Report {
	w.t.Helper()
	w.fold()
	r, err := d.Sync(context.Background())
	if asked(err) {
		w.must(w.signIn(d))
		r, err = d.Sync(context.Background())
	}
	if err != nil {
		w.t.Fatalf("%s: %v", d.name, err)
	}
	return r
}

// ownAccount returns an account of the phone's user.
func ownAccount(t testing.TB, d *device) string {
	t.Helper()
	row, err := d.Find("accounts", phone.Row{"owner": d.user})
	if err != nil {
		t.Fatal(err)
	}
	return row.Text("id")
}

func (w *world) has(collection, id string) bool {
	w.t.Helper()
	_, err := w.app.FindRecordById(collection, id)
	return err == nil
}

func (w *world) epoch() (epoch int) {
	w.t.Helper()
	w.must(w.app.DB().NewQuery("SELECT value FROM _sync_state WHERE key = 'epoch'").Row(&epoch))
	return epoch
}

// cloneOf runs a copy of a phone's storage on another phone.
func (w *world) cloneOf(d *device, file string) *device {
	w.t.Helper()
	w.must(d.store.CopyTo(file))
	store, err := phone.OpenStore(file)
	w.must(err)
	w.t.Cleanup(func() { w.must(store.Close()) })
	w.clones++
	return w.onStore(d.name, 98+w.clones, store)
}

func contact(account, name string) phone.Row { return phone.Row{"account": account, "name": name} }

// TestS12ARestoredServerGetsBackWhatPhonesHold restores a copy from before work
// that all phones were told is taken.
func TestS12ARestoredServerGetsBackWhatPhonesHold(t *testing.T) {
	w := newStory(t, 1)
	chen, he := w.phones[0], w.phones[1]
	mine, his := ownAccount(t, chen), ownAccount(t, he)
	first := chen.NewID()
	w.must(chen.Create("contacts", first, contact(mine, "before")))
	w.sync(chen)
	w.sync(he)
	backup := w.app.Backup()

	made, gone := chen.NewID(), chen.NewID()
	w.must(chen.Create("contacts", made, contact(mine, "after")))
	w.must(chen.Create("contacts", gone, contact(mine, "not for long")))
	w.must(chen.Update("contacts", first, phone.Row{"name": "renamed"}))
	w.sync(chen)
	w.must(chen.Delete("contacts", gone))
	w.must(he.Update("accounts", his, phone.Row{"note": "kept"}))
	w.sync(chen)
	w.sync(he)
	// A phone that pushed and did not pull holds a cursor from before the copy.
	w.must(he.Create("contacts", made[:14]+"z", contact(his, "pushed only")))
	if _, err := he.Push(context.Background()); err != nil {
		t.Fatal(err)
	}
	late := w.newDevice("rep.chen", 77)
	joined := late.NewID()
	w.must(late.Create("contacts", joined, contact(mine, "of a phone that joined later")))
	w.sync(late)

	w.restore(backup)
	if w.has("contacts", made) {
		t.Fatal("the copy already holds what came after it")
	}
	// The server lives on before any phone comes back: seqs are used again.
	other := w.record("accounts", his)
	for i := range 60 {
		other.Set("short_name", fmt.Sprint("since ", i))
		w.must(w.app.Save(other))
		w.fold()
	}
	before := w.logins
	for range 2 {
		for _, d := range []*device{chen, he, late} {
			w.sync(d)
		}
	}
	if asked := w.logins - before; asked != 3 {
		t.Errorf("three phones asked for the password %d times", asked)
	}
	for what, ok := range map[string]bool{
		"created": w.has("contacts", made), "pushed only": w.has("contacts", made[:14]+"z"), "of the new phone": w.has("contacts", joined),
		"deleted": !w.has("contacts", gone), "renamed": w.record("contacts", first).GetString("name") == "renamed",
		"noted": w.record("accounts", his).GetString("note") == "kept",
	} {
		if !ok {
			t.Errorf("%s: what a phone was told is taken is lost", what)
		}
	}
	for _, d := range []*device{chen, he, late} {
		w.phoneEqualsServer(d)
	}
	if got := w.epoch(); got != 2 {
		t.Errorf("one restore began epoch %d", got)
	}
}

// TestS12ANewEpochBeginsOncePerRestore lets every phone notice the same fork.
func TestS12ANewEpochBeginsOncePerRestore(t *testing.T) {
	w := newStory(t, 2)
	backup := w.app.Backup()
	account := w.record("accounts", ownAccount(t, w.phones[0]))
	account.Set("note", "moves the head")
	w.must(w.app.Save(account))
	for _, d := range w.phones {
		w.sync(d)
	}
	for n := 2; n <= 3; n++ {
		w.restore(backup)
		for range 2 {
			for _, d := range w.phones {
				w.sync(d)
			}
		}
		if got := w.epoch(); n == 2 && got != 2 {
			t.Errorf("epoch %d after restore %d", got, n-1)
		}
		for _, d := range w.phones {
			w.phoneEqualsServer(d)
		}
		account := w.record("accounts", account.Id)
		account.Set("note", "again")
		w.must(w.app.Save(account))
		for _, d := range w.phones {
			w.sync(d)
		}
	}
}

// TestS12AClonedPhoneBecomesADeviceOfItsOwn runs one phone's storage twice.
func TestS12AClonedPhoneBecomesADeviceOfItsOwn(t *testing.T) {
	w := newStory(t, 3)
	file := filepath.Join(t.TempDir(), "phone.db")
	d := w.phones[0]
	account := ownAccount(t, d)
	shared := d.NewID()
	w.must(d.Create("contacts", shared, contact(account, "on both")))
	w.sync(d)
	w.must(d.Update("contacts", shared, phone.Row{"name": "renamed on both"}))
	w.sync(d)
	since := w.record("contacts", shared)
	since.Set("name", "renamed since")
	w.must(w.app.Save(since))
	clone := w.cloneOf(d, file)
	a, b := d.NewID(), clone.NewID()
	w.must(d.Create("contacts", a, contact(account, "of the one")))
	w.must(clone.Create("contacts", b, contact(account, "of the other")))
	w.sync(d)
	w.sync(clone)
	w.sync(d)
	if !w.has("contacts", a) || !w.has("contacts", b) {
		t.Error("the work of one of two twins is lost")
	}
	one, err := d.Device()
	w.must(err)
	two, err := clone.Device()
	w.must(err)
	if got := w.record("contacts", shared).GetString("name"); got != "renamed since" {
		t.Errorf("a rename that was taken long ago was carried out again: %q", got)
	}
	if one == two {
		t.Error("the twins still share a device")
	}
	w.phoneEqualsServer(d)
	w.phoneEqualsServer(clone)
	verdicts, err := clone.Verdicts()
	w.must(err)
	if len(verdicts) > 0 {
		text, _ := json.Marshal(verdicts)
		t.Errorf("a twin's mutations were refused: %s", text)
	}
}

// TestS12AnAnswerFindsItsIssueAgain: the server forgot the rejection and its
// answer; the phones give back both, and they meet.
func TestS12AnAnswerFindsItsIssueAgain(t *testing.T) {
	w := newStory(t, 3)
	chen, wu := w.phones[0], w.phones[2]
	mine, his := ownAccount(t, chen), w.app.AccountOf("rep.ma").Id
	w.sync(chen)
	w.sync(wu)
	backup := w.app.Backup()
	made := chen.NewID()
	w.must(chen.Create("contacts", made, contact(his, "refused")))
	w.must(chen.Update("contacts", made, phone.Row{"note": "on top"}))
	w.sync(chen)
	w.sync(chen)
	issues, err := chen.Issues()
	w.must(err)
	if len(issues) != 2 {
		t.Fatalf("the phone has the issues %v", issues)
	}
	w.must(chen.Resubmit(issues[0].Text("id"), phone.Corrections{Set: phone.Row{"account": mine}}))
	w.sync(chen)
	if !w.has("contacts", made) {
		t.Fatal("the correction did not arrive")
	}
	w.restore(backup)
	if w.has("contacts", made) {
		t.Fatal("the copy is not from before")
	}
	for range 2 {
		w.sync(chen)
	}
	if r, err := w.app.FindRecordById("contacts", made); err != nil || r.GetString("note") != "on top" {
		t.Fatalf("the restored server has %v, %v", r, err)
	}
	w.sync(chen)
	if issues, err = chen.Issues(); err != nil || len(issues) != 0 {
		t.Errorf("still open: %v, %v", issues, err)
	}
}

// TestS10AnEditOfALostHistoryMeetsLaterEdits: a row was read at a version that
// the restored server never had. What the office changed since the restore is
// later, whatever its number would have been.
func TestS10AnEditOfALostHistoryMeetsLaterEdits(t *testing.T) {
	w := newStory(t, 4)
	chen := w.phones[0]
	made := chen.NewID()
	w.must(chen.Create("contacts", made, contact(ownAccount(t, chen), "Wang")))
	w.sync(chen)
	backup := w.app.Backup()
	for i := range 30 {
		record := w.record("contacts", made)
		record.Set("note", fmt.Sprint("lost ", i))
		w.must(w.app.Save(record))
		w.fold()
	}
	w.sync(chen)
	w.restore(backup)
	record := w.record("contacts", made)
	record.Set("phone", "of the office")
	w.must(w.app.Save(record))
	w.must(chen.Update("contacts", made, phone.Row{"phone": "of the phone"}))
	for range 2 {
		w.sync(chen)
	}
	if got := w.record("contacts", made).GetString("phone"); got != "of the office" {
		t.Errorf("%q stands, over a change that its author had not seen", got)
	}
	if n, err := w.app.CountRecords("sync_issues", dbx.HashExp{"kind": "conflict", "record": made, "field": "phone"}); err != nil || n != 1 {
		t.Errorf("%d reports, %v", n, err)
	}
	w.phoneEqualsServer(chen)
}

// TestAPhoneWhoseFirstAnswerIsLostGoesOn: its login has registered it and opens
// nothing else, so it says hello again.
func TestAPhoneWhoseFirstAnswerIsLostGoesOn(t *testing.T) {
	w := newStory(t, 3)
	store, err := phone.OpenStore("")
	w.must(err)
	t.Cleanup(func() { store.Close() })
	d := w.onStore("rep.chen", 78, store)
	d.network.LoseAnswer()
	if err := w.signIn(d); err == nil {
		t.Fatal("no answer was lost")
	}
	d.network.Heal()
	w.sync(d)
	w.phoneEqualsServer(d)
}
