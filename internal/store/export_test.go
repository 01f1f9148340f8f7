package store

// KeptMost is for tests.
const KeptMost = keptMost

// Kept counts the statements that a driver's connection keeps.
func Kept(conn any) int { return conn.(*keeping).recent.Len() }
