package visits

import (
	"encoding/json/v2"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"
)

const (
	visits    = "visits"
	steps     = "visit_steps"
	blobs     = "blobs"
	accounts  = "accounts"
	templates = "visit_templates"
	feedback  = "visit_feedback"
	checks    = "store_checks"
	audits    = "visit_audits"
	positions = "account_positions"
	events    = "visit_events"

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
		"prep_at", "flags", "in_src_crs", "in_src_lat", "in_src_lng", "out_src_crs", "out_src_lat", "out_src_lng", "clock", "signals", "device",
		"risk_score", "risk_reasons", "sampled", "asked_score", "verdict", "verdict_by", "verdict_at", "verdict_note",
		"answer", "answered_at", "void_by", "void_at", "void_reason", "counts", "event_hash", "prev_hash",
	}
	stepFilled = []string{"late", "released_by", "account", fieldOwner, "dept"}
	partFilled = []string{"late", "account", fieldOwner, "manager", "dept"}
)

func stateOf(r *core.Record) string         { return r.GetString(fieldState) }
func setState(r *core.Record, state string) { r.Set(fieldState, state) }
func ownerOf(r *core.Record) string         { return r.GetString(fieldOwner) }
func managerOf(r *core.Record) string       { return r.GetString("manager") }
func deptOf(r *core.Record) string          { return r.GetString("dept") }
func accountOf(r *core.Record) string       { return r.GetString("account") }
func visitIDOf(r *core.Record) string       { return r.GetString("visit") }
func typeOf(r *core.Record) string          { return r.GetString("type") }
func deviceOf(r *core.Record) string        { return r.GetString("device") }
func tierOf(account *core.Record) string    { return account.GetString("tier") }
func checkedInAt(r *core.Record) time.Time  { return r.GetDateTime("in_at").Time() }
func checkedOutAt(r *core.Record) time.Time { return r.GetDateTime("out_at").Time() }

// serves tells whether an account is a user's to visit: his own or his rep's.
func serves(user, account *core.Record) bool {
	return ownerOf(account) == user.Id || managerOf(account) == user.Id
}

// copyLine freezes who is responsible for the account now.
func copyLine(to, account *core.Record) {
	to.Set("manager", managerOf(account))
	to.Set("dept", deptOf(account))
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

// placeAt is where a visit's owner was; side is "in" or "out".
func placeAt(r *core.Record, side string) domain.Position {
	return domain.Position{Lat: r.GetFloat(side + "_lat"), Lng: r.GetFloat(side + "_lng"), AccM: r.GetFloat(side + "_acc_m")}
}

// setPlace keeps a position and what it came from; side is "in" or "out".
func setPlace(r *core.Record, side string, p sighting) {
	r.Set(side+"_lat", p.place.Lat)
	r.Set(side+"_lng", p.place.Lng)
	r.Set(side+"_acc_m", p.place.AccM)
	if p.raw.Known() {
		r.Set(side+"_src_crs", p.crs)
		r.Set(side+"_src_lat", p.raw.Lat)
		r.Set(side+"_src_lng", p.raw.Lng)
	}
}

func setFence(r *core.Record, metres int, result string) {
	r.Set("in_distance_m", metres)
	r.Set("in_result", result)
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
	for name, list := range map[string]*[]string{"companions": a.Companions, "contacts_met": a.ContactsMet} {
		if list != nil {
			r.Set(name, *list)
		}
	}
	r.Set("report_at", at)
	r.Set("late_record", late)
}

// takeBack undoes the report and what was said of it. Whether it was late stays:
// a correction is no later record.
func takeBack(r *core.Record) {
	for _, f := range []string{"report_at", "verdict", "verdict_by", "verdict_at", "verdict_note", "answer", "answered_at", "asked_score"} {
		r.Set(f, nil)
	}
	addFlag(r, flagCorrected)
}

// Flags of a visit: what a person should know of how it came about.
const (
	flagPrepMissing  = "prep_missing" // captured without the preparation that was asked
	flagWasMissed    = "was_missed"   // the job had called it missed before it arrived
	flagAutoClosed   = "auto_closed"
	flagSecondDevice = "second_device" // two phones checked in
	flagLatePart     = "late_part"     // captured before the report, arrived after it
	flagCorrected    = "corrected"     // its report was taken back and made again
)

func addFlag(r *core.Record, flag string) {
	flags := flagsOf(r)
	if !slices.Contains(flags, flag) {
		r.Set("flags", append(flags, flag))
	}
}

func flagsOf(r *core.Record) (flags []string) {
	_ = r.UnmarshalJSONField("flags", &flags) // nothing but lists of ours is written there
	return flags
}

func reasonsOf(r *core.Record, field string) (reasons []domain.RiskReason) {
	_ = r.UnmarshalJSONField(field, &reasons) // an empty or foreign text has no reasons
	return reasons
}

// counted reads what decides whether a visit counts.
func (s *Service) counted(r *core.Record, rules domain.RiskRules) domain.CountedVisit {
	notes := clockNotes(r)
	v := domain.CountedVisit{
		Type: typeOf(r), State: stateOf(r), Verdict: r.GetString("verdict"), Score: r.GetInt("risk_score"), DwellS: r.GetInt("dwell_s"),
		CheckedOut: !checkedOutAt(r).IsZero(), Reported: !r.GetDateTime("report_at").IsZero(),
		StayUnknown: stayUnknown(notes), ClockUnknown: clockGrade(notes) == domain.ClockUnknown,
	}
	if v.Type != typePhone && s.plant != syncer.PlantNowhere {
		result := r.GetString("in_result")
		v.PlaceUnknown = result == "" || result == domain.FenceUnknown
		v.Far = rules.Far(r.GetInt("in_distance_m")) || rules.Far(moved(r, rules))
	}
	return v
}

// moved is how far a check-out lies from its check-in, in metres; 0 if one of
// them has no place that tells.
func moved(r *core.Record, rules domain.RiskRules) int {
	in, out := placeAt(r, "in"), placeAt(r, "out")
	if coarse := rules.Of("coarse_m"); !in.Tells(coarse) || !out.Tells(coarse) {
		return 0
	}
	return domain.Apart(in, out)
}

// templateOf reads a row of visit_templates.
func templateOf(r *core.Record) (domain.VisitTemplate, error) {
	t := domain.VisitTemplate{ID: r.Id, Tier: tierOf(r), Type: r.GetString("visit_type"), PrepRequired: r.GetBool("prep_required")}
	if text := r.GetString("steps"); text != "" && text != "null" {
		if err := json.Unmarshal([]byte(text), &t.Steps); err != nil {
			return t, err
		}
	}
	return t, nil
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		visits:    {Fields: []string{fieldState, "verdict", "void_by", "late", "released_by"}},
		positions: {Fields: []string{fieldState}, Create: true},
		audits:    {Fields: []string{fieldState, "score"}, Create: true},
	}
}
