package deals

import (
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const contracts = "contracts"

var (
	// contractContent is what reviewers put their names to.
	contractContent = []string{"no", "type", "title", "amount_fen", "start_date", "end_date", "terms", "negotiation", "draft", "account"}
	// contractFilled is what only steps write. The state and the chain's own
	// fields are locked by the approvals.
	contractFilled = []string{"version", "effective_at", "ended_at", "end_reason", "renewed_by", "renewal_told_at"}

	contractSteps = []string{domain.ContractSend, domain.ContractSign, domain.ContractRenew, domain.ContractTerminate}
)

func ownerOf(r *core.Record) string          { return r.GetString("owner") }
func roleOf(r *core.Record) string           { return r.GetString("role") }
func stateOf(r *core.Record) string          { return r.GetString("state") }
func setState(r *core.Record, state string)  { r.Set("state", state) }
func typeOf(r *core.Record) string           { return r.GetString("type") }
func amountOf(r *core.Record) int            { return r.GetInt("amount_fen") }
func signedOf(r *core.Record) string         { return r.GetString("signed") }
func versionOf(r *core.Record) int           { return r.GetInt("version") }
func setVersion(r *core.Record, version int) { r.Set("version", version) }

func datesOf(r *core.Record) (start, end string) {
	return r.GetString("start_date"), r.GetString("end_date")
}

// setOwner makes the author the owner, if none is named.
func setOwner(r, author *core.Record) {
	if author != nil && ownerOf(r) == "" {
		r.Set("owner", author.Id)
	}
}

func setEnd(r *core.Record, at time.Time, reason string) {
	r.Set("ended_at", at)
	r.Set("end_reason", reason)
}

// changedOf names one of the fields that differs from what was loaded, or none.
func changedOf(r *core.Record, fields []string) string {
	before, _ := gate.Difference(r, fields)
	for _, f := range fields {
		if _, differs := before[f]; differs {
			return f
		}
	}
	return ""
}

func titleOf(r *core.Record) string   { return r.GetString("no") + " " + r.GetString("title") }
func noticeDaysOf(r *core.Record) int { return r.GetInt("renew_notice_days") }

// lineOf is who answers for a row: its owner, and the owner and manager of its
// account today, each once.
func lineOf(r, account *core.Record) (out []string) {
	for _, user := range []string{ownerOf(r), ownerOf(account), account.GetString("manager")} {
		if user != "" && !slices.Contains(out, user) {
			out = append(out, user)
		}
	}
	return out
}
