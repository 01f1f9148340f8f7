package sessions_test

import (
	"testing"

	"satchel/internal/effort"
	"satchel/syncer"
)

// TestPlantedFaultsAreSeen: each check of what opens nothing fails once its fault
// is planted.
func TestPlantedFaultsAreSeen(t *testing.T) {
	effort.Late(t)
	for _, c := range []struct {
		fault syncer.Planted
		opens func(d *desk) bool // true if a way is open that must not be
	}{
		{syncer.PlantHelloBound, boundTokenRegisters},
		{syncer.PlantRevocationLifted, userLiftsRevocation},
		{syncer.PlantOldPassword, credentialOutlivesPassword},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			if c.opens(open(t)) {
				t.Error("it is open without the fault")
			}
			if !c.opens(open(t, planted(c.fault))) {
				t.Error("nobody would notice the fault")
			}
		})
	}
}

// boundTokenRegisters reports whether a stolen phone's token gets a second phone.
func boundTokenRegisters(d *desk) bool {
	first := d.join("rep.chen", "install-first")
	second := d.hello(first.Token, "install-second")
	return second.Status == 200 || second.Credential != ""
}

// userLiftsRevocation reports whether the user, an administrator or a superuser
// gives a revoked phone back without a reason.
func userLiftsRevocation(d *desk) bool {
	phone := d.join("rep.chen", "install-first")
	d.revoke("rep.chen", phone.Device)
	path := "/api/collections/sync_devices/records/" + phone.Device
	opened := false
	for _, token := range []string{d.Token("rep.chen"), d.Token("admin.fang"), d.SuperuserToken()} {
		opened = opened || d.call(token, "PATCH", path, map[string]any{"revoked": false}).Status == 200
	}
	return opened
}

// credentialOutlivesPassword reports whether a phone goes on by its credential
// after its user has another password.
func credentialOutlivesPassword(d *desk) bool {
	phone := d.join("rep.chen", "install-first")
	user := d.As("rep.chen")
	user.SetPassword("another-password-1")
	if err := d.Save(user); err != nil {
		d.t.Fatal(err)
	}
	return d.trade(phone.Credential).Status == 200
}
