package notifications

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

const (
	byMail    = "mail"
	byWebhook = "webhook"
)

// Area is what people and other systems are told.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "notifications",
		Collections: []kit.Collection{s.notifications(), prefs(), s.webhooksKept(), dispatches(), lanes()},
		Actions: []kit.Action{
			kit.Do(records.Dispatches, domain.DispatchRetry, s.retry),
			kit.Do(records.MessageLanes, "resume", resume),
		},
		Jobs: []gate.Job{
			{Name: "dispatches", Schedule: "* * * * *", Run: s.Run, Overlaps: true}, // a lane at work is let be,
			{Name: "dispatchesSwept", Schedule: "43 3 * * *", Run: sweep},
		},
		Bind: func(app core.App) {
			app.OnRecordCreateRequest(records.WebhookTable).Bind(gate.Named("webhookAsked", asked))
			app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
				s.end() // what was under way is sent again
				return e.Next()
			})
		},
	}
}

func (s *Service) notifications() kit.Collection {
	return kit.Collection{
		Name: records.NotificationTable,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Notifications, "noticeCreate", onlyServer),
			kit.On(kit.Update, records.Notifications, "noticeUpdate", noticeRead),
			kit.On(kit.CreateExecute, records.Notifications, "noticeMail", s.mail),
		},
	}
}

func prefs() kit.Collection {
	return kit.Collection{
		Name: records.NotificationPrefTable,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.NotificationPrefs, "noticePrefCreate", prefSaved),
			kit.On(kit.Update, records.NotificationPrefs, "noticePrefUpdate", prefSaved),
		},
	}
}

func dispatches() kit.Collection {
	return kit.Collection{
		Name:    records.DispatchTable,
		Machine: &domain.DispatchMachine,
		Parties: func(ctx context.Context, _ core.App, _ *core.Record) ([]domain.Party, error) {
			if administers(ctx) {
				return []domain.Party{domain.PartyOffice}, nil
			}
			return nil, nil
		},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Dispatches, "messageCreate", onlyServer),
			kit.On(kit.Update, records.Dispatches, "messageUpdate", onlyServer),
		},
	}
}

func lanes() kit.Collection {
	return kit.Collection{
		Name: records.MessageLaneTable,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.MessageLanes, "laneCreate", onlyServer),
			kit.On(kit.Update, records.MessageLanes, "laneUpdate", onlyServer),
		},
	}
}

func administers(ctx context.Context) bool {
	actor := gate.Of(ctx).User
	return actor != nil && records.Users.Of(actor).Role() == people.RoleAdmin
}

func onlyServer[R any](e *kit.Change[R]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	return gate.Refuse("record.not_allowed")
}

// noticeRead lets the reader note when he read it, once, and nothing else.
func noticeRead(e *kit.Change[records.Notification]) error {
	err := gate.LockFields(e.RecordEvent, records.NotificationColUser, records.NotificationColKind, records.NotificationColParams,
		records.NotificationColLink, records.NotificationColAt)
	if err != nil {
		return err
	}
	if before := e.Before().ReadAt(); !before.IsZero() {
		e.Row.SetReadAt(before)
	}
	return e.Next()
}

// prefSaved refuses a kind of which there are no notices; "*" is all of them.
func prefSaved(e *kit.Change[records.NotificationPref]) error {
	kind := e.Row.Kind()
	if _, known := domain.Notices[kind]; !known && kind != "*" {
		return gate.RefuseField(records.NotificationPrefColKind, "notice.unknown")
	}
	return e.Next()
}
