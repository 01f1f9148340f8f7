package approvals

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// readersOf lists who may read what a chain is about because of the chain: who
// is asked or will be, whom they stand in for, and who was told that they are
// late; and who decided. Who stands in reads it for as long as he does, and who
// was never reached no longer once the chain is over.
func readersOf(rows []records.Approval, chart people.Chart, day string) (out []string) {
	for _, r := range rows {
		principal, approver := string(r.DelegatedFrom()), string(r.Approver())
		switch r.State() {
		case people.ApprovalWaiting, people.ApprovalPending:
			out = union(out, approver, principal)
			out = union(out, records.Strings(r.Told())...)
		case people.ApprovalApproved, people.ApprovalRejected, people.ApprovalReturned:
			switch {
			case principal == "":
				out = union(out, approver)
			case chart.StandIn(principal, day) == approver:
				out = union(out, principal, approver)
			default:
				out = union(out, principal)
			}
		}
	}
	return out
}

// show lets those read a subject and the rows of its chains who may by now, and
// nobody else. The caller saves the subject unless it is saved here.
func (s *Service) show(ctx context.Context, txApp core.App, subject *core.Record, chart people.Chart, saved bool) error {
	rows, err := roundsOf(txApp, subject)
	if err != nil {
		return err
	}
	readers := readersOf(rows, chart, domain.BusinessDay(s.now()))
	for _, r := range rows {
		had, of := records.Strings(r.Reviewers()), readers
		if r.Round() < roundOf(subject) { // nobody reads what was before his time
			of = slices.DeleteFunc(slices.Clone(had), func(id string) bool { return !slices.Contains(readers, id) })
		}
		if alike(had, of) {
			continue
		}
		r.SetReviewers(records.IDs[records.UserID](of))
		if err := save(ctx, txApp, r); err != nil {
			return err
		}
	}
	if alike(reviewersOf(subject), readers) {
		return nil
	}
	setReviewers(subject, readers)
	if !saved {
		return nil
	}
	if err := txApp.SaveWithContext(gate.AsServer(ctx), subject); err != nil {
		return fmt.Errorf("show what is approved: %w", err)
	}
	return nil
}

// alike compares lists as sets.
func alike(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(id string) bool { return !slices.Contains(b, id) })
}

// leave takes sight from those who no longer stand in for anybody.
func (s *Service) leave(txApp core.App, chart people.Chart) error {
	var over []struct {
		Collection string `db:"ref_collection"`
		ID         string `db:"ref_id"`
		Principal  string `db:"delegated_from"`
		Approver   string `db:"approver"`
	}
	err := txApp.DB().NewQuery(`SELECT DISTINCT ref_collection, ref_id, delegated_from, approver FROM approvals a
		WHERE delegated_from <> '' AND state IN ('approved', 'rejected', 'returned') AND EXISTS (SELECT 1 FROM json_each(a.reviewers) e WHERE e.value = a.approver)
		ORDER BY ref_collection, ref_id`).All(&over)
	if err != nil {
		return fmt.Errorf("read who stood in: %w", err)
	}
	ctx := gate.With(context.Background(), gate.Actor{Action: "approvals.reroute"})
	for _, o := range over {
		if chart.StandIn(o.Principal, domain.BusinessDay(s.now())) == o.Approver {
			continue
		}
		subject, err := txApp.FindRecordById(o.Collection, o.ID)
		if errors.Is(err, sql.ErrNoRows) {
			continue // a subject that is gone shows nothing
		}
		if err != nil {
			return fmt.Errorf("find what is approved: %w", err)
		}
		if err := s.show(ctx, txApp, subject, chart, true); err != nil {
			return err
		}
	}
	return nil
}
