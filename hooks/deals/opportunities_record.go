package deals

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

const (
	opportunities = "opportunities"

	decisionGo   = "go"
	decisionNoGo = "no_go"
)

// proofs are the collections of what an opportunity is won by, by its field.
var proofs = map[string]string{"order": "orders", "contract": "contracts"}

// oppFilled is what only steps and the server write.
var oppFilled = []string{
	"stage", "before_stage", "is_major", "decision", "decision_note", "decided_by", "decided_at", "order", "contract", "lost_reason",
}

func accountOf(r *core.Record) string { return r.GetString("account") }
func deptOf(r *core.Record) string    { return r.GetString("dept") }
func oppStage(r *core.Record) string  { return r.GetString("stage") }

func over(r *core.Record) bool {
	return oppStage(r) == domain.OppWon || oppStage(r) == domain.OppLost
}

func beginOpportunity(r, author *core.Record) {
	r.Set("stage", domain.OppFound)
	if author != nil && r.GetString("owner") == "" {
		r.Set("owner", author.Id)
	}
}

// setMajor tells a major deal. A decision counts for the amount that it was
// made on: more than that is to be decided anew.
func setMajor(r *core.Record, limitFen int) {
	major := r.GetInt("amount_fen") >= limitFen
	r.Set("is_major", major)
	if major && r.GetInt("amount_fen") > r.Original().GetInt("amount_fen") {
		setOppDecision(r, "", "", "", time.Time{})
	}
}

func dealOf(r *core.Record) domain.Deal {
	return domain.Deal{
		Stage: oppStage(r), Before: r.GetString("before_stage"), Major: r.GetBool("is_major"),
		Decided: r.GetString("decision") == decisionGo, Proof: r.GetString("order") != "" || r.GetString("contract") != "",
	}
}

func setOppStage(r *core.Record, stage, reason string) {
	if stage == domain.OppSuspended {
		r.Set("before_stage", oppStage(r))
	}
	r.Set("stage", stage)
	if stage == domain.OppLost {
		r.Set("lost_reason", reason)
	}
}

func setOppDecision(r *core.Record, decision, note, by string, at time.Time) {
	r.Set("decision", decision)
	r.Set("decision_note", note)
	r.Set("decided_by", by)
	if at.IsZero() {
		r.Set("decided_at", "")
		return
	}
	r.Set("decided_at", at)
}
