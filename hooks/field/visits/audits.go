package visits

import (
	"context"
	"encoding/json/jsontext"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// audits look at a visit again.
func (s *service) audits() kit.Collection {
	return kit.Collection{
		Name:    records.VisitAuditTable,
		Machine: &field.VisitAuditMachine,
		Parties: kit.Parties(records.VisitAudits, auditParties),
		Server: []string{
			records.VisitAuditColAccount, records.VisitAuditColOwner, records.VisitAuditColManager, records.VisitAuditColDept,
			records.VisitAuditColFindings, records.VisitAuditColScore, records.VisitAuditColDoneAt,
		},
		Audit: gate.Audit{Fields: []string{records.VisitAuditColState, records.VisitAuditColScore}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.VisitAudits, "visitAuditCreate", s.auditCreate),
			{On: kit.Update, Collection: records.VisitAuditTable, Name: "visitAuditUpdate", Run: gate.OnlyServer},
		},
	}
}

// auditParties is what who acts is to an audit: he is asked for his findings, or
// may ask for one.
func auditParties(ctx context.Context, _ core.App, audit records.VisitAudit) (out []domain.Party, err error) {
	if owns(ctx, audit.Auditor()) {
		out = append(out, domain.PartyAsked)
	}
	actor := gate.Of(ctx).User
	if is := idOf(actor); is != "" && is != audit.Owner() && (is == audit.Manager() || heads(actor, audit.Dept()) || hasRole(actor, "auditor", "admin")) {
		out = append(out, domain.PartySuperior)
	}
	return out, nil
}

// auditCreate lets a superior of a visit, or an auditor, have it looked at again
// by somebody who did not make it.
func (s *service) auditCreate(e *kit.Change[records.VisitAudit]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	visit, err := mayAudit(e)
	if err != nil {
		return err
	}
	inherit(e.Row, visit)
	e.Row.SetManager(visit.Manager())
	if err := e.Next(); err != nil {
		return err
	}
	return s.tellAuditor(contextOf(e.RecordEvent), e.App, e.Row)
}

// mayAudit judges who has a visit audited by whom: audit.self, visit.not_superior,
// visit.state.
func mayAudit(e *kit.Change[records.VisitAudit]) (records.Visit, error) {
	visit, found, err := records.Visits.Find(e.App, e.Row.Visit())
	if err != nil {
		return visit, err
	}
	if !found {
		return visit, gate.RefuseField(records.VisitAuditColVisit, "record.not_found")
	}
	if e.Row.Auditor() == visit.Owner() {
		return visit, gate.RefuseField(records.VisitAuditColAuditor, "audit.self")
	}
	if actor := gate.From(e.RecordEvent).User; actor != nil {
		if idOf(actor) == visit.Owner() {
			return visit, gate.Refuse("audit.self")
		}
		over, err := superior(e.App, actor, visit)
		if err != nil {
			return visit, err
		}
		if !over && !hasRole(actor, "auditor", "admin") {
			return visit, gate.Refuse("visit.not_superior")
		}
	}
	if state := string(visit.State()); !field.VisitBegun(state) {
		return visit, gate.Refuse("visit.state", "from", state, "action", "audit")
	}
	return visit, nil
}

// tellAuditor asks the auditor for his findings.
func (s *service) tellAuditor(ctx context.Context, app core.App, audit records.VisitAudit) error {
	visit, err := records.Visits.Require(app, audit.Visit())
	if err != nil {
		return err
	}
	return s.tell(ctx, app, audit.Auditor(), "visit.audit", visit, records.VisitAuditTable+"/"+string(audit.ID()))
}

type findingsArgs struct {
	Findings jsontext.Value `json:"findings"` // what the auditor found
	Score    *int           `json:"score"`    // 0 to 100
}

// finishAudit keeps the findings: audit.incomplete.
func (s *service) finishAudit(_ context.Context, _ core.App, audit records.VisitAudit, args findingsArgs) error {
	if len(args.Findings) == 0 || string(args.Findings) == "null" || args.Score == nil || *args.Score < 0 || *args.Score > 100 {
		return gate.Refuse("audit.incomplete")
	}
	audit.SetFindings(string(args.Findings))
	audit.SetScore(*args.Score)
	audit.SetDoneAt(s.now())
	return nil
}

func cancelAudit(context.Context, core.App, records.VisitAudit, kit.None) error { return nil }
