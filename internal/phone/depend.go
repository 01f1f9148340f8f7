package phone

import (
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"

	"satchel/syncer"
)

// Group makes the edits of fn stand or fall together: they are stored at once,
// and the server takes all of them or none. Inside, the phone shows them already.
func (p *Phone) Group(fn func() error) error {
	if p.group != "" {
		return fn()
	}
	p.group = p.NewID()
	err := fn()
	members, group := p.members, p.group
	p.members, p.group = nil, ""
	if err != nil || len(members) == 0 {
		return err
	}
	return p.store.within(func(tx *sql.Tx) error {
		for i := range members {
			if len(members) > 1 {
				members[i].Group = group
			}
			if err := enqueue(tx, &members[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// enqueue numbers a mutation, names what it builds on, and stores it word for
// word as it will be sent.
func enqueue(tx *sql.Tx, m *syncer.Mutation) (err error) {
	if m.After, err = buildsOn(tx, m); err != nil {
		return err
	}
	if m.N, err = nextNumber(tx); err != nil {
		return err
	}
	body, err := json.Marshal(m, json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO outbox (n, c, r, body) VALUES (?, ?, ?, ?)", m.N, m.C, m.R, string(body))
	return err
}

// buildsOn names the pending mutations without which m makes no sense: the
// create of its own row and, for an action, the action before it; the create
// and the last edit of each row that it names. Independent edits of a row do
// not wait for each other, and a delete waits for nothing: what never came to be
// need not go.
func buildsOn(tx *sql.Tx, m *syncer.Mutation) ([]string, error) {
	if m.Op == syncer.OpDelete {
		return nil, nil
	}
	names, err := named(m)
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT body->>'id', COALESCE(body->>'group', ''), c, r, body->>'op' FROM outbox
		WHERE state = 'pending' AND r IN (SELECT value FROM json_each(?)) ORDER BY n`, string(list))
	if err != nil {
		return nil, fmt.Errorf("look for what an edit builds on: %w", err)
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	type slot struct{ row, op string }
	last := map[slot]string{}
	var order []slot
	for rows.Next() {
		var id, group, c, r, op string
		if err := rows.Scan(&id, &group, &c, &r, &op); err != nil {
			return nil, err
		}
		own := c == m.C && r == m.R
		fits := op == syncer.OpCreate || own && m.Op == syncer.OpAction && op == syncer.OpAction || !own && op == syncer.OpUpdate
		if !fits || group != "" && group == m.Group {
			continue
		}
		at := slot{c + " " + r, op}
		if last[at] == "" {
			order = append(order, at)
		}
		last[at] = id
	}
	var out []string
	for _, at := range order {
		out = append(out, last[at])
	}
	return out, rows.Err()
}

// named lists the texts in a mutation that may be ids of rows.
func named(m *syncer.Mutation) ([]string, error) {
	out := []string{m.R}
	collect := func(text string) {
		if len(text) == 15 && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			collect(v)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	values := []jsontext.Value{m.Args}
	for _, v := range m.Set {
		values = append(values, v)
	}
	for _, raw := range values {
		if len(raw) == 0 {
			continue
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, err
		}
		walk(v)
	}
	for _, list := range m.Add {
		for _, id := range list {
			collect(id)
		}
	}
	return out, nil
}
