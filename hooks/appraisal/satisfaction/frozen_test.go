package satisfaction_test

import (
	"context"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// offline is the context of what a rep's phone captured at a moment.
func (d desk) offline(who string, at time.Time) context.Context {
	return gate.With(d.t.Context(), gate.Actor{User: d.As(who), Device: "d1", Work: gate.Work{Device: "d1", N: 1, Captured: at}})
}

// edit changes a field of a contact as it is stored now.
func (d desk) edit(ctx context.Context, contact *core.Record, field, value string) string {
	d.t.Helper()
	fresh := d.Fresh(contact)
	fresh.Set(field, value)
	return testapp.Code(d.SaveWithContext(ctx, fresh))
}

// inFrame are contacts of whom the first is drawn, and the second could have been.
func (d desk) inFrame() (drawn, spared *core.Record) {
	d.t.Helper()
	for _, in := range []string{"", "NOT "} {
		var id string
		err := d.DB().NewQuery("SELECT contact FROM _survey_frames WHERE subject = {:u} AND contact " + in + "IN (SELECT contact FROM survey_invites) ORDER BY contact LIMIT 1").
			Bind(dbx.Params{"u": d.As("rep.chen").Id}).Row(&id)
		if err != nil {
			d.t.Fatal(err)
		}
		if in == "" {
			drawn = d.Row("contacts", id)
		} else {
			spared = d.Row("contacts", id)
		}
	}
	return drawn, spared
}

// policy: R6.5 H-APR-2b
//
// TestHAPR2bContactDetailsAreFrozen while a survey is open, for the whole line, of all who
// could have been drawn alike: a refusal tells nobody who was.
func TestHAPR2bContactDetailsAreFrozen(t *testing.T) {
	d := open(t)
	accounts := d.serve("rep.chen", "AABBC", 5)
	survey := d.drawn()
	drawn, spared := d.inFrame()
	for _, contact := range []*core.Record{drawn, spared} {
		for _, who := range []string{"rep.chen", "manager.wu", "director.lin"} {
			for field, value := range map[string]string{"phone": "13911112222", "email": "me@demo.test", "wechat": "mine"} {
				d.Expect(who+" edits "+field, d.edit(d.By(who), contact, field, value), "contact.frozen")
			}
			d.Must(d.edit(d.By(who), contact, "title", "由"+who+"改"))
		}
		d.Expect("captured after the draw", d.edit(d.offline("rep.chen", d.Clock.Now().Add(-time.Minute).Add(time.Hour)), contact, "phone", "13911112222"), "contact.frozen")
		d.Expect("deleted", d.DeleteBy("rep.chen", contact), "contact.frozen")
	}
	d.Must(d.edit(d.By("admin.fang"), drawn, "phone", "13933334444"))
	other, err := d.FindFirstRecordByFilter("contacts", "account.owner = {:o}", dbx.Params{"o": d.As("rep.ma").Id})
	if err != nil {
		t.Fatal(err)
	}
	d.Must(d.edit(d.By("rep.ma"), other, "phone", "13955556666"))
	d.Must(d.SaveBy("rep.chen", d.Blank("contacts", map[string]any{"account": accounts[0], "name": "新人", "phone": "13977778888"})))
	d.Must(d.Act("service.qian", survey, "close", ""))
	d.Must(d.edit(d.By("rep.chen"), spared, "phone", "13911112222"))
}

// policy: R6.5 H-APR-2b
//
// TestHAPR2bAnEarlierOfflineEditIsHeld until the survey is over, told to who made it, and
// lost in no case: what somebody corrected meanwhile stays, and he is told that too.
func TestHAPR2bAnEarlierOfflineEditIsHeld(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AABBC", 5)
	survey := d.drawn()
	drawn, spared := d.inFrame()
	first := d.Clock.Now().Add(-5 * 24 * time.Hour)
	was := d.Fresh(drawn).GetString("phone")
	fresh := d.Fresh(drawn)
	fresh.Load(map[string]any{"phone": "13911112222", "wechat": "neu", "title": "采购总监"})
	d.Must(testapp.Code(d.SaveWithContext(d.offline("rep.chen", first), fresh)))
	d.Must(d.edit(d.offline("rep.chen", first.Add(-time.Hour)), drawn, "phone", "13999990000"))
	d.Must(d.edit(d.offline("manager.wu", first), spared, "email", "wu@customer.test"))
	if got := d.Fresh(drawn); got.GetString("phone") != was || got.GetString("title") != "采购总监" {
		t.Errorf("%v", got.PublicExport())
	}
	if d.Told("rep.chen", "contact.held") != 2 || d.Told("manager.wu", "contact.held") != 1 {
		t.Errorf("told %d and %d times", d.Told("rep.chen", "contact.held"), d.Told("manager.wu", "contact.held"))
	}
	d.Must(d.edit(d.By("admin.fang"), spared, "email", "admin@customer.test"))
	d.Clock.Advance(15 * 24 * time.Hour)
	d.Job("satisfaction")
	if d.Fresh(survey).GetString("state") != "closed" {
		t.Fatal("it is still open")
	}
	if got := d.Fresh(drawn); got.GetString("phone") != "13911112222" || got.GetString("wechat") != "neu" {
		t.Errorf("%v", got.PublicExport())
	}
	if got := d.Fresh(spared).GetString("email"); got != "admin@customer.test" {
		t.Errorf("%s", got)
	}
	if d.Told("rep.chen", "contact.held_applied") != 1 || d.Told("manager.wu", "contact.held_not_applied") != 1 {
		t.Error("nobody was told what became of it")
	}
	if n := d.count("SELECT COUNT(*) FROM _survey_held", nil); n > 0 {
		t.Errorf("%d edits are still held", n)
	}
}

// TestWhoIsForgottenIsForgottenHereToo.
func TestWhoIsForgottenIsForgottenHereToo(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AABBC", 5)
	survey := d.drawn()
	drawn, _ := d.inFrame()
	d.Must(d.edit(d.offline("rep.chen", d.Clock.Now().Add(-24*time.Hour)), drawn, "phone", "13911112222"))
	d.Must(d.Act("admin.fang", drawn, "forget", `{"reason":"本人要求"}`))
	if d.count("SELECT COUNT(*) FROM _survey_held", nil) > 0 || d.count("SELECT COUNT(*) FROM survey_invites WHERE contact = {:c} AND state <> 'void'", dbx.Params{"c": drawn.Id}) > 0 {
		t.Error("something of him is left")
	}
	d.Must(d.Act("service.qian", survey, "close", ""))
	if got := d.Fresh(drawn).GetString("phone"); got != "" {
		t.Errorf("%s", got)
	}
}

// TestTwoSurveysHoldOneEdit until both are over.
func TestTwoSurveysHoldOneEdit(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AABBC", 5)
	survey := d.drawn()
	drawn, _ := d.inFrame()
	longer := d.plan(map[string]any{"dept": "", "days": 40})
	d.Must(d.SaveBy("service.qian", longer))
	d.Must(d.Act("service.qian", longer, "draw", ""))
	d.Must(d.edit(d.offline("rep.chen", d.Clock.Now().Add(-24*time.Hour)), drawn, "phone", "13911112222"))
	d.Must(d.Act("service.qian", longer, "close", ""))
	if got := d.Fresh(drawn).GetString("phone"); got == "13911112222" {
		t.Error("it was carried out while the other one is open")
	}
	d.Must(d.Act("service.qian", survey, "close", ""))
	if got := d.Fresh(drawn).GetString("phone"); got != "13911112222" {
		t.Errorf("%s", got)
	}
}
