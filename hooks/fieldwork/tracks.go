package fieldwork

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/hooks/gate"
)

// trackCreate keeps a position inside an open day, within the permitted hours,
// of somebody who agreed to it; all others are refused, on the server as well.
func (s *Service) trackCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := owned(e); err != nil {
		return err
	}
	if err := toWGS84(e.Record, ""); err != nil {
		return err
	}
	if !placeOf(e.Record, "").Known() { // a fix that found nothing is no point of a track
		return gate.RefuseField("lat", "visit.position_invalid")
	}
	session, err := e.App.FindRecordById(sessions, e.Record.GetString("session"))
	if err != nil {
		return gate.Refuse("track.no_session")
	}
	given, withdrawn, err := consent(e.App, ownerOf(e.Record), e.Record.GetDateTime("at").Time())
	if err != nil {
		return err
	}
	settings := gate.SettingsNow(e.App)
	from, err := settings.Text("track.from")
	if err != nil {
		return err
	}
	to, err := settings.Text("track.to")
	if err != nil {
		return err
	}
	err = domain.CheckTrackPoint(ownerOf(e.Record), e.Record.GetDateTime("at").Time(), sessionOf(session), domain.WorkHours{From: from, To: to}, given, withdrawn)
	if err != nil {
		return gate.WrapError(err)
	}
	return e.Next()
}

// consent finds the last agreement to be located that was given before a moment.
func consent(app core.App, owner string, at time.Time) (given, withdrawn time.Time, err error) {
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

func pointsOf(app core.App, session string) (points []point, err error) {
	err = app.DB().NewQuery("SELECT at, lat, lng, acc_m FROM track_points WHERE session = {:s} ORDER BY at, id").Bind(dbx.Params{"s": session}).All(&points)
	return points, err
}

// tracked is the length of a day's track in metres. A step shorter than the
// accuracy of its ends is noise.
func tracked(app core.App, session *core.Record) (int, error) {
	points, err := pointsOf(app, session.Id)
	if err != nil {
		return 0, fmt.Errorf("failed to read a track: %w", err)
	}
	places := make([]domain.Position, len(points))
	for i, p := range points {
		places[i] = domain.Position{Lat: p.Lat, Lng: p.Lng, AccM: p.AccM}
	}
	return domain.TrackLengthM(places), nil
}

// bindTracks offers a day's track to who may see it. Whoever is not the person
// himself is noted in the log that the person reads.
func bindTracks(app core.App, s *Service) {
	app.OnServe().Bind(gate.Named("fieldTracks", func(e *core.ServeEvent) error {
		e.Router.GET("/api/ka/work_sessions/{id}/track", s.track).Bind(apis.RequireAuth(gate.Users))
		return e.Next()
	}))
}

// track answers {"points": [{at, lat, lng, acc_m}]} of a day of field work.
func (s *Service) track(e *core.RequestEvent) error {
	missing := gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	session, err := e.App.FindRecordById(sessions, e.Request.PathValue("id"))
	if err != nil {
		return missing
	}
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	if ok, err := e.App.CanAccessRecord(session, info, session.Collection().ViewRule); err != nil || !ok {
		return missing
	}
	points, err := pointsOf(e.App, session.Id)
	if err != nil {
		return fmt.Errorf("failed to read a track: %w", err)
	}
	if e.Auth.Id != ownerOf(session) {
		role := e.Auth.GetString("role")
		if !superior(e.Auth, session) && role != "auditor" && role != "admin" {
			return gate.Answer(http.StatusForbidden, domain.Problem{Code: "track.not_superior"}, nil)
		}
		if err := s.noteAccess(e.Request.Context(), e.App, e.Auth.Id, session, len(points)); err != nil {
			return err
		}
	}
	if points == nil {
		points = []point{}
	}
	return e.JSON(http.StatusOK, map[string]any{"points": points})
}

// noteAccess writes down who looked at whose track, before he is shown it.
func (s *Service) noteAccess(ctx context.Context, app core.App, actor string, session *core.Record, n int) error {
	coll, err := app.FindCachedCollectionByNameOrId(access)
	if err != nil {
		return err
	}
	r := core.NewRecord(coll)
	r.Load(map[string]any{"at": s.now(), "actor": actor, "subject_user": ownerOf(session), "what": "location", "count": n, "params": map[string]any{"date": dateOf(session)}})
	if err := app.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return fmt.Errorf("failed to note an access: %w", err)
	}
	return nil
}
