// Package analysis holds what the company's figures are: how each is counted, by
// what it is broken down, who may ask for it, and how an answer is put together.
//
//	figure.go       what a figure is, and the list of all
//	dimension.go    what figures are broken down and filtered by
//	query.go        what is asked; periods and what they are compared with
//	cell.go         what is counted
//	answer.go       shares, ranks, running totals, comparisons
//	rights.go       who may ask for what
//	fact.go         what was sold, and months frozen
//	column.go       facts in memory, packed; group.go adds them up
//
// The facts are written and read in hooks/analysis.
package analysis
