// Package field holds the rules of work in the field.
//
//	visit_machine.go    who takes which step of a visit     bound in hooks/field/visits
//	visit_clock.go, visit_count.go, risk_visit.go  what a visit is worth   bound in hooks/field/visits
//	routing.go          where feedback goes                 bound in hooks/field/visits
//	plan.go             months and their items              bound in hooks/field/plans
//	work.go             days, tracks and reports            bound in hooks/field/fieldwork
package field
