package deals

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// funnelOf is the funnel of those that have the same owner, grade or stage.
type funnelOf struct {
	Key   string `json:"key"`
	Count int    `json:"count"`
	customers.Funnel
}

// funnelBy are what opportunities are put together by.
var funnelBy = []string{records.OpportunityColOwner, records.OpportunityColGrade, records.OpportunityColStage}

// funnelDays is how long a period may be.
const funnelDays = 3 * 366

// funnel answers GET /api/ka/opportunities/funnel?from&to&by=owner|grade|stage:
// conversion and ageing of the opportunities that the caller may see, {from, to,
// by, groups: [{key, count, stages, won …}]}. Refusal: opportunity.funnel_invalid.
func (d desk) funnel(e *core.RequestEvent) error {
	query := e.Request.URL.Query()
	within, by := domain.Period{From: query.Get("from"), To: query.Get("to")}, cmp.Or(query.Get("by"), records.OpportunityColStage)
	wrong := ""
	switch {
	case !domain.IsPlausibleDay(within.From):
		wrong = "from"
	case !domain.IsPlausibleDay(within.To), within.To < within.From, within.To >= domain.AddDays(within.From, funnelDays):
		wrong = "to"
	case !slices.Contains(funnelBy, by):
		wrong = "by"
	}
	if wrong != "" {
		return gate.Refuse("opportunity.funnel_invalid", "field", wrong)
	}
	groups, err := readFunnel(e, within, by)
	if err != nil {
		return err
	}
	answer := []funnelOf{}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		answer = append(answer, funnelOf{key, len(groups[key]), customers.CountFunnel(groups[key], within, d.now())})
	}
	return e.JSON(http.StatusOK, map[string]any{"from": within.From, "to": within.To, "by": by, "groups": answer})
}

// readFunnel reads what moved within a period, with its whole trail, by group.
func readFunnel(e *core.RequestEvent, within domain.Period, by string) (map[string][]customers.FunnelDeal, error) {
	coll, err := e.App.FindCachedCollectionByNameOrId(records.OpportunityTable)
	if err != nil {
		return nil, fmt.Errorf("find opportunities: %w", err)
	}
	listed, err := gate.Listed(e.App, coll, e.Auth)
	if err != nil {
		return nil, err
	}
	seen := listed.Select("{{opportunities}}.[[id]]").Distinct(true).Build()
	from, to := within.Bounds()
	bind := dbx.Params{"funnelFrom": gate.Stamp(from), "funnelTo": gate.Stamp(to)}
	maps.Copy(bind, seen.Params())
	var rows []struct {
		ID       string         `db:"id"`
		Made     types.DateTime `db:"found_at"`
		Key      string         `db:"key"`
		Amount   int            `db:"amount_fen"`
		LostCode string         `db:"lost_code"`
		To       string         `db:"to"`
		At       types.DateTime `db:"at"`
	}
	err = e.App.DB().NewQuery(`SELECT o.id, o.found_at, o.` + by + ` AS key, o.amount_fen, o.lost_code, COALESCE(l."to", '') AS "to", COALESCE(l.at, '') AS at
		FROM opportunities o LEFT JOIN opportunity_stage_log l ON l.opportunity = o.id
		WHERE o.id IN (` + seen.SQL() + `) AND (o.found_at >= {:funnelFrom} AND o.found_at < {:funnelTo} OR o.id IN (
			SELECT opportunity FROM opportunity_stage_log WHERE at >= {:funnelFrom} AND at < {:funnelTo}))
		ORDER BY o.id, l.at, l.rowid`).Bind(bind).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the funnel: %w", err)
	}
	groups := map[string][]customers.FunnelDeal{}
	last := ""
	for _, r := range rows {
		if r.ID != last {
			groups[r.Key] = append(groups[r.Key], customers.FunnelDeal{
				AmountFen: r.Amount, LostCode: r.LostCode, Trail: []customers.StageStep{{Stage: customers.OppFound, At: r.Made.Time()}},
			})
			last = r.ID
		}
		if r.To == "" { // it took no step yet
			continue
		}
		deal := &groups[r.Key][len(groups[r.Key])-1]
		deal.Trail = append(deal.Trail, customers.StageStep{Stage: r.To, At: r.At.Time()})
	}
	return groups, nil
}
