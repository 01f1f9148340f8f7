// Package expense holds the rules of invoices: what is read of one, what counts of
// several readings, and what speaks against it. It is bound in hooks/expense/invoices.
package expense
