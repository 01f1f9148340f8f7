// Package evidence holds the rules of files: their states and how long they are
// kept (blob.go, bound in hooks/media/files and uploads), and what speaks against a
// photo (photo_signals.go, bound in hooks/media/evidence).
package evidence
