// Package incentive is what follows from a grade (policy 6, R6.7 to R6.11): bonus and what
// is held of it, commission and the manager's share of it, who may be promoted, honoured,
// developed, or has to improve. Amounts are decimals until the end, where they are rounded
// half up to the fen.
package incentive
