package phone

import (
	"context"
	"database/sql"
)

const (
	// maxMends bounds how often one push or pull tries to come to terms with a server.
	maxMends = 3
	// maxKept bounds what is kept for a server that copies nothing off its machine,
	// until it says otherwise.
	maxKept = 10_000
)

// mend does what an error of the server asks for; the error itself if nothing can.
func (p *Phone) mend(ctx context.Context, err error) error {
	switch CodeOf(err) {
	case "sync_gap":
		return p.goBack(ctx, err)
	case "device_forked":
		return p.rejoin(ctx)
	case "device_unknown": // the server has lost it, and has a token for such a phone if it is trusted
		if err := p.renew(ctx); err != nil {
			return err
		}
		return p.rejoin(ctx)
	case "cursor_invalid": // of another life of the server or the phone
		return p.store.setMeta("cursor", "")
	}
	return err
}

// goBack sends again from the number that the server expects. If the phone no
// longer has it, it joins anew with all it has.
func (p *Phone) goBack(ctx context.Context, err error) error {
	var expected int64
	if e := apiError(err); e != nil {
		if params, ok := e.Data["params"].(map[string]any); ok {
			n, _ := params["expected"].(float64)
			expected = int64(n)
		}
	}
	var have bool
	if err := p.store.db.QueryRow("SELECT EXISTS (SELECT 1 FROM outbox WHERE n = ?)", expected).Scan(&have); err != nil {
		return err
	}
	if !have {
		return p.rejoin(ctx)
	}
	return p.store.within(func(tx *sql.Tx) error { return requeue(tx, expected-1) })
}

// requeue makes everything after the server's high-water mark pending again.
func requeue(tx *sql.Tx, high int64) error {
	_, err := tx.Exec("UPDATE outbox SET state = 'pending', seq = 0 WHERE n > ? AND state <> 'pending'", high)
	return err
}

// forget drops what was pulled back and is safe off the server's machine, and
// the oldest of the rest beyond a bound.
func forget(tx *sql.Tx, durable int64) error {
	_, err := tx.Exec(`DELETE FROM outbox WHERE state = 'kept' AND (n <= ?
		OR n <= (SELECT n FROM outbox WHERE state = 'kept' ORDER BY n DESC LIMIT 1
			OFFSET COALESCE((SELECT CAST(v AS INTEGER) FROM meta WHERE k = 'journal_most'), ?)))`, durable, maxKept)
	return err
}

// rejoin registers the phone as a new device, in the place of the one it was, and
// hands over everything it still has under new numbers. What the server took
// before it knows by its id.
func (p *Phone) rejoin(ctx context.Context) error {
	token, err := p.store.meta("token")
	if err != nil {
		return err
	}
	user, err := p.User()
	if err != nil {
		return err
	}
	err = p.store.within(func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM meta WHERE k = 'install'")
		return err
	})
	if err != nil {
		return err
	}
	return p.Adopt(ctx, user, token)
}

// renumber makes all of the outbox pending, counted from 1.
func renumber(tx *sql.Tx) error {
	// Verdicts of the old numbers stay readable, below all new ones.
	for _, stmt := range []string{
		"UPDATE verdicts SET n = n - 1000000000000",
		"UPDATE outbox SET n = -n, state = 'pending', seq = 0",
		`UPDATE outbox SET n = new.n, body = json_set(outbox.body, '$.n', new.n)
			FROM (SELECT n AS old, ROW_NUMBER() OVER (ORDER BY n DESC) AS n FROM outbox) AS new WHERE outbox.n = new.old`,
		"INSERT OR REPLACE INTO meta (k, v) SELECT 'n', COUNT(*) FROM outbox",
	} {
		if _, err := tx.Exec(stmt); err != nil {
			return err
		}
	}
	return nil
}
