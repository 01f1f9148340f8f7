// Package syncer keeps phones and server equal: what changed for whom, and
// what a phone did while nobody could hear it.
//
// SQLite triggers append every change of a synced collection to _sync_log
// (capture.go). The fold (fold.go) reads the log above head and, in one
// transaction, brings the replica tables up to date: the projected row
// (_sync_doc), the scope keys it carries (_sync_scope) and the keys that users
// hold (_sync_grant), the last two as half-open intervals of seq. A pull
// (delta.go, pull.go) compares two points on that line. A push (push.go)
// applies numbered mutations through an Applier and keeps one verdict for each.
//
// Invariants:
//
//	I1  A fold reads committed log rows only, and readers see folded state only,
//	    so the rows of one transaction appear together.
//	I2  head never goes back; every cursor is a head that was once published.
//	I3  visible(user, S, row) holds if and only if one key has a grant interval
//	    and a scope interval that both contain S.
//	I4  A device's numbers are taken without gaps; at or below the high-water
//	    mark the stored verdict is the answer.
//	I5  No clock takes part in what is sent or merged; time only expires rows
//	    whose rule says so.
//
// The package knows the SQL builder dbx and nothing else of PocketBase: it
// works on the caller's transaction and takes the time as a value.
package syncer
