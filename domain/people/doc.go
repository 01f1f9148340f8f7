// Package people holds the rules of the organisation.
//
//	org.go              who leads whom, who may leave       bound in hooks/people/org
//	chart.go            who is above, who stands in         read by hooks/platform/gate
//	approval.go, approval_route.go  chains and their routes bound in hooks/platform/approvals
//	handover.go         who may move accounts, and when     bound in hooks/people/handovers
//	improvement.go, business_review.go, policy_doc.go       bound in hooks/people/org
package people
