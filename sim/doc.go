// Package sim plays random histories on the whole system: three phones and a
// manager in the office, real server code on real SQLite, a network that drops,
// duplicates and cuts, accounts that move between reps, and a clock that moves
// only when it is told to. One seed replays one history.
//
// The oracle (model.go) is a naive model of what must come out. It shares no
// code with the engine: it sees what was delivered and in which order, and
// keeps rows in maps.
package sim
