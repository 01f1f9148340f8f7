package syncer

import (
	"encoding/json/jsontext"
	"time"
)

// Limits of one push request.
const (
	MaxPushBytes     = 1 << 20   // whole body
	MaxPushMutations = 500       // mutations in one request
	MaxMutationBytes = 256 << 10 // one mutation; a larger one is rejected alone
)

// HelloRequest registers a phone for the user of the request's token.
// The same Install and user get the same device again.
type HelloRequest struct {
	Install  string `json:"install"` // random nonce, 8 to 64 characters, outside the phone's backup
	Platform string `json:"platform"`
	App      string `json:"app"`
	Schema   int    `json:"schema"`
	Name     string `json:"name,omitzero"`
	// OldestCaptured is when the oldest change was captured that the phone has
	// not pushed: RFC 3339 by its own clock, empty if nothing waits, absent if
	// it does not say. For people only.
	OldestCaptured *string `json:"oldest_captured,omitzero"`
}

// HelloResponse carries what a device needs from now on.
type HelloResponse struct {
	Device string `json:"device"`
	// Token is an auth token that is bound to the device.
	Token string `json:"token"`
	// Credential is traded for the next token at /api/sync/token, for 180 days.
	// Absent if the request came by a token of this very device, which has one.
	Credential string `json:"credential,omitzero"`
	Epoch      int64  `json:"epoch"`      // grows when the server has lost history
	HighWater  int64  `json:"high_water"` // last mutation number taken from this device
	DurableN   int64  `json:"durable_n"`  // last one that a copy off the machine holds
	Head       int64  `json:"head"`
	// JournalMost is how many mutations the device keeps at most that were taken and
	// are not durable: where no copies leave the machine, none ever is.
	JournalMost int `json:"journal_most"`
	// DigestKey keys the device's leaves, in hex.
	DigestKey string `json:"digest_key"`
	// Schema is the newest version of the collections; an app of an older one is
	// answered in its own names. Below MinSchema it may still push.
	Schema    int     `json:"schema"`
	MinSchema int     `json:"min_schema"`
	Anchor    *Anchor `json:"anchor,omitzero"`
}

// Anchor is the server's time, signed for one device. A phone notes with it what
// its own clocks said as it sent the request, and sends it with what it captures.
type Anchor struct {
	At     time.Time `json:"at"` // UTC, whole milliseconds
	Device string    `json:"device"`
	Sig    string    `json:"sig"`
}

// TokenRequest trades a device credential for an auth token.
type TokenRequest struct {
	Credential string `json:"credential"`
}

// TokenResponse holds a fresh auth token bound to the device, and a fresh
// credential if the one that was sent is old: it takes that one's place.
type TokenResponse struct {
	Token      string  `json:"token"`
	Credential string  `json:"credential,omitzero"`
	Anchor     *Anchor `json:"anchor,omitzero"`
}

// PullRequest asks for everything after Cursor; an empty cursor asks for all.
type PullRequest struct {
	Device string `json:"device"`
	Schema int    `json:"schema"`
	Cursor string `json:"cursor,omitzero"`
	// MaxBytes asks for pages of about so many bytes, rows of high priority first.
	MaxBytes int `json:"max_bytes,omitzero"`
	// MinSeq is a head that the answer must reach, from a push or a poke.
	MinSeq int64 `json:"min_seq,omitzero"`
	// OldestCaptured is as in HelloRequest.
	OldestCaptured *string `json:"oldest_captured,omitzero"`
}

// Begin is the first line of a pull.
// Reset tells the client to replace all it holds by what follows.
type Begin struct {
	From   int64 `json:"from"`
	To     int64 `json:"to"`
	Epoch  int64 `json:"epoch"`
	Puts   int   `json:"puts"`
	Leaves int   `json:"leaves"`
	Reset  bool  `json:"reset"`
	// HighWater is the last mutation that the server has of this device. What
	// the device was told is taken beyond it was lost by the server: send again.
	HighWater int64 `json:"high_water"`
	// DurableN is the last mutation that a copy off the machine holds; the
	// device may forget those up to it.
	DurableN int64   `json:"durable_n"`
	Anchor   *Anchor `json:"anchor,omitzero"`
	// Warning is for the person: this answer came, a later one may not.
	Warning *Warning `json:"warning,omitzero"`
}

// Warning has the form of an error, in an answer that is none.
type Warning struct {
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitzero"`
	Zh     string         `json:"zh"`
	En     string         `json:"en"`
}

// End is the last line of a pull. Sum is the sum, modulo 2^64 in 16 hex digits,
// of the CRC-32 (IEEE) of each put and leave line with its line feed. More says
// that this was a page: pull again with the cursor.
type End struct {
	Cursor string `json:"cursor"`
	Puts   int    `json:"puts"`
	Leaves int    `json:"leaves"`
	Sum    string `json:"sum"`
	More   bool   `json:"more,omitzero"`
}

// Reasons of a leave line.
const (
	LeaveDeleted = "deleted" // the row is no more
	LeaveLeft    = "left"    // the row is no longer this user's to see
	LeaveExpired = "expired" // the row is older than its collection is kept on phones
)

// Line is any line of a pull: exactly one of Begin, End, a put (R) or a leave (X).
type Line struct {
	Begin *Begin         `json:"begin,omitzero"`
	End   *End           `json:"end,omitzero"`
	C     string         `json:"c,omitzero"`
	V     int64          `json:"v,omitzero"`
	R     jsontext.Value `json:"r,omitzero"`
	I     string         `json:"i,omitzero"`
	X     string         `json:"x,omitzero"`
}

// PushRequest hands over mutations in the order of their numbers.
// Each is kept raw, so that one malformed mutation is rejected alone.
type PushRequest struct {
	Device    string           `json:"device"`
	Schema    int              `json:"schema"`
	Cursor    string           `json:"cursor,omitzero"`
	Mutations []jsontext.Value `json:"mutations"`
	// Sent is the phone's own clock as it sends this: RFC 3339 with milliseconds.
	// With an anchor of before a restart it shows whether the clock was set meanwhile.
	Sent string `json:"sent,omitzero"`
	// OldestCaptured is as in HelloRequest, without what this push carries.
	OldestCaptured *string `json:"oldest_captured,omitzero"`
}

// NumbersRequest shows the blocks of numbers of a kind that a phone holds, and
// asks for another if few are left.
type NumbersRequest struct {
	Device string      `json:"device"`
	Kind   string      `json:"kind"`
	Held   []HeldBlock `json:"held,omitzero"`
	Return bool        `json:"return,omitzero"` // gives all of them back
}

// NumberBlock is the numbers of a series from First to Last; the phone uses Next
// next, and has used those below.
type NumberBlock struct {
	Series string `json:"series"`
	First  int64  `json:"first"`
	Last   int64  `json:"last"`
	Next   int64  `json:"next"`
}

// HeldBlock is a block as a phone shows it.
type HeldBlock struct {
	NumberBlock
	Dropped []int64 `json:"dropped,omitzero"` // used for what was thrown away before it was captured
}

// NumbersResponse lists the blocks that the phone has from now on. It asks again
// once no more than LowWater numbers are left.
type NumbersResponse struct {
	Kind     string        `json:"kind"`
	Blocks   []NumberBlock `json:"blocks"`
	LowWater int64         `json:"low_water"`
}

// Operations of a mutation.
const (
	OpCreate = "create"
	OpUpdate = "update"
	OpDelete = "delete"
	OpAction = "action"
)

// Mutation is one numbered change made on a device.
type Mutation struct {
	N        int64                     `json:"n"`
	ID       string                    `json:"id"`
	Op       string                    `json:"op"`
	C        string                    `json:"c"`                 // collection name
	R        string                    `json:"r"`                 // record id
	Base     int64                     `json:"base,omitzero"`     // v of the row that was edited
	Set      map[string]jsontext.Value `json:"set,omitzero"`      // fields and their new values
	Inc      map[string]int64          `json:"inc,omitzero"`      // number fields, by how much
	Add      map[string][]string       `json:"add,omitzero"`      // list fields, what joins
	Remove   map[string][]string       `json:"remove,omitzero"`   // list fields, what goes
	Was      map[string]jsontext.Value `json:"was,omitzero"`      // values the edit started from, for the report
	Action   string                    `json:"action,omitzero"`   // e.g. check_in
	Args     jsontext.Value            `json:"args,omitzero"`     // of the action
	Captured string                    `json:"captured,omitzero"` // device time, evidence only
	Group    string                    `json:"group,omitzero"`    // neighbours of one group pass or fail together
	After    []string                  `json:"after,omitzero"`    // ids of mutations without which this one makes no sense

	hash    string     // of what it says, whatever its number
	as      *view      // how its app names fields; nil for the present names
	retired []Conflict // what it has for fields that are gone
}

// Verdicts.
const (
	StatusApplied   = "applied"
	StatusMerged    = "merged"    // applied beside somebody else's change
	StatusDuplicate = "duplicate" // was so already
	StatusRejected  = "rejected"  // kept in sync_issues
	StatusHeld      = "held"      // kept in sync_issues until its parent passes
	// StatusQuarantined is kept in sync_issues: its user may no longer write.
	StatusQuarantined = "quarantined"
)

// Result is the one final verdict of a mutation.
type Result struct {
	N         int64             `json:"n"`
	ID        string            `json:"id,omitzero"`
	Status    string            `json:"status"`
	Seq       int64             `json:"seq,omitzero"`       // a pull to Seq or later shows the effect
	Code      string            `json:"code,omitzero"`      // why it was rejected
	Params    map[string]any    `json:"params,omitzero"`    // for the code's text
	Fields    map[string]string `json:"fields,omitzero"`    // field → code
	Current   jsontext.Value    `json:"current,omitzero"`   // the server's row, if this user sees it
	Retry     bool              `json:"retry,omitzero"`     // the same again may succeed later
	Conflicts []Conflict        `json:"conflicts,omitzero"` // fields that two devices changed
	Late      bool              `json:"late,omitzero"`      // captured while the user still saw the row
	Issue     string            `json:"issue,omitzero"`     // of equal work, which this one was counted to; its answer is this one's

	problem *Problem // of a rejection
}

// waits reports whether what comes after this mutation must wait.
func (r Result) waits() bool {
	return r.Status == StatusRejected || r.Status == StatusHeld || r.Status == StatusQuarantined
}

// Conflict tells what became of a field that somebody else changed meanwhile.
type Conflict struct {
	Field      string         `json:"field"`
	Policy     string         `json:"policy"`
	Resolution string         `json:"resolution"` // mine, theirs, joined
	Ancestor   jsontext.Value `json:"ancestor,omitzero"`
	Mine       jsontext.Value `json:"mine,omitzero"`
	Theirs     jsontext.Value `json:"theirs,omitzero"`
}

// PushResponse answers a push: one result per mutation, in order.
type PushResponse struct {
	Results   []Result `json:"results"`
	HighWater int64    `json:"high_water"`
	DurableN  int64    `json:"durable_n"`
	Head      int64    `json:"head"`
	Anchor    *Anchor  `json:"anchor,omitzero"`
}

// Poke says that something changed for the user. It carries nothing else, but for
// a long poll that gave way to a newer one: why it ends, a code.
type Poke struct {
	Seq int64  `json:"seq"`
	Bye string `json:"bye,omitempty"`
}
