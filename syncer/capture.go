package syncer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
)

// Ops of a log row beside I, U and D, which the triggers write.
const (
	opDropped = "X" // the whole collection is gone; rec is empty
	opChanged = "C" // the collection's fields changed; rec is empty
	opSweep   = "S" // the row's time on phones is over
)

// triggers returns the three statements that capture a collection's changes.
// They name no column but id and no table but the log: anything else blocks
// later schema changes. The literal is the collection's id, since a rename
// rewrites table names and not literals.
func triggers(id, table string) []string {
	log := func(rec, op string) string {
		return fmt.Sprintf("INSERT INTO _sync_log (coll, rec, op) SELECT '%s', %s, '%s'", id, rec, op)
	}
	return []string{
		fmt.Sprintf("CREATE TRIGGER _sync_%s_i AFTER INSERT ON `%s` BEGIN %s; END", id, table, log("NEW.id", "I")),
		fmt.Sprintf("CREATE TRIGGER _sync_%s_u AFTER UPDATE ON `%s` BEGIN %s WHERE OLD.id IS NOT NEW.id; %s; END",
			id, table, log("OLD.id", "D"), log("NEW.id", "U")),
		fmt.Sprintf("CREATE TRIGGER _sync_%s_d AFTER DELETE ON `%s` BEGIN %s; END", id, table, log("OLD.id", "D")),
	}
}

// Uncapture removes the triggers of a collection; changes pass unseen until Capture.
func Uncapture(tx dbx.Builder, id string) error {
	for _, op := range []string{"i", "u", "d"} {
		if _, err := tx.NewQuery("DROP TRIGGER IF EXISTS _sync_" + id + "_" + op).Execute(); err != nil {
			return fmt.Errorf("drop capture trigger of %s: %w", id, err)
		}
	}
	return nil
}

// Capture renews the triggers of a collection.
func Capture(tx dbx.Builder, id, table string) error {
	if err := Uncapture(tx, id); err != nil {
		return err
	}
	for _, stmt := range triggers(id, table) {
		if _, err := tx.NewQuery(stmt).Execute(); err != nil {
			return fmt.Errorf("create capture trigger of %s: %w", table, err)
		}
	}
	return nil
}

// Captured reports whether all triggers of a collection are in place, word for word.
func Captured(tx dbx.Builder, id, table string) (bool, error) {
	var have []string
	err := tx.NewQuery("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE {:p} ESCAPE '\\'").
		Bind(dbx.Params{"p": `\_sync\_` + id + `\__`}).Column(&have)
	if err != nil {
		return false, fmt.Errorf("read capture triggers: %w", err)
	}
	for i, sql := range have {
		// SQLite quotes a table's name anew when it renames it.
		have[i] = strings.ReplaceAll(sql, `"`+table+`"`, "`"+table+"`")
	}
	for _, want := range triggers(id, table) {
		if !slices.Contains(have, want) {
			return false, nil
		}
	}
	return true, nil
}

// Changed logs that a collection's fields or rule changed: the next fold projects all its rows anew.
func Changed(tx dbx.Builder, id string) error { return logOp(tx, id, opChanged) }

// Dropped logs that a collection is gone with all its rows.
func Dropped(tx dbx.Builder, id string) error { return logOp(tx, id, opDropped) }

func logOp(tx dbx.Builder, id, op string) error {
	_, err := tx.NewQuery("INSERT INTO _sync_log (coll, rec, op) VALUES ({:c}, '', {:o})").
		Bind(dbx.Params{"c": id, "o": op}).Execute()
	if err != nil {
		return fmt.Errorf("log collection change: %w", err)
	}
	return nil
}
