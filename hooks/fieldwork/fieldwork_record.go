package fieldwork

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	sessions = "work_sessions"
	tracks   = "track_points"
	reports  = "work_reports"
	consents = "consents"
	access   = "access_log"
	surveys  = "surveys"
	answers  = "survey_answers"

	fieldState = "state"
	fieldOwner = "owner"
)

var (
	sessionFilled = []string{"manager", "dept", "end_at", "end_lat", "end_lng", "end_acc_m", "end_src_crs", "odometer_end_m", "distance_m", "received_at"}
	reportFilled  = []string{"manager", "dept", "auto", "comments", "due_at", "submitted_at", "late"}
	answerFilled  = []string{"manager", "dept"}
)

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		consents: {Fields: []string{"given_at", "told_at", "withdrawn_at"}, Create: true},
		reports:  {Fields: []string{fieldState}},
		sessions: {Fields: []string{fieldState}},
	}
}

func stateOf(r *core.Record) string     { return r.GetString(fieldState) }
func setState(r *core.Record, s string) { r.Set(fieldState, s) }
func ownerOf(r *core.Record) string     { return r.GetString(fieldOwner) }
func managerOf(r *core.Record) string   { return r.GetString("manager") }
func deptOf(r *core.Record) string      { return r.GetString("dept") }
func dateOf(r *core.Record) string      { return r.GetString("date") }

func setLine(r, owner *core.Record) {
	r.Set("manager", owner.GetString("manager"))
	r.Set("dept", owner.GetString("department"))
}

func sessionOf(r *core.Record) domain.Session {
	return domain.Session{Owner: ownerOf(r), Start: r.GetDateTime("start_at").Time(), End: r.GetDateTime("end_at").Time()}
}

func placeOf(r *core.Record, prefix string) domain.Position {
	return domain.Position{Lat: r.GetFloat(prefix + "lat"), Lng: r.GetFloat(prefix + "lng"), AccM: r.GetFloat(prefix + "acc_m")}
}

// toWGS84 turns the position of a row, whose fields begin with prefix, from the
// datum that it names: work.position.
func toWGS84(r *core.Record, prefix string) error {
	p := placeOf(r, prefix)
	if !p.Valid() {
		return gate.Refuse("visit.position_invalid")
	}
	if !p.Known() {
		return nil
	}
	wgs, err := domain.ToWGS84(r.GetString(prefix+"src_crs"), p)
	if err != nil {
		return gate.WrapError(err)
	}
	r.Set(prefix+"lat", wgs.Lat)
	r.Set(prefix+"lng", wgs.Lng)
	return nil
}

// clockNote is what a day keeps of the clock at its start and its end.
type clockNote struct {
	domain.ClockEvidence
	At     string `json:"at,omitzero"` // as the phone said
	ShiftS int    `json:"shift_s,omitzero"`
	Grade  string `json:"grade"` // of domain.ReadClock
}

func noteClock(r *core.Record, end string, at time.Time, told *domain.ClockEvidence, read domain.ClockReading) {
	notes := map[string]clockNote{}
	if end != "start" { // what came with the start was the phone's evidence
		_ = r.UnmarshalJSONField("clock", &notes) // nothing but notes of ours is written there
	}
	note := clockNote{ShiftS: int(read.Shift / time.Second), Grade: read.Grade}
	if told != nil {
		note.ClockEvidence = *told
	}
	if !at.IsZero() {
		note.At = at.UTC().Format(time.RFC3339)
	}
	if notes == nil {
		notes = map[string]clockNote{}
	}
	notes[end] = note
	r.Set("clock", notes)
}

// comment is a superior's word on a report.
type comment struct {
	By   string `json:"by"`
	At   string `json:"at"` // RFC 3339, UTC
	Text string `json:"text"`
}

func addComment(r *core.Record, by, text string, at time.Time) {
	var all []comment
	_ = r.UnmarshalJSONField("comments", &all) // nothing but lists of ours is written there
	r.Set("comments", append(all, comment{by, at.UTC().Format(time.RFC3339), text}))
}

// superior tells whether who acts is over the owner of a row.
func superior(actor, row *core.Record) bool {
	if actor == nil || actor.Id == ownerOf(row) {
		return false
	}
	head := actor.GetString("role") == "dept_manager" && deptOf(row) != "" && actor.GetString("department") == deptOf(row)
	return actor.Id == managerOf(row) || head
}
