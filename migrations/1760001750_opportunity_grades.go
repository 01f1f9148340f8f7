package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Opportunities are graded by a scoring model of their own, followed up by their
// grade, won with the manager's word, and leave a trail of their stages (policy
// 4(2)1 and 2).
func init() {
	stages := []string{"found", "qualified", "proposal", "negotiation", "won", "lost", "suspended"}
	m.Register(func(app core.App) error {
		found, err := find(app, "scoring_models", "opportunities", "accounts", "users", "departments", "competitors")
		if err != nil {
			return err
		}
		models, deals, accounts, users, departments, competitors := found[0], found[1], found[2], found[3], found[4], found[5]
		models.Fields.Add(one("subject", "account", "opportunity"))
		models.RemoveIndex("idx_scoring_models_active")
		if err := create(app, models); err != nil {
			return err
		}
		if _, err := app.DB().NewQuery("UPDATE scoring_models SET subject = 'account'").Execute(); err != nil {
			return err
		}
		models.Fields.GetByName("subject").(*core.SelectField).Required = true
		models.AddIndex("idx_scoring_models_active", true, "subject", "active = TRUE")

		selectOf(deals, "stage").Values = []string{"found", "qualified", "proposal", "negotiation", "win_pending", "won", "lost", "suspended"}
		score := whole("score_bp")
		score.Min, score.Max = types.Pointer(0.0), types.Pointer(10_000.0)
		deals.Fields.Add(
			&core.RelationField{Name: "competitors", CollectionId: competitors.Id, MaxSelect: 20},
			ref("model", models), data("ratings"), score, one("grade", "A", "B", "C", "D"), moment("graded_at"),
			moment("found_at"), moment("stage_at"), ref("win_by", users), one("lost_code", "price", "competitor", "budget", "need", "timing", "service", "other"),
			moment("overdue_told_at"), moment("overdue_raised_at"),
		)
		index(deals, false, "stage, next_at")
		if err := create(app, models, deals); err != nil {
			return err
		}
		log := table("opportunity_stage_log", rules{see: seenLine},
			part("opportunity", deals), part("account", accounts), ref("dept", departments),
			text("from"), must("to"), text("step"), moment("at"), ref("by", users), text("note"))
		for _, columns := range []string{"opportunity, at", "account", "dept"} {
			index(log, false, columns)
		}
		if err := create(app, log); err != nil {
			return err
		}
		// Where those stood that were there before, as far as it is known.
		if _, err := app.DB().NewQuery(`UPDATE opportunities SET found_at = created, stage_at = updated`).Execute(); err != nil {
			return err
		}
		if err := seedOpportunityModel(app, models); err != nil {
			return err
		}
		return addSyncRules(app, syncRule{name: "opportunity_stage_log", direction: "down", priority: 525, keys: accountKeys})
	}, func(app core.App) error {
		if err := dropRules(app, "opportunity_stage_log"); err != nil {
			return err
		}
		if err := drop(app, "opportunity_stage_log"); err != nil {
			return err
		}
		found, err := find(app, "scoring_models", "opportunities")
		if err != nil {
			return err
		}
		models, deals := found[0], found[1]
		deals.RemoveIndex(indexName(deals, "stage, next_at"))
		for _, name := range []string{
			"competitors", "model", "ratings", "score_bp", "grade", "graded_at", "found_at", "stage_at", "win_by", "lost_code", "overdue_told_at", "overdue_raised_at",
		} {
			deals.Fields.RemoveByName(name)
		}
		selectOf(deals, "stage").Values = stages
		if err := create(app, deals); err != nil {
			return err
		}
		if _, err := app.DB().NewQuery("DELETE FROM scoring_models WHERE subject = 'opportunity'").Execute(); err != nil {
			return err
		}
		models.RemoveIndex("idx_scoring_models_active")
		models.Fields.RemoveByName("subject")
		models.AddIndex("idx_scoring_models_active", true, "active", "active = TRUE")
		return create(app, models)
	})
}

// seedOpportunityModel is the first model of grades: five questions, four grades.
func seedOpportunityModel(app core.App, models *core.Collection) error {
	type criterion struct {
		Key      string `json:"key"`
		WeightBP int    `json:"weight_bp"`
		Scale    int    `json:"scale"`
		Min      int    `json:"min"`
		ZH       string `json:"zh"`
		EN       string `json:"en"`
	}
	type band struct {
		Tier   string `json:"tier"`
		FromBP int    `json:"from_bp"`
	}
	record := core.NewRecord(models)
	record.Load(map[string]any{
		"name": "销售机会评估标准", "subject": "opportunity", "version": 1, "active": true,
		"criteria": []criterion{
			{"need", 2500, 5, 0, "需求明确程度", "How clear the need is"},
			{"budget", 2000, 5, 0, "预算落实情况", "Whether there is a budget"},
			{"decider", 2000, 5, 0, "决策人接触程度", "Access to who decides"},
			{"fit", 2000, 5, 0, "方案与优势契合度", "Fit and advantage over competitors"},
			{"timing", 1500, 5, 0, "采购时间紧迫程度", "How soon they buy"},
		},
		"bands": []band{{"A", 8000}, {"B", 6000}, {"C", 4000}, {"D", 0}},
	})
	return app.Save(record)
}
