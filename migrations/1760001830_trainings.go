package migrations

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// trainingPaper is the purpose of blobs that trainings go by.
const trainingPaper = "training"

// Trainings with their quizzes (policy 5(2)), and what product requests weigh: the
// accounts' sales behind them are shown to those only who see an account's money.
func init() {
	names := []string{"training_records", "training_keys", "trainings", "product_request_values"}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "blobs", "accounts", "communications", "product_requests")
		if err != nil {
			return err
		}
		users, departments, blobs, accounts, communications, requests := found[0], found[1], found[2], found[3], found[4], found[5]
		if err := shareTrainingPapers(app, blobs); err != nil {
			return err
		}
		if err := trainings(app, users, departments, blobs); err != nil {
			return err
		}
		requests.Fields.Add(
			one("wish", "low", "normal", "high"), whole("rank"), whole("asking"), day("promised_on"), flag("overdue"),
			moment("told_at"), text("told_note"), ref("told", communications),
		)
		index(requests, false, "product, state")
		index(requests, false, "state, promised_on")
		if err := create(app, requests); err != nil {
			return err
		}
		// What its author wrote was his wish; the priority is weighed by the next job.
		if _, err := app.DB().NewQuery("UPDATE product_requests SET wish = priority").Execute(); err != nil {
			return err
		}
		values := table("product_request_values", rules{see: strings.TrimSuffix(seenMoney, ")") + ` || @request.auth.role = "executive")`},
			part("request", requests), needs("account", accounts), ref("dept", departments), whole("revenue_fen"), day("as_of"))
		index(values, true, "request")
		index(values, false, "account")
		index(values, false, "dept")
		if err := create(app, values); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{name: "product_request_values", direction: "down", priority: 711, keys: append([]string{"role:executive"}, moneyKeys...)})
	}, func(app core.App) error {
		if err := dropRules(app, names...); err != nil {
			return err
		}
		if err := drop(app, names...); err != nil {
			return err
		}
		if _, err := app.DB().NewQuery("UPDATE product_requests SET priority = wish").Execute(); err != nil {
			return err
		}
		err := removeFields(app, "product_requests", []string{"product, state", "state, promised_on"},
			"wish", "rank", "asking", "promised_on", "overdue", "told_at", "told_note", "told")
		if err != nil {
			return err
		}
		return keepTrainingPapers(app)
	})
}

// trainings adds them, the right answers of their quizzes, and who takes part.
func trainings(app core.App, users, departments, blobs *core.Collection) error {
	several := func(name string, to *core.Collection) *core.RelationField {
		return &core.RelationField{Name: name, CollectionId: to.Id, MaxSelect: 500}
	}
	share := func(name string) *core.NumberField {
		return &core.NumberField{Name: name, OnlyInt: true, Min: types.Pointer(0.0), Max: types.Pointer(10_000.0)}
	}
	roles := selectOf(users, "role").Values
	own := active + ` && owner = @request.auth.id`
	trainer := `(@request.auth.role = "product" || @request.auth.role = "service" || @request.auth.role = "market" || ` +
		`@request.auth.role = "ka_manager" || @request.auth.role = "dept_manager" || @request.auth.role = "admin")`
	all := table("trainings", rules{
		see:    active + ` && (state != "draft" || ` + ownLine + ` || ` + auditor + `)`,
		create: own + ` && ` + trainer, update: own, remove: own,
	},
		needs("owner", users), ref("manager", users), ref("dept", departments), must("title"), oneOf("kind", "product", "skill", "policy", "service"), text("note"),
		several("departments", departments), &core.SelectField{Name: "roles", Values: roles, MaxSelect: len(roles)}, several("users", users),
		day("date"), text("place"), ref("material", blobs), data("quiz"), share("pass_bp"), day("quiz_due"),
		oneOf("state", "draft", "published", "held", "closed", "cancelled"), moment("published_at"), moment("held_at"), moment("closed_at"), text("reason"))
	for _, columns := range []string{"owner", "manager", "dept", "state, date"} {
		index(all, false, columns)
	}
	if err := create(app, all); err != nil {
		return err
	}
	keys := table("training_keys", rules{
		see:    active + ` && (owner = @request.auth.id || @request.auth.role = "admin")`,
		create: active + ` && training.owner = @request.auth.id`, update: own, remove: own,
	}, part("training", all), needs("owner", users), data("answers"))
	index(keys, true, "training")
	index(keys, false, "owner")
	answers := data("answers")
	answers.Hidden = true // those of who passed are the right ones
	taken := table("training_records", rules{
		see: active + ` && (user = @request.auth.id || manager = @request.auth.id || trainer = @request.auth.id || ` + head +
			` || @request.auth.role = "product" || ` + auditor + `)`,
	},
		part("training", all), needs("user", users), ref("manager", users), ref("dept", departments), ref("trainer", users),
		oneOf("state", "invited", "attended", "submitted"), flag("attended"), moment("attended_at"),
		answers, share("score_bp"), flag("passed"), whole("tries"), moment("submitted_at"), flag("late"))
	index(taken, true, "training, user")
	for _, columns := range []string{"user", "manager", "dept", "trainer"} {
		index(taken, false, columns)
	}
	if err := create(app, keys, taken); err != nil {
		return err
	}
	// A draft has one writer, and what he wrote last is what he means.
	his := fieldPolicy("client", "title", "kind", "note", "departments", "roles", "users", "date", "place", "material", "quiz", "pass_bp", "quiz_due")
	err := addSyncRules(app,
		syncRule{name: "trainings", direction: "both", priority: 382, policy: his},
		syncRule{name: "training_keys", direction: "both", priority: 383, keys: []string{"user:{owner}", "role:admin"}, policy: fieldPolicy("client", "answers")},
		syncRule{name: "training_records", direction: "both", priority: 384, keys: []string{
			"user:{user}", "user:{manager}", "user:{trainer}", "dept:{dept}", "role:product", "role:auditor", "role:admin",
		}},
	)
	if err != nil {
		return err
	}
	return setKeys(app, "trainings", func([]seedKey) []seedKey {
		shown := []seedKey{{Key: "all", When: map[string][]string{"state": {"published", "held", "closed", "cancelled"}}}}
		for _, key := range ownKeys {
			shown = append(shown, seedKey{Key: key})
		}
		return shown
	})
}

// sharedPaper is the part of a rule by which everybody sees a blob.
const sharedPaper = ` || shared = true`

// shareTrainingPapers lets everybody see those of the blobs that were published.
func shareTrainingPapers(app core.App, blobs *core.Collection) error {
	selectOf(blobs, "purpose").Values = append(selectOf(blobs, "purpose").Values, trainingPaper)
	blobs.Fields.Add(flag("shared"))
	see := rule(strings.TrimSuffix(*blobs.ListRule, ` || `+auditor+`)`) + sharedPaper + ` || ` + auditor + `)`)
	blobs.ListRule, blobs.ViewRule = see, see
	if err := app.Save(blobs); err != nil {
		return err
	}
	return setKeys(app, "blobs", func(keys []seedKey) []seedKey {
		for _, key := range keys {
			if of := key.When["purpose"]; slices.Contains(paperKeyNames, key.Key) {
				key.When["purpose"] = append(of, trainingPaper)
			}
		}
		return append(keys, seedKey{Key: "all", When: map[string][]string{"shared": {"true"}}})
	})
}

// paperKeyNames are the keys of those who see a paper of whatever purpose.
var paperKeyNames = []string{"user:{owner}", "user:{manager}", "role:finance"}

// keepTrainingPapers takes that back.
func keepTrainingPapers(app core.App) error {
	blobs, err := app.FindCollectionByNameOrId("blobs")
	if err != nil {
		return err
	}
	err = setKeys(app, "blobs", func(keys []seedKey) []seedKey {
		for _, key := range keys {
			if of, some := key.When["purpose"]; some {
				key.When["purpose"] = slices.DeleteFunc(of, func(purpose string) bool { return purpose == trainingPaper })
			}
		}
		return slices.DeleteFunc(keys, func(key seedKey) bool { return key.Key == "all" })
	})
	if err != nil {
		return err
	}
	if _, err := app.DB().Delete("blobs", dbx.HashExp{"purpose": trainingPaper}).Execute(); err != nil {
		return err
	}
	see := rule(strings.Replace(*blobs.ListRule, sharedPaper, "", 1))
	blobs.ListRule, blobs.ViewRule = see, see
	purposes := selectOf(blobs, "purpose")
	purposes.Values = slices.DeleteFunc(purposes.Values, func(purpose string) bool { return purpose == trainingPaper })
	blobs.Fields.RemoveByName("shared")
	return app.Save(blobs)
}

// setKeys changes by which keys phones get the rows of a collection.
func setKeys(app core.App, collection string, change func([]seedKey) []seedKey) error {
	record, err := app.FindFirstRecordByData("sync_rules", "name", collection)
	if err != nil {
		return err
	}
	var keys []seedKey
	if err := record.UnmarshalJSONField("keys", &keys); err != nil {
		return err
	}
	record.Set("keys", change(keys))
	return app.Save(record)
}
