// Package expense holds the rules of invoices: what is read of one, what counts of
// several readings, and what speaks against it; bound in hooks/expense/invoices. And
// those of budgets: the tree, what its controls leave free, and the entries that a
// document's step writes; bound in hooks/expense/budgets.
package expense
