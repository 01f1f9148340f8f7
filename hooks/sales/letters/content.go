package letters

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// inForce are the targets that somebody has himself for a year, as a letter states them.
func inForce(app core.App, subject records.UserID, year string) (out []sales.LetterTarget, err error) {
	rows, err := records.Targets.All(app, "owner = {:u} AND year = {:y} AND level IN ('dept', 'manager', 'rep') AND state IN ('issued', 'cascaded')",
		dbx.Params{"u": subject, "y": year}, "id")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		t := sales.LetterTarget{
			ID: string(row.ID()), Version: row.Version(), Level: string(row.Level()), Metric: string(row.Metric()), Value: row.Value(),
			Basis: sales.LetterBasis{Company: row.BasisCompany(), Market: row.BasisMarket(), Capability: row.BasisCapability()},
		}
		if t.Quarters, err = records.Decode[[]int](row.Quarters()); err == nil {
			t.Months, err = records.Decode[[]int](row.Months())
		}
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// stated is what a letter says; content that is not that of its hash is a fault.
func stated(letter records.TargetLetter) (c sales.LetterContent, err error) {
	_, hash, err := sales.CanonicalLetter(letter.Snapshot())
	if err == nil && hash != letter.SHA256() {
		err = fmt.Errorf("letter %s says something else than was sent", letter.ID())
	}
	if err != nil {
		return c, err
	}
	return records.Decode[sales.LetterContent](letter.Snapshot())
}

// superiorOf is who signs with somebody: his manager, or of who has none whoever is over
// him in the organisation, at last the management. Empty at the top.
func superiorOf(app core.App, subject records.User) (records.UserID, error) {
	if subject.Manager() != "" {
		return subject.Manager(), nil
	}
	chart, err := gate.ReadChart(app)
	return records.UserID(chart.Superior(string(subject.ID()))), err
}

// leads refuses a letter whose subject has left, or is led by another by now.
func leads(app core.App, letter records.TargetLetter) (subject, superior records.User, err error) {
	subject, err = records.Users.Require(app, letter.Subject())
	if err != nil {
		return subject, superior, err
	}
	if !subject.Active() {
		return subject, superior, gate.Refuse(sales.LetterSubjectLeft)
	}
	over, err := superiorOf(app, subject)
	if err != nil {
		return subject, superior, err
	}
	superior, found, err := records.Users.Find(app, over)
	if err == nil && (!found || over != letter.Superior()) {
		name := ""
		if found {
			name = superior.Name()
		}
		err = gate.Refuse(sales.LetterSuperiorMove, "name", name)
	}
	return subject, superior, err
}

// send makes the content of a letter of what is in force now, and ends the versions
// before it that never held.
func (s service) send(ctx context.Context, tx core.App, letter records.TargetLetter, _ kit.None) error {
	content, err := contentOf(tx, letter)
	if err != nil {
		return err
	}
	template, err := gate.SettingsNow(tx).LetterText()
	if err != nil {
		return err
	}
	canonical, hash, err := content.Seal(template)
	if err != nil {
		return err
	}
	letter.SetSnapshot(string(canonical))
	letter.SetSHA256(hash)
	letter.SetSentBy(records.UserID(gate.Of(ctx).User.Id))
	letter.SetSentAt(s.Now())
	versions, err := versionsOf(tx, letter.Subject(), letter.Year())
	if err != nil {
		return err
	}
	letter.SetAmends("")
	if holds, found := sales.LetterHolds(versions); found {
		letter.SetAmends(records.TargetLetterID(holds.ID))
	}
	if err := s.end(ctx, tx, sales.LetterReplaced(versions, versionOf(letter))); err != nil {
		return err
	}
	return s.tell(ctx, tx, letter.Subject(), "letter.sent", letter, nil)
}

// contentOf reads what a letter is to say.
func contentOf(tx core.App, letter records.TargetLetter) (c sales.LetterContent, err error) {
	subject, superior, err := leads(tx, letter)
	if err != nil {
		return c, err
	}
	open, err := records.Targets.Count(tx, "owner = {:u} AND year = {:y} AND level IN ('dept', 'manager', 'rep') AND state = 'draft' AND version > 1",
		dbx.Params{"u": letter.Subject(), "y": letter.Year()})
	if err != nil {
		return c, err
	}
	if open > 0 {
		return c, gate.Refuse("letter.in_revision")
	}
	targets, err := inForce(tx, letter.Subject(), letter.Year())
	if err != nil {
		return c, err
	}
	if len(targets) == 0 {
		return c, gate.Refuse("letter.no_targets")
	}
	dept, found, err := records.Departments.Find(tx, subject.Department())
	if err != nil {
		return c, err
	}
	name := ""
	if found {
		name = dept.Name()
	}
	company, err := gate.SettingsNow(tx).CompanyName()
	person := func(u records.User) sales.LetterPerson {
		return sales.LetterPerson{ID: string(u.ID()), Name: u.Name(), Role: string(u.Role())}
	}
	return sales.LetterContent{
		Year: letter.Year(), Version: letter.Version(), Company: company, Dept: name,
		Subject: person(subject), Superior: person(superior), Terms: letter.Terms(), Targets: targets,
	}, err
}

// end ends versions of a letter in whose place another stands.
func (s service) end(ctx context.Context, tx core.App, versions []sales.LetterVersion) error {
	for _, v := range versions {
		row, err := records.TargetLetters.Require(tx, records.TargetLetterID(v.ID))
		if err != nil {
			return err
		}
		next, err := sales.LetterMachine.OwnNext(string(row.State()), sales.LetterSupersede)
		if err != nil {
			return err
		}
		row.SetState(records.TargetLetterState(next))
		row.SetEndedAt(s.Now())
		if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
			return err
		}
	}
	return nil
}
