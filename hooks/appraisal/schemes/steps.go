package schemes

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// publish puts a version in the place of the one before it: cycles that open take it, and
// those that are open keep the copy that they have.
func (d desk) publish(ctx context.Context, tx core.App, row records.AppraisalScheme, _ kit.None) error {
	if err := write(row); err != nil {
		return err
	}
	if d.dryRun != nil {
		if err := d.dryRun(tx, row); err != nil {
			return gate.WrapError(err)
		}
	}
	row.SetPublishedBy(records.UserID(gate.Of(ctx).User.Id))
	row.SetPublishedAt(d.now())
	former, err := records.AppraisalSchemes.All(tx, "role = {:role} AND cycle_kind = {:cycle} AND dept = {:dept} AND state = 'published' AND id <> {:id}",
		dbx.Params{"role": row.Role(), "cycle": row.CycleKind(), "dept": row.Dept(), "id": row.ID()}, "version")
	if err != nil {
		return err
	}
	for _, old := range former {
		next, err := appraisal.SchemeMachine.OwnNext(string(old.State()), appraisal.SchemeReplace)
		if err != nil {
			return err
		}
		old.SetState(records.AppraisalSchemeState(next))
		if err := tx.SaveWithContext(gate.AsServer(ctx), old.Raw()); err != nil {
			return fmt.Errorf("retire a scheme: %w", err)
		}
	}
	return d.tell(ctx, tx, row)
}

// tell tells those who are appraised by it.
func (d desk) tell(ctx context.Context, tx core.App, row records.AppraisalScheme) error {
	where := "active = TRUE AND role = {:role}"
	if row.Dept() != "" {
		where += " AND department = {:dept}"
	}
	readers, err := records.Users.All(tx, where, dbx.Params{"role": row.Role(), "dept": row.Dept()}, "id")
	if err != nil {
		return err
	}
	for _, reader := range readers {
		if reader.ID() == row.PublishedBy() {
			continue
		}
		err := gate.Notify(ctx, tx, d.now(), gate.Notice{
			User: string(reader.ID()), Kind: "appraisal_scheme.published", Params: map[string]any{"name": row.Name(), "version": row.Version()},
			Link: records.AppraisalSchemeTable + "/" + string(row.ID()),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// retire ends a scheme that nothing replaces.
func retire(context.Context, core.App, records.AppraisalScheme, kit.None) error { return nil }

// difference answers what a scheme says otherwise than another that its reader sees: the
// one in the query, else the version before it, in words.
func difference(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.AppraisalSchemeTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	row := records.AppraisalSchemes.Of(record)
	from := e.Request.URL.Query().Get("from")
	if from == "" {
		last, found, err := records.AppraisalSchemes.First(e.App, "name = {:name} AND version < {:version}", dbx.Params{"name": row.Name(), "version": row.Version()}, "version DESC")
		if err != nil {
			return err
		}
		if !found {
			return gate.Refuse("appraisal_scheme.first")
		}
		from = string(last.ID())
	}
	other, err := gate.Shown(e, records.AppraisalSchemeTable, from)
	if err != nil {
		return err
	}
	before, err := Of(records.AppraisalSchemes.Of(other))
	if err != nil {
		return err
	}
	after, err := Of(row)
	if err != nil {
		return err
	}
	changes := []map[string]string{}
	for _, c := range appraisal.Diff(before, after) {
		changes = append(changes, map[string]string{"at": c.At, "zh": c.ZH, "en": c.EN})
	}
	return e.JSON(http.StatusOK, map[string]any{"from": other.Id, "to": record.Id, "changes": changes})
}
