package org

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	departments  = "departments"
	plans        = "annual_plans"
	reviews      = "business_reviews"
	improvements = "improvement_actions"
	policies     = "policy_docs"
	acks         = "policy_acks"

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
		departments:  {Fields: []string{"name", "kind", "head", "parent"}, Create: true},
		"holidays":   {Fields: []string{"date", "kind", "checked"}, Create: true},
		"settings":   {Fields: []string{"key", "value", "effective_from", "version", "secret"}, Create: true},
		plans:        {Fields: []string{fieldState}},
		reviews:      {Fields: []string{fieldState, "late"}},
		improvements: {Fields: []string{fieldState, fieldOwner, "due", "verified_by"}, Create: true},
		policies:     {Fields: []string{fieldState, "version", "sha256"}, Create: true},
	}
}

var (
	reviewFilled      = []string{fieldDept, fieldState, "done_at", "late"}
	improvementFilled = []string{"author", "manager", fieldDept, fieldState, "done_at", "verified_by", "verified_at", "comment", "reminded_at", "overdue_at"}
	policyFilled      = []string{fieldState, "sha256", "published_at", "ack_due", "reminded_at"}
	policyText        = []string{"code", "name", "version", "summary", "effective_from", "file"}
)

func roleOf(r *core.Record) string      { return r.GetString("role") }
func nameOf(r *core.Record) string      { return r.GetString("name") }
func userManager(r *core.Record) string { return r.GetString("manager") }
func userDept(r *core.Record) string    { return r.GetString("department") }
func stateOf(r *core.Record) string     { return r.GetString(fieldState) }
func ownerOf(r *core.Record) string     { return r.GetString(fieldOwner) }
func authorOf(r *core.Record) string    { return r.GetString("author") }
func managerOf(r *core.Record) string   { return r.GetString("manager") }
func periodOf(r *core.Record) string    { return r.GetString("period") }
func dueOf(r *core.Record) string       { return r.GetString("due") }
func titleOf(r *core.Record) string     { return r.GetString("title") }

func setState(r *core.Record, state string)  { r.Set(fieldState, state) }
func setHead(dept *core.Record, user string) { dept.Set("head", user) }

func setRole(user *core.Record, role, manager string) {
	user.Set("role", role)
	user.Set("manager", manager)
}

func setDelegation(user *core.Record, to, from, until string) {
	user.Set("delegate_to", to)
	user.Set("delegate_from", from)
	user.Set("delegate_until", until)
}

// setLine fills who is over the person that a row is about.
func setLine(r, of *core.Record) {
	r.Set("manager", userManager(of))
	r.Set(fieldDept, userDept(of))
}

func person(r *core.Record) domain.Person {
	return domain.Person{
		ID: r.Id, Role: roleOf(r), Dept: userDept(r), Manager: userManager(r), Active: r.GetBool("active"),
		Delegate: r.GetString("delegate_to"), DelegateFrom: r.GetString("delegate_from"), DelegateTo: r.GetString("delegate_until"),
	}
}

func department(r *core.Record) domain.Department {
	return domain.Department{ID: r.Id, Kind: r.GetString("kind"), Head: r.GetString("head"), Parent: r.GetString("parent")}
}

func ids(records []*core.Record) (out []any) {
	for _, r := range records {
		out = append(out, r.Id)
	}
	return out
}

// ownedBy finds somebody's rows in a state.
func ownedBy(user, state string) dbx.HashExp {
	return dbx.HashExp{fieldOwner: user, fieldState: state}
}

func setDone(r *core.Record, state, result string, at time.Time) {
	setState(r, state)
	r.Set("result", result)
	r.Set("done_at", at)
}

func setVerdict(r *core.Record, state, by, comment string, at time.Time) {
	setState(r, state)
	r.Set("verified_by", by)
	r.Set("verified_at", at)
	r.Set("comment", comment)
}
