package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Equal work that is refused again is counted to the issue that says so already;
// the verdict of each names the issue. A user with too many issues raises an alert.
func init() {
	kinds, resolutions := []string{"unsynced", "unpushed"}, []string{"synced", "revoked", "disabled"}
	alertValues := func(app core.App, kinds, resolutions []string) error {
		alerts, err := app.FindCollectionByNameOrId("sync_alerts")
		if err != nil {
			return err
		}
		for name, values := range map[string][]string{"kind": kinds, "resolution": resolutions} {
			field, _ := alerts.Fields.GetByName(name).(*core.SelectField)
			field.Values = values
		}
		return app.Save(alerts)
	}
	m.Register(func(app core.App) error {
		found, err := find(app, "sync_issues")
		if err != nil {
			return err
		}
		like := text("likeness")
		like.Hidden = true
		found[0].Fields.Add(whole("times"), like)
		found[0].AddIndex("idx_sync_issues_likeness", false, "user, likeness", "likeness <> '' AND state = 'open'")
		if err := create(app, found...); err != nil {
			return err
		}
		for _, stmt := range []string{
			`UPDATE sync_issues SET times = 1`,
			`CREATE INDEX _sync_push_issue ON _sync_push (result->>'issue') WHERE result->>'issue' IS NOT NULL`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return alertValues(app, append(kinds, "issues_full"), append(resolutions, "answered"))
	}, func(app core.App) error {
		for _, stmt := range []string{
			`DELETE FROM sync_alerts WHERE kind = 'issues_full'`, `UPDATE sync_alerts SET resolution = 'synced' WHERE resolution = 'answered'`, `DROP INDEX _sync_push_issue`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		if err := alertValues(app, kinds, resolutions); err != nil {
			return err
		}
		issues, err := app.FindCollectionByNameOrId("sync_issues")
		if err != nil {
			return err
		}
		issues.RemoveIndex("idx_sync_issues_likeness")
		issues.Fields.RemoveByName("times")
		issues.Fields.RemoveByName("likeness")
		return app.Save(issues)
	})
}
