// Package analysis holds what the company's figures are: how each is counted, by
// what it is broken down, who may ask for it, and how an answer is put together.
//
//	figure.go       what a figure is, and the list of all
//	dimension.go    what figures are broken down and filtered by
//	query.go        what is asked; period.go what that is compared with
//	rights.go       who may ask for what
//	cell.go         what is counted
//	answer.go       the answer; order.go shares, ranks, running totals, comparisons
//	fact.go         what was sold; cost.go what that cost
//	columns.go      facts in memory, packed (column.go)
//	count.go        how they are added up: formula.go what, scan.go which, groups.go
//	                by what; accounts.go different accounts
//
// The facts are written and read in hooks/analysis.
package analysis
