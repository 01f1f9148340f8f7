// Package histories plays random histories on the sync engine alone: toy
// collections on SQLite in memory, model phones, a network that loses,
// duplicates and cuts, a server that is killed, and a clock that moves only
// when a step says so. A history costs milliseconds, so that tens of thousands
// run with every test; the package above plays fewer on the whole system.
//
// A history is a list of steps, each one line of text (script.go). Seeds make
// them (generate.go), stories in testdata are written by hand, and a failing
// one is cut down to what still fails (shrink.go) and kept in
// testdata/regressions. After every pull and at the end the world is held
// against the oracle (oracle.go), which keeps plain maps and shares no code
// with the engine.
package histories
