package letters_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// step is a signature that a phone took, with the drawing before it.
func step(letter, sha256, action, n string, at time.Time) []map[string]any {
	id := "signature00000" + n
	return []map[string]any{
		{"op": "create", "c": "blobs", "r": id, "set": map[string]any{"purpose": "signature", "sha256": strings.Repeat(n, 64), "size": 9, "mime": "image/png"}},
		{"op": "action", "c": "target_letters", "r": letter, "action": action, "args": map[string]any{
			"sha256": sha256, "signature": id, "at": at.Format(time.RFC3339),
		}},
	}
}

// pushed sends what a phone has, and wants it applied, or refused by a code.
func pushed(t *testing.T, phone *testapp.Phone, want string, muts []map[string]any) {
	t.Helper()
	got := phone.Push(muts...).Body.String()
	if want == "" && (strings.Count(got, `"applied"`) != len(muts) || strings.Contains(got, `"rejected"`)) || want != "" && !strings.Contains(got, `"`+want+`"`) {
		t.Errorf("%s, want %q", got, want)
	}
}

// TestSignedOfflineByBoth: in a room without a network, each on his own phone; whichever
// is heard of first. A signature under a version that was replaced meanwhile is told of
// the new one, and what he drew is kept.
func TestSignedOfflineByBoth(t *testing.T) {
	d := open(t)
	letter := d.sent("manager.wu", "rep.chen")
	rep, manager := d.Phone(d.Token("rep.chen"), "rep"), d.Phone(d.Token("manager.wu"), "manager")
	rep.Pull()
	manager.Pull()
	for name, rows := range map[string]map[string]map[string]string{"rep": rep.Rows, "manager": manager.Rows} {
		if !strings.Contains(rows["target_letters"][letter.Id], letter.GetString("sha256")) {
			t.Errorf("the %s's phone does not have the letter", name)
		}
	}
	hash, at := letter.GetString("sha256"), d.Clock.Now().Add(2*time.Hour)
	d.Clock.Advance(30 * time.Hour)
	pushed(t, manager, "", step(letter.Id, hash, "countersign", "1", at))
	if got := d.state(letter); got != "sent" {
		t.Errorf("with the superior's alone it is %s", got)
	}
	pushed(t, rep, "letter.hash_other", step(letter.Id, strings.Repeat("0", 64), "sign", "2", at))
	pushed(t, rep, "", step(letter.Id, hash, "sign", "3", at.Add(time.Minute)))
	row := d.Fresh(letter)
	if row.GetString("state") != "effective" || !row.GetDateTime("signed_at").Time().Equal(at.Add(time.Minute)) || row.GetString("signed_device") == "" ||
		row.GetString("signed_blob") != "signature000003" || row.GetString("countersigned_blob") != "signature000001" {
		t.Errorf("%v", row.PublicExport())
	}
	pushed(t, rep, "letter.signed_twice", step(letter.Id, hash, "sign", "4", at))

	d.Must(d.Act("manager.wu", d.chen, "revise", `{"reason":"换区"}`))
	d.Must(d.Act("manager.wu", d.chen, "issue", ""))
	second := d.only("draft", 2)
	d.Must(d.Act("manager.wu", second, "send", ""))
	third := d.drafted("manager.wu", "rep.chen")
	old := d.Fresh(second).GetString("sha256")
	d.Must(d.Act("manager.wu", third, "send", ""))
	pushed(t, rep, "letter.version_old", step(second.Id, old, "sign", "5", at))
	if n, err := d.CountRecords("blobs"); err != nil || d.Row("blobs", "signature000005").GetString("purpose") != "signature" {
		t.Errorf("what he drew is lost: %d, %v", n, err)
	}
	issues, err := d.FindAllRecords("sync_issues")
	if err != nil || len(issues) != 3 || !has(issues, "letter.version_old", d.Fresh(third).GetString("sha256")) {
		t.Errorf("%d issues, %v", len(issues), err)
	}
}

// has reports whether an issue of a code names something.
func has(issues []*core.Record, code, what string) bool {
	for _, r := range issues {
		if r.GetString("code") == code && strings.Contains(r.GetString("params"), what) {
			return true
		}
	}
	return false
}

// TestAWrongClockUnderALetter: no signature is of the future, or before what was signed.
func TestAWrongClockUnderALetter(t *testing.T) {
	d := open(t)
	letter := d.sent("manager.wu", "rep.chen")
	d.Clock.Advance(time.Hour)
	d.Must(d.Act("rep.chen", letter, "sign", d.signature("rep.chen", letter, `,"at":"2099-01-01T00:00:00Z"`)))
	if at := d.Fresh(letter).GetDateTime("signed_at").Time(); !at.Equal(d.Clock.Now()) {
		t.Errorf("signed at %v", at)
	}
	phone := d.Phone(d.Token("manager.wu"), "manager")
	pushed(t, phone, "", step(letter.Id, letter.GetString("sha256"), "countersign", "1", time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)))
	row := d.Fresh(letter)
	if at := row.GetDateTime("countersigned_at").Time(); at.Before(row.GetDateTime("sent_at").Time()) || at.After(d.Clock.Now()) || row.GetString("countersigned_clock") != "unknown" {
		t.Errorf("countersigned at %v: %s", at, row.GetString("countersigned_clock"))
	}
}

// TestMeanwhileByPush: what changed at the office while a phone was away is told, and
// the letter stays as it was.
func TestMeanwhileByPush(t *testing.T) {
	d := open(t)
	letter := d.sent("manager.wu", "rep.chen")
	rep, peer := d.Phone(d.Token("rep.chen"), "rep"), d.Phone(d.Token("rep.he"), "peer")
	rep.Pull()
	hash, at := letter.GetString("sha256"), d.Clock.Now()
	pushed(t, peer, "record.not_found", step(letter.Id, hash, "sign", "1", at))
	d.Must(d.Act("manager.wu", d.chen, "revise", `{"reason":"换区"}`))
	pushed(t, rep, "letter.targets_changed", step(letter.Id, hash, "sign", "2", at))
	d.Must(d.Act("manager.wu", d.chen, "issue", ""))
	d.Must(d.Act("manager.wu", d.chen, "cancel", `{"reason":"取消"}`))
	pushed(t, rep, "letter.targets_changed", step(letter.Id, hash, "sign", "3", at))
	d.Must(d.Act("director.lin", letter, "void", `{"reason":"取消"}`))
	pushed(t, rep, "letter.state", step(letter.Id, hash, "sign", "4", at))
	if row := d.Fresh(letter); row.GetString("state") != "void" || row.GetString("signed_blob") != "" || d.Told("rep.chen", "letter.void") != 1 {
		t.Errorf("%v", row.PublicExport())
	}
	if n, err := d.CountRecords("sync_issues"); err != nil || n != 4 {
		t.Errorf("%d issues, %v", n, fmt.Sprint(err))
	}
}
