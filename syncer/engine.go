package syncer

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
)

// open is the end of an interval that has not ended.
const open = math.MaxInt64

// Planted names a fault that tests switch on to prove that they would notice it.
type Planted string

// Faults to plant. No program sets one.
const (
	PlantNone              Planted = ""
	PlantTimestampCursor   Planted = "timestamp cursor"        // versions and cursors are milliseconds
	PlantLeaveDropped      Planted = "leave dropped"           // a pull forgets what left
	PlantDuplicateApply    Planted = "duplicate apply"         // a replayed mutation is applied again
	PlantSpoolKept         Planted = "spool kept after revoke" // a cut answer is resumed after its rows were taken away
	PlantHalfSeen          Planted = "seq readable before its transaction is whole"
	PlantSeqReused         Planted = "seq reused"                           // a fold writes at the head of the fold before
	PlantHiddenField       Planted = "hidden field in a conflict report"    // a conflict shows the whole row
	PlantZombie            Planted = "zombie create after delete"           // an edit of a deleted row creates it
	PlantFloorTooHigh      Planted = "compaction above the floor"           // what a cursor at the floor needs is cut
	PlantHelloBound        Planted = "hello with a bound token"             // a phone's token registers a second phone
	PlantRevocationLifted  Planted = "revocation lifted"                    // by whoever may write the row
	PlantOldPassword       Planted = "way left open after a new password"   // a credential outlives the password
	PlantOwnConflict       Planted = "false conflict with one's own device" // a device's own change counts as another's
	PlantStepRewritten     Planted = "step rewritten"                       // what hangs on a row that is over is not locked
	PlantLoginUnlimited    Planted = "login without limit"                  // nobody counts failed logins
	PlantUnreadableStops   Planted = "unreadable mutation stops the push"   // the whole request is refused for it
	PlantIDPoisoned        Planted = "misused id poisons the first"         // the verdict of another content under a used id takes its place
	PlantGroupAgain        Planted = "group refused anew"                   // a group whose verdicts are known is taken as if it had just fallen
	PlantDepth             Planted = "depth without bound"                  // JSON is taken however deep it is
	PlantNowhere           Planted = "no place counts"                      // a visit whose place is unknown or far away counts unseen
	PlantAnyAnchor         Planted = "unsigned anchor believed"             // whatever a phone shows as the server's time is
	PlantImportUnbounded   Planted = "import without bound"                 // a list becomes in memory whatever it says it is
	PlantDeletePast        Planted = "delete past draft"                    // nothing is kept
	PlantSecretsLogged     Planted = "secrets in the log"                   // rows are written as they come
	PlantNoPolicy          Planted = "pages without a policy"               // a browser may do what it likes with a page
	PlantOneLane           Planted = "one lane for all messages"            // a target that hangs holds up all others
	PlantSenderFree        Planted = "sender without limit"                 // whoever acts causes as many messages as he likes
	PlantWebhookSecretKept Planted = "webhook secret in its row"            // a webhook's secret stays in its record
	PlantThumbUnguarded    Planted = "thumb without guard"                  // PocketBase decodes what a preview is asked of
	PlantIssueFlood        Planted = "issue flood"                          // equal refusals make an issue each, and there is no bound
	PlantFilterEndless     Planted = "filter without deadline after its first row"
	PlantAnswerUnweighed   Planted = "answer without bound of bytes"  // a list is read into memory however large its rows are
	PlantValueUnbounded    Planted = "value without bound of bytes"   // a field of JSON is as large as a body
	PlantLinesUnbounded    Planted = "lines without bound"            // connections wait as many as come
	PlantPageSkipped       Planted = "export behind a page cut short" // a page that is read again begins behind what came of it
	PlantPaidUncollected   Planted = "commission paid before it is collected"
	PlantPaidEdited        Planted = "paid result edited in place"
	PlantBudgetFirst       Planted = "budget before identity"          // bodies count before anybody is asked who he is
	PlantUploadPlaces      Planted = "upload places without owner"     // uploads take places of all, and none gives way
	PlantReturnAdds        Planted = "return adds to the ledger"       // a credit note is booked as what is owed
	PlantReversalKept      Planted = "reversal without its parts"      // what a reversed receipt was set against stays paid
	PlantReleaseLost       Planted = "budget release lost"             // what is given up stays reserved
	PlantReservedTwice     Planted = "budget reserved again on replay" // a step that comes again finds nothing of the first
	PlantAncestorSkipped   Planted = "budget above the leaf unasked"   // the leaf alone is asked whether it has room
	PlantBudgetByLine      Planted = "budget asked line by line"       // each line is asked for by itself
	PlantPaperFreed        Planted = "paper freed at the approval"     // an invoice of an approved claim is free for others
	PlantShareRounded      Planted = "shares rounded one by one"       // what is approved of a line is rounded for each share
	PlantCutKept           Planted = "cut kept in reserve"             // what finance cut stays reserved
	PlantUnsignedApproved  Planted = "lines approved unsigned"         // lines are written after the submit, and nobody signs them
	PlantPaidTwice         Planted = "paid again before it failed"     // what an answer of the bank leaves out counts as failed
	PlantClearedTwice      Planted = "advance cleared twice"           // what other payments are about to clear counts as open
	PlantReturnMonth       Planted = "return in the month before"      // a return counts a month too early
	PlantFactsFollow       Planted = "past figures follow an account"  // an assignment moves what was sold before
	PlantOthersAccount     Planted = "row of another's account"        // a total has a row that its reader may not see
)

// Gone is a row that went. Body is its JSON as phones had it, empty if no fold saw it.
type Gone struct {
	Collection *Collection
	Record     string
	Body       string
}

// Engine holds what all sessions share. Safe for concurrent use.
type Engine struct {
	// Load reads the rules and collections as the transaction sees them.
	Load func(tx dbx.Builder) (*Catalog, error)
	// Gone, if set, is told in the transaction of a fold of the rows that went
	// since the fold before.
	Gone func(tx dbx.Builder, gone []Gone) error
	// FewRows is up to how many rows that a user may see no longer, or sees anew,
	// are looked up one by one; 0 for the usual number.
	FewRows int
	// Planted is set by tests only.
	Planted Planted

	cached     atomic.Pointer[cachedCatalog]
	keys       atomic.Pointer[Keys]
	keyChanges atomic.Int64 // times that the keys were forgotten
	anchors    atomic.Pointer[anchorKeys]
	heads      heads
	devices    devices
	helds      helds
	answereds  answereds
	segments   segments
	sizes      sizes
}

// cachedCatalog is a catalog with the seq of the rule change that made it.
type cachedCatalog struct {
	*Catalog
	version int64
}

// Head returns the last published head.
func (e *Engine) Head() int64 { return e.heads.published().head.seq }

// Epoch returns the last published epoch.
func (e *Engine) Epoch() int64 { return e.heads.published().epoch }

// Catalog returns the rules in force at the transaction's snapshot.
func (e *Engine) Catalog(tx dbx.Builder) (*Catalog, error) {
	st, err := readState(tx)
	if err != nil {
		return nil, err
	}
	return e.catalogAt(tx, st.rules)
}

// catalogAt returns the rules of a version, from memory if they are the newest.
func (e *Engine) catalogAt(tx dbx.Builder, version int64) (*Catalog, error) {
	have := e.cached.Load()
	if have != nil && have.version == version {
		return have.Catalog, nil
	}
	c, err := e.Load(tx)
	if err != nil {
		return nil, fmt.Errorf("load sync rules: %w", err)
	}
	if have == nil || have.version < version {
		e.cached.CompareAndSwap(have, &cachedCatalog{c, version})
	}
	return c, nil
}

// Session is the engine's work inside one write transaction. After the commit
// the caller publishes it; after a rollback it is dropped.
type Session struct {
	engine  *Engine
	tx      dbx.Builder
	now     time.Time
	catalog *Catalog
	state   state
	nextDoc int64
	keys    map[string]struct{} // keys whose rows changed
	users   map[string]struct{} // users whose keys changed
	pushed  map[string]DeviceState
	held    map[string]heldPoint // stored by this session
	queries map[string]*dbx.Query
	reborn  bool // a life began
	gone    []Gone
	unknown map[string][]Step // during a fold, by collection: changes of fields that its replicas do not know
}

// query binds all parameters of a text that the session asks often: dbx reads
// each text once.
func (s *Session) query(text string, bind dbx.Params) *dbx.Query {
	if s.queries[text] == nil {
		s.queries[text] = s.tx.NewQuery(text)
	}
	return s.queries[text].Bind(bind)
}

// Begin opens a session on the caller's write transaction.
func (e *Engine) Begin(tx dbx.Builder, now time.Time) (*Session, error) {
	s := &Session{engine: e, tx: tx, now: now, keys: map[string]struct{}{}, users: map[string]struct{}{}, pushed: map[string]DeviceState{}, queries: map[string]*dbx.Query{}}
	var err error
	if s.state, err = readState(tx); err != nil {
		return nil, err
	}
	e.heads.load(s.state)
	if s.catalog, err = e.catalogAt(tx, s.state.rules); err != nil {
		return nil, err
	}
	return s, nil
}

// Publish makes the session's outcome known after its transaction committed.
// It returns the new head and who should be told; both sets are empty when
// nothing was folded.
func (s *Session) Publish() Published {
	s.engine.heads.publish(s.state)
	for device, st := range s.pushed {
		s.engine.devices.learn(device, st)
	}
	s.engine.helds.written(s.held)
	if s.reborn {
		s.engine.ForgetKeys()
	}
	return Published{Head: s.state.head.seq, Keys: s.keys, Users: s.users}
}

// Published tells what a committed session changed.
type Published struct {
	Head  int64
	Keys  map[string]struct{} // scope keys of the rows that changed
	Users map[string]struct{} // users who gained or lost a key
}

// Audience lists the users who may see something of what changed.
func (p Published) Audience(tx dbx.Builder) ([]string, error) {
	if len(p.Keys) == 0 && len(p.Users) == 0 {
		return nil, nil
	}
	var users []string
	err := tx.NewQuery(`SELECT DISTINCT user FROM _sync_grant WHERE to_seq = {:open} AND key IN (SELECT value FROM json_each({:keys}))
		UNION SELECT value FROM json_each({:users})`).
		Bind(dbx.Params{"open": int64(open), "keys": jsonKeys(p.Keys), "users": jsonKeys(p.Users)}).Column(&users)
	if err != nil {
		return nil, fmt.Errorf("list who is told: %w", err)
	}
	return users, nil
}

// Behind reports whether the log holds rows that no fold has read.
func (e *Engine) Behind(tx dbx.Builder) (bool, error) {
	var behind bool
	err := tx.NewQuery(`SELECT COALESCE((SELECT MAX(seq) FROM _sync_log), 0) >
		(SELECT value FROM _sync_state WHERE key = 'head')`).Row(&behind)
	if err != nil {
		return false, fmt.Errorf("compare log and head: %w", err)
	}
	return behind, nil
}

// Head returns the point up to which the session has folded.
func (s *Session) Head() int64 { return s.state.head.seq }
