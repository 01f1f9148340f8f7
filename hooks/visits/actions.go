package visits

import (
	"context"
	"encoding/json/jsontext"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// recordHoursKey is the setting of the hours within which a visit is reported.
const (
	recordHoursKey     = "visit.record_hours"
	defaultRecordHours = 24
)

type actions struct{ now func() time.Time }

// fix is where and when the phone says it was. At is evidence: nothing else
// is decided by a phone's clock.
type fix struct {
	At time.Time `json:"at"`
	domain.Position
	Fixes []rawFix `json:"fixes"`
}

type rawFix struct {
	domain.Position
	At string `json:"at"`
}

type reportArgs struct {
	At         time.Time `json:"at"`
	Summary    string    `json:"summary"`
	Needs      *string   `json:"needs"`
	ResultCode *string   `json:"result_code"`
	NextStep   *string   `json:"next_step"`
	NextDate   *string   `json:"next_date"`
}

// begin judges who acts and where the action leads.
func (a actions) begin(ctx context.Context, visit *core.Record, action string) error {
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != ownerOf(visit) {
		return gate.Refuse("visit.not_owner")
	}
	next, err := domain.VisitMove(stateOf(visit), action)
	if err != nil {
		return gate.WrapError(err)
	}
	setState(visit, next)
	return nil
}

func (a actions) place(raw jsontext.Value) (fix, error) {
	var f fix
	if err := gate.Args(raw, &f); err != nil {
		return f, err
	}
	if !f.Valid() {
		return f, gate.Refuse("visit.position_invalid")
	}
	if f.At.IsZero() {
		f.At = a.now()
	}
	return f, nil
}

// checkIn args: {at, lat, lng, acc_m, fixes: [{at, lat, lng, acc_m}]}. A phone
// without a fix leaves the numbers out; the result is then unknown.
func (a actions) checkIn(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	if err := a.begin(ctx, visit, domain.VisitCheckIn); err != nil {
		return err
	}
	f, err := a.place(raw)
	if err != nil {
		return err
	}
	account, err := txApp.FindRecordById("accounts", accountOf(visit))
	if err != nil {
		return err
	}
	place, radius := accountPlace(account)
	metres, result := domain.Fence(place, f.Position, radius)
	setCheckIn(visit, f.At, f, metres, result, a.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), visit)
}

// checkOut args: {at, lat, lng, acc_m}.
func (a actions) checkOut(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	if err := a.begin(ctx, visit, domain.VisitCheckOut); err != nil {
		return err
	}
	f, err := a.place(raw)
	if err != nil {
		return err
	}
	wanted, err := templateSteps(txApp, visit)
	if err != nil {
		return err
	}
	if len(wanted) > 0 {
		done, err := stepCounts(txApp, visit.Id)
		if err != nil {
			return err
		}
		if err := domain.StepsDone(wanted, done); err != nil {
			return gate.WrapError(err)
		}
	}
	setCheckOut(visit, f.At, f.Position, domain.DwellS(checkedInAt(visit), f.At))
	return txApp.SaveWithContext(gate.AsServer(ctx), visit)
}

// report args: {at, summary, needs, result_code, next_step, next_date}; the summary is required.
func (a actions) report(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	if err := a.begin(ctx, visit, domain.VisitReport); err != nil {
		return err
	}
	var args reportArgs
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Summary) == "" {
		return gate.Refuse("visit.report_incomplete", "missing", "summary")
	}
	if args.At.IsZero() {
		args.At = a.now()
	}
	hours, err := gate.Setting(txApp, recordHoursKey, defaultRecordHours)
	if err != nil {
		return err
	}
	setReport(visit, args, args.At, domain.LateRecord(checkedOutAt(visit), args.At, hours))
	return txApp.SaveWithContext(gate.AsServer(ctx), visit)
}

// cancel args: {reason}.
func (a actions) cancel(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	if err := a.begin(ctx, visit, domain.VisitCancel); err != nil {
		return err
	}
	var args struct {
		Reason string `json:"reason"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("visit.reason_required")
	}
	visit.Set("cancel_reason", args.Reason)
	return txApp.SaveWithContext(gate.AsServer(ctx), visit)
}

// stepCounts counts a visit's steps by key.
func stepCounts(app core.App, visit string) (map[string]int, error) {
	var rows []struct {
		Key string `db:"key"`
		N   int    `db:"n"`
	}
	err := app.DB().NewQuery("SELECT key, COUNT(*) AS n FROM visit_steps WHERE visit = {:v} GROUP BY key").
		Bind(dbx.Params{"v": visit}).All(&rows)
	out := map[string]int{}
	for _, r := range rows {
		out[r.Key] = r.N
	}
	return out, err
}
