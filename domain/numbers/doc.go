// Package numbers is how documents are numbered where there is no network: what
// a number looks like, and what became of those that no document bears. Phones
// make numbers by the same rule.
package numbers
