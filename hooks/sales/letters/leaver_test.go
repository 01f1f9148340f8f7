package letters_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestALetterOfWhoIsLedByAnother: a signature that a phone took before is refused by a
// code that names who leads him now, and what was drawn is kept; who leads him now has
// the draft of a letter of his own, and the old one ends when that is sent.
func TestALetterOfWhoIsLedByAnother(t *testing.T) {
	d := open(t)
	letter := d.sent("manager.wu", "rep.chen")
	rep, manager := d.Phone(d.Token("rep.chen"), "rep"), d.Phone(d.Token("manager.wu"), "manager")
	rep.Pull()
	manager.Pull()
	hash, at := letter.GetString("sha256"), d.Clock.Now().Add(time.Hour)
	d.Must(d.Update("admin.fang", d.As("rep.chen"), map[string]any{"manager": d.As("manager.xu").Id}))
	d.Clock.Advance(2 * time.Hour)
	pushed(t, rep, "letter.superior_changed", step(letter.Id, hash, "sign", "1", at))
	answer := manager.Push(step(letter.Id, hash, "countersign", "2", at)...).Body.String()
	if !strings.Contains(answer, `"letter.superior_changed"`) && !strings.Contains(answer, `"record.not_found"`) {
		t.Errorf("who led him: %s", answer)
	}
	for _, n := range []string{"1", "2"} {
		if d.Row("blobs", "signature00000"+n) == nil {
			t.Errorf("what was drawn is gone: %s", n)
		}
	}
	if d.state(letter) != "sent" {
		t.Errorf("the letter is %s", d.state(letter))
	}
	next := d.only("draft", 2)
	if next == nil || next.GetString("superior") != d.As("manager.xu").Id || d.Told("manager.xu", "letter.succeed") != 1 {
		t.Fatalf("%v, told %d times", next, d.Told("manager.xu", "letter.succeed"))
	}
	d.Must(d.Act("manager.xu", next, "send", ""))
	if d.state(letter) != "superseded" {
		t.Errorf("the letter before is %s", d.state(letter))
	}
	d.both(next, "rep.chen", "manager.xu")
}

// TestALetterOfWhoLeft: nobody leaves while a letter of his waits for signatures; if an
// administrator has him leave all the same, a signature that comes late is refused, and
// whoever sent the letter takes it back.
func TestALetterOfWhoLeft(t *testing.T) {
	d := open(t)
	letter := d.sent("manager.wu", "rep.chen")
	for who, name := range map[string]string{"rep.chen": "subject", "manager.wu": "superior"} {
		body := d.Do("admin.fang", "PATCH", "/api/collections/users/records/"+d.As(who).Id, `{"active":false}`).Body.String()
		if who == "rep.chen" && !strings.Contains(body, `"target_letters":1`) || strings.Contains(body, `"active":false`) {
			t.Errorf("the %s leaves: %s", name, body)
		}
	}
	phone := d.Phone(d.Token("manager.wu"), "manager")
	phone.Pull()
	if _, err := d.DB().NewQuery(fmt.Sprintf("UPDATE users SET active = FALSE WHERE id = '%s'", d.As("rep.chen").Id)).Execute(); err != nil {
		t.Fatal(err)
	}
	pushed(t, phone, "letter.subject_left", step(letter.Id, letter.GetString("sha256"), "countersign", "1", d.Clock.Now()))
	if d.state(letter) != "sent" || d.Row("blobs", "signature000001") == nil {
		t.Error("something was lost")
	}
	d.Must(d.Act("manager.wu", letter, "void", `{"reason":"离职"}`))
}

// TestWhoHeadsADepartment has his letter from the management; of whom nobody is above,
// the refusal says so.
func TestWhoHeadsADepartment(t *testing.T) {
	d := open(t)
	letter, refused := d.Create("executive.sun", "target_letters", map[string]any{"subject": d.As("director.lin").Id, "year": "2027"})
	d.Must(refused)
	d.Must(d.Act("executive.sun", letter, "send", ""))
	if !strings.Contains(d.Fresh(letter).GetString("snapshot"), "公司管理层") {
		t.Errorf("%s", d.Fresh(letter).GetString("snapshot"))
	}
	d.Expect("of himself", d.Act("director.lin", letter, "countersign", d.signature("director.lin", letter, "")), "letter.not_superior")
	d.both(letter, "director.lin", "executive.sun")
	if d.state(letter) != "effective" {
		t.Errorf("it is %s", d.state(letter))
	}
	d.Must(d.Act("director.lin", d.dept, "revise", `{"reason":"调整"}`))
	d.Must(d.Act("director.lin", d.dept, "issue", ""))
	if next := d.only("draft", 2); next == nil || next.GetString("superior") != d.As("executive.sun").Id {
		t.Errorf("no amendment: %v", next)
	}
	_, refused = d.Create("executive.sun", "target_letters", map[string]any{"subject": d.As("rep.chen").Id, "year": "2027"})
	if refused == "" {
		t.Error("the management writes a rep's letter")
	}
	if _, err := d.DB().NewQuery("UPDATE users SET active = FALSE WHERE role = 'executive'").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("of who has nobody over him", d.SaveBy("", d.Blank("target_letters", map[string]any{"subject": d.As("director.lin").Id, "year": "2029"})), "letter.no_superior subject")
}

// TestALettersYearIsOneOfOurTime.
func TestALettersYearIsOneOfOurTime(t *testing.T) {
	d := open(t)
	for _, year := range []string{"0000", "9999"} {
		_, refused := d.Create("manager.wu", "target_letters", map[string]any{"subject": d.As("rep.chen").Id, "year": year})
		d.Expect(year, refused, "letter.year_invalid year")
	}
}
