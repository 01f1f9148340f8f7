package sessions_test

import (
	"testing"

	"satchel/internal/testapp"
)

// sentAway makes the server send a phone away, so that its clone may join.
func (d *desk) sentAway(phone answer) {
	d.t.Helper()
	d.want("a gap", d.call(phone.Token, "POST", "/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": []any{
		map[string]any{"n": 9, "id": "mutation0000009", "op": "delete", "c": "contacts", "r": "contact00000001"},
	}}), "sync_gap")
}

// TestACloneIsNoOtherPhoneOfItsUser: who holds a stolen phone knows the installs
// of the others from their list, and gets nothing of theirs.
func TestACloneIsNoOtherPhoneOfItsUser(t *testing.T) {
	d := open(t)
	stolen := d.join("rep.chen", "install-stolen")
	d.join("rep.chen", "install-other")
	d.sentAway(stolen)
	d.want("in the other's place", d.hello(stolen.Token, "install-other"), "login_required")
	d.want("the clone itself", d.hello(stolen.Token, "install-clone"), "")
}

// TestALostPhoneJoinsOnce: whoever else holds its credential gives the password,
// and a revocation of what came from it ends it.
func TestALostPhoneJoinsOnce(t *testing.T) {
	before := open(t)
	backup := before.Backup()
	late := before.join("rep.ma", "install-late") // the copy does not have it

	d := open(t, testapp.FromBackup(backup))
	other := d.join("rep.ma", "install-other")
	d.want("the administrator's word", d.trust(), "")
	lost := d.trade(late.Credential).Token
	d.want("another phone", d.hello(lost, "install-other"), "login_required")
	joined := d.hello(lost, "install-late-2")
	d.want("it joins", joined, "")
	d.want("its answer was lost", d.hello(lost, "install-late-2"), "")
	d.want("once", d.hello(lost, "install-late-3"), "login_required")
	d.want("by another token once", d.hello(d.trade(late.Credential).Token, "install-late-4"), "login_required")
	d.revoke("rep.ma", joined.Device)
	again := d.trade(late.Credential)
	d.want("it was revoked", d.hello(again.Token, "install-late-5"), "device_revoked")
	d.want("restore", d.call(d.Token("admin.fang"), "POST", "/api/ka/sync_devices/"+joined.Device+"/restore", map[string]any{"reason": "found it"}), "")
	d.want("it is given back", d.hello(lost, "install-late-2"), "login_required")
	d.want("another phone of hers", d.list(other.Token), "")
}

func (d *desk) trust() answer {
	return d.call(d.Token("admin.fang"), "POST", "/api/collections/security_changes/records",
		map[string]any{"kind": "trust_old_phones", "reason": "the machine lost its power"})
}

// TestARestoreEndsHello: a login that had registered its phone, and the token of
// a phone that is lost, ask for the password as all else does.
func TestARestoreEndsHello(t *testing.T) {
	first := open(t)
	empty := first.Backup()
	late := first.join("rep.ma", "install-late")

	second := open(t, testapp.FromBackup(empty))
	login := second.Token("rep.chen")
	phone := second.hello(login, "install-first")
	second.want("the administrator's word", second.trust(), "")
	lost := second.trade(late.Credential).Token
	backup := second.Backup()
	second.revoke("rep.chen", phone.Device)

	d := open(t, testapp.FromBackup(backup))
	d.want("the login of a phone", d.hello(login, "install-first"), "login_required")
	d.want("a lost phone", d.hello(lost, "install-late-2"), "login_required")
}

// TestADisabledUsersTokenEndsWhenHeIsBack: what his old credential opened
// meanwhile was the way to hand in.
func TestADisabledUsersTokenEndsWhenHeIsBack(t *testing.T) {
	d := open(t)
	phone := d.join("rep.chen", "install-first")
	active := func(is bool) {
		t.Helper()
		d.want("override", d.call(d.Token("admin.fang"), "POST", "/api/ka/users/"+d.As("rep.chen").Id+"/override",
			map[string]any{"reason": "leave", "set": map[string]any{"active": is}}), "")
	}
	active(false)
	meanwhile := d.trade(phone.Credential)
	d.want("disabled", meanwhile, "")
	active(true)
	d.want("its credential", d.trade(phone.Credential), "login_required")
	d.want("its token", d.hello(meanwhile.Token, "install-first"), "auth_required")
}

// TestALoginsStreamEndsWithItsHello: it would outlive the phone's revocation.
func TestALoginsStreamEndsWithItsHello(t *testing.T) {
	d := open(t)
	p := &person{desk: d, name: "rep.chen", open: map[string]<-chan error{}}
	login, office := d.Token("rep.chen"), d.Token("rep.chen")
	p.open["the login's"], p.open["the desk's"] = p.watch(login), p.watch(office)
	d.want("hello", d.hello(login, "install-first"), "")
	stops(t, p, "the login's")
	goesOn(t, p, "the desk's")
}
