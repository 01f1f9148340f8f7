package syncer

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
)

const (
	anchorMAC = 16
	// anchorKeyOverlap is how long a key that has a successor still vouches: a
	// request may have read it before.
	anchorKeyOverlap = time.Hour
)

// anchorKey vouches for times from since on, until its successor's.
type anchorKey struct {
	ID    string `db:"id"`
	Key   string `db:"key"`
	Since int64  `db:"since"` // Unix milliseconds
}

// anchorKeys are ordered from the newest.
type anchorKeys []anchorKey

// sign gives the server's time to a user's device. The user is signed and not
// named: an anchor tells whose it is even after a restore forgot the device.
func (keys anchorKeys) sign(user, device string, now time.Time) Anchor {
	at := now.UTC().Truncate(time.Millisecond)
	return Anchor{At: at, Device: device, Sig: keys[0].ID + "." + keys[0].mac(user, device, at)}
}

// vouch reports whether an anchor is one that this server gave to a device of the
// user, by a key that was in use at its time.
func (keys anchorKeys) vouch(user string, a Anchor) bool {
	id, mac, _ := strings.Cut(a.Sig, ".")
	until := int64(open)
	for _, k := range keys {
		if k.ID == id {
			at := a.At.UnixMilli()
			return at >= k.Since && at < until && hmac.Equal([]byte(mac), []byte(k.mac(user, a.Device, a.At.UTC())))
		}
		until = k.Since + anchorKeyOverlap.Milliseconds()
	}
	return false
}

func (k anchorKey) mac(user, device string, at time.Time) string {
	h := hmac.New(sha256.New, []byte(k.Key))
	// Ids have no line feeds.
	h.Write([]byte("anchor\n" + user + "\n" + device + "\n" + at.Format("2006-01-02T15:04:05.000000000Z")))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:anchorMAC])
}

// Anchor signs the time now for a user's device. Once the keys are known it runs
// no SQL.
func (e *Engine) Anchor(tx dbx.Builder, user, device string, now time.Time) (*Anchor, error) {
	keys, err := e.anchorKeys(tx)
	if err != nil {
		return nil, err
	}
	a := keys.sign(user, device, now)
	return &a, nil
}

// Vouches reports whether an anchor is the server's own word to this user's device.
func (e *Engine) Vouches(tx dbx.Builder, user string, a Anchor) (bool, error) {
	keys, err := e.anchorKeys(tx)
	return err == nil && (keys.vouch(user, a) || e.Planted == PlantAnyAnchor), err
}

func (e *Engine) anchorKeys(tx dbx.Builder) (anchorKeys, error) {
	if known := e.anchors.Load(); known != nil {
		return *known, nil
	}
	var keys anchorKeys
	err := tx.NewQuery("SELECT id, key, since FROM _sync_anchor_key ORDER BY since DESC, id").All(&keys)
	if err == nil && len(keys) == 0 {
		err = fmt.Errorf("there is none")
	}
	if err != nil {
		return nil, fmt.Errorf("read the keys of clock anchors: %w", err)
	}
	e.anchors.Store(&keys)
	return keys, nil
}

// RenewAnchorKey makes a new key for the anchors of now and later, and drops
// keys that have had a successor for longer than kept. The caller commits, and
// then forgets what was known: ForgetAnchorKeys.
func RenewAnchorKey(tx dbx.Builder, now time.Time, kept time.Duration) error {
	id, key := make([]byte, 4), make([]byte, 32)
	_, _ = rand.Read(id)  // never fails
	_, _ = rand.Read(key) // never fails
	_, err := tx.NewQuery("INSERT INTO _sync_anchor_key (id, key, since) VALUES ({:id}, {:key}, {:since})").
		Bind(dbx.Params{"id": hex.EncodeToString(id), "key": hex.EncodeToString(key), "since": now.UnixMilli()}).Execute()
	if err == nil {
		_, err = tx.NewQuery(`DELETE FROM _sync_anchor_key WHERE EXISTS
			(SELECT 1 FROM _sync_anchor_key n WHERE n.since > _sync_anchor_key.since AND n.since < {:before})`).
			Bind(dbx.Params{"before": now.Add(-kept).UnixMilli()}).Execute()
	}
	return wrapped(err, "failed to renew the key of clock anchors")
}

// AnchorKeySince is since when the present key signs.
func AnchorKeySince(tx dbx.Builder) (time.Time, error) {
	var since int64
	err := tx.NewQuery("SELECT COALESCE(MAX(since), 0) FROM _sync_anchor_key").Row(&since)
	return time.UnixMilli(since), wrapped(err, "failed to read the key of clock anchors")
}

// ForgetAnchorKeys makes the next reader ask the table.
func (e *Engine) ForgetAnchorKeys() { e.anchors.Store(nil) }
