package field

import (
	"satchel/domain"
)

// States of an audit of a visit.
const (
	AuditOpen      = "open"
	AuditDone      = "done"
	AuditCancelled = "cancelled"
)

// Actions on an audit.
const (
	AuditFinish = "finish"
	AuditCancel = "cancel"
)

// VisitAuditMachine is the life of an audit: whom it asks finishes it, and who
// may ask for one takes it back.
var VisitAuditMachine = domain.Machine{
	Collection: "visit_audits",
	States:     []string{AuditOpen, AuditDone, AuditCancelled},
	Refusal:    "audit.state",
	Steps: []domain.Step{
		{Action: AuditFinish, From: []string{AuditOpen}, To: []string{AuditDone}, By: []domain.Party{domain.PartyAsked}, Stranger: "audit.not_auditor"},
		{Action: AuditCancel, From: []string{AuditOpen}, To: []string{AuditCancelled}, By: []domain.Party{domain.PartySuperior}, Stranger: "visit.not_superior"},
	},
}
