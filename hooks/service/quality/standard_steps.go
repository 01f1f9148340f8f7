package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/service"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// enforce puts a standard in force from its day on, today if it names none:
// service_standard.from_past, service_standard.twice.
func (d desk) enforce(ctx context.Context, tx core.App, standard records.ServiceStandard, _ kit.None) error {
	levels, err := standard.Levels()
	if err != nil {
		return err
	}
	if err := service.CheckLevels(levels); err != nil {
		return gate.WrapError(err)
	}
	today := domain.BusinessDay(d.now())
	if standard.FromDate() == "" {
		standard.SetFromDate(today)
	}
	if standard.FromDate() < today {
		return gate.RefuseField(records.ServiceStandardColFromDate, "service_standard.from_past")
	}
	twice, err := records.ServiceStandards.Count(tx, "state <> 'draft' AND from_date = {:day} AND id <> {:id}", dbx.Params{"day": standard.FromDate(), "id": standard.ID()})
	if err != nil {
		return err
	}
	if twice > 0 {
		return gate.RefuseField(records.ServiceStandardColFromDate, "service_standard.twice")
	}
	standard.SetPutBy(records.UserID(gate.Of(ctx).User.Id))
	standard.SetPutAt(d.now())
	if standard.FromDate() == today {
		if err := replaceBefore(ctx, tx, today); err != nil {
			return err
		}
	}
	return d.tellStandard(ctx, tx, standard)
}

// tellStandard tells the service, and who heads a department of sales.
func (d desk) tellStandard(ctx context.Context, tx core.App, standard records.ServiceStandard) error {
	readers, err := records.Users.All(tx, "active = TRUE AND role IN ({:service}, {:head})", dbx.Params{"service": people.RoleService, "head": people.RoleDeptManager}, "id")
	if err != nil {
		return err
	}
	for _, reader := range readers {
		if reader.ID() == standard.PutBy() {
			continue
		}
		err := gate.Notify(ctx, tx, d.now(), gate.Notice{
			User: string(reader.ID()), Kind: "service.standard", Params: map[string]any{"name": standard.Name(), "from": standard.FromDate()},
			Link: records.ServiceStandardTable + "/" + string(standard.ID()),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// begun is what taking a standard back asks.
func (d desk) begun(_ context.Context, _ core.App, standard records.ServiceStandard) (func(string) bool, error) {
	ahead := standard.FromDate() > domain.BusinessDay(d.now())
	return func(guard string) bool { return guard == service.StandardBegun && ahead }, nil
}

// withdraw makes a draft of a standard whose day has not come.
func withdraw(_ context.Context, _ core.App, standard records.ServiceStandard, _ kit.None) error {
	standard.SetPutBy("")
	standard.SetPutAt(time.Time{})
	return nil
}

// replaceStandards marks what a standard whose day has come replaces.
func replaceStandards(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		present, found, err := StandardOn(tx, domain.BusinessDay(now))
		if err != nil || !found {
			return err
		}
		return replaceBefore(ctx, tx, present.FromDate())
	})
}

// replaceBefore takes the server's step with what is in force since before a day.
func replaceBefore(ctx context.Context, tx core.App, day string) error {
	former, err := records.ServiceStandards.All(tx, "state = 'in_force' AND from_date < {:day}", dbx.Params{"day": day}, "from_date")
	if err != nil {
		return err
	}
	for _, standard := range former {
		next, err := service.StandardMachine.OwnNext(string(standard.State()), service.StandardReplace)
		if err != nil {
			return err
		}
		standard.SetState(records.ServiceStandardState(next))
		if err := tx.SaveWithContext(gate.AsServer(ctx), standard.Raw()); err != nil {
			return fmt.Errorf("replace a service standard: %w", err)
		}
	}
	return nil
}
