package gate

import (
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"
)

// bindRelations tells a relation that names no row from a look-up that broke:
// PocketBase's own check counts rows, and takes a fault for none.
func bindRelations(app core.App) {
	app.OnRecordValidate().Bind(Named("relations", func(e *core.RecordEvent) error {
		err := e.Next()
		invalid, _ := errors.AsType[validation.Errors](err)
		for name, why := range invalid {
			f, ok := e.Record.Collection().Fields.GetByName(name).(*core.RelationField)
			coded, refused := why.(validation.Error) //nolint:errorlint // the library's own interface
			if !ok || !refused || coded.Code() != "validation_missing_rel_records" {
				continue
			}
			if fault := named(e.App, f, idsOf(e.Record, name)); fault != nil {
				return fmt.Errorf("look up %s of %s: %w", name, e.Record.Collection().Name, fault)
			}
		}
		return err
	}))
}

// named is nil if indeed not all of a relation's rows are there.
func named(app core.App, f *core.RelationField, ids []string) error {
	to, err := app.FindCachedCollectionByNameOrId(f.CollectionId)
	if err != nil {
		return err
	}
	var n int
	if err := app.ConcurrentDB().Select("COUNT(*)").From(to.Name).Where(dbx.In("id", list.ToInterfaceSlice(ids)...)).Row(&n); err != nil {
		return err
	}
	if n == len(ids) {
		return errors.New("all rows are there by now")
	}
	return nil
}
