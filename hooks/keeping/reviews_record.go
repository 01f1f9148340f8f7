package keeping

import (
	"encoding/json/v2"
	"regexp"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

const reviews = "account_reviews"

var (
	// reviewContent is what is approved.
	reviewContent = []string{
		"account", "period", "sales_score", "csat_score", "potential_score", "service_score", "findings", "result", "tier_to", "actions",
	}
	// reviewFilled is what the server writes.
	reviewFilled = []string{"total", "sales_fen", "orders", "visits", "issues", "tier_from"}
)

type reviewFacts struct {
	Sales  int `db:"sales"`
	Orders int `db:"orders"`
	Visits int `db:"visits"`
	Issues int `db:"issues"`
}

func resultOf(r *core.Record) string    { return r.GetString("result") }
func actionsOf(r *core.Record) []string { return r.GetStringSlice("actions") }
func tierTo(r *core.Record) string      { return r.GetString("tier_to") }
func tierOf(r *core.Record) string      { return r.GetString("tier") }
func setTier(r *core.Record, t string)  { r.Set("tier", t) }
func changesTier(r *core.Record) bool {
	return tierTo(r) != "" && tierTo(r) != r.GetString("tier_from")
}

func setReviewer(r, author *core.Record) {
	if author != nil && ownerOf(r) == "" {
		r.Set("owner", author.Id)
	}
}

func setReview(r *core.Record, total int, tier string) {
	r.Set("total", total)
	r.Set("tier_from", tier)
}

func setFacts(r *core.Record, f reviewFacts) {
	r.Set("sales_fen", f.Sales)
	r.Set("orders", f.Orders)
	r.Set("visits", f.Visits)
	r.Set("issues", f.Issues)
}

func scoresOf(r *core.Record) domain.ReviewScores {
	return domain.ReviewScores{
		Sales: r.GetInt("sales_score"), CSAT: r.GetInt("csat_score"), Potential: r.GetInt("potential_score"), Service: r.GetInt("service_score"),
	}
}

var periodShape = regexp.MustCompile(`^(\d{4})(?:-(\d{2})|Q([1-4])|H([12]))?$`)

// reviewPeriod reads 2026, 2026H1, 2026Q3 or 2026-07.
func reviewPeriod(r *core.Record) (domain.Period, bool) {
	text := r.GetString("period")
	parts := periodShape.FindStringSubmatch(text)
	if parts == nil {
		return domain.Period{}, false
	}
	month, months := "01", 12
	switch {
	case parts[2] != "":
		month, months = parts[2], 1
	case parts[3] != "":
		month, months = map[string]string{"1": "01", "2": "04", "3": "07", "4": "10"}[parts[3]], 3
	case parts[4] != "":
		month, months = map[string]string{"1": "01", "2": "07"}[parts[4]], 6
	}
	key, p := domain.MonthsPeriod(parts[1]+"-"+month+"-01", months)
	return p, key == text
}

func jsonOf(list []string) string {
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // a list of texts
	}
	return string(text)
}
