package saves

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/store"
)

// insert stores a new row.
func insert(e *core.ModelEvent, record *core.Record) error {
	t := of(record.Collection())
	args := make([]any, len(t.columns))
	for i, f := range record.Collection().Fields {
		value, err := stored(record, f)
		if err != nil {
			return err
		}
		args[i] = value
	}
	s := &store.Statement{SQL: t.insert, Args: args}
	if _, err := s.Exec(e.Context, e.App.NonconcurrentDB()); err != nil {
		return err
	}
	e.Model.MarkAsNotNew()
	return nil
}

// update stores what a row has become; a record that was told to leave what did not
// change alone exports less than all of its columns.
func update(e *core.ModelEvent, record *core.Record) error {
	data, err := record.DBExport(e.App)
	if err != nil {
		return err
	}
	if data[core.FieldNameId] != record.LastSavedPK() {
		return errors.New("primary key change is not allowed")
	}
	t := of(record.Collection())
	text, names := t.update, t.columns
	if len(data) != len(names) {
		names = make([]string, 0, len(data))
		for _, name := range t.columns {
			if _, changed := data[name]; changed {
				names = append(names, name)
			}
		}
		text = updateText(record.TableName(), names)
	}
	args := make([]any, len(names), len(names)+1)
	for i, name := range names {
		args[i] = data[name]
	}
	s := &store.Statement{SQL: text, Args: append(args, record.LastSavedPK())}
	_, err = s.Exec(e.Context, e.App.NonconcurrentDB())
	return err
}

func insertText(table string, columns []string) string {
	return "INSERT INTO `" + table + "` (`" + strings.Join(columns, "`, `") + "`) VALUES (" + store.Placeholders(len(columns)) + ")"
}

func updateText(table string, columns []string) string {
	return "UPDATE `" + table + "` SET `" + strings.Join(columns, "`=?, `") + "`=? WHERE `id`=?"
}
