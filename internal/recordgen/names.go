package recordgen

import "strings"

// irregular are rows that are not named by their collection without its s.
var irregular = map[string]string{
	"people": "Person", "order_status": "OrderStatusRow", "plan_progress": "PlanProgressRow", "target_progress": "TargetProgressRow",
	"access_log": "AccessEntry", "audit_log": "AuditEntry", "account_stage_log": "AccountStageEntry",
	"opportunity_stage_log": "OpportunityStageEntry",
}

// initials are written in capitals.
var initials = map[string]string{"id": "ID", "url": "URL", "api": "API", "ip": "IP", "sku": "SKU", "json": "JSON", "sha256": "SHA256", "qr": "QR", "http": "HTTP", "ua": "UA"}

// RowName names the type of one row: order_lines, OrderLine.
func RowName(collection string) string {
	if name, ok := irregular[collection]; ok {
		return name
	}
	switch {
	case strings.HasSuffix(collection, "ies"):
		return Camel(strings.TrimSuffix(collection, "ies") + "y")
	case strings.HasSuffix(collection, "ches"):
		return Camel(strings.TrimSuffix(collection, "es"))
	case strings.HasSuffix(collection, "s"):
		return Camel(strings.TrimSuffix(collection, "s"))
	}
	return Camel(collection) + "Row"
}

// Camel writes a name of the schema as an exported one: in_lat, InLat; emailVisibility, EmailVisibility.
func Camel(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		if part == "" {
			continue
		}
		if all, ok := initials[part]; ok {
			b.WriteString(all)
			continue
		}
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
