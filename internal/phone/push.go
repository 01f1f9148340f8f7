package phone

import (
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"net/http"

	"satchel/syncer"
)

// A batch stays below the server's limits with room for the envelope.
const (
	batchMutations = syncer.MaxPushMutations
	batchBytes     = syncer.MaxPushBytes - 64<<10
)

// Pushed counts the verdicts of a push.
type Pushed struct{ Applied, Merged, Duplicate, Rejected, Held, Quarantined int }

// Push sends the outbox until nothing is pending. What was sent and not
// answered is sent again, word for word. A server that lost what it had taken
// gets it again; a phone that is not the one the server knows becomes a new one.
// A 429 leaves all as it is; until the time that it names, nothing is asked again.
func (p *Phone) Push(ctx context.Context) (Pushed, error) {
	var total Pushed
	for mended := 0; ; {
		batch, err := p.batch()
		if err != nil || len(batch) == 0 {
			return total, err
		}
		if err := p.putOffYet(); err != nil {
			return total, err
		}
		device, err := p.Device()
		if err != nil {
			return total, err
		}
		cursor, err := p.store.meta("cursor")
		if err != nil {
			return total, err
		}
		var answer syncer.PushResponse
		asked := p.moment()
		push := syncer.PushRequest{Device: device, Schema: Schema, Cursor: cursor, Mutations: batch, Sent: p.sent()}
		err = p.authed(ctx, func() error {
			return p.once(ctx, http.MethodPost, "/api/sync/push", push, &answer, http.Header{"Content-Encoding": {"gzip"}})
		})
		if err != nil {
			if mended++; mended > maxMends {
				return total, err
			}
			if err := p.mend(ctx, err); err != nil {
				return total, p.putOff(err)
			}
			continue
		}
		if len(answer.Results) != len(batch) {
			return total, fmt.Errorf("the server answered %d of %d mutations", len(answer.Results), len(batch))
		}
		if err := p.keep(answer.Results, &total); err != nil {
			return total, err
		}
		if err := p.hear(answer.Anchor, asked); err != nil {
			return total, err
		}
	}
}

// batch reads the next mutations to send, in the order of their numbers; a
// group is not cut.
func (p *Phone) batch() ([]jsontext.Value, error) {
	rows, err := p.store.db.Query("SELECT body, COALESCE(body->>'group', '') FROM outbox WHERE state = 'pending' ORDER BY n LIMIT ?", batchMutations+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	var out []jsontext.Value
	size, whole, last := 0, 0, ""
	for rows.Next() {
		var body []byte
		var group string
		if err := rows.Scan(&body, &group); err != nil {
			return nil, err
		}
		if group == "" || group != last {
			whole = len(out) // up to here no group is open
		}
		last = group
		if size += len(body); len(out) > 0 && (size > batchBytes || len(out) == batchMutations) {
			if whole > 0 {
				out = out[:whole]
			}
			break
		}
		out = append(out, body)
	}
	return out, rows.Err()
}

// keep stores verdicts in one local transaction: what was taken waits for its
// pull, what was refused leaves the overlay and stays readable. All stay in the
// outbox until a copy off the server's machine holds them.
func (p *Phone) keep(results []syncer.Result, total *Pushed) error {
	return p.store.within(func(tx *sql.Tx) error {
		for _, r := range results {
			if _, err := tx.Exec("DELETE FROM verdicts WHERE mutation->>'id' = ?", r.ID); err != nil {
				return err
			}
			state := "acked"
			switch r.Status {
			case syncer.StatusApplied:
				total.Applied++
			case syncer.StatusMerged:
				total.Merged++
			case syncer.StatusDuplicate:
				total.Duplicate++
			case syncer.StatusRejected:
				total.Rejected++
				state = "kept"
			case syncer.StatusHeld:
				total.Held++
				state = "kept"
			case syncer.StatusQuarantined:
				total.Quarantined++
				state = "kept"
			default:
				return fmt.Errorf("mutation %d has the unknown verdict %q", r.N, r.Status)
			}
			if state == "kept" || len(r.Conflicts) > 0 {
				text, err := json.Marshal(r, json.Deterministic(true))
				if err != nil {
					return err
				}
				_, err = tx.Exec("INSERT OR REPLACE INTO verdicts (n, result, mutation) SELECT n, ?, body FROM outbox WHERE n = ?", string(text), r.N)
				if err != nil {
					return err
				}
			}
			if _, err := tx.Exec("UPDATE outbox SET state = ?, seq = ? WHERE n = ?", state, r.Seq, r.N); err != nil {
				return err
			}
		}
		return nil
	})
}

// Verdict is a result that a person should see, with what he had entered.
type Verdict struct {
	Result   syncer.Result
	Mutation syncer.Mutation
}

// Verdicts lists rejections and conflicts, oldest first.
func (p *Phone) Verdicts() ([]Verdict, error) {
	rows, err := p.store.db.Query("SELECT result, mutation FROM verdicts ORDER BY n")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	var out []Verdict
	for rows.Next() {
		var result, mutation string
		if err := rows.Scan(&result, &mutation); err != nil {
			return nil, err
		}
		var v Verdict
		if err := json.Unmarshal([]byte(result), &v.Result); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(mutation), &v.Mutation); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
