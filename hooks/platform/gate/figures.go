package gate

import "time"

// What a request of a device did.
const (
	SawHello = "hello"
	SawPull  = "pull" // answered whole
	SawPush  = "push" // taken
)

// Sighting is what one request told of a device.
type Sighting struct {
	Device string
	At     time.Time
	Did    string
	// Seq is up to where the device holds everything; 0 if the request does not tell.
	Seq int64
	// Oldest is when the oldest change was captured that the device has not
	// pushed, as the device says: RFC 3339, empty if nothing waits, nil if not said.
	Oldest *string
	// Rows is how many rows the device holds, without issues and notices at least
	// if it is many; nil if the request does not tell.
	Rows *int
	// From is the address that the request came from; empty if it does not tell.
	From string
	// OverLimit tells that a pull was refused since the rows are too many for a phone.
	OverLimit bool
}

// SyncCounts are the figures of the sync routes since the process began, by
// labels of a fixed list, and what holds now.
type SyncCounts struct {
	Pulls, Pushes   map[string]int64 // by outcome
	Verdicts        map[string]int64 // by status, as answered
	Limited         map[string]int64 // requests over a device's rate, by kind
	Heals           map[string]int64 // by kind
	Conflicts       int64
	PokeClients     int
	SpoolBytes      int64
	SecondsUnfolded float64 // age of the oldest write that no fold has read
	Head            int64
}
