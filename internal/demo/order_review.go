package demo

import (
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/people"
	"satchel/domain/sales"
)

// reviewed writes what the manager said of a discount, and reports whether the
// order goes on.
func (b *builder) reviewed(r *rand.Rand, o *ordered, old bool, luck int) (bool, error) {
	manager := b.byID(o.who.managerID)
	var lines []map[string]any
	for _, l := range o.lines {
		lines = append(lines, map[string]any{
			"id": l.ID, "product": l.Product, "unit": l.Unit, "qty_milli": l.QtyMilli, "cut_milli": 0, "disc_bp": l.discBP, "price_fen": l.PriceFen,
			"promo_fen": l.PromoFen, "line_fen": l.LineFen, "tax_fen": l.TaxFen, "free": l.Free, "comment": "",
		})
	}
	content := map[string]any{
		"no": o.no, "account": o.account.id, "ship_to": "", "wanted_on": "", "note": o.row["note"], "lines_fen": o.sum.LinesFen, "tax_fen": o.sum.TaxFen,
		"total_fen": o.sum.TotalFen, "disc_fen": o.sum.DiscFen, "lines": lines,
	}
	reviewers := toJSON([]string{manager.id})
	o.row["reviewers"] = reviewers
	opened := o.at
	row := dbx.Params{
		"id": b.id("order_approvals", b.events), "ref_collection": "orders", "ref_id": o.id, "title": o.no, "round": 1, "step": 1, "key": "manager", "any": false,
		"author": o.who.id, "manager": o.who.managerID, "dept": o.who.deptID, "oversight": "finance", "approver": manager.id, "reviewers": reviewers,
		"state": people.ApprovalPending, "content": toJSON(content), "content_hash": people.ContentHash(content), "opened_at": stamp(opened),
		"due_at": stamp(opened.AddDate(0, 0, 2)), "created": stamp(opened), "updated": stamp(opened),
	}
	decision, comment, to := people.ApprovalApprove, "", sales.OrderApproved
	switch {
	case !old && luck < 45:
		decision = ""
	case luck > 88 && luck <= 94:
		decision, comment, to = people.ApprovalReject, one(r, orderRejectReasons), sales.OrderRejected
	}
	if decision != "" {
		b.step(o, decision, to, manager, time.Duration(20+r.IntN(200))*time.Minute, comment)
		o.row["decision_comment"] = comment
		row["state"], row["comment"], row["at"], row["updated"] = to, comment, stamp(o.at), stamp(o.at)
		row["signature_hash"] = people.Signature{
			Subject: "orders/" + o.id, Round: 1, Content: content, Decision: decision, Comment: comment, Approver: manager.id, At: o.at,
		}.Hash()
	}
	return to == sales.OrderApproved && decision != "", b.w.insert("approvals", row)
}

// byID finds a person.
func (b *builder) byID(id string) person {
	for _, p := range b.people {
		if p.id == id {
			return p
		}
	}
	return person{}
}
