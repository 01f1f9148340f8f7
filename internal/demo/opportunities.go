package demo

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/customers"
)

// chance is an opportunity: marks are of its criteria, due is in how many days
// its next action is.
type chance struct {
	title, source, stage string
	fen                  int
	marks                []int
	due                  int
}

// chances are in each stage. One is overdue, one waits for the manager to confirm
// that it is won.
var chances = []chance{
	{"中秋礼盒集中采购", "老客户", customers.OppNegotiation, 68_000_000, []int{5, 4, 4, 4, 5}, 3},
	{"全省门店冷饮柜合作", "展会", customers.OppProposal, 180_000_000, []int{4, 3, 4, 3, 2}, 4},
	{"自有品牌代工试单", "转介绍", customers.OppQualified, 24_000_000, []int{3, 2, 3, 2, 2}, 5},
	{"会员日联合促销", "拜访", customers.OppFound, 8_000_000, nil, 6},
	{"社区店快反补货", "拜访", customers.OppLost, 12_000_000, []int{2, 1, 2, 2, 1}, -9},
	{"便利店端架调整", "拜访", customers.OppProposal, 16_000_000, []int{4, 4, 3, 4, 3}, -2},
	{"春节年货堆头", "招标", customers.OppWinPending, 56_000_000, []int{5, 5, 4, 4, 5}, 1},
}

func (b *builder) opportunities(served []account) error {
	model, scoring, err := b.scoring(customers.ScoresOpportunities)
	if err != nil {
		return err
	}
	contracted := slices.IndexFunc(served, func(a account) bool { return a.tier == "A" }) // who has the first contract
	for i, o := range chances {
		a, at := served[(i*5)%len(served)], b.at(25-3*i, 11)
		if o.stage == customers.OppWinPending && contracted >= 0 {
			a = served[contracted]
		}
		row, err := b.chance(i, a, at, o)
		if err != nil {
			return err
		}
		if err := b.grade(row, at, model, scoring, o.marks); err != nil {
			return err
		}
		if err := b.w.insert("opportunities", b.hung("opportunities", i, a, at, row)); err != nil {
			return err
		}
		if o.stage != customers.OppNegotiation {
			continue
		}
		err = b.w.insert("negotiations", b.hung("negotiations", i, a, at, dbx.Params{
			"opportunity": b.id("opportunities", i), "topic": o.title, "cooperation_model": "年度框架加订单", "state": "open",
			"price_terms":   toJSON([]customers.Term{{Name: "供货折扣", Value: "九二折"}, {Name: "账期", Value: "45 天"}}),
			"service_terms": toJSON([]customers.Term{{Name: "到货", Value: "48 小时内"}}),
			"objections":    toJSON([]customers.Objection{{Text: "希望承担全部堆头费", Answer: "各承担一半"}, {Text: "要求独家口味", Answer: ""}}),
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

// chance is the row of one, with the trail of its stages.
func (b *builder) chance(i int, a account, at time.Time, o chance) (dbx.Params, error) {
	last, err := b.trail(i, a, at, o.stage)
	row := dbx.Params{
		"owner": a.owner.id, "title": o.title, "source": o.source, "needs": "稳定供货与陈列支持", "amount_fen": o.fen, "stage": o.stage,
		"competitors": toJSON([]string{b.id("competitors", i%2)}), "close_date": b.today.AddDate(0, 0, 20+10*i).Format(dayFormat),
		"strategy": "先试点两家门店", "next_action": "提交报价", "next_at": b.today.AddDate(0, 0, o.due).Format(dayFormat),
		"is_major": o.fen >= standard[int]("opportunity.major_fen"), "decision": "", "decision_note": "", "decided_by": "", "decided_at": "",
		"lost_reason": "", "lost_code": "", "win_by": "", "contract": "", "found_at": stamp(at), "stage_at": stamp(last),
	}
	switch {
	case o.stage == customers.OppLost:
		row["lost_reason"], row["lost_code"] = "对方改用自有物流", "competitor"
	case o.stage == customers.OppWinPending:
		row["win_by"], row["contract"] = a.owner.id, b.id("contracts", 0)
	case row["is_major"] == true:
		row["decision"], row["decided_by"], row["decided_at"] = "go", b.people["director.lin"].id, stamp(at.Add(30*time.Hour))
		row["decision_note"] = "同意推进，毛利不低于 18%"
	}
	return row, err
}

// trail leads an opportunity to its stage, a step every 30 hours.
func (b *builder) trail(i int, a account, at time.Time, stage string) (last time.Time, err error) {
	way := []string{customers.OppFound, customers.OppQualified, customers.OppProposal, customers.OppNegotiation, customers.OppWinPending}
	steps := slices.Repeat([]string{customers.OppAdvance}, 4)
	steps[3] = customers.OppWin
	if stage == customers.OppLost {
		way, steps = []string{customers.OppFound, customers.OppQualified, customers.OppLost}, []string{customers.OppAdvance, customers.OppLose}
	}
	for n, step := range steps[:slices.Index(way, stage)] {
		at = at.Add(30 * time.Hour)
		err := b.w.insert("opportunity_stage_log", b.hung("opportunity_stage_log", i*len(chances)+n, a, at, dbx.Params{
			"opportunity": b.id("opportunities", i), "from": way[n], "to": way[n+1], "step": step, "at": stamp(at), "by": a.owner.id, "note": "",
		}))
		if err != nil {
			return at, err
		}
	}
	return at, nil
}

// grade scores a row by its marks; without them it waits for some.
func (b *builder) grade(row dbx.Params, at time.Time, model string, scoring customers.ScoringModel, marks []int) error {
	ratings := map[string]customers.Rating{}
	for i, mark := range marks {
		ratings[scoring.Criteria[i].Key] = customers.Rating{Score: mark, Evidence: "与采购负责人面谈"}
	}
	row["ratings"], row["model"], row["score_bp"], row["grade"], row["graded_at"] = toJSON(ratings), "", 0, "", ""
	if marks == nil {
		return nil
	}
	score, err := scoring.Score(ratings)
	row["model"], row["score_bp"], row["grade"], row["graded_at"] = model, score, scoring.Suggest(score), stamp(at)
	return err
}
