package fieldwork

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) tracks() kit.Collection {
	return kit.Collection{
		Name:     records.TrackPointTable,
		Personal: mine(),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.TrackPoints, "trackPointCreate", trackCreate),
			frozen(records.TrackPointTable, "trackPointUpdate"),
		},
	}
}

// trackCreate keeps a position inside an open day, within the permitted hours,
// of somebody who agreed to it; all others are refused, on the server as well.
func trackCreate(e *kit.Change[records.TrackPoint]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	place, err := gate.InWGS84(string(e.Row.SrcCrs()), domain.Position{Lat: e.Row.Lat(), Lng: e.Row.Lng(), AccM: e.Row.AccM()})
	if err != nil {
		return err
	}
	if !place.Known() { // a fix that found nothing is no point of a track
		return gate.RefuseField(records.TrackPointColLat, "visit.position_invalid")
	}
	e.Row.SetLat(place.Lat)
	e.Row.SetLng(place.Lng)
	day, found, err := records.WorkSessions.Find(e.App, e.Row.Session())
	if err != nil {
		return err
	}
	if !found {
		return gate.Refuse("track.no_session")
	}
	given, withdrawn, err := consent(e.App, e.Row.Owner(), e.Row.At())
	if err != nil {
		return err
	}
	settings := gate.SettingsNow(e.App)
	from, err := settings.TrackFrom()
	if err != nil {
		return err
	}
	to, err := settings.TrackTo()
	if err != nil {
		return err
	}
	session := field.Session{Owner: string(day.Owner()), Start: day.StartAt(), End: day.EndAt()}
	if err := field.CheckTrackPoint(string(e.Row.Owner()), e.Row.At(), session, field.WorkHours{From: from, To: to}, given, withdrawn); err != nil {
		return gate.WrapError(err)
	}
	return e.Next()
}

// consent finds the last agreement to be located that was given before a moment.
func consent(app core.App, owner records.UserID, at time.Time) (given, withdrawn time.Time, err error) {
	var rows []struct {
		Given     types.DateTime `db:"given_at"`
		Withdrawn types.DateTime `db:"withdrawn_at"`
	}
	err = app.DB().NewQuery("SELECT given_at, withdrawn_at FROM consents WHERE owner = {:o} AND kind = 'location' AND given_at <= {:at} ORDER BY given_at DESC LIMIT 1").
		Bind(dbx.Params{"o": owner, "at": gate.Stamp(at)}).All(&rows)
	if err != nil || len(rows) == 0 {
		return given, withdrawn, err
	}
	return rows[0].Given.Time(), rows[0].Withdrawn.Time(), nil
}

// point is a position of a track.
type point struct {
	At   types.DateTime `db:"at" json:"at"`
	Lat  float64        `db:"lat" json:"lat"`
	Lng  float64        `db:"lng" json:"lng"`
	AccM float64        `db:"acc_m" json:"acc_m"`
}

func pointsOf(app core.App, session records.WorkSessionID) (points []point, err error) {
	err = app.DB().NewQuery("SELECT at, lat, lng, acc_m FROM track_points WHERE session = {:s} ORDER BY at, id").Bind(dbx.Params{"s": session}).All(&points)
	return points, err
}

// tracked is the length of a day's track in metres. A step shorter than the
// accuracy of its ends is noise.
func tracked(app core.App, session records.WorkSessionID) (int, error) {
	points, err := pointsOf(app, session)
	if err != nil {
		return 0, fmt.Errorf("read a track: %w", err)
	}
	places := make([]domain.Position, len(points))
	for i, p := range points {
		places[i] = domain.Position{Lat: p.Lat, Lng: p.Lng, AccM: p.AccM}
	}
	return field.TrackLengthM(places), nil
}

// track answers {"points": [{at, lat, lng, acc_m}]} of a day of field work to who
// may see it. Whoever is not the person himself is noted in the log that the person reads.
func (s service) track(e *core.RequestEvent) error {
	row, err := gate.Shown(e, records.WorkSessionTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	day := records.WorkSessions.Of(row)
	points, err := pointsOf(e.App, day.ID())
	if err != nil {
		return fmt.Errorf("read a track: %w", err)
	}
	reader := records.Users.Of(e.Auth)
	if reader.ID() != day.Owner() {
		if !kit.Superior(e.Auth, day) && reader.Role() != "auditor" && reader.Role() != "admin" {
			return gate.Answer(http.StatusForbidden, domain.Problem{Code: "track.not_superior"}, nil)
		}
		if err := s.noteAccess(e.Request.Context(), e.App, reader, day, len(points)); err != nil {
			return err
		}
	}
	if points == nil {
		points = []point{}
	}
	return e.JSON(http.StatusOK, map[string]any{"points": points})
}

// noteAccess writes down who looked at whose track, before he is shown it.
func (s service) noteAccess(ctx context.Context, app core.App, reader records.User, day records.WorkSession, points int) error {
	entry, err := records.AccessLog.New(app)
	if err != nil {
		return err
	}
	entry.SetAt(s.now())
	entry.SetActor(reader.ID())
	entry.SetSubjectUser(day.Owner())
	entry.SetWhat("location")
	entry.SetCount(points)
	entry.SetParams(map[string]any{"date": day.Date()})
	if err := app.SaveWithContext(gate.AsServer(ctx), entry.Raw()); err != nil {
		return fmt.Errorf("note an access: %w", err)
	}
	return nil
}
