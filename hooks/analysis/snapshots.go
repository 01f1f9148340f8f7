package analysis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// snapshots are departments' figures of months as they were frozen.
func snapshots() kit.Collection {
	return kit.Collection{
		Name:  records.MetricSnapshotTable,
		Audit: gate.Audit{Fields: []string{records.MetricSnapshotColSHA256}, Create: true},
		Keep:  &gate.Keep{Log: true},
		Rules: []kit.Rule{
			{On: kit.Create, Collection: records.MetricSnapshotTable, Name: "snapshotCreate", Run: gate.OnlyServer},
			{On: kit.Update, Collection: records.MetricSnapshotTable, Name: "snapshotUpdate", Run: gate.OnlyServer},
		},
	}
}

// reviewed puts the figures of a month that is frozen into its business review,
// where the server alone writes them.
func reviewed() kit.Collection {
	return kit.Collection{Name: records.BusinessReviewTable, Rules: []kit.Rule{
		kit.On(kit.Create, records.BusinessReviews, "reviewFigures", func(e *kit.Change[records.BusinessReview]) error {
			snapshot, found, err := records.MetricSnapshots.First(e.App, "dept = {:d} AND month = {:m}",
				dbx.Params{"d": e.Row.Dept(), "m": e.Row.Period()}, "")
			if err != nil {
				return err
			}
			if found {
				e.Row.SetFigures(snapshot.Figures())
			}
			return e.Next()
		}),
	}}
}

// keepFigures keeps the figures of each KA department's month, and hands them to
// its business review.
func (s *Service) keepFigures(ctx context.Context, tx core.App, month string, now time.Time, by records.UserID) error {
	depts, err := records.Departments.All(tx, "kind = 'ka'", nil, "id")
	if err != nil {
		return err
	}
	for _, dept := range depts {
		var figures map[string]analysis.Frozen
		err := s.read(ctx, tx, func(from reading) (err error) {
			figures, err = s.figuresOf(ctx, from, dept.ID(), month)
			return err
		})
		if err != nil {
			return err
		}
		text, err := analysis.WriteFrozen(figures)
		if err != nil {
			return fmt.Errorf("write the figures of %s: %w", month, err)
		}
		if err := keepSnapshot(ctx, tx, dept.ID(), month, text, now, by); err != nil {
			return err
		}
		if err := fillReview(ctx, tx, dept.ID(), month, text); err != nil {
			return err
		}
	}
	return nil
}

// figuresOf counts all figures of a department: of a month, of its year up to it, and
// of the month before.
func (s *Service) figuresOf(ctx context.Context, from reading, dept records.DepartmentID, month string) (map[string]analysis.Frozen, error) {
	out := map[string]analysis.Frozen{}
	all := viewer{Rights: analysis.RightsOf(people.RoleExecutive), role: people.RoleExecutive}
	for _, f := range analysis.Figures {
		value := func(p domain.Period) (*int64, error) {
			q := analysis.Query{Figure: f, Period: p, Filters: map[analysis.Dimension][]string{analysis.Department: {string(dept)}}}
			cells, err := s.sources[f.Source].cells(ctx, from, q, all)
			return f.Kind.Value(cells.Total), err
		}
		var kept analysis.Frozen
		for into, period := range map[**int64]domain.Period{
			&kept.Month: analysis.MonthPeriod(month), &kept.Year: analysis.YearToDate(month), &kept.Before: analysis.MonthPeriod(analysis.AddMonths(month, -1)),
		} {
			v, err := value(period)
			if err != nil {
				return nil, fmt.Errorf("count %s of %s: %w", f.Key, month, err)
			}
			*into = v
		}
		out[f.Key] = kept
	}
	return out, nil
}

func keepSnapshot(ctx context.Context, tx core.App, dept records.DepartmentID, month string, figures []byte, now time.Time, by records.UserID) error {
	row, err := records.MetricSnapshots.New(tx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(figures)
	row.SetMonth(month)
	row.SetDept(dept)
	row.SetFigures(jsontext.Value(figures))
	row.SetFrozenAt(now)
	row.SetFrozenBy(by)
	row.SetSHA256(hex.EncodeToString(sum[:]))
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("keep the figures of %s: %w", month, err)
	}
	return nil
}

// fillReview writes the figures into the review of the month, if there is one already
// and whose it is still leads the department: nobody else is told what it earned.
func fillReview(ctx context.Context, tx core.App, dept records.DepartmentID, month string, figures []byte) error {
	review, found, err := records.BusinessReviews.First(tx, "dept = {:d} AND period = {:m}", dbx.Params{"d": dept, "m": month}, "")
	if err != nil || !found {
		return err
	}
	owner, err := records.Users.Require(tx, review.Owner())
	if err != nil {
		return err
	}
	if owner.Role() != people.RoleDeptManager || owner.Department() != dept {
		return nil
	}
	review.SetFigures(jsontext.Value(figures))
	if err := tx.SaveWithContext(gate.AsServer(ctx), review.Raw()); err != nil {
		return fmt.Errorf("hand figures to the review of %s: %w", month, err)
	}
	return nil
}
