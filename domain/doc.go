// Package domain holds the company's rules: values in, verdict out. It knows
// the standard library only; no clock, no database, no request.
//
// What all rules share stands here; the rules themselves in a folder for each
// part of the business, called as in hooks: customers, evidence, expense, field,
// people, product, sales, service, sync. catalog has what they say.
//
//	machine.go   states and steps as data, and who takes them
//	problem.go   what a refusal is
//	setting.go   what a setting may be
//	notice.go    what people are told
//	words.go     the catalogues, filled by catalog
//	day.go, period.go, calendar.go  the company's days and working hours
//	clock.go     what a phone's time is worth
//	geofence.go  places and distances
//	risk.go      reasons for doubt, and their sum
//	event.go, backoff.go, dispatch_machine.go  what others are told, and when again
//	policy_index.go  the clauses of the policy
package domain
