package scope_test

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
)

// Cycles are everybody's to know. An appraisal is its subject's once it is published, his
// superior's, the management's and the auditors', and that of who manages the department,
// unless it is his own. A form is its rater's, and what is handed in that of those who
// read the appraisal; the administrator reads neither.
func init() {
	auditor := is("auditor")
	head := func(f *facts, person string, row map[string]string) bool { return f.heads(person, row["sight"]) }
	all := or(is("executive"), auditor)
	for collection, c := range map[string]struct {
		see           seen
		columns, text string
	}{
		"appraisal_cycles": {func(*facts, string, map[string]string) bool { return true }, "dept", "period"},
		"appraisals": {or(or(named("reader"), head), or(all, func(_ *facts, person string, row map[string]string) bool {
			return row["superior"] == person && row["subject"] != person
		})), "subject superior reader sight", "interview_note"},
		"appraisal_ratings": {or(or(named("rater"), named("readers")), or(head, func(f *facts, person string, row map[string]string) bool {
			return row["state"] == "submitted" && all(f, person, row)
		})), "rater readers sight state", "comment"},
	} {
		columns[collection], fieldSees[collection], texts[collection] = strings.Fields(c.columns), c.see, c.text
	}
}

// makeAppraisals appraises people in some cycles.
func (o *org) makeAppraisals(tx dbx.Builder) error {
	for n := range 20 {
		subject := o.one(o.people, 0)
		superior, dept, err := o.lineOf(tx, subject)
		if err != nil {
			return err
		}
		cycle, err := o.row(tx, "appraisal_cycles", dbx.Params{
			"dept": dept, "kind": "annual", "period": fmt.Sprint(2000 + n), "from_day": "2026-01-01", "to_day": "2026-12-31", "state": "published",
		})
		if err != nil {
			return err
		}
		reader, sight := o.one([]string{subject, ""}, 0), o.one([]string{dept, ""}, 0)
		appraisal, err := o.row(tx, "appraisals", dbx.Params{
			"cycle": cycle, "subject": subject, "superior": superior, "dept": dept, "sight": sight, "reader": reader, "kind": "annual", "state": "published", "interview_note": "@mark",
		})
		if err != nil {
			return err
		}
		_, err = o.row(tx, "appraisal_ratings", dbx.Params{
			"appraisal": appraisal, "cycle": cycle, "rater": superior, "subject": subject, "kind": "superior", "comment": "@mark", "sight": sight,
			"readers": fmt.Sprintf(`["%s","%s"]`, o.one(o.people, 0), o.one(o.people, 0)), "state": o.one([]string{"draft", "submitted", "lapsed"}, 0),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
