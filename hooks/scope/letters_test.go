package scope_test

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// A letter is seen by who signs it, who countersigned or is to, who headed the
// department when it was sent, and the management.
func init() {
	columns["target_letters"] = []string{"subject", "superior", "dept"}
	fieldSees["target_letters"] = or(or(named("subject"), named("superior")), or(line, is("executive")))
	actions["target_letters"], texts["target_letters"] = "send", "terms"
}

// makeLetters adds letters of people as they were led at some time.
func (o *org) makeLetters(tx dbx.Builder) error {
	for n := range 40 {
		subject := o.one(o.people, 0)
		superior, dept, err := o.lineOf(tx, subject)
		if err == nil {
			_, err = o.row(tx, "target_letters", dbx.Params{
				"subject": subject, "superior": superior, "dept": dept, "year": fmt.Sprint(2000 + n), "version": 1, "terms": "@mark",
				"state": o.one([]string{"draft", "sent", "effective"}, 0),
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
