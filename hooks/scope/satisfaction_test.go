package scope_test

import (
	"strings"

	"github.com/pocketbase/dbx"
)

// What customers are asked, and say: the service's, and of others his who manages the
// department, but for what is about himself. Whom they rate is told none of it.
func init() {
	heads := func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["dept"]) }
	unrated := func(f *facts, person string, row map[string]string) bool {
		return f.heads(person, row["dept"]) && row["subject"] != person
	}
	for collection, c := range map[string]struct {
		see           seen
		columns, text string
	}{
		"satisfaction_surveys":   {or(heads, or(is("service"), overseer)), "dept", "name"},
		"survey_invites":         {or(unrated, or(is("service"), overseer)), "subject dept", "token_hash"},
		"satisfaction_responses": {or(unrated, is("service")), "subject dept", "answers"},
	} {
		columns[collection], fieldSees[collection], texts[collection] = strings.Fields(c.columns), c.see, c.text
		atHome = append(atHome, collection)
	}
}

// makeSatisfaction asks customers about people, also about who manages a department.
func (o *org) makeSatisfaction(tx dbx.Builder) error {
	for range 20 {
		subject := o.one(o.people, 0)
		_, dept, err := o.lineOf(tx, subject)
		if err != nil {
			return err
		}
		survey, err := o.row(tx, "satisfaction_surveys", dbx.Params{"name": "@mark", "dept": dept, "from_date": "2026-01-01", "to_date": "2026-02-28", "state": "open"})
		if err != nil {
			return err
		}
		invite, err := o.row(tx, "survey_invites", dbx.Params{
			"survey": survey, "account": o.one(o.accounts, 0), "subject": subject, "dept": dept, "channel": "qr", "token_hash": "@mark", "state": "drawn",
		})
		if err != nil {
			return err
		}
		_, err = o.row(tx, "satisfaction_responses", dbx.Params{
			"survey": survey, "invite": invite, "account": o.one(o.accounts, 0), "subject": subject, "dept": dept, "answers": "@mark", "score_bp": 10_000, "day": "2026-03-02",
		})
		if err != nil {
			return err
		}
	}
	return nil
}
