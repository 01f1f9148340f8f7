package preapprovals

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// close says that nothing more is claimed of it.
func (s *Service) close(ctx context.Context, tx core.App, row records.Preapproval, _ kit.None) error {
	return s.release(ctx, tx, row)
}

// byTheDay ends what nobody may claim of any more, and tells once of papers that are
// overdue.
func (s *Service) byTheDay(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	return app.RunInTransaction(func(tx core.App) error {
		if err := s.expire(gate.AsServer(ctx), tx, today); err != nil {
			return err
		}
		return s.papers(gate.AsServer(ctx), tx, today)
	})
}

// expire ends what has come to its day: what was used up is closed, the rest expires.
func (s *Service) expire(ctx context.Context, tx core.App, today string) error {
	rows, err := records.Preapprovals.All(tx, "state IN ('approved', 'used') AND expires_on < {:d}", dbx.Params{"d": today}, "id")
	if err != nil {
		return fmt.Errorf("look for pre-approvals that expire: %w", err)
	}
	for _, row := range rows {
		left, verb := row.LeftFen(), expense.PreapprovalExpire
		if left == 0 && row.State() == expense.PreapprovalUsed {
			verb = expense.PreapprovalUseUp
		}
		next, err := expense.PreapprovalMachine.OwnNext(string(row.State()), verb)
		if err != nil {
			return gate.WrapError(err)
		}
		if err := s.release(ctx, tx, row); err != nil {
			return err
		}
		row.SetState(records.PreapprovalState(next))
		if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
			return fmt.Errorf("let a pre-approval expire: %w", err)
		}
		if left == 0 {
			continue
		}
		err = gate.Notify(ctx, tx, s.Now(), gate.Notice{
			User: string(row.Owner()), Kind: "preapproval.expired", Link: linkOf(row),
			Params: map[string]any{"title": titleOf(row), "left": domain.Yuan(int64(left))},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// papers tells the owner, and who consented, that an emergency was not handed in.
func (s *Service) papers(ctx context.Context, tx core.App, today string) error {
	rows, err := records.Preapprovals.All(tx, "emergency = TRUE AND state IN ('draft', 'returned') AND paper_due < {:d} AND paper_told_at = ''",
		dbx.Params{"d": today}, "id")
	if err != nil {
		return fmt.Errorf("look for papers that are overdue: %w", err)
	}
	for _, row := range rows {
		row.SetPaperToldAt(s.Now())
		if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
			return fmt.Errorf("note an overdue paper: %w", err)
		}
		for _, user := range []records.UserID{row.Owner(), row.ConsentBy()} {
			err := gate.Notify(ctx, tx, s.Now(), gate.Notice{
				User: string(user), Kind: "preapproval.paper_overdue", Link: linkOf(row), Params: map[string]any{"title": titleOf(row), "due": row.PaperDue()},
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
