package demo

import "github.com/pocketbase/dbx"

// template is a row of visit_templates.
type template struct {
	id    string
	steps []templateStep
}

// templateStep is one entry of a template's steps.
type templateStep struct {
	Key      string `json:"key"`
	Kind     string `json:"kind"` // photo, form, note, order or signature
	Required bool   `json:"required"`
	Min      int    `json:"min"` // photos at least
}

// visitTemplates makes one template per tier, in force from today, and the one
// of the history, which asked for no photos.
func (b *builder) visitTemplates() error {
	shelf := templateStep{Key: "shelf", Kind: "photo", Required: true, Min: 1}
	stock := templateStep{Key: "stock", Kind: "form", Required: true}
	talk := templateStep{Key: "talk", Kind: "note", Required: true}
	order := templateStep{Key: "order", Kind: "order"}
	sign := templateStep{Key: "sign", Kind: "signature"}
	b.former = template{b.id("visit_templates", 0), []templateStep{stock, talk, order}}
	b.steps["A"] = template{b.id("visit_templates", 1), []templateStep{shelf, stock, talk, order, sign}}
	b.steps["B"] = template{b.id("visit_templates", 2), []templateStep{shelf, talk, order}}
	b.steps["C"] = template{b.id("visit_templates", 3), []templateStep{talk, order}}
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
