package quality

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (d desk) channels() kit.Collection {
	return kit.Collection{
		Name:   records.ServiceChannelTable,
		Server: []string{records.ServiceChannelColDept},
		Once:   []string{records.ServiceChannelColAccount},
		Audit: gate.Audit{Fields: []string{
			records.ServiceChannelColOwner, records.ServiceChannelColDeputy, records.ServiceChannelColKind, records.ServiceChannelColAddress,
			records.ServiceChannelColHours, records.ServiceChannelColActive,
		}, Create: true},
		Follows: "t.active = TRUE",
		Open:    kit.Open(records.ServiceChannels, "active = TRUE AND (owner = {:user} OR deputy = {:user})"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ServiceChannels, "channelCreate", d.channelSaved),
			kit.On(kit.Update, records.ServiceChannels, "channelUpdate", d.channelSaved),
		},
	}
}

// namedOwners keeps an account's service owner to its channel: people change that.
func namedOwners() kit.Collection {
	fixed := func(e *kit.Change[records.Account]) error {
		if err := gate.LockFields(e.RecordEvent, records.AccountColServiceOwner); err != nil {
			return err
		}
		return e.Next()
	}
	return kit.Collection{Name: records.AccountTable, Rules: []kit.Rule{
		kit.On(kit.Create, records.Accounts, "serviceOwnerNew", fixed), kit.On(kit.Update, records.Accounts, "serviceOwnerFixed", fixed),
	}}
}

// ChannelOf finds the active channel of an account.
func ChannelOf(app core.App, account records.AccountID) (records.ServiceChannel, bool, error) {
	return records.ServiceChannels.First(app, "account = {:a} AND active = TRUE", dbx.Params{"a": account}, "")
}

// channelSaved holds a channel to people of the service and to its account, which
// has one at a time and is named its owner (R5.7).
func (d desk) channelSaved(e *kit.Change[records.ServiceChannel]) error {
	if !gate.ByServer(e.RecordEvent) {
		if err := checkChannel(e); err != nil {
			return err
		}
	}
	if e.Row.IsNew() {
		team, err := gate.TeamOf(e.App, string(e.Row.Account()))
		if err != nil && !errors.Is(err, sql.ErrNoRows) { // of none, the relation's own validation refuses it
			return fmt.Errorf("find the account of a channel: %w", err)
		}
		e.Row.SetDept(records.DepartmentID(team.Dept))
	}
	if err := e.Next(); err != nil {
		return err
	}
	ctx := gate.With(e.Context, gate.From(e.RecordEvent))
	account, err := nameOwner(ctx, e.App, e.Row.Account())
	if err != nil {
		return err
	}
	actor := gate.From(e.RecordEvent).User
	taken := e.Row.Active() && (!e.Before().Active() || e.Row.Owner() != e.Before().Owner())
	if !taken || actor != nil && actor.Id == string(e.Row.Owner()) {
		return nil
	}
	return gate.Notify(ctx, e.App, d.now(), gate.Notice{
		User: string(e.Row.Owner()), Kind: "service.channel_assigned", Params: map[string]any{"account": account.Name()},
		Link: records.ServiceChannelTable + "/" + string(e.Row.ID()),
	})
}

// checkChannel judges what somebody writes of a channel: who answers it, and, while
// it is active, that it can be reached and is the only one.
func checkChannel(e *kit.Change[records.ServiceChannel]) error {
	channel, before := e.Row, e.Before()
	if channel.Active() || channel.Owner() != before.Owner() {
		if err := checkServes(e.App, records.ServiceChannelColOwner, channel.Owner()); err != nil {
			return err
		}
	}
	if deputy := channel.Deputy(); deputy != "" && (channel.Active() || deputy != before.Deputy()) {
		if deputy == channel.Owner() {
			return gate.RefuseField(records.ServiceChannelColDeputy, "service_channel.owner_invalid")
		}
		if err := checkServes(e.App, records.ServiceChannelColDeputy, deputy); err != nil {
			return err
		}
	}
	if !channel.Active() {
		return nil
	}
	if strings.TrimSpace(channel.Address()) == "" {
		return gate.RefuseField(records.ServiceChannelColAddress, "service_channel.address_required")
	}
	other, found, err := ChannelOf(e.App, channel.Account())
	if err != nil {
		return err
	}
	if found && other.ID() != channel.ID() {
		return gate.Refuse("service_channel.twice")
	}
	return nil
}

// checkServes wants somebody of the service in office: service_channel.owner_invalid.
func checkServes(app core.App, column string, id records.UserID) error {
	user, found, err := records.Users.Find(app, id)
	if err == nil && (!found || !user.Active() || user.Role() != people.RoleService) {
		err = gate.RefuseField(column, "service_channel.owner_invalid")
	}
	return err
}

// nameOwner gives an account the owner of its active channel, or none.
func nameOwner(ctx context.Context, app core.App, id records.AccountID) (account records.Account, err error) {
	account, err = records.Accounts.Require(app, id)
	if err != nil {
		return account, err
	}
	channel, found, err := ChannelOf(app, id)
	if err != nil {
		return account, err
	}
	owner := records.UserID("")
	if found {
		owner = channel.Owner()
	}
	if account.ServiceOwner() == owner {
		return account, nil
	}
	account.SetServiceOwner(owner)
	if err := app.SaveWithContext(gate.AsServer(ctx), account.Raw()); err != nil {
		return account, fmt.Errorf("name the service owner of an account: %w", err)
	}
	return account, nil
}
