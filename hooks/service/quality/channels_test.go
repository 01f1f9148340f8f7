package quality_test

import (
	"testing"
)

// TestAnAccountHasOneChannelAndItsOwnerIsNamed: who answers is of the service, and
// stands on the account, where nobody else writes him.
//
// policy: R5.7 service_channels
func TestAnAccountHasOneChannelAndItsOwnerIsNamed(t *testing.T) {
	d := open(t)
	account, yu := d.AccountOf("rep.chen"), d.As("service.yu").Id
	for _, c := range []struct {
		what string
		more map[string]any
		want string
	}{
		{"of a rep", map[string]any{"owner": d.As("rep.chen").Id}, "service_channel.owner_invalid owner"},
		{"with a rep behind him", map[string]any{"deputy": d.As("rep.chen").Id}, "service_channel.owner_invalid deputy"},
		{"with himself behind him", map[string]any{"deputy": d.As("service.qian").Id}, "service_channel.owner_invalid deputy"},
		{"without a number", map[string]any{"address": " "}, "service_channel.address_required address"},
		{"in another department", map[string]any{"dept": d.As("market.tang").GetString("department")}, "field.locked dept"},
	} {
		t.Run(c.what, func(*testing.T) { d.Expect("a channel", d.SaveBy("service.qian", d.channel(account, c.more)), c.want) })
	}
	channel := d.opened(account, map[string]any{"deputy": yu})
	named := func() string { return d.Fresh(account).GetString("service_owner") }
	if channel.GetString("dept") != account.GetString("dept") || named() != d.As("service.qian").Id {
		t.Errorf("%v, named %s", channel.PublicExport(), named())
	}
	d.Expect("a second one", d.SaveBy("service.yu", d.channel(account)), "service_channel.twice")
	d.Expect("the rep names another", d.Set("rep.chen", account, "service_owner", yu), "account.field_locked service_owner")
	d.Expect("the administrator names another", d.Set("admin.fang", account, "service_owner", yu), "field.locked service_owner")
	d.Expect("another account", d.Set("service.qian", channel, "account", d.AccountOf("rep.ma").Id), "field.locked account")

	fresh := d.Fresh(channel)
	fresh.Load(map[string]any{"owner": yu, "deputy": ""})
	d.Must(d.SaveBy("service.qian", fresh))
	if named() != yu || d.Told("service.yu", "service.channel_assigned") != 1 || d.Told("service.qian", "service.channel_assigned") != 0 {
		t.Errorf("named %s", named())
	}
	d.Must(d.Set("service.qian", channel, "note", "节假日由前台接听"))
	if d.Told("service.yu", "service.channel_assigned") != 1 {
		t.Error("told of a note")
	}
	d.Must(d.Set("service.qian", channel, "active", false))
	if named() != "" {
		t.Errorf("%s is named without a channel", named())
	}
	d.Must(d.SaveBy("service.qian", d.channel(account)))
}

// TestWhoAnswersAChannelHandsItOver before he leaves, his deputy too.
//
// policy: R2.1 H-ORG-4
func TestWhoAnswersAChannelHandsItOver(t *testing.T) {
	d := open(t)
	leave := func() string { return d.Set("admin.fang", d.As("service.yu"), "active", false) }
	channel := d.opened(d.AccountOf("rep.chen"), map[string]any{"deputy": d.As("service.yu").Id})
	d.Expect("as the deputy", leave(), "org.open_work")
	d.Must(d.Set("service.qian", channel, "active", false))
	d.Must(leave())
	d.Expect("with who has left", d.Set("service.qian", channel, "active", true), "service_channel.owner_invalid deputy")
}

// TestMissingChannelsAreTold to the head of the service, once for each number.
//
// policy: R5.7 account.important_tiers
func TestMissingChannelsAreTold(t *testing.T) {
	d := open(t)
	accounts := d.only(2)
	told := func(want int) {
		t.Helper()
		for range 2 {
			d.Job("serviceChannels")
		}
		if n := d.Told("service.qian", "service.channels_missing"); n != want {
			t.Errorf("told %d times, want %d", n, want)
		}
	}
	told(1)
	d.opened(accounts[0])
	told(2)
	d.opened(accounts[1])
	told(2)
	if d.Told("service.yu", "service.channels_missing") != 0 {
		t.Error("a colleague is told")
	}
}
