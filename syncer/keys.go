package syncer

import (
	"crypto/rand"
	"fmt"

	"github.com/pocketbase/dbx"
)

// Keys are the server's secrets and what its history is called.
type Keys struct {
	Seal   []byte // of cursors, credentials and what else must not be forged
	Before []byte // Seal of before the last rotation; what it sealed is still read. Empty if there is none
	Digest []byte // phones hold keys made of it, so it is never rotated

	// Life names this stretch of the server's history: another one begins when a
	// copy is restored, or when a phone has seen what the server lost.
	Life string
	// Trusted is the life for which an administrator vouched that what was given
	// out before it may go on; empty for none.
	Trusted string
}

// Cursor reads a cursor that this server made for this device, see DecodeCursor.
func (k Keys) Cursor(text, device string) (Cursor, error) {
	c, err := DecodeCursor(k.Seal, text, device)
	if err == nil || len(k.Before) == 0 {
		return c, err
	}
	return DecodeCursor(k.Before, text, device)
}

// Trusts reports whether what was given out in a life is still good in this one.
func (k Keys) Trusts(life string) bool {
	return life == k.Life || k.Trusted != "" && k.Trusted == k.Life
}

// Keys reads the server's keys, from memory after the first time.
func (e *Engine) Keys(tx dbx.Builder) (Keys, error) {
	if known := e.keys.Load(); known != nil {
		return *known, nil
	}
	var row struct {
		Seal, Before, Digest, Life, Trusted string
	}
	changes := e.keyChanges.Load()
	err := tx.NewQuery(`SELECT COALESCE(MAX(CASE key WHEN 'secret' THEN value END), '') AS seal,
		COALESCE(MAX(CASE key WHEN 'secret_before' THEN value END), '') AS before,
		COALESCE(MAX(CASE key WHEN 'secret_digest' THEN value END), '') AS digest,
		COALESCE(MAX(CASE key WHEN 'life' THEN value END), '') AS life,
		COALESCE(MAX(CASE key WHEN 'trusted' THEN value END), '') AS trusted
		FROM _sync_state WHERE key IN ('secret', 'secret_before', 'secret_digest', 'life', 'trusted')`).One(&row)
	if err != nil {
		return Keys{}, fmt.Errorf("read the keys: %w", err)
	}
	if row.Seal == "" || row.Digest == "" || row.Life == "" {
		return Keys{}, fmt.Errorf("the database has no keys of sync")
	}
	k := Keys{Seal: []byte(row.Seal), Before: []byte(row.Before), Digest: []byte(row.Digest), Life: row.Life, Trusted: row.Trusted}
	if changes == e.keyChanges.Load() {
		e.keys.Store(&k)
	}
	return k, nil
}

// Life reads what the server's history is called as the transaction sees it.
func Life(tx dbx.Builder) (life string, err error) {
	err = tx.NewQuery("SELECT value FROM _sync_state WHERE key = 'life'").Row(&life)
	return life, wrapped(err, "failed to read the life")
}

// Reborn reports whether this history goes on from an older copy, so that something that
// followed it was lost.
func Reborn(tx dbx.Builder) (reborn bool, err error) {
	err = tx.NewQuery("SELECT EXISTS (SELECT 1 FROM _sync_state WHERE key = 'life_from')").Row(&reborn)
	return reborn, wrapped(err, "failed to read whether a history was lost")
}

// ForgetKeys makes the next reader ask the database. Whoever changed them calls
// it after the commit.
func (e *Engine) ForgetKeys() {
	e.keyChanges.Add(1)
	e.keys.Store(nil)
}

// RotateKeys makes a new key to seal with. What the old one sealed is still read
// until the next rotation; with atOnce it is not, as if the key had been stolen.
func RotateKeys(tx dbx.Builder, atOnce bool) error {
	before := "(SELECT value FROM _sync_state WHERE key = 'secret')"
	if atOnce {
		before = "''"
	}
	_, err := tx.NewQuery("INSERT OR REPLACE INTO _sync_state (key, value) VALUES ('secret_before', " + before + "), ('secret', {:new})").
		Bind(dbx.Params{"new": nonce(32)}).Execute()
	return wrapped(err, "failed to rotate the keys")
}

// TrustBefore vouches for what was given out before this life, until the next
// one begins.
func TrustBefore(tx dbx.Builder) error {
	_, err := tx.NewQuery("INSERT OR REPLACE INTO _sync_state (key, value) SELECT 'trusted', value FROM _sync_state WHERE key = 'life'").Execute()
	return wrapped(err, "failed to vouch for the life before")
}

// beginLife names what comes from here on otherwise than anything before, and
// notes the seq from which on it does.
func beginLife(tx dbx.Builder) error {
	_, err := tx.NewQuery(`INSERT OR REPLACE INTO _sync_state (key, value) VALUES ('life', {:new}),
		('life_from', COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '_sync_log'), 0))`).Bind(dbx.Params{"new": nonce(8)}).Execute()
	return wrapped(err, "failed to begin a life")
}

// ofThisLife reports whether a seq that a phone has seen was given out in the
// present life: if not, the loss that it shows is the one that ended the last.
func ofThisLife(tx dbx.Builder, seq int64) (bool, error) {
	var from int64
	err := tx.NewQuery("SELECT COALESCE(MAX(value), 0) FROM _sync_state WHERE key = 'life_from'").Row(&from)
	return seq > from, wrapped(err, "failed to read when this life began")
}

// nonce is a random text of so many bytes in hex.
func nonce(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return fmt.Sprintf("%x", b)
}
