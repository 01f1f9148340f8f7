package satisfaction

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/satisfaction"
	"satchel/records"
)

// Letters are the mails to customers by their kind: each writes one when it is sent, so
// that no link waits in the queue. Nobody is written to who was forgotten, has answered,
// or whose survey is over.
func Letters() map[string]func(app core.App, ref string) (to, subject, text string, err error) {
	return map[string]func(core.App, string) (string, string, string, error){mailed: letter}
}

func letter(app core.App, ref string) (to, subject, text string, err error) {
	invite, found, err := records.SurveyInvites.Find(app, records.SurveyInviteID(ref))
	if err != nil || !found || invite.UsedOn() != "" || invite.State() == "void" {
		return "", "", "", err
	}
	survey, err := records.SatisfactionSurveys.Require(app, invite.Survey())
	if err != nil || survey.State() != satisfaction.SurveyOpen {
		return "", "", "", err
	}
	contact, found, err := records.Contacts.Find(app, invite.Contact())
	if err != nil || !found {
		return "", "", "", err
	}
	person, err := records.Users.Require(app, invite.Subject())
	if err != nil {
		return "", "", "", err
	}
	link, err := linkOf(app, invite)
	if err != nil {
		return "", "", "", err
	}
	params := map[string]any{
		"company": app.Settings().Meta.AppName, "contact": contact.Name(), "name": person.Name(), "link": link, "until": domain.BusinessDay(invite.ExpiresAt()),
	}
	subjects, texts := satisfaction.Letter.Subject.With(params), satisfaction.Letter.Text.With(params)
	return contact.Email(), subjects.ZH + " / " + subjects.EN, strings.Join([]string{texts.ZH, texts.EN}, "\n\n———\n\n"), nil
}
