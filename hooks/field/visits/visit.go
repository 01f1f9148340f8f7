package visits

import (
	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// visits are made and written by who serves the account; what a step of theirs
// says is written by it alone.
func (s *service) visits() kit.Collection {
	return kit.Collection{
		Name:    records.VisitTable,
		Machine: &field.VisitMachine,
		Parties: kit.Parties(records.Visits, parties),
		Owned:   &kit.Owned{Stranger: "visit.not_owner", NoAccount: "visit.account_required"},
		Server:  computed,
		Audit: gate.Audit{Fields: []string{
			records.VisitColState, records.VisitColVerdict, records.VisitColVoidBy, records.VisitColLate, records.VisitColReleasedBy,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Visits, "visitCreate", s.visitCreate),
			kit.On(kit.Update, records.Visits, "visitUpdate", s.visitUpdate),
			kit.On(kit.UpdateExecute, records.Visits, "visitOnSharedPhone", s.tellSharers),
		},
	}
}

// computed is what only actions and the server's own code write.
var computed = []string{
	records.VisitColLate, records.VisitColReleasedBy, records.VisitColReceivedAt,
	records.VisitColInAt, records.VisitColInLat, records.VisitColInLng, records.VisitColInAccM, records.VisitColInFixes,
	records.VisitColInSrcCrs, records.VisitColInSrcLat, records.VisitColInSrcLng, records.VisitColInDistanceM, records.VisitColInResult,
	records.VisitColOutAt, records.VisitColOutLat, records.VisitColOutLng, records.VisitColOutAccM,
	records.VisitColOutSrcCrs, records.VisitColOutSrcLat, records.VisitColOutSrcLng, records.VisitColDwellS,
	records.VisitColReportAt, records.VisitColLateRecord, records.VisitColCancelReason, records.VisitColPhotosMissing,
	records.VisitColPrepAt, records.VisitColFlags, records.VisitColClock, records.VisitColSignals, records.VisitColDevice,
	records.VisitColRiskScore, records.VisitColRiskReasons, records.VisitColSampled, records.VisitColAskedScore,
	records.VisitColVerdict, records.VisitColVerdictBy, records.VisitColVerdictAt, records.VisitColVerdictNote,
	records.VisitColAnswer, records.VisitColAnsweredAt, records.VisitColVoidBy, records.VisitColVoidAt, records.VisitColVoidReason,
	records.VisitColCounts, records.VisitColEventHash, records.VisitColPrevHash,
}

// visitCreate gives a visit the template that fits.
func (s *service) visitCreate(e *kit.Change[records.Visit]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := s.plannedDay(e); err != nil {
		return err
	}
	if err := checkPeople(e.App, e.Row); err != nil {
		return err
	}
	if err := chooseTemplate(e.App, e.Row); err != nil {
		return err
	}
	s.notePrep(e.Row)
	return e.Next()
}

// visitUpdate refuses to touch a visit that is over, and how one that has begun is judged.
func (s *service) visitUpdate(e *kit.Change[records.Visit]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	state := string(e.Row.State())
	if err := field.VisitEditable(state); err != nil {
		return gate.WrapError(err)
	}
	if field.VisitBegun(state) {
		if err := gate.LockFields(e.RecordEvent, records.VisitColType, records.VisitColPlannedDate); err != nil {
			return err
		}
	}
	if err := s.plannedDay(e); err != nil {
		return err
	}
	if err := checkPeople(e.App, e.Row); err != nil {
		return err
	}
	s.notePrep(e.Row)
	return e.Next()
}

// plannedDay bounds the day for which a visit is planned, as seen from when the
// server heard of it: visit.day_implausible.
func (s *service) plannedDay(e *kit.Change[records.Visit]) error {
	day := e.Row.PlannedDate()
	if !domain.IsDay(day) || !e.Row.IsNew() && day == e.Before().PlannedDate() {
		return nil // the field's own validation judges what is no day
	}
	settings, today := gate.SettingsNow(e.App), domain.BusinessDay(s.clock.Arrived(e.Context))
	back, err := settings.VisitPlannedBackDays()
	if err != nil {
		return err
	}
	ahead, err := settings.VisitPlannedAheadDays()
	if err != nil {
		return err
	}
	from, to := domain.AddDays(today, -back), domain.AddDays(today, ahead)
	if day < from || day > to {
		return gate.Refuse("visit.day_implausible", "field", records.VisitColPlannedDate, "day", day, "from", from, "to", to)
	}
	return nil
}
