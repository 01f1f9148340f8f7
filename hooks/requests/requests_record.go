package requests

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	competitors = "competitors"
	intel       = "intel_reports"
	support     = "support_requests"
	product     = "product_requests"

	fieldState = "state"
	fieldOwner = "owner"
)

var (
	intelFilled   = []string{"manager", "dept", "routed", "acks", "ack_count", "source"}
	supportFilled = []string{"manager", "dept", "source", "due", "answer", "answered_by", "answered_at", "first_response_at", "overdue"}
	productFilled = []string{"manager", "dept", "source", "version_promised", "handled_by", "answer"}
)

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		support: {Fields: []string{fieldState, "to_dept", "answer"}},
		product: {Fields: []string{fieldState, "version_promised"}},
		intel:   {Fields: []string{"routed", "value_score"}},
	}
}

func stateOf(r *core.Record) string       { return r.GetString(fieldState) }
func setState(r *core.Record, s string)   { r.Set(fieldState, s) }
func ownerOf(r *core.Record) string       { return r.GetString(fieldOwner) }
func toDeptOf(r *core.Record) string      { return r.GetString("to_dept") }
func kindOf(r *core.Record) string        { return r.GetString("kind") }
func textOf(r *core.Record) string        { return r.GetString("text") }
func deptOfUser(user *core.Record) string { return user.GetString("department") }

func setLine(r, owner *core.Record) {
	r.Set("manager", owner.GetString("manager"))
	r.Set("dept", deptOfUser(owner))
}

// ack is who has read a report, and when.
type ack struct {
	User string `json:"user"`
	At   string `json:"at"` // RFC 3339, UTC
	Note string `json:"note,omitzero"`
}

func acksOf(r *core.Record) (acks []ack) {
	_ = r.UnmarshalJSONField("acks", &acks) // nothing but lists of ours is written there
	return acks
}

func setAcks(r *core.Record, acks []ack) {
	r.Set("acks", acks)
	r.Set("ack_count", len(acks))
}

// fromRouted fills a row that came out of another area.
func fromRouted(r *core.Record, in gate.Routed) {
	r.Load(map[string]any{
		fieldOwner: in.Owner, "manager": in.Manager, "dept": in.Dept, "account": in.Account, "visit": in.Visit, "product": in.Product,
		"to_dept": in.Department, "text": in.Text, "need": in.Text, "source": in.Source,
	})
}

// supportKind is the kind of request that feedback of a theme becomes.
func supportKind(theme string) string {
	switch theme {
	case "promotion":
		return "marketing"
	case "payment":
		return "finance"
	case "delivery":
		return "logistics"
	case "technical":
		return "technical"
	case "quality", "service":
		return "complaint"
	}
	return "other"
}

// intelKind is the kind of report that feedback of a theme becomes.
func intelKind(theme string) string {
	switch theme {
	case "price", "competitor":
		return theme
	}
	return "market"
}

// openState is where a request begins.
func openState(collection string) string {
	if collection == product {
		return "new"
	}
	return domain.SupportOpen
}
