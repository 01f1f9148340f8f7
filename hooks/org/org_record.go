package org

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

const (
	departments = "departments"
	plans       = "annual_plans"

	fieldState = "state"
	fieldOwner = "owner"
	fieldDept  = "dept"
)

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		gate.Users: {Create: true, Fields: []string{
			"name", "emp_no", "role", "department", "manager", "active", "delegate_to", "delegate_from", "delegate_until",
		}},
		departments: {Fields: []string{"name", "kind", "head", "parent"}, Create: true},
		"holidays":  {Fields: []string{"date", "kind", "checked"}, Create: true},
		"settings":  {Fields: []string{"key", "value", "effective_from", "version", "secret"}, Create: true},
		plans:       {Fields: []string{fieldState}},
	}
}

func userManager(r *core.Record) string { return r.GetString("manager") }
func userDept(r *core.Record) string    { return r.GetString("department") }
