package scope_test

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// A scheme is everybody's once it is published; a draft is its department's head's, and one
// for all that of whoever heads one. Indicators are everybody's.
func init() {
	columns["indicators"], fieldSees["indicators"] = []string{"code"}, everybody
	columns["appraisal_schemes"] = []string{"state", "dept"}
	fieldSees["appraisal_schemes"] = func(f *facts, person string, row map[string]string) bool {
		role := f.tables["users"][person]["role"]
		return row["state"] != "draft" || role == "auditor" || role == "admin" || f.heads(person, row["dept"]) || row["dept"] == "" && role == "dept_manager"
	}
	actions["appraisal_schemes"], texts["appraisal_schemes"] = "publish", "note"
	texts["indicators"] = "note"
}

// makeSchemes gives departments schemes in every state, and the company some.
func (o *org) makeSchemes(tx dbx.Builder) error {
	for n := range 3 {
		_, err := o.row(tx, "indicators", dbx.Params{"code": fmt.Sprint("z", n), "category": "team", "name_zh": "x", "name_en": "x", "kind": "rated", "band": "[]", "hints": "[]", "note": "@mark"})
		if err != nil {
			return err
		}
	}
	for n, dept := range append([]string{""}, o.depts...) {
		for v, state := range []string{"retired", "published", "draft", "draft"} {
			_, err := o.row(tx, "appraisal_schemes", dbx.Params{
				"name": fmt.Sprint("s", n), "role": "rep", "cycle_kind": "quarter", "dept": dept, "content": "{}", "version": v + 1, "state": state, "note": "@mark",
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
