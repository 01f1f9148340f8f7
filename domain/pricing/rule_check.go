package pricing

import (
	"encoding/json/v2"
	"slices"

	"satchel/domain"
)

// maxSteps bounds the steps and goods of a rule.
const maxSteps = 50

// UnmarshalJSON reads a rule strictly, wherever it is read.
func (r *Rule) UnmarshalJSON(raw []byte) error {
	type plain Rule
	*r = Rule{}
	return json.Unmarshal(raw, (*plain)(r), json.RejectUnknownMembers(true))
}

// Check names the member that is wrong: promotion.rule_invalid.
func (r Rule) Check() error {
	if fault := r.fault(); fault != "" {
		return ruleInvalid(fault)
	}
	return nil
}

// CheckCaps holds caps to what a kind counts: free goods have no amount, amounts
// off no quantity.
func (r Rule) CheckCaps(fen, milli int64) error {
	offs := r.Kind == KindLineOff || r.Kind == KindOrderOff || slices.ContainsFunc(r.Steps, func(s TierStep) bool { return s.OffFen > 0 })
	switch {
	case fen < 0 || fen > MaxFen || fen > 0 && r.Kind == KindBuyGet:
		return ruleInvalid("cap_fen")
	case milli < 0 || milli > MaxFen || milli > 0 && offs:
		return ruleInvalid("cap_milli")
	}
	return nil
}

func ruleInvalid(fault string) error {
	return domain.Problem{Code: "promotion.rule_invalid", Params: map[string]any{"fault": fault}}
}

// member is one of a rule's, whether it is set and may be.
type member struct {
	name  string
	set   bool
	right bool // if it is set
	kinds []string
	needs []string // kinds that cannot do without
}

// fault names the first member that is wrong, missing, or of another kind.
func (r Rule) fault() string {
	kinds := []string{KindPercent, KindLineOff, KindOrderOff, KindBuyGet, KindTiers, KindBundle}
	if !slices.Contains(kinds, r.Kind) {
		return "kind"
	}
	scoped := kinds[:5]
	fen := func(n int64) bool { return n > 0 && n <= MaxFen }
	milli := func(n int64) bool { return n > 0 && n <= maxBaseMilli }
	only := func(kind ...string) []string { return kind }
	for _, m := range []member{
		{"products", r.Products != nil, named(r.Products), scoped, nil},
		{"mix", r.Mix, r.Kind != KindBuyGet || r.GetProduct != "", scoped, nil},
		{"min_milli", r.MinMilli != 0, milli(r.MinMilli), scoped, nil},
		{"max_milli", r.MaxMilli != 0, milli(r.MaxMilli) && r.MaxMilli >= r.MinMilli, scoped, nil},
		{"min_fen", r.MinFen != 0, fen(r.MinFen), scoped, nil},
		{"max_fen", r.MaxFen != 0, fen(r.MaxFen) && r.MaxFen >= r.MinFen, scoped, nil},
		{"repeat", r.Repeat, r.Kind == KindBuyGet || r.MinMilli > 0 || r.MinFen > 0, only(KindLineOff, KindOrderOff, KindBuyGet), nil},
		{"max_times", r.MaxTimes != 0, r.MaxTimes > 0 && (r.Repeat || r.Kind == KindBundle), only(KindLineOff, KindOrderOff, KindBuyGet, KindBundle), nil},
		{"bp", r.BP != 0, r.BP > 0 && r.BP <= 10_000, only(KindPercent), only(KindPercent)},
		{"off_fen", r.OffFen != 0, fen(r.OffFen), only(KindLineOff, KindOrderOff), only(KindLineOff, KindOrderOff)},
		{"buy_milli", r.BuyMilli != 0, milli(r.BuyMilli), only(KindBuyGet), only(KindBuyGet)},
		{"get_milli", r.GetMilli != 0, r.GetMilli > 0 && r.GetMilli <= MaxQtyMilli && (r.GetUnit == "" || r.GetMilli%1000 == 0), only(KindBuyGet), only(KindBuyGet)},
		{"get_product", r.GetProduct != "", true, only(KindBuyGet), nil},
		{"get_unit", r.GetUnit != "", true, only(KindBuyGet), nil},
		{"by", r.By != "", r.By == ByQty || r.By == ByAmount, only(KindTiers), only(KindTiers)},
		{"steps", r.Steps != nil, r.rightSteps(), only(KindTiers), only(KindTiers)},
		{"goods", r.Goods != nil, r.rightGoods(), only(KindBundle), only(KindBundle)},
		{"price_fen", r.PriceFen != 0, fen(r.PriceFen), only(KindBundle), only(KindBundle)},
	} {
		if m.set && (!m.right || !slices.Contains(m.kinds, r.Kind)) || !m.set && slices.Contains(m.needs, r.Kind) {
			return m.name
		}
	}
	return ""
}

// named reports whether all ids are there, none twice.
func named(ids []string) bool {
	sorted := slices.Sorted(slices.Values(ids))
	return len(ids) > 0 && sorted[0] != "" && len(slices.Compact(sorted)) == len(ids)
}

// rightSteps wants rising steps that give one thing each.
func (r Rule) rightSteps() bool {
	before := int64(-1)
	for _, s := range r.Steps {
		gives := 0
		for _, n := range []int64{s.BP, s.OffFen, s.PriceFen} {
			if n < 0 || n > MaxFen {
				return false
			}
			gives += int(min(n, 1))
		}
		if gives != 1 || s.BP > 10_000 || s.From <= before || s.From > MaxFen {
			return false
		}
		before = s.From
	}
	return len(r.Steps) > 0 && len(r.Steps) <= maxSteps
}

// rightGoods wants products, each once.
func (r Rule) rightGoods() bool {
	ids := make([]string, len(r.Goods))
	for i, g := range r.Goods {
		ids[i] = g.Product
		if g.Milli <= 0 || g.Milli > maxBaseMilli {
			return false
		}
	}
	return named(ids) && len(ids) <= maxSteps
}
