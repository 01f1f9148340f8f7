// Package letters binds the rules of target letters: what somebody's targets of a
// year are when he and who leads him sign them, which version holds, and what a
// change of a target asks for.
package letters

import (
	"context"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// service knows today, and what a phone's clock is worth.
type service struct{ gate.Config }

// Area is what target letters are.
func Area(cfg gate.Config) kit.Area {
	s := service{cfg}
	return kit.Area{
		Name: "letters",
		Collections: []kit.Collection{
			s.letters(),
			{
				Name:  records.TargetTable,
				Rules: []kit.Rule{kit.On(kit.Update, records.Targets, "targetLetters", s.targetChanged)},
			},
			{
				Name:  records.UserTable,
				Rules: []kit.Rule{kit.On(kit.UpdateExecute, records.Users, "userLetters", s.superiorChanged)},
			},
		},
		Actions: []kit.Action{
			kit.Do(records.TargetLetters, sales.LetterSend, s.send),
			kit.Free(kit.Do(records.TargetLetters, sales.LetterSign, s.sign)),
			kit.Free(kit.Do(records.TargetLetters, sales.LetterCountersign, s.countersign)),
			kit.Do(records.TargetLetters, sales.LetterVoids, s.void),
		},
		Routes: []kit.Route{{
			Method: http.MethodGet, Path: "/api/ka/target_letters/{id}/pdf", Run: pdf,
			Bind: func(r *router.Route[*core.RequestEvent]) { r.BindFunc(gate.OwnFaults) },
		}},
	}
}

// letters is what holds for every letter.
func (s service) letters() kit.Collection {
	return kit.Collection{
		Name:    records.TargetLetterTable,
		Machine: &sales.LetterMachine,
		Parties: kit.Parties(records.TargetLetters, parties),
		Server: []string{
			records.TargetLetterColSuperior, records.TargetLetterColDept, records.TargetLetterColVersion, records.TargetLetterColAmends,
			records.TargetLetterColSnapshot, records.TargetLetterColSHA256, records.TargetLetterColSentBy, records.TargetLetterColSentAt,
			records.TargetLetterColSignedAt, records.TargetLetterColSignedDevice, records.TargetLetterColSignedClock,
			records.TargetLetterColSignedSHA256, records.TargetLetterColSignedBlob,
			records.TargetLetterColCountersignedAt, records.TargetLetterColCountersignedDevice, records.TargetLetterColCountersignedClock,
			records.TargetLetterColCountersignedSHA256, records.TargetLetterColCountersignedBlob,
			records.TargetLetterColEffectiveAt, records.TargetLetterColEndedAt, records.TargetLetterColReason,
		},
		Once: []string{records.TargetLetterColSubject, records.TargetLetterColYear},
		Open: kit.Open(records.TargetLetters, "(subject = {:user} OR superior = {:user}) AND state IN ('sent', 'signed')"),
		Audit: gate.Audit{Create: true, Fields: []string{
			records.TargetLetterColState, records.TargetLetterColSHA256, records.TargetLetterColSignedBlob, records.TargetLetterColCountersignedBlob,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.TargetLetters, "letterCreate", create),
			kit.On(kit.Update, records.TargetLetters, "letterUpdate", update),
			kit.On(kit.Delete, records.TargetLetters, "letterDelete", remove),
		},
	}
}

// parties is what the actor himself is to a letter: nobody signs in another's name.
func parties(ctx context.Context, _ core.App, letter records.TargetLetter) (by []domain.Party, err error) {
	user := gate.Of(ctx).User
	if user == nil {
		return nil, nil
	}
	if user.Id == string(letter.Subject()) {
		return []domain.Party{domain.PartyOwner}, nil
	}
	if user.Id == string(letter.Superior()) {
		by = append(by, domain.PartySuperior)
	}
	if gate.Heads(user, string(letter.Dept())) {
		by = append(by, domain.PartyHead)
	}
	return by, nil
}

// writes reports whether a draft is somebody's to write.
func writes(user *core.Record, letter records.TargetLetter) bool {
	return user.Id != string(letter.Subject()) && (user.Id == string(letter.Superior()) || gate.Heads(user, string(letter.Dept())))
}

// create takes a draft from who leads its subject: the next version of the year.
func create(e *kit.Change[records.TargetLetter]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	subject, found, err := records.Users.Find(e.App, e.Row.Subject())
	if err != nil {
		return err
	}
	if !found || !subject.Active() {
		return gate.RefuseField(records.TargetLetterColSubject, "letter.subject_invalid")
	}
	if !domain.IsPlausibleYear(e.Row.Year()) {
		return gate.RefuseField(records.TargetLetterColYear, "letter.year_invalid")
	}
	superior, err := superiorOf(e.App, subject)
	if err != nil {
		return err
	}
	if superior == "" {
		return gate.RefuseField(records.TargetLetterColSubject, "letter.no_superior", "name", subject.Name())
	}
	e.Row.SetSuperior(superior)
	e.Row.SetDept(subject.Department())
	if user := gate.From(e.RecordEvent).User; user != nil && !writes(user, e.Row) {
		return gate.RefuseField(records.TargetLetterColSubject, "letter.subject_invalid")
	}
	versions, err := versionsOf(e.App, e.Row.Subject(), e.Row.Year())
	if err != nil {
		return err
	}
	drafts, err := records.TargetLetters.Count(e.App, "subject = {:u} AND year = {:y} AND superior = {:s} AND state = 'draft'",
		dbx.Params{"u": e.Row.Subject(), "y": e.Row.Year(), "s": e.Row.Superior()})
	if err != nil {
		return err
	}
	if drafts > 0 {
		return gate.Refuse("letter.draft_twice")
	}
	follow(e.Row, versions)
	return e.Next()
}

// update takes what a draft adds to the text from who may have made it.
func update(e *kit.Change[records.TargetLetter]) error {
	if user := gate.From(e.RecordEvent).User; !gate.ByServer(e.RecordEvent) && user != nil && !writes(user, e.Before()) {
		return gate.Refuse(sales.LetterNotSuperior)
	}
	return e.Next()
}

// remove takes a draft away at the word of who may write it.
func remove(e *kit.Change[records.TargetLetter]) error {
	if user := gate.From(e.RecordEvent).User; !gate.ByServer(e.RecordEvent) && user != nil && !writes(user, e.Row) {
		return gate.Refuse(sales.LetterNotSuperior)
	}
	return e.Next()
}

// versionOf is what the rules know of a letter.
func versionOf(letter records.TargetLetter) sales.LetterVersion {
	return sales.LetterVersion{
		ID: string(letter.ID()), Version: letter.Version(), State: string(letter.State()), SHA256: letter.SHA256(),
		Signed: letter.SignedAt(), Countersigned: letter.CountersignedAt(),
	}
}

// versionsOf are all versions of somebody's letter of a year, from the first.
func versionsOf(app core.App, subject records.UserID, year string) (out []sales.LetterVersion, err error) {
	rows, err := records.TargetLetters.All(app, "subject = {:u} AND year = {:y}", dbx.Params{"u": subject, "y": year}, "version")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		out = append(out, versionOf(row))
	}
	return out, nil
}

// follow makes a letter the version after all others; it amends the one that holds.
func follow(letter records.TargetLetter, versions []sales.LetterVersion) {
	last := 0
	for _, v := range versions {
		last = max(last, v.Version)
	}
	letter.SetVersion(last + 1)
	if holds, found := sales.LetterHolds(versions); found {
		letter.SetAmends(records.TargetLetterID(holds.ID))
	}
}
