package demo

import (
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/customers"
	"satchel/domain/field"
)

var competitorNames = []string{"清岚饮品", "沃果食品", "北禾乳业", "朗泉水业"}

var voiceTexts = map[string][]string{
	"competitor": {"对手在收银台旁加了一组端架，买二赠一。", "竞品推出小包装，单价低我方一成。"},
	"price":      {"采购希望大包装再让三个点。", "邻店同品零售价低两元。"},
	"payment":    {"发票抬头有误，请重开。", "上月返利尚未到账。"},
	"promotion":  {"想要节庆专属促销装。", "希望派促销员两天。"},
	"product":    {"希望增加无糖口味。", "需要一百毫升试饮装。"},
	"service":    {"冷柜门关不严。", "理货员上周没来。"},
}

// competitors writes the firms that intelligence is about.
func (b *builder) competitors() error {
	for i, name := range competitorNames {
		err := b.w.insert("competitors", dbx.Params{
			"id": b.id("competitors", i), "name": name, "brands": toJSON([]string{name[:6]}), "active": true, "created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// survey writes what marketing asks this month, with an answer of each rep.
func (b *builder) survey() error {
	made, id := b.today.AddDate(0, 0, -6), b.id("surveys", 0)
	err := b.w.insert("surveys", dbx.Params{
		"id": id, "title": "夏季饮料货架调研", "active": true, "from": made.Format(dayFormat), "to": b.today.AddDate(0, 0, 20).Format(dayFormat),
		"questions": toJSON([]customers.Question{{Key: "rows", Kind: "number", Required: true}, {Key: "place", Kind: "choice", Choices: []string{"上层", "中层", "下层"}}}),
		"created":   stamp(made), "updated": stamp(made),
	})
	if err != nil {
		return err
	}
	for i, rep := range b.reps {
		err := b.w.insert("survey_answers", b.whose(rep, made, dbx.Params{
			"id": b.id("survey_answers", i), "survey": id, "answers": toJSON(map[string]any{"rows": 2 + i%5, "place": "中层"}), "at": stamp(made.Add(10 * time.Hour)),
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

// voices writes what customers said at some of the last visits and what became
// of it, what stood on the shelf, and an audit here and there.
func (b *builder) voices() error {
	r := b.rand("voices")
	themes := []string{"competitor", "price", "payment", "promotion", "product", "service"}
	for i, v := range b.recent {
		if b.today.Sub(v.day) > 30*24*time.Hour {
			continue
		}
		rep := v.account.owner
		place := func(more dbx.Params) dbx.Params {
			row := b.whose(rep, v.out, more)
			row["visit"], row["account"] = v.id, v.account.id
			return row
		}
		if i%3 == 0 {
			err := b.w.insert("store_checks", place(dbx.Params{
				"id": b.id("store_checks", i), "product": b.products[i%len(b.products)].id, "facings": 2 + r.IntN(12), "stock_milli": 1000 * r.IntN(80),
				"price_fen": 390 + 10*r.IntN(200), "promo_ok": r.IntN(3) > 0, "at": stamp(v.out),
			}))
			if err != nil {
				return err
			}
		}
		if i%11 == 0 {
			err := b.w.insert("visit_audits", place(dbx.Params{
				"id": b.id("visit_audits", i), "auditor": rep.managerID, "task": "核对陈列与到访", "state": "done", "findings": toJSON(map[string]any{"present": true}),
				"score": 80 + r.IntN(20), "done_at": stamp(v.out.AddDate(0, 0, 2)),
			}))
			if err != nil {
				return err
			}
		}
		if i%4 == 0 {
			if err := b.voice(i, v, themes[i/4%len(themes)], place); err != nil {
				return err
			}
		}
	}
	return nil
}

// voice writes one piece of feedback and the row that it became.
func (b *builder) voice(i int, v visit, theme string, place func(dbx.Params) dbx.Params) error {
	to, text, id := field.RouteFeedback(theme), voiceTexts[theme][i%2], b.id("voices", i)
	if to.Kind == field.RouteIssue {
		to.Kind = field.RouteSupport
	}
	dept, said := b.depts[to.Department], b.id("visit_feedback", i)
	row := b.whose(v.account.owner, v.out, dbx.Params{"id": id, "account": v.account.id, "source": "visit_feedback/" + said})
	table := ""
	switch to.Kind {
	case field.RouteIntel:
		table = "intel_reports"
		row["kind"], row["text"], row["visit"], row["direction"], row["acks"] = theme, text, v.id, "up", "[]"
		row["routed"] = toJSON([]string{dept})
		if theme == "competitor" {
			row["competitor"] = b.id("competitors", i%len(competitorNames))
		}
	case field.RouteProduct:
		table = "product_requests"
		row["need"], row["to_dept"], row["wish"], row["state"] = text, dept, customers.PriorityNormal, "reviewing"
	default:
		table = "support_requests"
		row["kind"], row["text"], row["to_dept"], row["due"] = "other", text, dept, stamp(v.out.AddDate(0, 0, 2))
		row["state"], row["answer"], row["answered_at"] = customers.SupportAnswered, "已处理，请与客户确认。", stamp(v.out.AddDate(0, 0, 1))
		if b.today.Sub(v.day) < 3*24*time.Hour {
			row["state"], row["answer"], row["answered_at"] = customers.SupportOpen, "", ""
		}
	}
	if err := b.w.insert(table, row); err != nil {
		return err
	}
	return b.w.insert("visit_feedback", place(dbx.Params{
		"id": said, "text": text, "theme": theme, "target_dept": dept, "route": to.Kind, "routed_to": table, "routed_id": id, "state": "routed",
	}))
}
