// Package scope holds the tests of who sees what: by REST, by sync, and by a
// naive reading of the company's policy that shares no code with either.
package scope
