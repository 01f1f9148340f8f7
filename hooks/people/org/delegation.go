package org

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// delegation args: without to it ends.
type delegation struct {
	To    records.UserID `json:"to"`
	From  string         `json:"from"`
	Until string         `json:"until"`
}

// delegate lets somebody stand in: by the person himself, his superior or an
// administrator.
func (s service) delegate(ctx context.Context, tx core.App, user records.User, args delegation) error {
	if err := mayLead(ctx, tx, user.ID()); err != nil {
		return err
	}
	if args.To == "" {
		args.From, args.Until = "", ""
	} else if args.From == "" {
		args.From = domain.BusinessDay(s.now())
	}
	user.SetDelegateTo(args.To)
	user.SetDelegateFrom(args.From)
	user.SetDelegateUntil(args.Until)
	return nil
}

// administrates reports whether somebody is an administrator; nobody is none.
func administrates(user *core.Record) bool {
	return user != nil && records.Users.Of(user).Role() == people.RoleAdmin
}

// mayLead refuses who is neither the person, nor over him, nor an administrator.
func mayLead(ctx context.Context, app core.App, user records.UserID) error {
	actor := gate.Of(ctx).User
	if actor == nil {
		return gate.Refuse("record.not_allowed")
	}
	if actor.Id == string(user) || administrates(actor) {
		return nil
	}
	chart, err := gate.ReadChart(app)
	if err != nil {
		return err
	}
	if chart.Over(actor.Id, string(user)) {
		return nil
	}
	return gate.Refuse("record.not_allowed")
}
