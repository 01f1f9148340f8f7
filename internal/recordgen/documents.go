package recordgen

// documents are the json fields whose value has a type of Go, builtin or of the
// domain. A getter answers the value and what is wrong with it; all others answer
// the JSON itself.
var documents = map[string]string{
	"account_handovers.checklist": "[]domain.ChecklistItem",
	"blobs.signals":               "[]domain.RiskReason",
	"invoices.readings":           "map[string]map[string]string",
	"invoices.risk":               "[]domain.RiskReason",
	"notifications.params":        "map[string]any",
	"plan_items.dates":            "[]string",
	"visit_templates.steps":       "[]domain.TemplateStep",
	"visits.clock":                "domain.VisitClocks",
	"visits.flags":                "[]string",
	"visits.risk_reasons":         "[]domain.RiskReason",
	"webhooks.events":             "[]string",
}
