package transfer

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/gate"
)

const imports = "imports"

// entry is what is kept of an import.
type entry struct {
	by     *core.Record
	at     time.Time
	head   int64 // of the log, before the first row
	mode   string
	record *core.Record
	made   []*core.Record // since the last note
}

// note keeps, in the transaction of the rows, what an import did. One that did
// nothing leaves no trace.
func (j *importing) note(txApp core.App) error {
	if j.out.Created+j.out.Updated == 0 {
		return nil
	}
	if j.record == nil {
		coll, err := txApp.FindCachedCollectionByNameOrId(imports)
		if err != nil {
			return fmt.Errorf("failed to find %s: %w", imports, err)
		}
		j.record = core.NewRecord(coll)
		j.record.Load(map[string]any{"at": j.at, "collection": j.list.collection, "mode": j.mode, "head": j.head, "state": "done"})
		if !j.by.IsSuperuser() {
			j.record.Set("by", j.by.Id)
		}
	}
	j.record.Set("created_rows", j.out.Created)
	j.record.Set("updated_rows", j.out.Updated)
	if err := txApp.SaveWithContext(gate.AsServer(j.ctx), j.record); err != nil {
		return fmt.Errorf("failed to note an import: %w", err)
	}
	j.out.Import = j.record.Id
	for _, r := range j.made {
		version := r.GetDateTime("updated").Time().UTC().Format(types.DefaultDateLayout)
		_, err := txApp.DB().Insert("_import_row", dbx.Params{"import": j.record.Id, "rec": r.Id, "version": version}).Execute()
		if err != nil {
			return fmt.Errorf("failed to note a row of an import: %w", err)
		}
	}
	j.made = nil
	return nil
}
