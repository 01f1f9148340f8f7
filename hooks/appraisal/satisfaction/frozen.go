package satisfaction

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// ways are the fields by which a contact is reached.
var ways = []string{records.ContactColPhone, records.ContactColEmail, records.ContactColWechat}

// contacts keeps how contacts are reached as it is while a survey is open (H-APR-2b): of
// all who could have been drawn, so that a refusal tells nobody who was.
func (s *Service) contacts() kit.Collection {
	return kit.Collection{Name: records.ContactTable, Rules: []kit.Rule{
		kit.On(kit.Update, records.Contacts, "contactFrozen", s.frozen),
		kit.On(kit.Delete, records.Contacts, "contactFrozen", func(e *kit.Change[records.Contact]) error {
			survey, found, err := s.freezing(e)
			if err == nil && found {
				err = gate.Refuse("contact.frozen", "until", domain.BusinessDay(survey.ExpiresAt()))
			}
			if err != nil {
				return err
			}
			return e.Next()
		}),
	}}
}

// freezing is the open survey that could have drawn a contact whom somebody of his line writes.
func (s *Service) freezing(e *kit.Change[records.Contact]) (survey records.SatisfactionSurvey, found bool, err error) {
	author := gate.From(e.RecordEvent).Author()
	if gate.ByServer(e.RecordEvent) || author == nil || records.Users.Of(author).Role() == people.RoleAdmin {
		return survey, false, nil
	}
	return openOf(e.App, e.Row.ID())
}

func openOf(app core.App, contact records.ContactID) (records.SatisfactionSurvey, bool, error) {
	return records.SatisfactionSurveys.First(app, "state = 'open' AND id IN (SELECT survey FROM _survey_frames WHERE contact = {:c})", dbx.Params{"c": contact}, "expires_at DESC")
}

// frozen refuses an edit of how a contact is reached; one that a phone captured before the
// draw is held until the survey is over, whatever else was edited with it. Forgetting him
// forgets what was held, and his links.
func (s *Service) frozen(e *kit.Change[records.Contact]) error {
	before := e.Before()
	if !e.Row.ForgottenAt().IsZero() && before.ForgottenAt().IsZero() {
		if err := forget(e); err != nil {
			return err
		}
		return e.Next()
	}
	_, after := gate.Difference(e.Record, ways)
	if len(after) == 0 {
		return e.Next()
	}
	survey, found, err := s.freezing(e)
	if err != nil {
		return err
	}
	if !found {
		return e.Next()
	}
	until := domain.BusinessDay(survey.ExpiresAt())
	reading, err := s.ReadStep(e.Context, e.App, time.Time{}, nil)
	if err != nil {
		return err
	}
	if gate.From(e.RecordEvent).Work.Captured.IsZero() || !reading.At.Before(survey.OpenedAt()) {
		return gate.Refuse("contact.frozen", "until", until)
	}
	if err := hold(e, survey, reading.At, after); err != nil {
		return err
	}
	e.Row.SetPhone(before.Phone())
	e.Row.SetEmail(before.Email())
	e.Row.SetWechat(before.Wechat())
	if err := e.Next(); err != nil {
		return err
	}
	return gate.Notify(e.Context, e.App, s.Now(), gate.Notice{
		User: gate.From(e.RecordEvent).Author().Id, Kind: "contact.held", Link: records.ContactTable + "/" + string(e.Row.ID()),
		Params: map[string]any{"contact": e.Row.Name(), "until": until},
	})
}

// hold keeps what was edited; of two edits of a field the later one.
func hold(e *kit.Change[records.Contact], survey records.SatisfactionSurvey, captured time.Time, after map[string]any) error {
	for field, value := range after {
		_, err := e.App.DB().NewQuery(`INSERT INTO _survey_held (contact, field, survey, value, was, author, captured) VALUES ({:contact}, {:field}, {:survey}, {:value}, {:was}, {:author}, {:captured})
				ON CONFLICT (contact, field) DO UPDATE SET survey = excluded.survey, value = excluded.value, author = excluded.author, captured = excluded.captured
				WHERE excluded.captured >= captured`).
			Bind(dbx.Params{
				"contact": e.Row.ID(), "field": field, "survey": survey.ID(), "value": value, "was": wayOf(e.Before(), field),
				"author": gate.From(e.RecordEvent).Author().Id, "captured": gate.Stamp(captured),
			}).Execute()
		if err != nil {
			return fmt.Errorf("hold an edit of a contact: %w", err)
		}
	}
	return nil
}

func wayOf(contact records.Contact, field string) string {
	switch field {
	case records.ContactColPhone:
		return contact.Phone()
	case records.ContactColEmail:
		return contact.Email()
	}
	return contact.Wechat()
}

func setWay(contact records.Contact, field, value string) {
	switch field {
	case records.ContactColPhone:
		contact.SetPhone(value)
	case records.ContactColEmail:
		contact.SetEmail(value)
	default:
		contact.SetWechat(value)
	}
}

// heldEdit is an edit that waits.
type heldEdit struct {
	Contact records.ContactID `db:"contact"`
	Field   string            `db:"field"`
	Value   string            `db:"value"`
	Was     string            `db:"was"`
	Author  records.UserID    `db:"author"`
}

// release carries out what was held for a survey that ends, and tells who edited. What
// somebody else corrected meanwhile stays; another survey that is open goes on holding.
func (s *Service) release(ctx context.Context, tx core.App, survey records.SatisfactionSurvey) error {
	var held []heldEdit
	err := tx.DB().NewQuery("SELECT contact, field, value, was, author FROM _survey_held WHERE survey = {:s} ORDER BY contact, author, field").Bind(dbx.Params{"s": survey.ID()}).All(&held)
	if err != nil {
		return fmt.Errorf("read what was held: %w", err)
	}
	for len(held) > 0 {
		n := 1
		for n < len(held) && held[n].Contact == held[0].Contact && held[n].Author == held[0].Author {
			n++
		}
		if err := s.releaseOf(ctx, tx, survey, held[:n]); err != nil {
			return err
		}
		held = held[n:]
	}
	return nil
}

// releaseOf carries out what one person edited of one contact.
func (s *Service) releaseOf(ctx context.Context, tx core.App, survey records.SatisfactionSurvey, edits []heldEdit) error {
	contact, found, err := records.Contacts.Find(tx, edits[0].Contact)
	if err != nil {
		return err
	}
	other, still, err := records.SatisfactionSurveys.First(tx, "state = 'open' AND id <> {:s} AND id IN (SELECT survey FROM _survey_frames WHERE contact = {:c})",
		dbx.Params{"c": edits[0].Contact, "s": survey.ID()}, "expires_at DESC")
	if err != nil {
		return err
	}
	if found && still {
		return change(tx, "UPDATE _survey_held SET survey = {:o} WHERE contact = {:c}", dbx.Params{"o": other.ID(), "c": edits[0].Contact})
	}
	if err := change(tx, "DELETE FROM _survey_held WHERE contact = {:c} AND author = {:a}", dbx.Params{"c": edits[0].Contact, "a": edits[0].Author}); err != nil || !found {
		return err
	}
	var lost []string
	for _, h := range edits {
		if wayOf(contact, h.Field) != h.Was {
			lost = append(lost, h.Field+": "+h.Value)
			continue
		}
		setWay(contact, h.Field, h.Value)
	}
	if len(lost) < len(edits) {
		if err := tx.SaveWithContext(gate.AsServer(ctx), contact.Raw()); err != nil {
			return fmt.Errorf("carry out what was held: %w", err)
		}
	}
	notice := gate.Notice{
		User: string(edits[0].Author), Kind: "contact.held_applied", Link: records.ContactTable + "/" + string(contact.ID()), Params: map[string]any{"contact": contact.Name()},
	}
	if len(lost) > 0 {
		notice.Kind, notice.Params["fields"] = "contact.held_not_applied", strings.Join(lost, ", ")
	}
	return gate.Notify(ctx, tx, s.Now(), notice)
}

// forget drops what was held of a contact who is forgotten, and voids his links.
func forget(e *kit.Change[records.Contact]) error {
	if err := change(e.App, "DELETE FROM _survey_held WHERE contact = {:c}", dbx.Params{"c": e.Row.ID()}); err != nil {
		return err
	}
	links, err := records.SurveyInvites.All(e.App, "contact = {:c} AND used_on = '' AND state <> 'void'", dbx.Params{"c": e.Row.ID()}, "id")
	if err != nil {
		return err
	}
	for _, link := range links {
		link.SetState("void")
		if err := e.App.SaveWithContext(gate.AsServer(e.Context), link.Raw()); err != nil {
			return fmt.Errorf("void a link: %w", err)
		}
	}
	return nil
}

func change(tx core.App, statement string, params dbx.Params) error {
	if _, err := tx.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
		return fmt.Errorf("change what is held: %w", err)
	}
	return nil
}
