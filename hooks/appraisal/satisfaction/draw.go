package satisfaction

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/satisfaction"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// mailed is the kind of the letter that carries a link.
const mailed = "satisfaction.invite"

// begin draws the sample of a survey, keeps the frame that it was drawn of, and makes the
// links. Nobody chooses the seed or is shown it.
func (s *Service) begin(ctx context.Context, tx core.App, row records.SatisfactionSurvey) error {
	plan, days, err := planOf(tx)
	if err != nil {
		return err
	}
	all, err := frameOf(tx, row)
	if err != nil {
		return err
	}
	row.SetSeed(gate.Thrown())
	row.SetQuestions(satisfaction.Questions)
	row.SetOpenedAt(s.Now())
	row.SetExpiresAt(s.Now().AddDate(0, 0, cmp.Or(row.Days(), days)).Truncate(time.Second))
	drawn, frames := drawAll(all.of, row.Seed(), plan)
	if err := keepFrames(tx, row, frames); err != nil {
		return err
	}
	contacts := map[string]bool{}
	for _, f := range frames {
		for _, c := range f {
			contacts[c.Contact] = true
		}
	}
	n, byHand := 0, 0
	for _, person := range slices.Sorted(maps.Keys(drawn)) {
		for _, c := range drawn[person] {
			channel, err := s.invite(ctx, tx, row, person, c)
			if err != nil {
				return err
			}
			if n++; channel == satisfaction.ChannelQR {
				byHand++
			}
		}
	}
	row.SetFrame(len(contacts))
	row.SetDrawn(n)
	row.SetExcluded(all.excluded)
	row.SetFrameHash(hashOf(frames))
	kind := "satisfaction.opened"
	if n == 0 {
		kind = "satisfaction.nobody"
	}
	return s.tell(ctx, tx, row, kind, map[string]any{"name": row.Name(), "qr": byHand})
}

// drawAll draws about everybody, who can be asked least first: that one contact is asked
// about many leaves the fewest to him.
func drawAll(of map[records.UserID][]satisfaction.Candidate, seed int, plan satisfaction.Plan) (drawn, frames map[records.UserID][]satisfaction.Candidate) {
	drawn, frames = map[records.UserID][]satisfaction.Candidate{}, map[records.UserID][]satisfaction.Candidate{}
	asked := map[string]int{}
	order := slices.SortedFunc(maps.Keys(of), func(a, b records.UserID) int { return cmp.Or(cmp.Compare(len(of[a]), len(of[b])), cmp.Compare(a, b)) })
	for _, person := range order {
		for _, c := range of[person] {
			c.Asked = asked[c.Contact]
			frames[person] = append(frames[person], c)
		}
		drawn[person] = satisfaction.Draw(frames[person], seed, string(person), plan)
		for _, c := range drawn[person] {
			asked[c.Contact]++
		}
	}
	return drawn, frames
}

func hashOf(frames map[records.UserID][]satisfaction.Candidate) string {
	var all []satisfaction.Candidate
	for person, f := range frames {
		for _, c := range f {
			c.Contact = string(person) + "/" + c.Contact
			all = append(all, c)
		}
	}
	return satisfaction.FrameHash(all)
}

func planOf(app core.App) (plan satisfaction.Plan, days int, err error) {
	settings := gate.SettingsNow(app)
	for _, read := range []struct {
		to   *int
		from func() (int, error)
	}{
		{&plan.Size, settings.SatisfactionSampleSize},
		{&plan.KeyBp, settings.SatisfactionKeyShareBp},
		{&plan.AskedN, settings.SatisfactionAskedMost},
		{&days, settings.SatisfactionLinkDays},
	} {
		if *read.to, err = read.from(); err != nil {
			return plan, 0, err
		}
	}
	return plan, days, nil
}

// keepFrames keeps who could have been drawn: whose address stays as it is, and what who
// draws again draws of.
func keepFrames(tx core.App, row records.SatisfactionSurvey, frames map[records.UserID][]satisfaction.Candidate) error {
	for person, f := range frames {
		for _, c := range f {
			_, err := tx.DB().Insert("_survey_frames", dbx.Params{
				"survey": row.ID(), "subject": person, "contact": c.Contact, "account": c.Account, "tier": c.Tier, "asked": c.Asked,
			}).Execute()
			if err != nil {
				return fmt.Errorf("keep a frame: %w", err)
			}
		}
	}
	return nil
}

// invite makes a link to one page of questions, and sends it if an address is known.
func (s *Service) invite(ctx context.Context, tx core.App, row records.SatisfactionSurvey, person records.UserID, c satisfaction.Candidate) (channel string, err error) {
	contact, err := records.Contacts.Require(tx, records.ContactID(c.Contact))
	if err != nil {
		return "", err
	}
	subject, err := records.Users.Require(tx, person)
	if err != nil {
		return "", err
	}
	channel = satisfaction.ChannelQR
	if _, err := mail.ParseAddress(contact.Email()); err == nil {
		channel = satisfaction.ChannelMail
	}
	invite, err := records.SurveyInvites.New(tx)
	if err != nil {
		return "", err
	}
	invite.Raw().Id = core.GenerateDefaultRandomId()
	key, err := keyOf(tx)
	if err != nil {
		return "", err
	}
	invite.SetSurvey(row.ID())
	invite.SetAccount(records.AccountID(c.Account))
	invite.SetContact(contact.ID())
	invite.SetSubject(person)
	invite.SetDept(subject.Department())
	invite.SetTier(records.SurveyInviteTier(c.Tier))
	invite.SetChannel(records.SurveyInviteChannel(channel))
	invite.SetTokenHash(hashOfMark(markOf(key, invite.ID())))
	invite.SetExpiresAt(row.ExpiresAt())
	invite.SetState("drawn")
	if channel == satisfaction.ChannelMail {
		invite.SetState("sent")
		invite.SetSentAt(s.Now())
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), invite.Raw()); err != nil {
		return "", fmt.Errorf("make a link: %w", err)
	}
	if channel == satisfaction.ChannelMail {
		err = s.Mail(tx, mailed, string(invite.ID()))
	}
	return channel, err
}
