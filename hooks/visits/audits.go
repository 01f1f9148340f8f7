package visits

import (
	"context"
	"encoding/json/jsontext"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// States of an audit.
const (
	auditOpen      = "open"
	auditDone      = "done"
	auditCancelled = "cancelled"
)

// auditCreate lets a superior of a visit, or an auditor, have it looked at again
// by somebody who did not make it.
func (s *Service) auditCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, auditOpen)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := orderAudit(e); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.tellAuditor(e.Context, e.App, e.Record)
}

// tellAuditor asks the auditor for his findings.
func (s *Service) tellAuditor(ctx context.Context, app core.App, audit *core.Record) error {
	visit, err := app.FindRecordById(visits, visitIDOf(audit))
	if err != nil {
		return err
	}
	return s.tell(ctx, app, audit.GetString("auditor"), "visit.audit", visit, audits+"/"+audit.Id)
}

// orderAudit judges who has a visit audited by whom.
func orderAudit(e *core.RecordEvent) error {
	if stateOf(e.Record) != auditOpen {
		return gate.RefuseField(fieldState, "field.locked")
	}
	locked := []string{"account", fieldOwner, "manager", "dept", "findings", "score", "done_at"}
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	visit, err := e.App.FindRecordById(visits, visitIDOf(e.Record))
	if err != nil {
		return gate.RefuseField("visit", "record.not_found")
	}
	if e.Record.GetString("auditor") == ownerOf(visit) {
		return gate.RefuseField("auditor", "audit.self")
	}
	if actor := gate.From(e).User; actor != nil {
		if actor.Id == ownerOf(visit) {
			return gate.Refuse("audit.self")
		}
		role := actor.GetString("role")
		ok, err := superior(e.App, actor, visit)
		if err != nil {
			return err
		}
		if !ok && role != "auditor" && role != "admin" {
			return gate.Refuse("visit.not_superior")
		}
	}
	if !domain.VisitBegun(stateOf(visit)) {
		return gate.Refuse("visit.state", "from", stateOf(visit), "action", "audit")
	}
	copyPlace(e.Record, visit)
	e.Record.Set("manager", managerOf(visit))
	return nil
}

// finishAudit args: {findings, score}: what the auditor found, and 0 to 100.
func (s *Service) finishAudit(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != r.GetString("auditor") {
		return gate.Refuse("audit.not_auditor")
	}
	if stateOf(r) != auditOpen {
		return gate.Refuse("audit.state", "from", stateOf(r), "action", "finish")
	}
	var args struct {
		Findings jsontext.Value `json:"findings"`
		Score    *int           `json:"score"`
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if len(args.Findings) == 0 || string(args.Findings) == "null" || args.Score == nil || *args.Score < 0 || *args.Score > 100 {
		return gate.Refuse("audit.incomplete")
	}
	setState(r, auditDone)
	r.Set("findings", string(args.Findings))
	r.Set("score", *args.Score)
	r.Set("done_at", s.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

// cancelAudit takes an audit back: whoever may ask for one.
func (s *Service) cancelAudit(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	actor := gate.Of(ctx).User
	if actor == nil || actor.Id == ownerOf(r) || (actor.Id != managerOf(r) && !headOf(actor, r) && !contains([]string{"auditor", "admin"}, actor.GetString("role"))) {
		return gate.Refuse("visit.not_superior")
	}
	if stateOf(r) != auditOpen {
		return gate.Refuse("audit.state", "from", stateOf(r), "action", "cancel")
	}
	setState(r, auditCancelled)
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}
