package letters_test

import (
	"encoding/json/v2"
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// desk is a company in which lin, wu and rep.chen have their targets of 2027.
type desk struct {
	testapp.Desk
	dept, wu, chen *core.Record // targets
	n              int          // of signatures
}

func open(t *testing.T) *desk {
	d := &desk{Desk: testapp.Open(t)}
	d.dept = d.issued("director.lin", "dept", "director.lin", nil, map[string]any{"basis_company": "增长 15%", "basis_market": "渠道下沉", "basis_capability": "16 名代表"})
	d.wu = d.issued("director.lin", "manager", "manager.wu", d.dept, nil)
	d.chen = d.issued("manager.wu", "rep", "rep.chen", d.wu, nil)
	return d
}

// year makes a value of 12 × month, evenly.
func year(month int) map[string]any {
	q, m := make([]int, 4), make([]int, 12)
	for i := range m {
		m[i] = month
		q[i/3] += month
	}
	return map[string]any{"value": 12 * month, "quarters": q, "months": m}
}

// issued sets a target and puts it in force.
func (d *desk) issued(by, level, owner string, parent *core.Record, more map[string]any) *core.Record {
	base := map[string]any{"level": level, "owner": d.As(owner).Id, "metric": "amount", "year": "2027"}
	if parent != nil {
		base["parent"] = parent.Id
	}
	target := d.Make(by, "targets", base, year(100), more)
	d.Must(d.Act(by, target, "issue", ""))
	return d.Fresh(target)
}

// drafted is a draft of a letter by who leads its subject.
func (d *desk) drafted(by, subject string) *core.Record {
	return d.Make(by, "target_letters", map[string]any{"subject": d.As(subject).Id, "year": "2027"})
}

func (d *desk) sent(by, subject string) *core.Record {
	letter := d.drafted(by, subject)
	d.Must(d.Act(by, letter, "send", ""))
	return d.Fresh(letter)
}

// drawn is a signature that somebody has announced.
func (d *desk) drawn(who string) string {
	d.n++
	return d.Make(who, "blobs", map[string]any{
		"owner": d.As(who).Id, "purpose": "signature", "sha256": fmt.Sprintf("%064x", d.n), "size": 10, "mime": "image/png", "state": "pending",
	}).Id
}

// signature are the arguments of one under what the letter says; more is JSON of others.
func (d *desk) signature(who string, letter *core.Record, more string) string {
	return fmt.Sprintf(`{"sha256":%q,"signature":%q%s}`, d.Fresh(letter).GetString("sha256"), d.drawn(who), more)
}

// both sign.
func (d *desk) both(letter *core.Record, subject, superior string) {
	d.Must(d.Act(subject, letter, "sign", d.signature(subject, letter, "")))
	d.Must(d.Act(superior, letter, "countersign", d.signature(superior, letter, "")))
}

func (d *desk) state(row *core.Record) string { return d.Fresh(row).GetString("state") }

// only finds the letter of a state and version.
func (d *desk) only(state string, version int) *core.Record {
	row, err := d.FindFirstRecordByFilter("target_letters", fmt.Sprintf("state = %q && version = %d", state, version))
	if err != nil {
		return nil
	}
	return row
}

// policy: R4.2 H-TGT-3
//
// TestHTgt3ALetterIsFrozenAndSignedByBoth: what was in force when it was sent, under a
// hash that both signatures name.
func TestHTgt3ALetterIsFrozenAndSignedByBoth(t *testing.T) {
	d := open(t)
	d.Setting("company.name", "行囊食品有限公司")
	letter := d.drafted("manager.wu", "rep.chen")
	d.Must(d.Update("manager.wu", letter, map[string]any{"terms": "超额部分另行奖励"}))
	d.Expect("signed as a draft", d.Act("rep.chen", letter, "sign", `{}`), "letter.state")
	d.Expect("sent by his own", d.Act("rep.chen", letter, "send", ""), "letter.not_superior")
	d.Must(d.Act("manager.wu", letter, "send", ""))
	row := d.Fresh(letter)
	var content struct {
		Year, Company, Dept, Text, Terms string
		Version                          int
		Targets                          []struct {
			ID, Metric       string
			Version, Value   int
			Quarters, Months []int
		}
		Subject, Superior struct{ ID, Name, Role string }
	}
	if err := json.Unmarshal([]byte(row.GetString("snapshot")), &content, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if len(row.GetString("sha256")) != 64 || content.Year != "2027" || content.Version != 1 || content.Company != "行囊食品有限公司" || content.Terms != "超额部分另行奖励" ||
		len(content.Targets) != 1 || content.Targets[0].ID != d.chen.Id || content.Targets[0].Value != 1200 || len(content.Targets[0].Months) != 12 ||
		content.Subject.ID != d.As("rep.chen").Id || content.Superior.ID != d.As("manager.wu").Id || content.Text == "" {
		t.Errorf("%+v", content)
	}
	d.Expect("an edit of what was sent", d.Update("manager.wu", letter, map[string]any{"terms": "没有奖励"}), "letter.locked")
	d.Expect("a signature by who does not lead him", d.Act("director.lin", letter, "countersign", d.signature("director.lin", letter, "")), "letter.not_superior")
	d.Expect("by the superior in his place", d.Act("manager.wu", letter, "sign", d.signature("manager.wu", letter, "")), "letter.not_owner")
	d.Expect("by a peer", d.Act("rep.he", letter, "sign", d.signature("rep.he", letter, "")), "record.not_found")
	d.Expect("of another hash", d.Act("rep.chen", letter, "sign", fmt.Sprintf(`{"sha256":"%064d","signature":%q}`, 0, d.drawn("rep.chen"))), "letter.hash_other")
	d.Expect("that another drew", d.Act("rep.chen", letter, "sign", d.signature("manager.wu", letter, "")), "letter.signature_required signature")
	d.Expect("not drawn", d.Act("rep.chen", letter, "sign", fmt.Sprintf(`{"sha256":%q}`, row.GetString("sha256"))), "letter.signature_required signature")
	d.Expect("with more than there is", d.Act("rep.chen", letter, "sign", `{"for":"me"}`), "args.invalid")
	if got := d.state(letter); got != "sent" {
		t.Errorf("what was refused left it %s", got)
	}
	d.Must(d.Act("rep.chen", letter, "sign", d.signature("rep.chen", letter, "")))
	d.Expect("twice", d.Act("rep.chen", letter, "sign", d.signature("rep.chen", letter, "")), "letter.signed_twice")
	if row = d.Fresh(letter); row.GetString("state") != "signed" || row.GetString("signed_sha256") != row.GetString("sha256") || row.GetString("signed_clock") != "server" {
		t.Errorf("%v", row.PublicExport())
	}
	d.Must(d.Act("manager.wu", letter, "countersign", d.signature("manager.wu", letter, "")))
	d.Expect("countersigned twice", d.Act("manager.wu", letter, "countersign", d.signature("manager.wu", letter, "")), "letter.signed_twice")
	row = d.Fresh(letter)
	if row.GetString("state") != "effective" || row.GetDateTime("effective_at").IsZero() || row.GetString("countersigned_sha256") != row.GetString("sha256") ||
		row.GetString("signed_blob") == "" || row.GetString("countersigned_blob") == "" {
		t.Errorf("%v", row.PublicExport())
	}
	for who, kinds := range map[string][]string{"rep.chen": {"letter.sent", "letter.effective"}, "manager.wu": {"letter.signed"}} {
		for _, kind := range kinds {
			if n := d.Told(who, kind); n != 1 {
				t.Errorf("%s was told %s %d times", who, kind, n)
			}
		}
	}
	d.Expect("void by his superior", d.Act("manager.wu", letter, "void", `{"reason":"x"}`), "letter.not_superior")
	d.Expect("deleted", d.DeleteBy("manager.wu", letter), "record.kept")
	d.Expect("void without a reason", d.Act("director.lin", letter, "void", ""), "letter.reason_required")
	d.Must(d.Act("director.lin", letter, "void", `{"reason":"离职"}`))
}

// policy: R4.2 H-TGT-4
//
// TestHTgt4AChangeAsksForAnAmendment: a target that is revised drafts the next version;
// until both have signed that, the one before holds, and nobody signs an old one.
func TestHTgt4AChangeAsksForAnAmendment(t *testing.T) {
	d := open(t)
	first := d.sent("manager.wu", "rep.chen")
	d.both(first, "rep.chen", "manager.wu")
	d.Must(d.Act("manager.wu", d.chen, "revise", `{"reason":"换区"}`))
	second := d.only("draft", 2)
	if second == nil || second.GetString("amends") != first.Id || d.Told("manager.wu", "letter.amend") != 1 {
		t.Fatalf("the amendment is %v", second)
	}
	d.Expect("sent while it is revised", d.Act("manager.wu", second, "send", ""), "letter.in_revision")
	d.Must(d.Update("manager.wu", d.chen, year(90)))
	d.Must(d.Act("manager.wu", d.chen, "issue", ""))
	if d.only("draft", 3) != nil {
		t.Error("one change made two amendments")
	}
	d.Must(d.Act("manager.wu", second, "send", ""))
	d.Expect("the old one signed again", d.Act("rep.chen", first, "sign", d.signature("rep.chen", first, "")), "letter.version_old")
	d.Must(d.Act("rep.chen", second, "sign", d.signature("rep.chen", second, "")))
	if got := d.state(first); got != "effective" {
		t.Errorf("before both have signed, the first is %s", got)
	}
	d.Must(d.Act("manager.wu", d.chen, "revise", `{"reason":"再换"}`))
	third := d.only("draft", 3)
	if third == nil || third.GetString("amends") != first.Id {
		t.Fatalf("the second amendment is %v", third)
	}
	d.Expect("countersigned after the targets changed", d.Act("manager.wu", second, "countersign", d.signature("manager.wu", second, "")), "letter.targets_changed")
	d.Must(d.Update("manager.wu", d.chen, year(95)))
	d.Must(d.Act("manager.wu", d.chen, "issue", ""))
	d.Must(d.Act("manager.wu", third, "send", ""))
	if got := d.state(second) + d.state(first); got != "supersededeffective" {
		t.Errorf("with the third sent, the second and the first are %s", got)
	}
	answer := d.Do("rep.chen", "POST", "/api/ka/target_letters/"+second.Id+"/sign", d.signature("rep.chen", second, ""))
	var refused struct {
		Data struct {
			Code, ZH, EN string
			Params       struct {
				Letter, SHA256 string
				Version        int
			}
		}
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &refused, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if got := refused.Data; got.Code != "letter.version_old" || got.Params.Letter != third.Id || got.Params.Version != 3 || got.Params.SHA256 != d.Fresh(third).GetString("sha256") || got.ZH == "" || got.EN == "" {
		t.Errorf("the new version is shown as %+v", got)
	}
	d.both(third, "rep.chen", "manager.wu")
	if got := d.state(third) + d.state(first); got != "effectivesuperseded" || d.Fresh(first).GetDateTime("ended_at").IsZero() {
		t.Errorf("with both signatures, the third and the first are %s", got)
	}
	d.Must(d.Act("manager.wu", d.chen, "cancel", `{"reason":"离职"}`))
	fourth := d.only("draft", 4)
	if fourth == nil {
		t.Fatal("a cancelled target asks for no amendment")
	}
	d.Expect("without targets", d.Act("manager.wu", fourth, "send", ""), "letter.no_targets")
	d.Must(d.DeleteBy("manager.wu", fourth))
}

// TestWhoseLetterItIs by the time that it is signed: of somebody who has left, or is
// led by another, nobody's.
func TestWhoseLetterItIs(t *testing.T) {
	d := open(t)
	for what, by := range map[string]struct {
		who  string
		body map[string]any
		want string
	}{
		"by a peer":                {"rep.he", map[string]any{"subject": d.As("rep.chen").Id}, "400"},
		"by another manager":       {"manager.xu", map[string]any{"subject": d.As("rep.chen").Id}, "400"},
		"by himself":               {"director.lin", map[string]any{"subject": d.As("director.lin").Id}, "400"},
		"with a version":           {"manager.wu", map[string]any{"subject": d.As("rep.chen").Id, "version": 7}, "field.locked version"},
		"with a state":             {"manager.wu", map[string]any{"subject": d.As("rep.chen").Id, "state": "effective"}, "field.locked state"},
		"by the head for the team": {"director.lin", map[string]any{"subject": d.As("rep.he").Id}, ""},
	} {
		by.body["year"] = "2027"
		_, got := d.Create(by.who, "target_letters", by.body)
		d.Expect(what, got, by.want)
	}
	d.Expect("by another, as a push", d.SaveBy("manager.xu", d.Blank("target_letters", map[string]any{"subject": d.As("rep.chen").Id, "year": "2027"})), "letter.subject_invalid subject")
	letter := d.sent("manager.wu", "rep.chen")
	d.drafted("manager.wu", "rep.chen")
	_, twice := d.Create("manager.wu", "target_letters", map[string]any{"subject": d.As("rep.chen").Id, "year": "2027"})
	d.Expect("a second draft", twice, "letter.draft_twice")
	d.Expect("of nobody's targets", d.Act("director.lin", d.drafted("manager.wu", "rep.zhou"), "send", ""), "letter.no_targets")

	set := func(field, value string) {
		chen := d.As("rep.chen")
		chen.Set(field, value)
		if err := d.SaveWithContext(gate.AsServer(t.Context()), chen); err != nil {
			t.Fatal(err)
		}
	}
	set("manager", d.As("manager.xu").Id)
	d.Expect("signed after he is led by another", d.Act("rep.chen", letter, "sign", d.signature("rep.chen", letter, "")), "letter.superior_changed")
	d.Expect("countersigned by who led him", d.Act("manager.wu", letter, "countersign", d.signature("manager.wu", letter, "")), "letter.superior_changed")
	next := d.only("draft", 3) // since he is led by another
	d.Must(d.Act("manager.xu", next, "send", ""))
	next = d.Fresh(next)
	if got := d.state(letter) + d.state(next); got != "supersededsent" || next.GetInt("version") != 3 {
		t.Errorf("the old and the new superior's are %s, version %d", got, next.GetInt("version"))
	}
	d.Expect("the old one", d.Act("rep.chen", letter, "sign", d.signature("rep.chen", letter, "")), "letter.version_old")
	d.Must(d.Act("rep.chen", next, "sign", d.signature("rep.chen", next, "")))
	chen := d.As("rep.chen")
	chen.Set("active", false)
	if err := d.Override(chen); err != nil {
		t.Fatal(err)
	}
	d.Expect("countersigned after he left", d.Act("manager.xu", next, "countersign", d.signature("manager.xu", next, "")), "letter.subject_left")
	if got := d.Fresh(next); got.GetString("state") != "signed" || got.GetString("signed_blob") == "" {
		t.Errorf("his signature is lost: %v", got.PublicExport())
	}
	d.Must(d.Act("manager.xu", next, "void", `{"reason":"离职"}`))
}
