// Package backup makes whole copies of a data directory and puts them back.
//
// A copy is a directory: the databases as VACUUM INTO leaves them, every other
// file, and manifest.json with the SHA-256 of each. It appears under its name
// only when it is whole, on disk and read back. No copy and no data directory
// is ever changed in place; what a restore replaces is moved aside.
//
// Files are read before and after the database: a file whose row is in the
// copied database is in the copy unless it was made and deleted again meanwhile.
package backup
