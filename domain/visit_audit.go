package domain

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
var VisitAuditMachine = Machine{
	Collection: "visit_audits",
	States:     []string{AuditOpen, AuditDone, AuditCancelled},
	Refusal:    "audit.state",
	Steps: []Step{
		{Action: AuditFinish, From: []string{AuditOpen}, To: []string{AuditDone}, By: []Party{PartyAsked}, Stranger: "audit.not_auditor"},
		{Action: AuditCancel, From: []string{AuditOpen}, To: []string{AuditCancelled}, By: []Party{PartySuperior}, Stranger: "visit.not_superior"},
	},
}
