package demo

import (
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"

	"satchel/domain/customers"
)

// stages are where prospects stand, one after the other, and what they went through.
var stages = []string{customers.StageResearch, customers.StageScreened, customers.StageFirstContact, customers.StageInDepth, customers.StageNegotiating}

// prospectStage is where the n-th account stands if it is a prospect.
func (b *builder) prospectStage(n int) string {
	if !b.opt.Customers {
		return customers.StageResearch
	}
	return stages[n%len(stages)]
}

// development writes how prospects came to where they stand: the card that they
// were screened by, what was said, the log of their stages, and what is negotiated.
func (b *builder) development() error {
	model, scoring, err := b.scoring(customers.ScoresAccounts)
	if err != nil {
		return err
	}
	for n, a := range b.accounts {
		if a.kind != "prospect" {
			continue
		}
		if err := b.prospect(n, a, model, scoring); err != nil {
			return err
		}
	}
	return nil
}

// scoring reads the model in force of accounts or of opportunities.
func (b *builder) scoring(subject string) (id string, m customers.ScoringModel, err error) {
	var row struct {
		ID       string `db:"id"`
		Criteria string `db:"criteria"`
		Bands    string `db:"bands"`
	}
	err = b.w.tx.NewQuery("SELECT id, criteria, bands FROM scoring_models WHERE active = TRUE AND subject = {:subject}").Bind(dbx.Params{"subject": subject}).One(&row)
	if err != nil {
		return "", m, fmt.Errorf("find the scoring model: %w", err)
	}
	for text, into := range map[string]any{row.Criteria: &m.Criteria, row.Bands: &m.Bands} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return "", m, fmt.Errorf("read the scoring model: %w", err)
		}
	}
	return row.ID, m, nil
}

func (b *builder) prospect(n int, a account, model string, scoring customers.ScoringModel) error {
	reached := n % len(stages)
	ratings := map[string]customers.Rating{}
	for i, c := range scoring.Criteria {
		ratings[c.Key] = customers.Rating{Score: 3 + (n+i)%3, Evidence: []string{"门店走访记录", "公开年报与招标信息", "经销商口碑调查"}[(n+i)%3]}
	}
	total, err := scoring.Score(ratings)
	if err != nil {
		return err
	}
	state := "draft" // who is still looked into has a card that nobody judged
	if reached > 0 {
		state = "approved"
	}
	scored := b.at(28, 10)
	lin := b.people["director.lin"].id
	err = b.w.insert("account_scorecards", b.hung("account_scorecards", n, a, scored, dbx.Params{
		"model": model, "owner": a.owner.id, "ratings": toJSON(ratings), "total_bp": total, "suggested_tier": scoring.Suggest(total), "state": state,
		"override_reason": "", "reviewers": toJSON([]string{a.owner.managerID, lin}), "approval_round": min(reached, 1),
	}))
	if err != nil {
		return err
	}
	if reached >= 2 {
		at := b.at(24, 15)
		err := b.w.insert("communications", b.hung("communications", 1000+n, a, at, dbx.Params{
			"by": a.owner.id, "channel": "phone", "direction": "out", "at": stamp(at), "summary": "与采购电话沟通，约定到店拜访",
			"needs_reply_by": "", "replied_at": "", "replied_late": false,
		}))
		if err != nil {
			return err
		}
	}
	if reached == 4 {
		err := b.w.insert("negotiations", b.hung("negotiations", 1000+n, a, b.at(8, 11), dbx.Params{
			"opportunity": "", "topic": "首年合作条款", "cooperation_model": "年度框架", "state": "open",
			"price_terms":   toJSON([]customers.Term{{Name: "供货折扣", Value: "九五折"}}),
			"service_terms": toJSON([]customers.Term{{Name: "补货", Value: "每周两次"}}),
			"objections":    toJSON([]customers.Objection{{Text: "希望首批铺货赊销", Answer: ""}}),
		}))
		if err != nil {
			return err
		}
	}
	for i := range reached {
		at := b.at(26-5*i, 17)
		err := b.w.insert("account_stage_log", b.hung("account_stage_log", n*len(stages)+i, a, at, dbx.Params{
			"from": stages[i], "to": stages[i+1], "step": customers.StageAdvance, "at": stamp(at), "by": a.owner.id, "note": "",
		}))
		if err != nil {
			return err
		}
	}
	return nil
}
