package saves

import (
	"slices"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// texts are a collection's statements, with its columns in the order of their arguments.
type texts struct {
	table          string
	columns        []string
	insert, update string
}

var known sync.Map // texts by the collection's id

// of gives a collection's texts; they are made anew once it has other columns.
func of(c *core.Collection) *texts {
	if t, ok := known.Load(c.Id); ok && t.(*texts).are(c) {
		return t.(*texts)
	}
	t := &texts{table: c.Name, columns: c.Fields.FieldNames()}
	t.insert, t.update = insertText(c.Name, t.columns), updateText(c.Name, t.columns)
	known.Store(c.Id, t)
	return t
}

func (t *texts) are(c *core.Collection) bool {
	return t.table == c.Name && slices.EqualFunc(t.columns, c.Fields, func(name string, f core.Field) bool { return name == f.GetName() })
}
