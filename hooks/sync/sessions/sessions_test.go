package sessions_test

import (
	"encoding/json/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

// TestAPhoneIsRegisteredByAFreshLogin, and by nothing that a thief of another
// phone holds.
func TestAPhoneIsRegisteredByAFreshLogin(t *testing.T) {
	d := open(t)
	phone := d.join("rep.chen", "install-first")
	d.want("a phone's token, another phone", d.hello(phone.Token, "install-second"), "login_required")
	same := d.hello(phone.Token, "install-first")
	d.want("the same phone says what it is", same, "")
	if same.Device != phone.Device || same.Credential != "" {
		t.Errorf("it gets a credential for 180 days: %s", same.text)
	}

	old := d.Token("rep.chen")
	d.Clock.Advance(10 * time.Minute)
	d.want("ten minutes after the password", d.hello(old, "install-third"), "")
	old = d.Token("rep.chen")
	d.Clock.Advance(10*time.Minute + time.Second)
	d.want("and a second more", d.hello(old, "install-fourth"), "login_required")
	d.want("of a phone that is known", d.hello(old, "install-first"), "login_required")

	byHand, err := d.As("rep.chen").NewAuthToken() // as a superuser who impersonates gets it
	if err != nil {
		t.Fatal(err)
	}
	d.want("a token without a login", d.hello(byHand, "install-fifth"), "login_required")
}

// TestTheLoginIsInTheToken: PocketBase's own answers carry when the password was
// given, and a refresh does not make it younger.
func TestTheLoginIsInTheToken(t *testing.T) {
	d := open(t)
	user := d.As("rep.chen")
	user.SetPassword("a-password-of-his")
	if err := d.Save(user); err != nil {
		t.Fatal(err)
	}
	var in struct{ Token string }
	read := func(text []byte) string {
		t.Helper()
		if err := json.Unmarshal(text, &in, json.MatchCaseInsensitiveNames(true)); err != nil || in.Token == "" {
			t.Fatalf("%s: %v", text, err)
		}
		return in.Token
	}
	first := read(d.login("rep.chen", "a-password-of-his").Body.Bytes())
	second := read(d.login("rep.chen", "a-password-of-his").Body.Bytes())
	if first == second {
		t.Error("two logins of one second are equal")
	}
	d.Clock.Advance(9 * time.Minute)
	refreshed := read(d.DoBy(first, "POST", "/api/collections/users/auth-refresh", "").Body.Bytes())
	d.want("a refreshed login", d.hello(refreshed, "install-first"), "")
	d.want("it is the same login", d.list(first), "login_spent")
	d.Clock.Advance(2 * time.Minute)
	refreshed = read(d.DoBy(second, "POST", "/api/collections/users/auth-refresh", "").Body.Bytes())
	d.want("a refresh does not make it younger", d.hello(refreshed, "install-second"), "login_required")
	d.want("at a desk it goes on", d.list(refreshed), "")
}

// TestALoginRegistersOnePhone and opens nothing else from then on.
func TestALoginRegistersOnePhone(t *testing.T) {
	d := open(t)
	login := d.Token("rep.chen")
	d.want("at a desk", d.list(login), "")
	phone := d.hello(login, "install-first")
	d.want("the first", phone, "")
	for _, path := range []string{"/api/collections/accounts/records", "/api/sync/issues/summary", "/api/realtime", "/api/files/token", "/api/collections/users/auth-refresh"} {
		method := "GET"
		if !strings.Contains(path, "records") && !strings.Contains(path, "summary") {
			method = "POST"
		}
		d.want(path, d.call(login, method, path, nil), "login_spent")
	}
	d.want("a second phone", d.hello(login, "install-second"), "login_spent")
	again := d.hello(login, "install-first")
	d.want("its answer was lost", again, "")
	if again.Device != phone.Device || again.Credential == "" {
		t.Errorf("%s", again.text)
	}
	d.revoke("rep.chen", phone.Device)
	revoked := d.list(login)
	d.want("its phone is revoked", revoked, "device_revoked")
	if !revoked.Data.Wipe {
		t.Error("who holds it is not told to wipe")
	}
	d.want("nor hello", d.hello(login, "install-first"), "device_revoked")
}

// TestWhoSignsInMayHoldWhatIsOver: a client sends the token that it has.
func TestWhoSignsInMayHoldWhatIsOver(t *testing.T) {
	d := open(t)
	user := d.As("rep.chen")
	user.SetPassword("a-password-of-his")
	if err := d.Save(user); err != nil {
		t.Fatal(err)
	}
	spent := d.Token("rep.chen")
	phone := d.hello(spent, "install-first")
	again := d.call(spent, "POST", "/api/collections/users/auth-with-password", map[string]any{"identity": user.Email(), "password": "a-password-of-his"})
	d.want("with a login that is spent", again, "")
	d.want("its hello", d.hello(again.Token, "install-first"), "")
	d.revoke("rep.chen", phone.Device)
	d.want("with a phone that is revoked", d.call(phone.Token, "POST", "/api/collections/users/auth-with-password", map[string]any{"identity": user.Email(), "password": "a-password-of-his"}), "")
}

// TestTwoPhonesAtOnceByOneLogin: one of them joins.
func TestTwoPhonesAtOnceByOneLogin(t *testing.T) {
	d := open(t)
	login := d.Token("rep.chen")
	var all sync.WaitGroup
	answers := make([]answer, 8)
	for i := range answers {
		all.Go(func() { answers[i] = d.hello(login, "install-racing-"+string(rune('a'+i))) })
	}
	all.Wait()
	joined := 0
	for _, a := range answers {
		if a.Status == http.StatusOK {
			joined++
		} else {
			d.want("the others", a, "login_spent")
		}
	}
	if joined != 1 {
		t.Errorf("%d phones joined by one login", joined)
	}
}

// TestACloneJoinsInThePlaceOfItsPhone once the server sent it away, and both are
// revoked together, whichever is named.
func TestACloneJoinsInThePlaceOfItsPhone(t *testing.T) {
	for _, named := range []string{"the clone", "the phone"} {
		t.Run(named, func(t *testing.T) {
			d := open(t)
			phone, other := d.join("rep.chen", "install-first"), d.join("rep.chen", "install-other")
			push := func(id string) answer {
				return d.call(phone.Token, "POST", "/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": []any{
					map[string]any{"n": 1, "id": id, "op": "create", "c": "contacts", "r": "contact00000001", "set": map[string]any{"account": d.AccountOf("rep.chen").Id, "name": "王"}},
				}})
			}
			d.want("push", push("mutation0000001"), "")
			d.want("before it was sent away", d.hello(phone.Token, "install-clone"), "login_required")
			d.want("the clone pushes", push("mutation0000002"), "device_forked")
			clone := d.hello(phone.Token, "install-clone")
			d.want("the clone joins", clone, "")
			d.want("once", d.hello(phone.Token, "install-clone-2"), "login_required")
			if row, err := d.FindRecordById("sync_devices", clone.Device); err != nil || row.GetString("came_from") != phone.Device {
				t.Errorf("nobody knows where it came from: %v", err)
			}
			d.want("push", d.call(clone.Token, "POST", "/api/sync/push", map[string]any{"device": clone.Device, "schema": 1, "mutations": []any{map[string]any{"n": 9, "id": "mutation0000009", "op": "delete", "c": "contacts", "r": "contact00000001"}}}), "sync_gap")
			grandchild := d.hello(clone.Token, "install-grandchild")
			d.want("a clone of the clone", grandchild, "")
			if named == "the clone" {
				d.revoke("rep.chen", grandchild.Device)
			} else {
				d.revoke("rep.chen", phone.Device)
			}
			for what, a := range map[string]answer{"phone": phone, "clone": clone, "grandchild": grandchild} {
				d.want(what+"'s token", d.list(a.Token), "device_revoked")
				d.want(what+"'s credential", d.trade(a.Credential), "device_revoked")
			}
			d.want("another phone of his", d.list(other.Token), "")
		})
	}
}

// TestARevocationIsLiftedByAnAdministratorWithAReason: then the same phone goes
// on with its numbers, once the password was given.
func TestARevocationIsLiftedByAnAdministratorWithAReason(t *testing.T) {
	d := open(t)
	phone := d.join("rep.chen", "install-first")
	d.want("push", d.call(phone.Token, "POST", "/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": []any{
		map[string]any{"n": 1, "id": "mutation0000001", "op": "delete", "c": "contacts", "r": "contact00000001"},
	}}), "")
	d.revoke("rep.chen", phone.Device)
	path := "/api/ka/sync_devices/" + phone.Device + "/restore"
	d.want("the user", d.call(d.Token("rep.chen"), "POST", path, map[string]any{"reason": "found it"}), "record.not_allowed")
	d.want("his manager", d.call(d.Token("manager.wu"), "POST", path, map[string]any{"reason": "found it"}), "record.not_allowed")
	d.want("without a reason", d.call(d.Token("admin.fang"), "POST", path, map[string]any{"reason": " "}), "override.reason")
	d.want("an administrator", d.call(d.Token("admin.fang"), "POST", path, map[string]any{"reason": "found it"}), "")
	d.want("what it held opens nothing", d.list(phone.Token), "login_required")
	d.want("nor does its credential", d.trade(phone.Credential), "login_required")
	again := d.join("rep.chen", "install-first")
	if again.Device != phone.Device || again.HighWater != 1 {
		t.Errorf("it does not go on with its numbers: %s", again.text)
	}
	actions := map[string]int{}
	rows, err := d.FindRecordsByFilter("audit_log", "collection = 'sync_devices'", "", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		actions[r.GetString("action")+" "+r.GetString("override_reason")]++
	}
	for _, want := range []string{"create ", "sync_devices.revoke ", "sync_devices.restore found it"} {
		if actions[want] != 1 {
			t.Errorf("the log has %d of %q: %v", actions[want], want, actions)
		}
	}
}

// TestARestoreRevivesNoPhone: what was given out before asks for the password
// once, or an administrator vouches for it; what was revoked meanwhile stays out.
func TestARestoreRevivesNoPhone(t *testing.T) {
	before := open(t)
	stolen, kept := before.join("rep.chen", "install-stolen"), before.join("rep.he", "install-kept")
	desk := before.Token("rep.he")
	backup := before.Backup()
	late := before.join("rep.ma", "install-late") // the copy does not have it
	before.revoke("rep.chen", stolen.Device)

	d := open(t, testapp.FromBackup(backup))
	for what, a := range map[string]answer{
		"the stolen phone's token": d.list(stolen.Token), "its credential": d.trade(stolen.Credential),
		"another's token": d.list(kept.Token), "another's credential": d.trade(kept.Credential),
		"a desk": d.list(desk), "who joined later": d.trade(late.Credential),
	} {
		d.want(what, a, "login_required")
	}
	again := d.join("rep.he", "install-kept")
	if again.Device != kept.Device {
		t.Error("it is another phone after the password")
	}
	d.revoke("rep.chen", stolen.Device) // the list of the day, once more
	d.want("the administrator's word", d.call(d.Token("admin.fang"), "POST", "/api/collections/security_changes/records",
		map[string]any{"kind": "trust_old_phones", "reason": "the machine lost its power"}), "")
	d.want("the stolen phone", d.trade(stolen.Credential), "device_revoked")
	d.want("vouched for", d.list(kept.Token), "")
	traded := d.trade(kept.Credential)
	d.want("its credential too", traded, "")
	if traded.Credential == "" {
		t.Error("it keeps a credential of before")
	}
	lost := d.trade(late.Credential)
	d.want("who the copy does not have gets a token", lost, "")
	d.want("for hello alone", d.list(lost.Token), "device_unknown")
	joined := d.hello(lost.Token, "install-late-2")
	d.want("to join anew", joined, "")
	if row, err := d.FindRecordById("sync_devices", joined.Device); err != nil || row.GetString("came_from") != late.Device {
		t.Errorf("nobody knows where it came from: %v", err)
	}
}

// TestKeysAreRotated: what the last key sealed is still read; after a theft it is not.
func TestKeysAreRotated(t *testing.T) {
	d := open(t)
	phone := d.join("rep.chen", "install-first")
	word := func(kind string) {
		t.Helper()
		d.want(kind, d.call(d.Token("admin.fang"), "POST", "/api/collections/security_changes/records", map[string]any{"kind": kind, "reason": "yearly"}), "")
	}
	word("rotate_keys")
	traded := d.trade(phone.Credential)
	d.want("sealed by the key before", traded, "")
	if traded.Credential == "" {
		t.Fatal("it keeps a credential that will end")
	}
	word("rotate_keys")
	d.want("two keys before", d.trade(phone.Credential), "credential_invalid")
	d.want("the fresh one", d.trade(traded.Credential), "")
	word("replace_keys")
	d.want("after a theft", d.trade(traded.Credential), "credential_invalid")
	d.want("a row of it stays", d.call(d.SuperuserToken(), "DELETE", "/api/collections/security_changes/records/"+d.first("security_changes"), nil), "audit.kept")
}

func (d *desk) first(collection string) string {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter(collection, "", "", 1, 0)
	if err != nil || len(rows) == 0 {
		d.t.Fatal(collection, err)
	}
	return rows[0].Id
}

// TestPhonesInUseAreBounded, and said: who has too many revokes one.
func TestPhonesInUseAreBounded(t *testing.T) {
	d := open(t)
	phones := make([]answer, 8)
	for i := range phones {
		phones[i] = d.join("rep.chen", "install-number-"+string(rune('a'+i)))
	}
	login := d.Token("rep.chen")
	d.want("a ninth", d.hello(login, "install-ninth"), "device.too_many")
	mine := d.call(login, "GET", "/api/collections/sync_devices/records?sort=-last_seen", nil)
	for _, want := range []string{phones[0].Device, `"address":"127.0.0.1"`, `"last_seen":"2026-`, `"platform":"test"`} {
		if !strings.Contains(mine.text, want) {
			t.Errorf("his list does not say %s: %s", want, mine.text)
		}
	}
	if strings.Contains(mine.text, "generation") || strings.Contains(mine.text, "forked") {
		t.Error("his list tells what is the server's")
	}
	d.want("he revokes one", d.call(login, "PATCH", "/api/collections/sync_devices/records/"+phones[3].Device, map[string]any{"revoked": true}), "")
	d.want("and the ninth joins", d.hello(login, "install-ninth"), "")
	d.want("the revoked one", d.list(phones[3].Token), "device_revoked")
}

// TestTheUserIsToldOfANewPhone, once for each.
func TestTheUserIsToldOfANewPhone(t *testing.T) {
	d := open(t)
	d.join("rep.chen", "install-first")
	d.join("rep.chen", "install-first")
	d.join("rep.chen", "install-second")
	told, err := d.CountRecords("notifications", dbx.HashExp{"user": d.As("rep.chen").Id, "kind": "device.new"})
	if err != nil || told != 2 {
		t.Errorf("told %d times, %v", told, err)
	}
}

// TestWhoMayRevoke: the user, who leads him, and an administrator.
func TestWhoMayRevoke(t *testing.T) {
	d := open(t)
	for name, code := range map[string]string{
		"rep.he": "record.not_found", "manager.xu": "record.not_found", "finance.zhao": "record.not_found", "auditor.jin": "record.not_allowed",
		"rep.chen": "", "manager.wu": "", "admin.fang": "",
	} {
		phone := d.join("rep.chen", "install-of-"+name)
		d.want(name, d.call(d.Token(name), "POST", "/api/ka/sync_devices/"+phone.Device+"/revoke", map[string]any{"reason": "stolen"}), code)
		if code == "" {
			d.want("the phone", d.list(phone.Token), "device_revoked")
		} else {
			d.want("the phone", d.list(phone.Token), "")
		}
	}
}
