// Package customers holds the rules of key accounts: their selection and stages,
// contracts and negotiations, care and coverage, cases, reviews, and what is asked
// of other departments.
//
//	development.go      stages of an account                bound in hooks/customers/accounts
//	scoring.go, duplicate.go, change_request.go             bound in hooks/customers/accounts
//	contract.go, negotiation.go, opportunity.go             bound in hooks/customers/deals
//	care.go, care_date.go, campaign.go, coverage.go, account_review.go    bound in hooks/customers/care
//	case.go, service_clock.go                what a customer complains of, in time   bound in hooks/customers/cases
//	request.go, request_priority.go          what is asked of departments        bound in hooks/customers/requests
//	survey.go           what a survey asks                  bound in hooks/field/fieldwork
package customers
