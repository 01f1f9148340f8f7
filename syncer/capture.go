package syncer

import (
	"fmt"
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

// Captured reads the triggers, and reports of a collection whether all of its are
// in place, word for word.
func Captured(tx dbx.Builder) (whole func(id, table string) bool, err error) {
	var have []string
	err = tx.NewQuery(`SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB '_sync_*'`).Column(&have)
	if err != nil {
		return nil, fmt.Errorf("read capture triggers: %w", err)
	}
	known := make(map[string]bool, len(have))
	for _, sql := range have {
		known[sql] = true
	}
	return func(id, table string) bool {
		for _, want := range triggers(id, table) {
			// SQLite quotes a table's name anew when it renames it.
			if !known[want] && !known[strings.ReplaceAll(want, "`"+table+"`", `"`+table+`"`)] {
				return false
			}
		}
		return true
	}, nil
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
