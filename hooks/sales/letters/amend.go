package letters

import (
	"context"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// stands reports whether a target is in force.
func stands(target records.Target) bool {
	return target.State() == sales.TargetIssued || target.State() == sales.TargetCascaded
}

// targetChanged drafts an amendment when a target comes into force or out of it, of
// which a letter was sent.
func (s service) targetChanged(e *kit.Change[records.Target]) error {
	changed := stands(e.Before()) != stands(e.Row) && slices.Contains(sales.LetterLevels, string(e.Row.Level()))
	if err := e.Next(); err != nil || !changed {
		return err
	}
	return s.amend(e.Context, e.App, e.Row.Owner(), e.Row.Year(), "letter.amend")
}

// superiorChanged drafts a letter of who leads somebody now in place of each that waits
// for signatures: who led him signs none of them any more. A letter that holds stays.
func (s service) superiorChanged(e *kit.Change[records.User]) error {
	changed := !e.Row.IsNew() && e.Before().Manager() != e.Row.Manager() && e.Row.Active()
	if err := e.Next(); err != nil || !changed {
		return err
	}
	open, err := records.TargetLetters.All(e.App, "subject = {:u} AND state IN ('sent', 'signed')", dbx.Params{"u": e.Row.ID()}, "year")
	if err != nil {
		return err
	}
	for _, letter := range open {
		if err := s.amend(e.Context, e.App, e.Row.ID(), letter.Year(), "letter.succeed"); err != nil {
			return err
		}
	}
	return nil
}

// amend drafts the next version of a letter that was sent, and tells who leads its
// subject why; a draft of his that is there is enough.
func (s service) amend(ctx context.Context, tx core.App, subject records.UserID, year, why string) error {
	rows, err := records.TargetLetters.All(tx, "subject = {:u} AND year = {:y} AND state IN ('draft', 'sent', 'signed', 'effective')",
		dbx.Params{"u": subject, "y": year}, "version")
	if err != nil {
		return err
	}
	owner, err := records.Users.Require(tx, subject)
	if err != nil {
		return err
	}
	superior, err := superiorOf(tx, owner)
	if err != nil {
		return err
	}
	sent := slices.ContainsFunc(rows, func(l records.TargetLetter) bool { return l.State() != sales.LetterDraft })
	drafted := slices.ContainsFunc(rows, func(l records.TargetLetter) bool {
		return l.State() == sales.LetterDraft && l.Superior() == superior
	})
	if !sent || drafted || superior == "" {
		return nil
	}
	versions, err := versionsOf(tx, subject, year)
	if err != nil {
		return err
	}
	letter, err := records.TargetLetters.New(tx)
	if err != nil {
		return err
	}
	letter.SetSubject(subject)
	letter.SetYear(year)
	letter.SetSuperior(superior)
	letter.SetDept(owner.Department())
	if last := rows[len(rows)-1]; last.Superior() == superior { // what others agreed on is not his to read
		letter.SetTerms(last.Terms())
	}
	follow(letter, versions)
	if err := tx.SaveWithContext(gate.AsServer(ctx), letter.Raw()); err != nil {
		return err
	}
	return s.tell(ctx, tx, letter.Superior(), why, letter, map[string]any{"name": owner.Name()})
}
