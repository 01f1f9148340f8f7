package accounts

import (
	"encoding/json/v2"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	accounts    = "accounts"
	contacts    = "contacts"
	plans       = "account_plans"
	competitors = "account_competitors"
	stageLog    = "account_stage_log"

	fieldOwner = "owner"
	fieldDept  = "dept"
)

var (
	// filledByServer follows from the owner, from who is to be the next, from the
	// steps of development, and from what other accounts there are.
	filledByServer = []string{"manager", fieldDept, "next_owner", "stage_at", "duplicate_flags", "name_key", "phone_key"}
	// staged is what an account counts as; its stage decides.
	staged = []string{"stage", "kind", "status"}
	// repFields are what a rep may change of an account.
	repFields = []string{
		"short_name", "address", "tags", "note", "industry", "phone", "purchase_needs", "first_need", "distinct_reason",
		"phone_key", "duplicate_flags", // which follow
	}
	// onceFields are what he must say of a new one; stage, kind and owner are judged.
	onceFields = append([]string{"name", "uscc", "region", "stage", "kind", "owner"}, said...)
	// said is where an account is. Of who has it this is his word, a proposal
	// (hooks/visits): the fence by which he is judged is not his to move.
	said = []string{"lat", "lng", "src_crs", "src_lat", "src_lng"}
	// telling are the fields by which one company is told from another.
	telling = []string{"name", "uscc", "phone", "lat", "lng", "distinct_reason"}
)

// validOnSite is the part of a query that finds visits on the spot that count.
const validOnSite = `counts = TRUE AND in_result IN ('inside', 'edge')`

func statusOf(r *core.Record) string { return r.GetString("status") }

func birthdayOf(r *core.Record) string { return r.GetString("birthday") }

func ownerOf(r *core.Record) string { return r.GetString(fieldOwner) }
func deptOf(r *core.Record) string  { return r.GetString(fieldDept) }
func nameOf(r *core.Record) string  { return r.GetString("name") }
func stageOf(r *core.Record) string { return r.GetString("stage") }

func setLine(r *core.Record, manager, dept string) {
	r.Set("manager", manager)
	r.Set(fieldDept, dept)
}

// setStage moves an account, and what it counts as with it.
func setStage(r *core.Record, stage string, at time.Time) {
	kind, status := domain.StageKind(stage)
	r.Set("stage", stage)
	r.Set("kind", kind)
	r.Set("status", status)
	r.Set("stage_at", at)
}

// startStage is where a new account begins, by what it is said to be.
func startStage(r *core.Record) string {
	switch r.GetString("kind") {
	case "ka":
		if r.GetString("status") == "dormant" {
			return domain.StageDormant
		}
		return domain.StageContracted
	case "lost":
		return domain.StageLost
	}
	return domain.StageResearch
}

func researched(r *core.Record) bool {
	return !slices.ContainsFunc([]string{"industry", "region", "purchase_needs"}, func(f string) bool {
		return strings.TrimSpace(r.GetString(f)) == ""
	})
}

func hasFirstNeed(r *core.Record) bool { return strings.TrimSpace(r.GetString("first_need")) != "" }

func companyOf(r *core.Record) domain.Company {
	return domain.Company{
		ID: r.Id, Name: nameOf(r), USCC: r.GetString("uscc"), Phones: []string{r.GetString("phone")},
		Place: domain.Position{Lat: r.GetFloat("lat"), Lng: r.GetFloat("lng")},
	}
}

// setKeys brings the fields by which duplicates are found into their one form.
func setKeys(r *core.Record) {
	r.Set("uscc", domain.USCCKey(r.GetString("uscc")))
	r.Set("name_key", domain.NameKey(nameOf(r)))
	r.Set("phone_key", domain.PhoneKey(r.GetString("phone")))
}

func nameKeyOf(r *core.Record) string      { return r.GetString("name_key") }
func phoneKeyOf(r *core.Record) string     { return r.GetString("phone_key") }
func distinctReason(r *core.Record) string { return strings.TrimSpace(r.GetString("distinct_reason")) }

func companyChanged(r *core.Record) bool {
	before := r.Original()
	return slices.ContainsFunc(telling, func(f string) bool { return r.GetString(f) != before.GetString(f) })
}

func setDuplicateFlags(r *core.Record, flags []string) {
	if len(flags) == 0 {
		r.Set("duplicate_flags", nil)
		return
	}
	text, err := json.Marshal(flags)
	if err != nil {
		panic(err) // a list of texts
	}
	r.Set("duplicate_flags", string(text))
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		accounts: {Fields: []string{fieldOwner, "manager", fieldDept, "stage", "kind", "tier", "status", "credit_limit_fen", "payment_days", "lat", "lng", "geofence_m"}, Create: true},
		// Nothing of the person: the log outlives a wish to be forgotten.
		contacts: {Fields: []string{"account", "role_in_decision", "forgotten_at", "forgotten_why"}},
		requests: {Fields: []string{"state", "reviewer"}},
	}
}

// OpenWork is what people hold of the area.
func OpenWork() []gate.OpenWork {
	return []gate.OpenWork{{Collection: accounts, Count: func(app core.App, user string) (int64, error) {
		return app.CountRecords(accounts, dbx.HashExp{fieldOwner: user}, dbx.Not(dbx.HashExp{"kind": "lost"}))
	}}}
}

// planOf is the account and the year of a plan.
func planOf(r *core.Record) (account, year string) {
	return r.GetString("account"), r.GetString("year")
}
