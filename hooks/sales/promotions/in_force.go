package promotions

import (
	"encoding/json/jsontext"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/records"
)

// InForce reads the promotions for an account on a day, with what is left of them
// as the transaction sees it.
func InForce(app core.App, account records.Account, day string) ([]pricing.Promotion, error) {
	var rows []struct {
		ID        string `db:"id"`
		Code      string `db:"code"`
		From      string `db:"valid_from"`
		To        string `db:"valid_to"`
		Priority  int64  `db:"priority"`
		Group     string `db:"exclusive_group"`
		Stackable bool   `db:"stackable"`
		CapFen    int64  `db:"cap_fen"`
		CapMilli  int64  `db:"cap_milli"`
		UsedFen   int64  `db:"used_fen"`
		UsedMilli int64  `db:"used_milli"`
		Rule      string `db:"rule"`
	}
	err := app.DB().NewQuery(`SELECT id, code, valid_from, valid_to, priority, exclusive_group, stackable, cap_fen, cap_milli, used_fen, used_milli, rule
		FROM promotions WHERE active AND (valid_from = '' OR valid_from <= {:d}) AND (valid_to = '' OR valid_to >= {:d})
			AND (json_array_length(accounts) + json_array_length(tiers) = 0
				OR EXISTS (SELECT 1 FROM json_each(accounts) WHERE value = {:a}) OR EXISTS (SELECT 1 FROM json_each(tiers) WHERE value = {:t}))`).
		Bind(dbx.Params{"d": day, "a": account.ID(), "t": account.Tier()}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read promotions: %w", err)
	}
	out := make([]pricing.Promotion, len(rows)) // the query has looked at accounts and tiers
	for i, r := range rows {
		rule, err := records.Decode[pricing.Rule](jsontext.Value(r.Rule))
		if err != nil {
			return nil, fmt.Errorf("read the rule of promotion %s: %w", r.Code, err)
		}
		out[i] = pricing.Promotion{
			ID: r.ID, Code: r.Code, From: r.From, To: r.To, Priority: r.Priority, ExclusiveGroup: r.Group, Stackable: r.Stackable,
			CapFen: r.CapFen, CapMilli: r.CapMilli, UsedFen: r.UsedFen, UsedMilli: r.UsedMilli, Rule: rule,
		}
	}
	return out, nil
}
