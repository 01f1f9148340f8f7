package api

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const stepsCollection = records.SyncSchemaStepTable

// tooOld refuses a pull by an app that is older than the company still serves.
// Push is taken from every one.
func (s *Service) tooOld(app core.App, schema int) error {
	least, err := gate.SettingsNow(app).SyncMinSchema()
	if err != nil || schema >= least {
		return err
	}
	return answer(http.StatusUpgradeRequired, "schema_too_old", map[string]any{"schema": schema, "min_schema": least})
}

// presentSchema is the version at which the collections stand.
func presentSchema(tx dbx.Builder) (n int, err error) {
	err = tx.NewQuery("SELECT COALESCE(MAX(schema), 1) FROM " + stepsCollection).Row(&n)
	return n, err
}

// readSteps reads the changes of fields by collection id. While migrations run
// there may be no such table yet.
func readSteps(tx dbx.Builder) (map[string][]syncer.Step, error) {
	ok, err := hasTable(tx, stepsCollection)
	if err != nil || !ok {
		return nil, err
	}
	var rows []struct {
		Coll   string `db:"coll"`
		Schema int    `db:"schema"`
		Seq    int64  `db:"seq"`
		Op     string `db:"op"`
		From   string `db:"from"`
		To     string `db:"to"`
		Kind   int    `db:"kind"`
	}
	if err := tx.NewQuery("SELECT coll, schema, seq, op, `from`, `to`, kind FROM " + stepsCollection + " ORDER BY seq, rowid").All(&rows); err != nil {
		return nil, fmt.Errorf("read schema steps: %w", err)
	}
	out := map[string][]syncer.Step{}
	for _, r := range rows {
		out[r.Coll] = append(out[r.Coll], syncer.Step{
			Schema: uint32(r.Schema), Seq: r.Seq, Op: r.Op, From: r.From, To: r.To, Kind: syncer.Kind(r.Kind),
		})
	}
	return out, nil
}

// recordSteps keeps what a change of a collection's fields means for apps that
// do not know of it. Fields are the same by their id; names say nothing.
func recordSteps(tx dbx.Builder, coll, before, after string) error {
	ok, err := hasTable(tx, stepsCollection)
	if err != nil || !ok {
		return err
	}
	was, err := seenFields(before)
	if err != nil {
		return err
	}
	now, err := seenFields(after)
	if err != nil {
		return err
	}
	var rows []any
	for _, id := range slices.Sorted(maps.Keys(was)) {
		old := was[id]
		present, there := now[id]
		switch {
		case !there:
			rows = append(rows, []any{"remove", old.Name, "", int(old.Kind)})
		case present.Name != old.Name:
			rows = append(rows, []any{"rename", old.Name, present.Name, int(old.Kind)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.NewQuery(`INSERT INTO ` + stepsCollection + ` (id, coll, schema, seq, op, "from", "to", kind)
		SELECT lower(substr(hex(randomblob(8)), 1, 15)), {:coll}, s.schema, s.seq, value->>0, value->>1, value->>2, value->>3
		FROM json_each({:rows}), (SELECT COALESCE(MAX(schema), 1) + 1 AS schema, COALESCE(MAX(seq), 0) + 1 AS seq FROM ` + stepsCollection + `) s`).
		Bind(dbx.Params{"coll": coll, "rows": string(text)}).Execute()
	if err != nil {
		return fmt.Errorf("record schema steps: %w", err)
	}
	return nil
}

// seenFields reads the fields that phones see by their ids.
func seenFields(fields string) (map[string]syncer.Field, error) {
	var ids []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if err := json.Unmarshal([]byte(fields), &ids); err != nil {
		return nil, fmt.Errorf("read fields: %w", err)
	}
	shown, err := collectionRow{Fields: fields}.collection(nil)
	if err != nil {
		return nil, err
	}
	out := map[string]syncer.Field{}
	for _, f := range ids {
		if seen, ok := shown.Field(f.Name); ok {
			out[f.ID] = seen
		}
	}
	return out, nil
}
