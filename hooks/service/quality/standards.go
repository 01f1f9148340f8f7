package quality

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/service"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (d desk) standards() kit.Collection {
	return kit.Collection{
		Name:    records.ServiceStandardTable,
		Machine: &service.StandardMachine,
		Parties: heads,
		Server:  []string{records.ServiceStandardColVersion, records.ServiceStandardColPutBy, records.ServiceStandardColPutAt},
		Audit: gate.Audit{Fields: []string{
			records.ServiceStandardColState, records.ServiceStandardColVersion, records.ServiceStandardColFromDate, records.ServiceStandardColLevels,
		}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ServiceStandards, "standardCreate", standardCreate),
			kit.On(kit.Update, records.ServiceStandards, "standardUpdate", standardUpdate),
		},
	}
}

// StandardOn finds the standard that is in force on a day.
func StandardOn(app core.App, day string) (records.ServiceStandard, bool, error) {
	return records.ServiceStandards.First(app, "state <> 'draft' AND from_date <= {:day}", dbx.Params{"day": day}, "from_date DESC")
}

// standardCreate makes the next version; what it leaves open is copied from the
// settings (R5.8).
func standardCreate(e *kit.Change[records.ServiceStandard]) error {
	last, found, err := records.ServiceStandards.First(e.App, "", nil, "version DESC")
	if err != nil {
		return err
	}
	e.Row.SetVersion(1)
	if found {
		e.Row.SetVersion(last.Version() + 1)
	}
	levels, err := e.Row.Levels()
	if err != nil {
		return gate.Refuse("service_standard.levels_invalid")
	}
	if len(levels) == 0 {
		if levels, err = usualLevels(e.App); err != nil {
			return err
		}
		e.Row.SetLevels(levels)
		return e.Next()
	}
	return standardUpdate(e)
}

// standardUpdate judges the times that somebody writes into a draft.
func standardUpdate(e *kit.Change[records.ServiceStandard]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	levels, err := e.Row.Levels()
	if err != nil {
		return gate.Refuse("service_standard.levels_invalid")
	}
	if err := service.CheckLevels(levels); err != nil {
		return gate.WrapError(err)
	}
	return e.Next()
}

// usualLevels are the times of the settings, in minutes.
func usualLevels(app core.App) (map[string]service.Level, error) {
	settings := gate.SettingsNow(app)
	clocks, err := settings.IssueLevels()
	if err != nil {
		return nil, err
	}
	always, err := settings.IssueRoundTheClock()
	if err != nil {
		return nil, err
	}
	calendar, err := gate.ReadCalendar(app)
	if err != nil {
		return nil, err
	}
	levels := map[string]service.Level{}
	for name, clock := range clocks {
		p := clock.Promise(calendar, slices.Contains(always, name))
		levels[name] = service.Level{FirstMinutes: int(p.First / time.Minute), ResolveMinutes: int(p.Solve / time.Minute), Always: p.SolveClock.Always}
	}
	return levels, nil
}
