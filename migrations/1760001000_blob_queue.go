package migrations

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// blobAdded are the fields of blobs that this migration adds.
var blobAdded = []string{
	"device", "manager", "source", "phash", "device_make", "device_model", "device_software", "screenshot", "received_at",
	"public", "thumb", "tiny", "hold", "hold_reason", "hold_by", "hold_at", "bytes_removed_at", "bytes_removed_why",
}

// papers are the purposes of blobs that hang on no visit.
var papers = []string{"invoice", "receipt", "contract"}

// Blobs carry their own copies and may be papers too; what has arrived waits in
// its row until it is developed. Bytes go after a time, the row says so.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "blobs", "users", "sync_devices")
		if err != nil {
			return err
		}
		blobs, users, devices := found[0], found[1], found[2]
		selectOf(blobs, "purpose").Values = append([]string{"visit_photo"}, papers...)
		selectOf(blobs, "state").Values = []string{"pending", "received", "stored", "durable", "rejected"}
		if original, ok := blobs.Fields.GetByName("original").(*core.FileField); ok {
			original.MaxSize = 200 << 20
		}
		copyOf := func(name string) *core.FileField {
			return &core.FileField{Name: name, MaxSelect: 1, MaxSize: 20 << 20, Protected: true, MimeTypes: []string{"image/jpeg"}}
		}
		blobs.Fields.Add(ref("device", devices), ref("manager", users), one("source", "camera", "gallery"),
			&core.TextField{Name: "phash", Pattern: `^([0-9a-f]{16})?$`}, text("device_make"), text("device_model"), text("device_software"),
			flag("screenshot"), moment("received_at"), copyOf("public"), copyOf("thumb"), copyOf("tiny"),
			flag("hold"), text("hold_reason"), ref("hold_by", users), moment("hold_at"),
			moment("bytes_removed_at"), one("bytes_removed_why", "retention", "rejected"))
		index(blobs, false, "phash")
		index(blobs, false, "purpose, stored_at")
		blobs.AddIndex("idx_blobs_queue", false, "received_at, id", "state = 'received'")
		paperRules(blobs)
		if err := app.Save(blobs); err != nil {
			return err
		}
		if err := paperKeys(app); err != nil {
			return err
		}
		for _, stmt := range []string{
			// What each device has begun to upload on a day of the company's.
			`CREATE TABLE _upload_use (device TEXT NOT NULL, day TEXT NOT NULL, n INTEGER NOT NULL, bytes INTEGER NOT NULL,
				PRIMARY KEY (device, day)) WITHOUT ROWID`,
			// The queue makes the copies anew, from the originals.
			`UPDATE blobs SET state = 'received', received_at = stored_at WHERE state = 'stored' AND original <> ''`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		return dropStepCopies(app)
	}, func(app core.App) error {
		found, err := find(app, "blobs", "visit_steps", "sync_rules")
		if err != nil {
			return err
		}
		blobs, steps, syncRules := found[0], found[1], found[2]
		steps.Fields.Add(
			&core.FileField{Name: "photos", MaxSelect: 40, MaxSize: 20 << 20, Protected: true, MimeTypes: []string{"image/jpeg"}},
			&core.FileField{Name: "thumbs", MaxSelect: 40, MaxSize: 1 << 20, Protected: true, MimeTypes: []string{"image/jpeg"}},
		)
		for _, stmt := range []string{
			`DROP TABLE _upload_use`,
			`DELETE FROM blobs WHERE purpose <> 'visit_photo'`,
			`UPDATE blobs SET state = CASE state WHEN 'received' THEN 'pending' ELSE 'stored' END WHERE state IN ('received', 'durable')`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		selectOf(blobs, "purpose").Values = []string{"visit_photo"}
		selectOf(blobs, "state").Values = []string{"pending", "stored", "rejected"}
		blobs.RemoveIndex(indexName(blobs, "phash"))
		blobs.RemoveIndex(indexName(blobs, "purpose, stored_at"))
		blobs.RemoveIndex("idx_blobs_queue")
		for _, name := range blobAdded {
			blobs.Fields.RemoveByName(name)
		}
		blobs.ListRule, blobs.ViewRule, blobs.CreateRule = steps.ListRule, steps.ViewRule, steps.CreateRule
		if err := setRule(app, syncRules, lineKeys(), lateVisit); err != nil { // before the field that it names goes
			return err
		}
		return create(app, steps, blobs)
	})
}

func selectOf(c *core.Collection, name string) *core.SelectField {
	field, _ := c.Fields.GetByName(name).(*core.SelectField)
	return field
}

// paperRules: photos and contracts are the account's line's to see, papers are
// their owner's, his manager's and finance's.
func paperRules(blobs *core.Collection) {
	const paper = `purpose != "visit_photo"`
	byAccount := strings.TrimSuffix(line, " || "+head) + nextHolder
	see := active + ` && (((purpose = "visit_photo" || purpose = "contract") && (` + byAccount + `)) || ` + head +
		` || (` + paper + ` && (owner = @request.auth.id || manager = @request.auth.id || @request.auth.role = "finance")) || ` + auditor + `)`
	blobs.ListRule, blobs.ViewRule = rule(see), rule(see)
	photo := strings.TrimPrefix(*blobs.CreateRule, active+" && ")
	blobs.CreateRule = rule(active + ` && ((` + photo + `) || (` + paper + ` && visit = "" && step = "" && owner = @request.auth.id && ` +
		`(account = "" || account.owner = @request.auth.id || account.manager = @request.auth.id)))`)
}

// paperKeys says the same to phones.
func paperKeys(app core.App) error {
	syncRules, err := app.FindCollectionByNameOrId("sync_rules")
	if err != nil {
		return err
	}
	only := func(purposes ...string) map[string][]string { return map[string][]string{"purpose": purposes} }
	return setRule(app, syncRules, []seedKey{
		{Key: "account:{account}", When: only("visit_photo", "contract")},
		{Key: "dept:{dept}"},
		{Key: "role:auditor"},
		{Key: "role:admin"},
		{Key: "user:{owner}", When: only(papers...)},
		{Key: "user:{manager}", When: only(papers...)},
		{Key: "role:finance", When: only(papers...)},
	}, lateVisit+` || (purpose != "visit_photo" && owner = @request.auth.id)`)
}

func lineKeys() []seedKey {
	return []seedKey{{Key: "account:{account}"}, {Key: "dept:{dept}"}, {Key: "role:auditor"}, {Key: "role:admin"}}
}

// lateVisit is whose photo is taken although its account has gone.
const lateVisit = `visit.owner = @request.auth.id`

func setRule(app core.App, syncRules *core.Collection, keys []seedKey, late string) error {
	record, err := app.FindFirstRecordByData(syncRules, "name", "blobs")
	if err != nil {
		return err
	}
	record.Set("keys", keys)
	record.Set("late", late)
	return app.Save(record)
}

// dropStepCopies takes the copies off the visit steps. Phones have never
// written these fields, so it is no new schema for them.
func dropStepCopies(app core.App) error {
	steps, err := app.FindCollectionByNameOrId("visit_steps")
	if err != nil {
		return err
	}
	var with []string
	if err := app.DB().NewQuery("SELECT id FROM visit_steps WHERE photos NOT IN ('', '[]')").Column(&with); err != nil {
		return err
	}
	steps.Fields.RemoveByName("photos")
	steps.Fields.RemoveByName("thumbs")
	if err := app.Save(steps); err != nil {
		return err
	}
	_, err = app.DB().NewQuery("DELETE FROM sync_schema_steps WHERE coll = '" + steps.Id + "' AND `from` IN ('photos', 'thumbs')").Execute()
	if err != nil || len(with) == 0 {
		return err
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return err
	}
	var failures []error
	for _, id := range with {
		failures = append(failures, files.DeletePrefix(steps.BaseFilesPath()+"/"+id+"/")...)
	}
	return errors.Join(append(failures, files.Close())...)
}
