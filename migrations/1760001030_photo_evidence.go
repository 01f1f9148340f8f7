package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What a photo's bytes say against it, as numbers that whoever sees the photo
// may read; and which other photos it is like, which only auditors read as rows.
func init() {
	m.Register(func(app core.App) error {
		blobs, err := app.FindCollectionByNameOrId("blobs")
		if err != nil {
			return err
		}
		colours := &core.TextField{Name: "colours", Pattern: `^([0-9a-f]{32})?$`, Hidden: true}
		blobs.Fields.Add(data("signals"), colours)
		index(blobs, false, "device, stored_at")
		if err := app.Save(blobs); err != nil {
			return err
		}
		matches := table("photo_matches", rules{see: active + ` && (` + auditor + `)`},
			part("blob", blobs), part("other", blobs), oneOf("kind", "bytes", "similar"), whole("distance"), flag("mirrored"),
		)
		index(matches, true, "blob, other")
		index(matches, false, "other")
		return create(app, matches)
	}, func(app core.App) error {
		if err := drop(app, "photo_matches"); err != nil {
			return err
		}
		blobs, err := app.FindCollectionByNameOrId("blobs")
		if err != nil {
			return err
		}
		blobs.RemoveIndex(indexName(blobs, "device, stored_at"))
		blobs.Fields.RemoveByName("signals")
		blobs.Fields.RemoveByName("colours")
		return app.Save(blobs)
	})
}
