package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

const (
	// headUnrated is the department manager of rows that are not about himself.
	headUnrated = `(@request.auth.role = "dept_manager" && @request.auth.department != "" && dept = @request.auth.department && subject != @request.auth.id)`
	// surveys is who asks customers: nobody whom they rate.
	surveys = `(` + serviceStaff + ` || @request.auth.role = "admin" || ` + head + `)`
)

// What customers say of who serves them (policy 6(2), R6.5): the survey of a department, who
// is asked, and what was answered, of which neither a moment nor an address is kept. No
// phone has any of it. A frame holds all who could have been drawn, for who draws again.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users", "departments", "accounts", "contacts", "account_reviews", "appraisal_cycles")
		if err != nil {
			return err
		}
		users, departments, accounts, contacts, reviews := found[0], found[1], found[2], found[3], found[4]
		all := satisfactionSurveys(users, departments, found[5])
		if err := create(app, all); err != nil {
			return err
		}
		invites := surveyInvites(all, users, departments, accounts, contacts)
		if err := create(app, invites); err != nil {
			return err
		}
		if err := create(app, satisfactionResponses(all, invites, users, departments, accounts)); err != nil {
			return err
		}
		reviews.Fields.Add(flag("csat_known"))
		if err := create(app, reviews); err != nil {
			return err
		}
		return run(app,
			`CREATE TABLE _survey_frames (survey TEXT NOT NULL, subject TEXT NOT NULL, contact TEXT NOT NULL, account TEXT NOT NULL, tier TEXT NOT NULL, asked INTEGER NOT NULL,
				PRIMARY KEY (survey, subject, contact)) WITHOUT ROWID`,
			`CREATE INDEX _survey_frames_contact ON _survey_frames (contact, survey)`,
			`CREATE TABLE _survey_held (contact TEXT NOT NULL, field TEXT NOT NULL, survey TEXT NOT NULL, value TEXT NOT NULL, was TEXT NOT NULL, author TEXT NOT NULL, captured TEXT NOT NULL,
				PRIMARY KEY (contact, field)) WITHOUT ROWID`,
			`UPDATE account_reviews SET csat_known = TRUE WHERE csat_score > 0`,
		)
	}, func(app core.App) error {
		if err := run(app, `DROP TABLE _survey_frames`, `DROP TABLE _survey_held`); err != nil {
			return err
		}
		if err := removeFields(app, "account_reviews", nil, "csat_known"); err != nil {
			return err
		}
		return drop(app, "satisfaction_responses", "survey_invites", "satisfaction_surveys")
	})
}

func satisfactionSurveys(users, departments, cycles *core.Collection) *core.Collection {
	write := active + ` && ` + surveys
	needed := func(name string) *core.TextField {
		f := day(name)
		f.Required, f.Pattern = true, `^\d{4}-\d{2}-\d{2}$`
		return f
	}
	c := table("satisfaction_surveys", rules{
		see:    active + ` && (` + serviceStaff + ` || ` + head + ` || ` + auditor + `)`,
		create: write, update: write, remove: write,
	},
		must("name"), ref("owner", users), ref("dept", departments), ref("cycle", cycles), needed("from_date"), needed("to_date"), day("open_on"), notBelow("days"),
		data("questions"), unseen(whole("seed")), unseen(text("frame_hash")),
		oneOf("state", "planned", "open", "closed"), moment("opened_at"), moment("expires_at"), moment("closed_at"),
		notBelow("frame"), notBelow("drawn"), data("excluded"), notBelow("answered"))
	c.AddIndex("idx_satisfaction_surveys_cycle", true, "cycle", "cycle != ''")
	for _, columns := range []string{"owner", "dept", "state, expires_at"} {
		index(c, false, columns)
	}
	return c
}

// surveyInvites say nothing of who has answered: neither a state nor a moment of it is shown.
func surveyInvites(all, users, departments, accounts, contacts *core.Collection) *core.Collection {
	c := table("survey_invites", rules{see: active + ` && (` + serviceStaff + ` || ` + auditor + ` || ` + headUnrated + `)`},
		needs("survey", all), needs("account", accounts), ref("contact", contacts), needs("subject", users), ref("dept", departments), one("tier", "A", "B", "C"),
		oneOf("channel", "mail", "qr"), unseen(must("token_hash")), moment("sent_at"), moment("expires_at"), unseen(day("used_on")),
		oneOf("state", "drawn", "sent", "void"))
	index(c, true, "token_hash")
	index(c, true, "survey, subject, contact")
	for _, columns := range []string{"account", "contact", "subject", "dept"} {
		index(c, false, columns)
	}
	return c
}

// satisfactionResponses know the day alone.
func satisfactionResponses(all, invites, users, departments, accounts *core.Collection) *core.Collection {
	c := core.NewBaseCollection("satisfaction_responses")
	on := day("day")
	on.Required = true
	c.Fields.Add(
		needs("survey", all), unseen(needs("invite", invites)), needs("account", accounts), needs("subject", users), ref("dept", departments), one("tier", "A", "B", "C"),
		data("answers"), notBelow("score_bp"), on)
	apply(c, rules{see: active + ` && (` + serviceStaff + ` || ` + headUnrated + `)`})
	index(c, true, "invite")
	for _, columns := range []string{"survey, subject", "account, day", "subject", "dept"} {
		index(c, false, columns)
	}
	return c
}
