package approvals

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// fieldTold are those who were told that a row is late.
const fieldTold = "told"

// readersOf lists who may read what a chain is about because of the chain: who
// is asked or will be, whom they stand in for, and who was told that they are
// late; and who decided. Who stands in reads it for as long as he does, and who
// was never reached no longer once the chain is over.
func readersOf(rows []*core.Record, chart domain.Chart, day string) (out []string) {
	for _, r := range rows {
		principal := delegatedOf(r)
		switch stateOf(r) {
		case domain.ApprovalWaiting, domain.ApprovalPending:
			out = union(out, approverOf(r), principal)
			out = union(out, r.GetStringSlice(fieldTold)...)
		case domain.ApprovalApproved, domain.ApprovalRejected, domain.ApprovalReturned:
			switch {
			case principal == "":
				out = union(out, approverOf(r))
			case chart.StandIn(principal, day) == approverOf(r):
				out = union(out, principal, approverOf(r))
			default:
				out = union(out, principal)
			}
		}
	}
	return out
}

// show lets those read a subject and the rows of its chains who may by now, and
// nobody else. The caller saves the subject if save is false.
func (s *Service) show(ctx context.Context, txApp core.App, subject *core.Record, chart domain.Chart, save bool) error {
	rows, err := txApp.FindRecordsByFilter(approvals, "ref_collection = {:c} && ref_id = {:i}", "round,step,id", 0, 0,
		dbx.Params{"c": subject.Collection().Name, "i": subject.Id})
	if err != nil {
		return fmt.Errorf("failed to read approvals: %w", err)
	}
	readers := readersOf(rows, chart, domain.BusinessDay(s.now()))
	for _, r := range rows {
		of := readers
		if r.GetInt("round") < roundOf(subject) { // nobody reads what was before his time
			of = slices.DeleteFunc(slices.Clone(r.GetStringSlice(fieldReviewers)), func(id string) bool { return !slices.Contains(readers, id) })
		}
		if alike(r.GetStringSlice(fieldReviewers), of) {
			continue
		}
		r.Set(fieldReviewers, of)
		if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
			return fmt.Errorf("failed to show an approval: %w", err)
		}
	}
	if alike(subject.GetStringSlice(fieldReviewers), readers) {
		return nil
	}
	setReviewers(subject, readers)
	if !save {
		return nil
	}
	if err := txApp.SaveWithContext(gate.AsServer(ctx), subject); err != nil {
		return fmt.Errorf("failed to show what is approved: %w", err)
	}
	return nil
}

// alike compares lists as sets.
func alike(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(id string) bool { return !slices.Contains(b, id) })
}

// leave takes sight from those who no longer stand in for anybody.
func (s *Service) leave(txApp core.App, chart domain.Chart) error {
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
		return fmt.Errorf("failed to read who stood in: %w", err)
	}
	ctx := gate.With(context.Background(), gate.Actor{Action: "approvals.reroute"})
	for _, o := range over {
		if chart.StandIn(o.Principal, domain.BusinessDay(s.now())) == o.Approver {
			continue
		}
		subject, err := txApp.FindRecordById(o.Collection, o.ID)
		if err != nil {
			continue // a subject that is gone shows nothing
		}
		if err := s.show(ctx, txApp, subject, chart, true); err != nil {
			return err
		}
	}
	return nil
}
