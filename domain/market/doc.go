// Package market holds the rules of what market does for key accounts.
//
//	plan.go       promotion plans                     bound in hooks/market/activities
//	activity.go   activities, from plan to close      bound in hooks/market/activities
//	task.go       who does what for an activity       bound in hooks/market/activities
//	effect.go     what an activity brought            bound in hooks/market/activities
package market
