// Package sync holds the rules of phones and of the issues of what they sent
// (issue.go), bound in hooks/sync/issues.
package sync
