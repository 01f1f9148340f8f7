package schemes

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// create makes the next version of a scheme. What it leaves open comes of the version that
// it is based on, or of the defaults: from then on these say nothing of it.
func create(e *kit.Change[records.AppraisalScheme]) error {
	row := e.Row
	if err := fill(e.App, row); err != nil {
		return err
	}
	if user := gate.From(e.RecordEvent).User; user != nil && user.Collection().Name == gate.Users && !leads(user, row) {
		return gate.RefuseField(records.AppraisalSchemeColDept, appraisal.SchemeNotHead)
	}
	last, found, err := records.AppraisalSchemes.First(e.App, "name = {:name}", dbx.Params{"name": row.Name()}, "version DESC")
	if err != nil {
		return err
	}
	row.SetVersion(1)
	if found {
		if last.Role() != row.Role() || last.CycleKind() != row.CycleKind() || last.Dept() != row.Dept() {
			return gate.RefuseField(records.AppraisalSchemeColName, "appraisal_scheme.name_taken", "name", row.Name())
		}
		row.SetVersion(last.Version() + 1)
	}
	if err := write(row); err != nil {
		return err
	}
	return e.Next()
}

// fill copies what a new version leaves open.
func fill(app core.App, row records.AppraisalScheme) error {
	if row.BasedOn() != "" {
		base, found, err := records.AppraisalSchemes.Find(app, row.BasedOn())
		if err != nil || !found {
			return err // the relation's own validation refuses what is not there
		}
		if row.Name() == "" {
			row.SetName(base.Name())
			row.SetDept(base.Dept())
		}
		if row.Role() == "" {
			row.SetRole(base.Role())
		}
		if row.CycleKind() == "" {
			row.SetCycleKind(base.CycleKind())
		}
		if empty(row) {
			row.SetContent(base.Content())
		}
	}
	if !empty(row) {
		return nil
	}
	scheme, err := defaults(app, string(row.Role()), string(row.CycleKind()))
	if err != nil {
		return err
	}
	raw, err := scheme.JSON()
	if err != nil {
		return err
	}
	row.SetContent(raw)
	return nil
}

func empty(row records.AppraisalScheme) bool {
	switch string(row.Content()) {
	case "", "null", "{}", `""`:
		return true
	}
	return false
}

// update judges a draft that somebody writes. What was published stays as it is, for our own
// code too: it ends, and nothing else.
func update(e *kit.Change[records.AppraisalScheme]) error {
	before := e.Before()
	if before.State() == appraisal.SchemeDraft {
		if err := write(e.Row); err != nil {
			return err
		}
		return e.Next()
	}
	same := before.Name() == e.Row.Name() && before.Role() == e.Row.Role() && before.CycleKind() == e.Row.CycleKind() && before.Dept() == e.Row.Dept() &&
		before.Version() == e.Row.Version() && before.PublishedBy() == e.Row.PublishedBy() && before.PublishedAt().Equal(e.Row.PublishedAt()) &&
		before.BasedOn() == e.Row.BasedOn() && before.Note() == e.Row.Note() && string(before.Content()) == string(e.Row.Content())
	if !same || before.State() != e.Row.State() && !appraisal.SchemeMachine.Joins(string(before.State()), string(e.Row.State())) {
		return gate.Refuse(appraisal.SchemeLocked, "from", before.State())
	}
	return e.Next()
}

// write judges a scheme's content, and writes it as we do: with the row's own name, version,
// role and cycle. Problem appraisal_scheme.invalid: where the first fault is, and how many there are.
func write(row records.AppraisalScheme) error {
	scheme, faults := read(row)
	if len(faults) > 0 {
		return refused(faults)
	}
	raw, err := scheme.JSON()
	if err != nil {
		return err
	}
	row.SetContent(raw)
	return nil
}

func read(row records.AppraisalScheme) (appraisal.Scheme, []appraisal.Fault) {
	scheme, faults := appraisal.Parse(row.Content())
	for _, f := range faults {
		if f.Problem.Code == appraisal.FaultJSON {
			return scheme, faults
		}
	}
	scheme.Name, scheme.Version, scheme.Role, scheme.Cycle = row.Name(), row.Version(), string(row.Role()), string(row.CycleKind())
	return scheme, appraisal.Check(scheme)
}

func refused(faults []appraisal.Fault) error {
	said := make([]map[string]any, len(faults))
	for i, f := range faults {
		said[i] = map[string]any{"at": f.At, "code": f.Problem.Code, "zh": f.Problem.Text("zh"), "en": f.Problem.Text("en"), "line": f.Problem.Params["line"], "column": f.Problem.Params["column"]}
	}
	first := faults[0].Problem
	return gate.RefuseField(records.AppraisalSchemeColContent, "appraisal_scheme.invalid",
		"at", faults[0].At, "fault", domain.Texts{ZH: first.Text("zh"), EN: first.Text("en")}, "count", len(faults), "faults", said)
}

// Of reads what a scheme says.
func Of(row records.AppraisalScheme) (appraisal.Scheme, error) {
	scheme, faults := read(row)
	if len(faults) > 0 {
		return scheme, fmt.Errorf("read scheme %s: %s: %w", row.ID(), faults[0].At, faults[0].Problem)
	}
	return scheme, nil
}

// InForce finds the published scheme of a role and a kind of cycle: the department's, or else
// the company's.
func InForce(app core.App, role, cycle string, dept records.DepartmentID) (records.AppraisalScheme, bool, error) {
	const where = "role = {:role} AND cycle_kind = {:cycle} AND dept = {:dept} AND state = 'published'"
	params := dbx.Params{"role": role, "cycle": cycle, "dept": dept}
	if row, found, err := records.AppraisalSchemes.First(app, where, params, "version DESC"); err != nil || found || dept == "" {
		return row, found, err
	}
	params["dept"] = ""
	return records.AppraisalSchemes.First(app, where, params, "version DESC")
}
