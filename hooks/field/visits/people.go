package visits

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// checkPeople judges who came along and whom they met: visit.companion_invalid
// and visit.contact_invalid. What stands already is not asked again.
func checkPeople(app core.App, visit records.Visit) error {
	before := visit.Original()
	for _, id := range visit.Companions() {
		if !visit.IsNew() && slices.Contains(before.Companions(), id) {
			continue
		}
		user, found, err := records.Users.Find(app, id)
		if err != nil {
			return err
		}
		if !found || !user.Active() || id == visit.Owner() {
			return gate.RefuseField(records.VisitColCompanions, "visit.companion_invalid")
		}
	}
	for _, id := range visit.ContactsMet() {
		if !visit.IsNew() && slices.Contains(before.ContactsMet(), id) {
			continue
		}
		contact, found, err := records.Contacts.Find(app, id)
		if err != nil {
			return err
		}
		if !found || contact.Account() != visit.Account() {
			return gate.RefuseField(records.VisitColContactsMet, "visit.contact_invalid")
		}
	}
	return nil
}
