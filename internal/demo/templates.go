package demo

import (
	"github.com/pocketbase/dbx"

	"satchel/domain/field"
)

// template is a row of visit_templates.
type template struct {
	id    string
	steps []field.TemplateStep
}

// visitTemplates makes one template per tier, in force from today, and the one
// of the history, which asked for no photos.
func (b *builder) visitTemplates() error {
	shelf := field.TemplateStep{Key: "shelf", Kind: "photo", Required: true, Min: 1}
	stock := field.TemplateStep{Key: "stock", Kind: "form", Required: true}
	talk := field.TemplateStep{Key: "talk", Kind: "note", Required: true}
	order := field.TemplateStep{Key: "order", Kind: "order"}
	sign := field.TemplateStep{Key: "sign", Kind: "signature"}
	b.former = template{b.id("visit_templates", 0), []field.TemplateStep{stock, talk, order}}
	b.steps["A"] = template{b.id("visit_templates", 1), []field.TemplateStep{shelf, stock, talk, order, sign}}
	b.steps["B"] = template{b.id("visit_templates", 2), []field.TemplateStep{shelf, talk, order}}
	b.steps["C"] = template{b.id("visit_templates", 3), []field.TemplateStep{talk, order}}
	for _, row := range []struct {
		template
		name, tier string
		active     bool
	}{
		{b.former, "通用拜访（旧版，无拍照）", "", false},
		{b.steps["A"], "A类客户拜访", "A", true},
		{b.steps["B"], "B类客户拜访", "B", true},
		{b.steps["C"], "C类客户拜访", "C", true},
	} {
		err := b.w.insert("visit_templates", dbx.Params{
			"id": row.id, "name": row.name, "tier": row.tier, "visit_type": "planned",
			"steps": toJSON(row.steps), "active": row.active, "created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
