package gate_test

import (
	"testing"

	"satchel/hooks/platform/gate"
)

func TestAddressesByWhichStrangersAreCounted(t *testing.T) {
	for ip, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7",
		"2001:0db8:0000:0001:0000:0000:0000:0001": "2001:db8:0:1::/64", "2001:db8:0:1:ffff::9": "2001:db8:0:1::/64", "unknown": "unknown",
	} {
		if got := gate.Network(ip); got != want {
			t.Errorf("%s counts as %s", ip, got)
		}
	}
}
