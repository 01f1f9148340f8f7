package sessions_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// event is something that ends sessions.
type event struct {
	name string
	user bool // all of the user's sessions; else one phone's
	wipe bool // the phone is told to forget all
	end  func(d *desk, p *person)
}

var events = []event{
	{name: "revoked at a desk", wipe: true, end: func(d *desk, p *person) { d.revoke(p.name, p.phone.Device) }},
	{name: "revoked by its row", wipe: true, end: func(d *desk, p *person) {
		d.want("revoke", d.call(d.Token("admin.fang"), "PATCH", "/api/collections/sync_devices/records/"+p.phone.Device, map[string]any{"revoked": true}), "")
	}},
	{name: "revoked with the phone it came from", wipe: true, end: func(d *desk, p *person) {
		parent := d.join(p.name, "install-parent-of-"+p.install)
		_, err := d.DB().NewQuery("UPDATE sync_devices SET came_from = '" + parent.Device + "' WHERE id = '" + p.phone.Device + "'").Execute()
		if err != nil {
			d.t.Fatal(err)
		}
		d.revoke(p.name, parent.Device)
	}},
	{name: "deactivated", user: true, wipe: true, end: func(d *desk, p *person) {
		d.want("deactivate", d.call(d.Token("admin.fang"), "POST", "/api/ka/users/"+d.As(p.name).Id+"/override", map[string]any{"reason": "left", "set": map[string]any{"active": false}}), "")
	}},
	{name: "a new password", user: true, end: func(d *desk, p *person) {
		user := d.As(p.name)
		user.SetPassword("another-password-1")
		if err := d.Save(user); err != nil {
			d.t.Fatal(err)
		}
	}},
	{name: "a new password in the dashboard", user: true, end: func(d *desk, p *person) {
		d.want("password", d.call(d.SuperuserToken(), "PATCH", "/api/collections/users/records/"+d.As(p.name).Id,
			map[string]any{"password": "another-password-1", "passwordConfirm": "another-password-1"}), "")
	}},
	{name: "another address", user: true, end: func(d *desk, p *person) {
		d.want("address", d.call(d.SuperuserToken(), "PATCH", "/api/collections/users/records/"+d.As(p.name).Id, map[string]any{"email": "new.address@demo.test"}), "")
	}},
	{name: "another role", user: true, end: func(d *desk, p *person) {
		d.want("role", d.call(d.Token("admin.fang"), "POST", "/api/ka/users/"+d.As(p.name).Id+"/override", map[string]any{"reason": "moves", "set": map[string]any{"role": "service"}}), "")
	}},
}

// handsIn are the ways of a disabled user that stay: they open nothing but a push
// that is kept aside.
var handsIn = []string{"credential"}

// TestEveryWayEndsWithItsSession: for each event each way in of the session is
// closed, if it was open, and refused from then on; those of the user's other
// phone, of his desk (if a phone was meant) and of a colleague go on.
func TestEveryWayEndsWithItsSession(t *testing.T) {
	cells := 0
	for _, e := range events {
		t.Run(e.name, func(t *testing.T) {
			d := open(t, resumable())
			d.Setting("upload.in_flight_per_user", 10)
			p, other, colleague := stands(d, "rep.chen", "install-one"), stands(d, "rep.chen", "install-two"), stands(d, "rep.he", "install-his")
			for _, who := range []*person{p, other, colleague} {
				for _, w := range ways {
					cells++
					if code := w.refused(who); code != "" {
						t.Errorf("%s of %s is refused before: %s", w.name, who.install, code)
					}
					if w.held && !w.woken {
						goesOn(t, who, w.name)
					}
				}
			}
			e.end(d, p)
			d.Clock.Advance(time.Second)
			for _, w := range ways {
				over := e.user || !w.desk
				cells += 3
				ends(t, p, w, over, e)
				ends(t, other, w, e.user, e)
				ends(t, colleague, w, false, e)
			}
			if e.user && !e.wipe {
				again := d.hello(d.fresh(p.user), p.install)
				if again.Device != p.phone.Device || again.HighWater != 1 {
					t.Errorf("after the password the phone does not go on with its numbers: %s", again.text)
				}
			}
		})
	}
	t.Logf("%d ways, %d events, %d cells", len(ways), len(events), cells)
}

// TestAPhoneIsRevokedAndNeverDeleted: what it handed in names it.
func TestAPhoneIsRevokedAndNeverDeleted(t *testing.T) {
	d := open(t)
	phone := d.join("rep.chen", "install-first")
	for _, token := range []string{d.Token("rep.chen"), d.Token("admin.fang"), d.SuperuserToken()} {
		if a := d.call(token, "DELETE", "/api/collections/sync_devices/records/"+phone.Device, nil); a.Status < 400 {
			t.Errorf("it is deleted: %d %s", a.Status, a.text)
		}
	}
	d.want("it goes on", d.list(phone.Token), "")
	if _, err := d.NonconcurrentDB().NewQuery("DELETE FROM sync_devices WHERE id = '" + phone.Device + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	d.want("a raw delete: its token", d.list(phone.Token), "device_unknown")
	d.want("its credential", d.trade(phone.Credential), "login_required")
	d.want("its token at hello", d.hello(phone.Token, "install-second"), "login_required")
}

func ends(t *testing.T, p *person, w way, over bool, e event) {
	t.Helper()
	if w.held {
		if over {
			stops(t, p, w.name)
		} else if !w.woken {
			goesOn(t, p, w.name)
		}
	}
	code := w.refused(p)
	if e.name == "deactivated" && over && slices.Contains(handsIn, w.name) {
		if a := p.trade(p.phone.Credential); a.Status != 200 || p.list(a.Token).Data.Code != "user_disabled" {
			t.Errorf("%s of a disabled user opens more than a push", w.name)
		}
		return
	}
	if over == (code == "") {
		t.Errorf("%s of %s: refused by %q, over is %v", w.name, p.install, code, over)
	}
}

// stops waits for a way that must end by itself.
func stops(t *testing.T, p *person, name string) {
	t.Helper()
	ended := p.open[name]
	if ended == nil { // closed without a line that could tell
		return
	}
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Errorf("%s of %s goes on", name, p.install)
	}
	delete(p.open, name)
}

func goesOn(t *testing.T, p *person, name string) {
	t.Helper()
	select {
	case err := <-p.open[name]:
		t.Errorf("%s of %s ended: %v", name, p.install, err)
	default:
	}
}

// TestEveryOpenWayIsTried: what the areas say stays open is among the ways above.
func TestEveryOpenWayIsTried(t *testing.T) {
	tried := map[string]bool{"slow answers": true} // hooks/sync/api, over a line that can be slow
	for _, w := range ways {
		if w.held {
			tried[w.name] = true
		}
	}
	declared := map[string]bool{}
	for _, w := range open(t).Bound.Sessions.Ways() {
		declared[w.Name] = true
		if !tried[w.Name] {
			t.Errorf("nobody tries %q", w.Name)
		}
	}
	if len(declared) < 4 {
		t.Errorf("only %s are declared", strings.Join(slices.Sorted(maps.Keys(declared)), ", "))
	}
}
