package api

import (
	"fmt"
	"slices"

	"satchel/hooks/platform/gate"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// bindCapture keeps the capture triggers in step with the collections. The
// triggers are off while PocketBase alters a table, since it may rewrite every
// row; the fold then projects the whole collection anew.
func bindCapture(app core.App, s *Service) {
	app.OnCollectionCreateExecute().Bind(gate.Named("syncCaptureCreate", captured(func(tx dbx.Builder, c *core.Collection, next func() error) error {
		if err := next(); err != nil {
			return err
		}
		return reconcile(tx, c.Id)
	})))
	app.OnCollectionUpdateExecute().Bind(gate.Named("syncCaptureUpdate", captured(func(tx dbx.Builder, c *core.Collection, next func() error) error {
		nameBefore, before, err := shapeOf(tx, c.Id)
		if err != nil {
			return err
		}
		if err := syncer.Uncapture(tx, c.Id); err != nil {
			return err
		}
		if err := next(); err != nil {
			return err
		}
		if err := renameRule(tx, nameBefore, c.Name); err != nil {
			return err
		}
		if err := reconcile(tx, c.Id); err != nil {
			return err
		}
		_, after, err := shapeOf(tx, c.Id)
		if err != nil || (after == before && nameBefore == c.Name) {
			return err
		}
		if ok, err := hasRules(tx); err != nil || !ok || c.IsView() { // no phone sees a view, whose fields have other ids each time
			return err
		}
		if err := recordSteps(tx, c.Id, before, after); err != nil {
			return err
		}
		if _, err := loadCatalog(tx); err != nil { // a rule names a field that is gone
			return refusal(err)
		}
		return syncer.Changed(tx, c.Id)
	})))
	app.OnCollectionDeleteExecute().Bind(gate.Named("syncCaptureDelete", captured(func(tx dbx.Builder, c *core.Collection, next func() error) error {
		if err := next(); err != nil {
			return err
		}
		return syncer.Dropped(tx, c.Id)
	})))
	app.OnServe().Bind(gate.Named("syncCaptureVerify", func(e *core.ServeEvent) error {
		if err := s.Verify(e.App); err != nil {
			return err
		}
		return e.Next()
	}))
}

// captured runs a collection's change and the work on its triggers in one transaction.
func captured(work func(tx dbx.Builder, c *core.Collection, next func() error) error) func(e *core.CollectionEvent) error {
	return func(e *core.CollectionEvent) error {
		original := e.App
		defer func() { e.App = original }()
		return original.RunInTransaction(func(txApp core.App) error {
			e.App = txApp
			ready, err := engineInstalled(txApp)
			if err != nil {
				return err
			}
			if !ready { // the first migrations come before the engine's tables
				return e.Next()
			}
			return work(txApp.NonconcurrentDB(), e.Collection, e.Next)
		})
	}
}

// Verify installs whatever capture triggers are missing (after a restore, a raw
// DDL statement or a system migration) and folds those collections whole.
func (s *Service) Verify(app core.App) error {
	err := app.RunInTransaction(func(txApp core.App) error { return reconcile(txApp.NonconcurrentDB(), "") })
	if err != nil {
		return err
	}
	return s.Fold(app)
}

// reconcile gives each collection that has a rule its triggers and takes them
// from the others. With id, only that collection is looked at.
func reconcile(tx dbx.Builder, id string) error {
	if ok, err := hasRules(tx); err != nil || !ok {
		return err
	}
	var colls []struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	if err := tx.NewQuery("SELECT id, name FROM _collections WHERE type <> 'view'").All(&colls); err != nil {
		return fmt.Errorf("list collections: %w", err)
	}
	var ruled []string
	err := tx.NewQuery("SELECT name FROM " + rulesCollection + " WHERE direction <> 'none'").Column(&ruled)
	if err != nil {
		return fmt.Errorf("list sync rules: %w", err)
	}
	ruled = append(ruled, rulesCollection)
	captured, err := syncer.Captured(tx)
	if err != nil {
		return err
	}
	for _, c := range colls {
		if id != "" && c.ID != id {
			continue
		}
		if !slices.Contains(ruled, c.Name) {
			if err := syncer.Uncapture(tx, c.ID); err != nil {
				return err
			}
			continue
		}
		if captured(c.ID, c.Name) {
			continue
		}
		if err := syncer.Capture(tx, c.ID, c.Name); err != nil {
			return err
		}
		if id == "" { // nobody knows what was missed
			if err := syncer.Changed(tx, c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// shapeOf reads a collection's stored name and fields.
func shapeOf(tx dbx.Builder, id string) (name, fields string, err error) {
	err = tx.NewQuery("SELECT name, fields FROM _collections WHERE id = {:id}").Bind(dbx.Params{"id": id}).Row(&name, &fields)
	if err != nil {
		return "", "", fmt.Errorf("read collection %s: %w", id, err)
	}
	return name, fields, nil
}

// renameRule keeps a rule with its collection.
func renameRule(tx dbx.Builder, before, after string) error {
	if before == after || before == rulesCollection || after == rulesCollection {
		return nil
	}
	ok, err := hasRules(tx)
	if err != nil || !ok {
		return err
	}
	_, err = tx.NewQuery("UPDATE " + rulesCollection + " SET name = {:after} WHERE name = {:before}").
		Bind(dbx.Params{"before": before, "after": after}).Execute()
	if err != nil {
		return fmt.Errorf("rename the rule of %s: %w", before, err)
	}
	return nil
}

// hasRules reports whether the migrations came as far as the rules.
func hasRules(tx dbx.Builder) (bool, error) { return hasTable(tx, rulesCollection) }

func hasTable(tx dbx.Builder, name string) (bool, error) {
	var n int
	err := tx.NewQuery("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = {:n}").Bind(dbx.Params{"n": name}).Row(&n)
	return n > 0, err
}

func engineInstalled(app core.App) (bool, error) {
	var n int
	err := app.NonconcurrentDB().NewQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sync_state'").Row(&n)
	return n > 0, err
}
