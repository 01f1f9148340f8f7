package visits_test

import "testing"

// TestTemplatesAreReadAsTheyStand: what raw SQL writes, as an import or a restored
// copy does, holds for the next visit, and for the steps that a visit is asked for.
func TestTemplatesAreReadAsTheyStand(t *testing.T) {
	d := open(t)
	before := d.visit() // whatever is kept of templates is kept now
	exec := func(query string) {
		t.Helper()
		if _, err := d.DB().NewQuery(query).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	exec("INSERT INTO visit_templates (id, name, active, visit_type, tier, steps) VALUES ('rawtemplate0001', 'R', TRUE, 'unplanned', '', '[]')")
	visit := d.visit()
	if got := visit.GetString("template"); got != "rawtemplate0001" || before.GetString("template") != "" {
		t.Errorf("a template written past the rules: %q", got)
	}
	d.Must(d.Run("rep.chen", visit, "check_in", `{}`))
	exec(`UPDATE visit_templates SET steps = '[{"key":"shelf","kind":"photo","required":true}]' WHERE id = 'rawtemplate0001'`)
	d.Expect("its steps", d.Run("rep.chen", visit, "check_out", `{}`), "visit.step_required")
	exec("UPDATE visit_templates SET active = FALSE, steps = '[]' WHERE id = 'rawtemplate0001'")
	d.Must(d.Run("rep.chen", visit, "check_out", `{}`))
	d.Expect("the next visit", d.visit().GetString("template"), "")
}
