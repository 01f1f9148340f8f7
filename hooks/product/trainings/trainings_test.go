package trainings_test

import (
	"strings"
	"testing"
	"time"
)

// policy: R5.5 trainings
//
// TestATrainingInvitesItsAudience: departments with those below them, narrowed by
// roles, and who is named; neither who leads it nor who sees the right answers.
func TestATrainingInvitesItsAudience(t *testing.T) {
	d := open(t)
	top := d.As("executive.sun").GetString("department")
	row := d.draft("product.guo", map[string]any{
		"departments": []string{top}, "roles": []string{"rep", "ka_manager", "product", "admin"}, "users": []string{d.As("service.qian").Id},
	})
	d.Must(d.Act("product.guo", row, "publish", ""))
	if n := d.invited(t, row); n != 12+3+1 {
		t.Errorf("%d are invited", n)
	}
	part := d.part(t, row, "rep.chen")
	if part.GetString("state") != "invited" || part.GetString("manager") != d.As("manager.wu").Id || part.GetString("trainer") != d.As("product.guo").Id ||
		part.GetString("dept") != d.As("rep.chen").GetString("department") {
		t.Errorf("%v", part.PublicExport())
	}
	for who, want := range map[string]int{"rep.chen": 1, "manager.wu": 1, "service.qian": 1, "director.lin": 0, "product.guo": 0, "admin.fang": 0} {
		if n := d.Told(who, "training.invited"); n != want {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	if now := d.Fresh(row); now.GetDateTime("published_at").IsZero() || now.GetInt("pass_bp") != 0 || now.GetString("quiz_due") != "" {
		t.Errorf("one without a quiz: %v", now.PublicExport())
	}
}

func TestATrainingIsPublishedWhole(t *testing.T) {
	d := open(t)
	for _, c := range []struct {
		what string
		more map[string]any
		want string
	}{
		{"without a day", map[string]any{"date": ""}, "training.date_required"},
		{"yesterday", map[string]any{"date": "2026-03-15"}, "training.date_required"},
		{"for nobody", map[string]any{"departments": nil, "roles": nil}, "training.audience_required"},
		{"for a role that nobody there has", map[string]any{"roles": []string{"ops"}}, "training.audience_required"},
		{"without the right answers", map[string]any{"quiz": quiz}, "training.keys_required"},
	} {
		row := d.draft("product.guo", c.more)
		d.Expect(c.what, d.Act("product.guo", row, "publish", ""), c.want)
	}
	row := d.quizzed("product.guo", nil)
	d.Expect("by another", d.Act("service.qian", row, "publish", ""), "record.not_found")
	d.Expect("by who leads him", d.Act("executive.sun", row, "publish", ""), "training.not_trainer")
	d.Must(d.Act("product.guo", row, "publish", ""))
	if now := d.Fresh(row); now.GetInt("pass_bp") != 8000 || now.GetString("quiz_due") != "2026-03-27" {
		t.Errorf("its quiz is due %s and passed with %d", now.GetString("quiz_due"), now.GetInt("pass_bp"))
	}
	d.Expect("an edit", d.Update("product.guo", row, map[string]any{"title": "别的"}), "training.locked")
	d.Expect("a deletion", d.DeleteBy("product.guo", row), "record.kept")
	key, err := d.FindFirstRecordByData("training_keys", "training", row.Id)
	if err != nil {
		t.Fatal(err)
	}
	d.Expect("other answers", d.Update("product.guo", key, map[string]any{"answers": map[string]any{"q1": []int{0}, "q2": []int{0}}}), "training.locked")
	d.Expect("no answers", d.DeleteBy("product.guo", key), "training.locked")
}

func TestWhatADraftSays(t *testing.T) {
	d := open(t)
	row := d.draft("product.guo", nil)
	paper := func(who, purpose string) string {
		blob, refused := d.Create(who, "blobs", map[string]any{
			"owner": d.As(who).Id, "purpose": purpose, "sha256": strings.Repeat("ab", 32), "size": 10, "mime": "application/pdf", "state": "pending",
		})
		d.Must(refused)
		return blob.Id
	}
	for _, c := range []struct {
		field string
		value any
		want  string
	}{
		{"quiz", []map[string]any{{"key": "q1", "text": "?", "options": []string{"是"}}}, "training.quiz_invalid"},
		{"quiz", "none", "field.type quiz"},
		{"quiz_due", "2026-03-19", "training.due_invalid quiz_due"},
		{"quiz_due", "2026-03-20", ""},
		{"material", paper("service.qian", "training"), "record.not_found material"},
		{"material", paper("product.guo", "receipt"), "record.not_found material"},
		{"published_at", "2026-03-16 00:00:00.000Z", "field.locked published_at"},
		{"state", "published", "field.locked state"},
		{"owner", d.As("service.qian").Id, "field.locked owner"},
	} {
		d.Expect(c.field, d.Update("product.guo", row, map[string]any{c.field: c.value}), c.want)
	}
	mine := paper("product.guo", "training")
	d.Must(d.Update("product.guo", row, map[string]any{"material": mine}))
	see := func(who string) int { return d.Do(who, "GET", "/api/collections/blobs/records/"+mine, "").Code }
	if code := see("rep.chen"); code != 404 {
		t.Errorf("the paper of a draft: %d", code)
	}
	d.Must(d.Act("product.guo", row, "publish", ""))
	if code := see("rep.chen"); code != 200 {
		t.Errorf("the paper of what is published: %d", code)
	}
	for _, who := range []string{"rep.chen", "finance.zhao", "executive.sun", "auditor.jin"} {
		if _, refused := d.Create(who, "trainings", map[string]any{"owner": d.As(who).Id, "title": "x", "kind": "skill"}); refused == "" {
			t.Errorf("%s leads trainings", who)
		}
	}
}

func TestATrainingIsHeldClosedOrCalledOff(t *testing.T) {
	d := open(t)
	row := d.draft("manager.wu", map[string]any{"kind": "skill"})
	d.Must(d.Act("manager.wu", row, "publish", ""))
	d.Expect("before its day", d.Act("manager.wu", row, "hold", ""), "training.too_early")
	d.Clock.Set(time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC))
	d.Expect("by a rep", d.Act("rep.chen", row, "hold", ""), "training.not_trainer")
	d.Expect("closed first", d.Act("manager.wu", row, "close", ""), "training.state")
	d.Expect("by the head of the department", d.Act("director.lin", row, "hold", ""), "")
	d.Expect("called off when held", d.Act("manager.wu", row, "cancel", `{"reason":"x"}`), "training.state")
	d.Expect("closed", d.Act("manager.wu", row, "close", ""), "")
	if now := d.Fresh(row); now.GetString("state") != "closed" || now.GetDateTime("held_at").IsZero() || now.GetDateTime("closed_at").IsZero() {
		t.Errorf("%v", now.PublicExport())
	}

	off := d.published(map[string]any{"date": "2026-03-25"})
	d.Expect("without a reason", d.Act("product.guo", off, "cancel", `{"reason":" "}`), "training.reason_required")
	d.Must(d.Act("product.guo", off, "cancel", `{"reason":"讲师出差"}`))
	if n := d.Told("rep.chen", "training.cancelled"); n != 1 || d.Fresh(off).GetString("reason") != "讲师出差" {
		t.Errorf("who was invited is told %d times", n)
	}
	d.Expect("a quiz of it", d.Act("rep.chen", d.part(t, off, "rep.chen"), "submit", allRight), "training.cancelled")
}

// TestWhoLeadsATrainingClosesItBeforeHeLeaves.
//
// policy: R2.1 H-ORG-4
func TestWhoLeadsATrainingClosesItBeforeHeLeaves(t *testing.T) {
	d := open(t)
	leave := func() string { return d.Set("admin.fang", d.As("product.guo"), "active", false) }
	d.draft("product.guo", nil)
	row := d.published(nil)
	d.Expect("with a training", leave(), "org.open_work")
	d.Must(d.Act("product.guo", row, "cancel", `{"reason":"离职"}`))
	if got := leave(); got == "org.open_work" {
		t.Error("with a draft alone")
	}
}

// TestPeopleAreRemindedOnce, of a training that is near and of a quiz that waits.
func TestPeopleAreRemindedOnce(t *testing.T) {
	d := open(t)
	row := d.published(nil)
	remind := func(day int) {
		d.Clock.Set(time.Date(2026, 3, day, 1, 25, 0, 0, time.UTC))
		d.Job("trainingsRemind")
		d.Job("trainingsRemind")
	}
	remind(18)
	if n := d.Told("rep.chen", "training.soon"); n != 0 {
		t.Errorf("two days before: %d", n)
	}
	remind(19)
	if n := d.Told("rep.chen", "training.soon"); n != 1 {
		t.Errorf("a day before: %d", n)
	}
	d.Must(d.Act("rep.he", d.part(t, row, "rep.he"), "submit", allWrong))
	remind(25)
	remind(26)
	for who, want := range map[string]int{"rep.chen": 1, "rep.he": 0} {
		if n := d.Told(who, "training.quiz_due"); n != want {
			t.Errorf("%s is told of his quiz %d times", who, n)
		}
	}
}
