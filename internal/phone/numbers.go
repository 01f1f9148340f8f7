package phone

import (
	"context"
	"database/sql"
	"encoding/json/v2"
	"errors"
	"net/http"
	"strconv"

	"satchel/domain/numbers"
	"satchel/syncer"
)

// usable are the blocks that were given to this very installation: a copy of the
// store on another phone has none of its own.
const usable = `kind = ? AND install = (SELECT v FROM meta WHERE k = 'install') AND device = (SELECT v FROM meta WHERE k = 'device')`

// numbered are the kinds of documents that the phone numbers by itself.
var numbered = []string{numbers.Order, numbers.Claim}

// Number takes the next number of a kind from the phone's blocks; empty if it has
// none, and the server will give one. What was taken is not given again, whatever
// becomes of it: the block's mark moves first.
func (p *Phone) Number(kind string) (no string, err error) {
	err = p.store.within(func(tx *sql.Tx) error {
		n := numbers.Number{Kind: kind}
		err := tx.QueryRow("UPDATE numbers SET next = next + 1 WHERE id = (SELECT id FROM numbers WHERE "+usable+
			" AND next <= last ORDER BY id LIMIT 1) RETURNING series, next - 1", kind).Scan(&n.Series, &n.N)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		no = n.String()
		return err
	})
	return no, err
}

// DropNumber notes that what a number was taken for was thrown away before it was
// captured.
func (p *Phone) DropNumber(no string) error {
	n, ok := numbers.Parse(no)
	if !ok {
		return errors.New(no + " is no number")
	}
	_, err := p.store.db.Exec("UPDATE numbers SET dropped = json_insert(dropped, '$[#]', ?) WHERE kind = ? AND series = ? AND first <= ? AND last >= ?",
		n.N, n.Kind, n.Series, n.N, n.N)
	return err
}

// NumbersLeft counts what is left of a kind.
func (p *Phone) NumbersLeft(kind string) (left int, err error) {
	err = p.store.db.QueryRow("SELECT COALESCE(SUM(last - next + 1), 0) FROM numbers WHERE "+usable, kind).Scan(&left)
	return left, err
}

// LeaseNumbers shows the blocks that the phone holds of a kind, and takes those
// that the server gives it. It comes after a pull: a server that has lost history
// knows by then.
func (p *Phone) LeaseNumbers(ctx context.Context, kind string) error {
	return p.exchangeBlocks(ctx, kind, false)
}

// ReturnNumbers gives back what is left, such as before the phone is handed on.
func (p *Phone) ReturnNumbers(ctx context.Context, kind string) error {
	return p.exchangeBlocks(ctx, kind, true)
}

// leaseDue asks for numbers of which few are left. A server that gives none for
// now is asked again by the next sync.
//
// Who does not know which installation he is asks for none.
func (p *Phone) leaseDue(ctx context.Context) error {
	if install, err := p.store.meta("install"); err != nil || install == "" {
		return err
	}
	for _, kind := range numbered {
		left, err := p.NumbersLeft(kind)
		if err != nil {
			return err
		}
		text, err := p.store.meta("numbers_low " + kind)
		if err != nil {
			return err
		}
		low, _ := strconv.Atoi(text)
		if left > low {
			continue
		}
		if err := p.LeaseNumbers(ctx, kind); err != nil && (apiError(err) == nil || apiError(err).Status == http.StatusUnauthorized) {
			return err
		}
	}
	return nil
}

func (p *Phone) exchangeBlocks(ctx context.Context, kind string, back bool) error {
	device, err := p.Device()
	if err != nil {
		return err
	}
	held, err := p.blocks(kind)
	if err != nil {
		return err
	}
	if back { // none is used from here on, whether or not the answer comes
		if _, err := p.store.db.Exec("UPDATE numbers SET device = '' WHERE kind = ?", kind); err != nil {
			return err
		}
	}
	var answer syncer.NumbersResponse
	if err := p.call(ctx, http.MethodPost, "/api/sync/numbers", syncer.NumbersRequest{Device: device, Kind: kind, Held: held, Return: back}, &answer); err != nil {
		return err
	}
	return p.store.within(func(tx *sql.Tx) error { return hold(tx, device, answer) })
}

// blocks are what the phone holds, as it shows them.
func (p *Phone) blocks(kind string) (held []syncer.HeldBlock, err error) {
	rows, err := p.store.db.Query("SELECT series, first, last, next, dropped FROM numbers WHERE kind = ? ORDER BY id", kind)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	for rows.Next() {
		var h syncer.HeldBlock
		var dropped string
		if err := rows.Scan(&h.Series, &h.First, &h.Last, &h.Next, &dropped); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(dropped), &h.Dropped); err != nil {
			return nil, err
		}
		held = append(held, h)
	}
	return held, rows.Err()
}

// hold takes the server's word on which blocks the phone has; the phone's own mark
// stands where it is higher.
func hold(tx *sql.Tx, device string, answer syncer.NumbersResponse) error {
	if _, err := tx.Exec("UPDATE numbers SET told = 0 WHERE kind = ?", answer.Kind); err != nil {
		return err
	}
	for _, b := range answer.Blocks {
		_, err := tx.Exec(`INSERT INTO numbers (kind, series, first, last, next, device, install, told)
			VALUES (?, ?, ?, ?, ?, ?, COALESCE((SELECT v FROM meta WHERE k = 'install'), ''), 1)
			ON CONFLICT (kind, series, first) DO UPDATE SET next = MAX(next, excluded.next), device = excluded.device, told = 1`,
			answer.Kind, b.Series, b.First, b.Last, b.Next, device)
		if err != nil {
			return err
		}
	}
	if _, err := tx.Exec("DELETE FROM numbers WHERE kind = ? AND told = 0", answer.Kind); err != nil {
		return err
	}
	return putMeta(tx, "numbers_low "+answer.Kind, strconv.FormatInt(answer.LowWater, 10))
}
