package visits

import (
	"encoding/json/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"

	"satchel/domain"
)

const (
	visits = "visits"
	steps  = "visit_steps"
	blobs  = "blobs"

	fieldState = "state"
	fieldOwner = "owner"
)

var (
	// computed is what only actions and the server's own code write.
	computed = []string{
		"late", "released_by",
		"in_at", "in_lat", "in_lng", "in_acc_m", "in_fixes", "in_distance_m", "in_result", "received_at",
		"out_at", "out_lat", "out_lng", "out_acc_m", "dwell_s",
		"report_at", "late_record", "cancel_reason", "photos_missing",
	}
	stepFilled = []string{"late", "released_by", "account", fieldOwner, "dept", "photos", "thumbs"}
	blobFilled = []string{
		"late", "released_by",
		"account", "dept", "code", "original", "width", "height", "orientation", "taken_at", "lat", "lng", "has_gps", "stored_at",
	}
)

func stateOf(r *core.Record) string         { return r.GetString(fieldState) }
func setState(r *core.Record, state string) { r.Set(fieldState, state) }
func ownerOf(r *core.Record) string         { return r.GetString(fieldOwner) }
func checkedInAt(r *core.Record) time.Time  { return r.GetDateTime("in_at").Time() }
func checkedOutAt(r *core.Record) time.Time { return r.GetDateTime("out_at").Time() }

// serves tells whether an account is a user's to visit: his own or his rep's.
func serves(user, account *core.Record) bool {
	return ownerOf(account) == user.Id || account.GetString("manager") == user.Id
}

// copyLine freezes who is responsible for the account now.
func copyLine(to, account *core.Record) {
	to.Set("manager", account.GetString("manager"))
	to.Set("dept", account.GetString("dept"))
}

// copyPlace takes from a visit what a row that hangs on it needs to be found.
func copyPlace(to, visit *core.Record) {
	for _, f := range []string{"account", fieldOwner, "dept"} {
		to.Set(f, visit.GetString(f))
	}
}

func accountPlace(account *core.Record) (domain.Position, int) {
	return domain.Position{Lat: account.GetFloat("lat"), Lng: account.GetFloat("lng")}, account.GetInt("geofence_m")
}

func setCheckIn(r *core.Record, at time.Time, f fix, metres int, result string, received time.Time) {
	r.Set("in_at", at)
	r.Set("in_lat", f.Lat)
	r.Set("in_lng", f.Lng)
	r.Set("in_acc_m", f.AccM)
	r.Set("in_fixes", f.Fixes)
	r.Set("in_distance_m", metres)
	r.Set("in_result", result)
	r.Set("received_at", received)
}

func setCheckOut(r *core.Record, at time.Time, p domain.Position, dwellS int) {
	r.Set("out_at", at)
	r.Set("out_lat", p.Lat)
	r.Set("out_lng", p.Lng)
	r.Set("out_acc_m", p.AccM)
	r.Set("dwell_s", dwellS)
}

// setReport keeps what the rep noted before and the report does not name.
func setReport(r *core.Record, a reportArgs, at time.Time, late bool) {
	r.Set("summary", a.Summary)
	for name, value := range map[string]*string{
		"needs": a.Needs, "result_code": a.ResultCode, "next_step": a.NextStep, "next_date": a.NextDate,
	} {
		if value != nil {
			r.Set(name, *value)
		}
	}
	r.Set("report_at", at)
	r.Set("late_record", late)
}

// templateSteps reads the steps that a visit's template asks for.
func templateSteps(app core.App, visit *core.Record) ([]domain.TemplateStep, error) {
	id := visit.GetString("template")
	if id == "" {
		return nil, nil
	}
	template, err := app.FindRecordById("visit_templates", id)
	if err != nil {
		return nil, err
	}
	var out []domain.TemplateStep
	err = json.Unmarshal([]byte(template.GetString("steps")), &out)
	return out, err
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{visits: {Fields: []string{fieldState, "late", "released_by"}}}
}
