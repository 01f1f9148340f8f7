package keeping

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

const (
	coverage = "account_coverage"

	exceptionRequested = "requested"
	exceptionGranted   = "granted"
	exceptionRefused   = "refused"
)

func accountOf(r *core.Record) string        { return r.GetString("account") }
func ownerOf(r *core.Record) string          { return r.GetString("owner") }
func managerOf(r *core.Record) string        { return r.GetString("manager") }
func managerOfAccount(r *core.Record) string { return r.GetString("manager") }
func deptOf(r *core.Record) string           { return r.GetString("dept") }
func stateOf(r *core.Record) string          { return r.GetString("state") }
func exceptionOf(r *core.Record) string      { return r.GetString("exception") }
func askedBy(r *core.Record) string          { return r.GetString("exception_by") }
func requiredOf(r *core.Record) int          { return r.GetInt("required") }
func doneOf(r *core.Record) int              { return r.GetInt("done") }

// lineOf is who has an account, and his manager if that is another.
func lineOf(account *core.Record) []string {
	if owner := ownerOf(account); owner != managerOf(account) {
		return []string{owner, managerOf(account)}
	}
	return []string{ownerOf(account)}
}

func periodOf(r *core.Record) domain.Period {
	return domain.Period{From: r.GetString("from_date"), To: r.GetString("to_date")}
}

// beginCoverage freezes who is responsible when the period begins.
func beginCoverage(r, account *core.Record, key string, p domain.Period, required int) {
	r.Load(map[string]any{
		"account": account.Id, "owner": account.GetString("owner"), "manager": account.GetString("manager"), "dept": account.GetString("dept"),
		"tier": account.GetString("tier"), "period": key, "from_date": p.From, "to_date": p.To, "required": required, "state": domain.CoverageOpen,
	})
}

func setCoverage(r *core.Record, state string, done int, over bool, now time.Time) {
	r.Set("state", state)
	r.Set("done", done)
	if state == domain.CoverageWarned && r.GetDateTime("warned_at").IsZero() {
		r.Set("warned_at", now)
	}
	if over {
		r.Set("closed_at", now)
	}
}

func setRequest(r *core.Record, by, reason string) {
	r.Set("exception", exceptionRequested)
	r.Set("exception_by", by)
	r.Set("exception_reason", reason)
}

// setDecision settles a request. A granted one excepts the period at once.
func setDecision(r *core.Record, decision, by, note string, at time.Time) {
	r.Set("exception", decision)
	r.Set("decided_by", by)
	r.Set("decision_note", note)
	r.Set("decided_at", at)
	if decision == exceptionGranted {
		r.Set("state", domain.CoverageExcepted)
	}
}

func coverageParams(r, account *core.Record) map[string]any {
	return map[string]any{
		"account": account.GetString("name"), "period": r.GetString("period"),
		"required": requiredOf(r), "done": doneOf(r), "missing": max(0, requiredOf(r)-doneOf(r)),
	}
}
