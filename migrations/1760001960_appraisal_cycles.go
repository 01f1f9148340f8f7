package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

const (
	// headOther is the department manager of rows that are not about himself: the server
	// leaves sight empty where they would be.
	headOther = `(@request.auth.role = "dept_manager" && @request.auth.department != "" && sight = @request.auth.department)`
	// appraisalsOfAll reads what was appraised of everybody.
	appraisalsOfAll = `@request.auth.role = "executive" || @request.auth.role = "auditor"`
)

// Appraisals (policy 6(2)): the cycle of a period in a department, one appraisal of each
// of its people, and the forms that people rate. What figures and trace say of money is
// hidden: a route answers as much of it as the reader may know.
func init() {
	names := []string{"appraisal_ratings", "appraisals", "appraisal_cycles"}
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments")
		if err != nil {
			return err
		}
		users, departments := found[0], found[1]
		cycles := appraisalCycles(users, departments)
		if err := create(app, cycles); err != nil {
			return err
		}
		appraisals := appraisals(cycles, users, departments)
		if err := create(app, appraisals); err != nil {
			return err
		}
		if err := create(app, appraisalRatings(cycles, appraisals, users, departments)); err != nil {
			return err
		}
		err = addSyncRules(app,
			syncRule{name: "appraisal_cycles", direction: "both", priority: 390, keys: []string{"all"}},
			syncRule{
				name: "appraisals", direction: "both", priority: 391,
				keys: []string{"user:{reader}", "user:{superior}", "dept:{sight}", "role:executive", "role:auditor"},
			},
			syncRule{
				name: "appraisal_ratings", direction: "both", priority: 392, policy: fieldPolicy("client", "items", "comment"),
				keys: []string{"user:{rater}", "user:{readers}", "dept:{sight}", "role:executive", "role:auditor"},
			},
		)
		if err != nil {
			return err
		}
		return setKeys(app, "appraisal_ratings", func(keys []seedKey) []seedKey {
			for i, key := range keys {
				if key.Key == "role:executive" || key.Key == "role:auditor" {
					keys[i].When = map[string][]string{"state": {"submitted"}}
				}
			}
			return keys
		})
	}, func(app core.App) error {
		if err := dropRules(app, names...); err != nil {
			return err
		}
		return drop(app, names...)
	})
}

// appraisalCycles are of a department; one without a department is of those who manage one.
func appraisalCycles(users, departments *core.Collection) *core.Collection {
	period := &core.TextField{Name: "period", Required: true, Pattern: `^\d{4}(Q[1-4])?$`}
	from, to := day("from_day"), day("to_day")
	from.Required, to.Required = true, true
	c := table("appraisal_cycles", rules{see: active},
		ref("dept", departments), oneOf("kind", "quarter", "annual"), period, from, to, moment("cutoff_at"), data("deadlines"), data("schemes"), data("rules"),
		oneOf("state", "planned", "collecting", "rating", "calibration", "published", "locked", "archived"),
		whole("people"), data("told"), data("guide"), ref("published_by", users), moment("published_at"), moment("locked_at"),
	)
	index(c, true, "kind, period, dept")
	for _, columns := range []string{"dept", "state", "published_by"} {
		index(c, false, columns)
	}
	return c
}

// appraisals are of one person in one cycle; reader is the person once it is published.
func appraisals(cycles, users, departments *core.Collection) *core.Collection {
	leads := active + ` && superior = @request.auth.id && subject != @request.auth.id`
	c := table("appraisals", rules{
		see: active + ` && (reader = @request.auth.id || (` + leads + `) || ` + headOther + ` || ` + appraisalsOfAll + `)`,
	},
		needs("cycle", cycles), needs("subject", users), ref("superior", users), ref("dept", departments), ref("sight", departments), ref("reader", users),
		oneOf("kind", "quarter", "annual"), text("period"), text("role"), text("scheme"), whole("scheme_version"), whole("days"), whole("cycle_days"),
		unseen(data("metrics")), unseen(data("inputs")), unseen(data("trace")), text("trace_digest"), data("forms"), data("warnings"),
		text("self_total"), text("superior_total"), text("customer_total"), text("deductions"), text("composite"),
		flag("inflated"), text("inflation_note"), text("calibration"), text("calibration_reason"), ref("calibrated_by", users), moment("calibrated_at"),
		text("final_score"), whole("final_hundredths"), text("grade"),
		oneOf("state", "open", "self_done", "rated", "composite", "calibrated", "published", "confirmed", "noted", "appealed", "decided", "locked"),
		text("interview_note"), moment("interviewed_at"), moment("published_at"),
		moment("confirmed_at"), flag("agreed"), text("confirm_hash"), text("confirm_device"), flag("silent"),
		text("appeal_reason"), moment("appealed_at"), text("decision"), text("decision_change"), ref("decided_by", users), moment("decided_at"),
		text("reopen_reason"), moment("reopened_at"), whole("reopens"), moment("locked_at"),
	)
	index(c, true, "cycle, subject")
	for _, columns := range []string{"subject, kind, period", "superior, state", "dept, period, final_hundredths", "sight", "reader", "calibrated_by", "decided_by"} {
		index(c, false, columns)
	}
	return c
}

// appraisalRatings are forms: of the person, of his superior at cut-off, and of those who
// led him earlier in the cycle.
func appraisalRatings(cycles, appraisals, users, departments *core.Collection) *core.Collection {
	c := table("appraisal_ratings", rules{
		see: active + ` && (rater = @request.auth.id || readers.id ?= @request.auth.id || ` + headOther + ` || (state = "submitted" && (` + appraisalsOfAll + `)))`,
		update: active + ` && rater = @request.auth.id`,
	},
		part("appraisal", appraisals), needs("cycle", cycles), needs("rater", users), needs("subject", users), ref("sight", departments),
		listOf("readers", users, 10), oneOf("kind", "self", "superior", "earlier"), data("questions"), data("items"), text("comment"), data("facts"),
		whole("days"), moment("due"), oneOf("state", "draft", "submitted", "lapsed"), moment("submitted_at"), text("device"),
	)
	index(c, true, "appraisal, rater, kind")
	for _, columns := range []string{"cycle", "rater, state", "subject", "sight"} {
		index(c, false, columns)
	}
	return c
}
