//go:build !unix

package store

// Private leaves files to the access list of the directory that they are made in.
func Private() {}

// OpenToOthers finds nothing: here a file's mode says nothing of who may read it.
func OpenToOthers(string) (string, error) { return "", nil }
