package accounts

import (
	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (d desk) contacts() kit.Collection {
	return kit.Collection{
		Name:   records.ContactTable,
		Hung:   true,
		Server: []string{records.ContactColForgottenAt, records.ContactColForgottenWhy},
		// Nothing of the person: the log outlives a wish to be forgotten.
		Audit: gate.Audit{Fields: []string{
			records.ContactColAccount, records.ContactColRoleInDecision, records.ContactColForgottenAt, records.ContactColForgottenWhy,
		}},
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Contacts, "contactCreate", d.contactSaved),
			kit.On(kit.Update, records.Contacts, "contactUpdate", d.contactSaved),
			kit.On(kit.Update, records.Contacts, "contactStays", contactStays),
			kit.On(kit.Delete, records.Contacts, "contactNotGone", contactStays),
		},
	}
}

// contactSaved: nobody is born after today.
func (d desk) contactSaved(e *kit.Change[records.Contact]) error {
	if born := e.Row.Birthday(); born > domain.BusinessDay(d.now()) && born != e.Before().Birthday() {
		return gate.RefuseField(records.ContactColBirthday, "account.birthday_future")
	}
	return e.Next()
}

// contactStays keeps tombstones as they are.
func contactStays(e *kit.Change[records.Contact]) error {
	if !e.Before().ForgottenAt().IsZero() {
		return gate.Refuse("contact.forgotten")
	}
	return e.Next()
}
