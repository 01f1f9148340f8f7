// Package domain holds the company's rules: values in, verdict out. It knows
// the standard library only; no clock, no database, no request.
//
//	geofence.go  was the rep at the outlet             bound in hooks/visits
//	visit_machine.go  who takes which step of a visit  bound in hooks/visits
//	machine.go   states and steps as data, and who takes them
//	order.go     which step of an order may follow     bound in hooks/orders
//	target.go    how a target is broken down           bound in hooks/targets
//	pricing.go   price list, line and order totals     bound in hooks/orders
//	handover.go  who may move accounts, and when       bound in hooks/handovers
//	org.go       who leads whom, who may leave         bound in hooks/org
//	chart.go     who is above, who stands in           read by hooks/gate
//	approval.go  routes and decisions of chains        bound in hooks/approvals
//	improvement.go  steps of an improvement            bound in hooks/org
//	business_review.go, policy_doc.go  their steps     bound in hooks/org
//	calendar.go  working days and hours
//	setting.go   what a setting may be; setting_<area>.go every setting there is
//	notice.go    what people are told, in two languages
//	day.go       the company's days
//	problem.go   what a refusal is; problem_<area>.go every reason to refuse, in two languages
package domain
