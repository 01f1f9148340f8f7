package migrations

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// signature is the purpose of blobs that show what somebody signed with.
const signature = "signature"

// Target letters: a year's targets of somebody as he and who leads him signed them
// (policy 4(1)2).
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "blobs")
		if err != nil {
			return err
		}
		users, departments, blobs := found[0], found[1], found[2]
		year := &core.TextField{Name: "year", Required: true, Pattern: `^\d{4}$`}
		leads := active + ` && subject != @request.auth.id && `
		write := leads + `(superior = @request.auth.id || ` + head + `)`
		letters := table("target_letters", rules{
			see: active + ` && (subject = @request.auth.id || superior = @request.auth.id || ` + head + ` || @request.auth.role = "executive" || ` + auditor + `)`,
			create: leads + `(subject.manager = @request.auth.id || (@request.auth.role = "dept_manager" && @request.auth.department != "" && ` +
				`subject.department = @request.auth.department) || (@request.auth.role = "executive" && subject.manager = ""))`,
			update: write, remove: write,
		},
			needs("subject", users), ref("superior", users), ref("dept", departments), year, whole("version"), text("terms"),
			oneOf("state", "draft", "sent", "signed", "effective", "void", "superseded"), data("snapshot"), text("sha256"),
			ref("sent_by", users), moment("sent_at"),
			moment("signed_at"), text("signed_device"), text("signed_clock"), text("signed_sha256"), ref("signed_blob", blobs),
			moment("countersigned_at"), text("countersigned_device"), text("countersigned_clock"), text("countersigned_sha256"), ref("countersigned_blob", blobs),
			moment("effective_at"), moment("ended_at"), text("reason"),
		)
		index(letters, true, "subject, year, version")
		letters.AddIndex("idx_target_letters_holds", true, "subject, year", "state = 'effective'")
		for _, columns := range []string{"superior, state", "dept, year"} {
			index(letters, false, columns)
		}
		if err := create(app, letters); err != nil {
			return err
		}
		letters.Fields.Add(ref("amends", letters))
		index(letters, false, "amends")
		if err := create(app, letters); err != nil {
			return err
		}
		selectOf(blobs, "purpose").Values = append(selectOf(blobs, "purpose").Values, signature)
		if err := app.Save(blobs); err != nil {
			return err
		}
		err = setKeys(app, "blobs", func(keys []seedKey) []seedKey {
			for _, key := range keys {
				if of := key.When["purpose"]; slices.Contains(paperKeyNames, key.Key) {
					key.When["purpose"] = append(of, signature)
				}
			}
			return keys
		})
		if err != nil {
			return err
		}
		return addSyncRules(app, syncRule{
			name: "target_letters", direction: "both", priority: 351,
			keys: []string{"user:{subject}", "user:{superior}", "dept:{dept}", "role:executive", "role:auditor", "role:admin"},
		})
	}, func(app core.App) error {
		if err := dropRules(app, "target_letters"); err != nil {
			return err
		}
		if err := drop(app, "target_letters"); err != nil {
			return err
		}
		err := setKeys(app, "blobs", func(keys []seedKey) []seedKey {
			for _, key := range keys {
				if of, some := key.When["purpose"]; some {
					key.When["purpose"] = slices.DeleteFunc(of, func(purpose string) bool { return purpose == signature })
				}
			}
			return keys
		})
		if err != nil {
			return err
		}
		if _, err := app.DB().Delete("blobs", dbx.HashExp{"purpose": signature}).Execute(); err != nil {
			return err
		}
		blobs, err := app.FindCollectionByNameOrId("blobs")
		if err != nil {
			return err
		}
		purposes := selectOf(blobs, "purpose")
		purposes.Values = slices.DeleteFunc(purposes.Values, func(purpose string) bool { return purpose == signature })
		return app.Save(blobs)
	})
}
