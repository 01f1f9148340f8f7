package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/evidence"
	"satchel/domain/pricing"
	"satchel/domain/sales"
)

// photosOfReturns is how many returns show their goods.
const photosOfReturns = 3

// back writes a return of a part of an order's first line, damaged goods with a
// photo, or the exchange of its first lines.
func (b *builder) back(s *sent, r *rand.Rand) error {
	o := s.o
	asked := s.last.Add(time.Duration(20+r.IntN(60)) * time.Hour)
	if asked.After(b.today) {
		asked = s.last.Add(time.Minute)
	}
	id, decided, came := b.id("return of "+o.no, 1), asked.Add(5*time.Hour), asked.Add(50*time.Hour)
	open := came.After(b.today) // nobody has decided
	whose := dbx.Params{"account": o.account.id, "owner": o.who.id, "manager": o.who.managerID, "dept": o.who.deptID}
	head := with(whose, dbx.Params{
		"id": id, "order": o.id, "no": o.no + "-R1", "kind": sales.ReturnForCredit, "cause": "unsold", "note": "门店滞销", "state": sales.ReturnRequested,
		"requested_at": stamp(asked), "created": stamp(asked), "updated": stamp(asked),
	})
	if !open {
		head = with(head, dbx.Params{
			"state": sales.ReturnReturned, "released": true, "decided_by": o.who.managerID, "decided_at": stamp(decided), "returned_at": stamp(came), "updated": stamp(came),
		})
	}
	lines := o.lines[:1]
	if b.returns < photosOfReturns {
		photo, err := b.goodsPhoto(o, asked, !open, b.returns)
		if err != nil {
			return err
		}
		head["cause"], head["note"], head["photos"] = "damaged", "外箱破损", toJSON([]string{photo})
	}
	if b.returns == 1 && !open {
		lines = o.lines[:3]
		head["kind"], head["exchange"] = sales.ReturnForExchange, b.exchange(s, lines, came)
	}
	b.returns++
	var fen int64
	for i, l := range lines {
		qty := portion(s.delivered[l.ID], 25)
		if len(lines) > 1 {
			qty = s.delivered[l.ID]
		}
		part := pricing.Return(pricing.Amounts{PromoFen: l.PromoFen, LineFen: l.LineFen, TaxFen: l.TaxFen}, qty, l.QtyMilli, 0)
		if !open {
			s.returned[l.ID] = qty
		}
		fen += part.TotalFen
		s.rows = append(s.rows, row{"return_lines", with(whose, dbx.Params{
			"id": b.id("return line of "+o.no, i), "return_doc": id, "line": l.ID, "product": l.Product, "qty_milli": -qty, "released": !open,
			"line_fen": part.LineFen, "tax_fen": part.TaxFen, "promo_fen": part.PromoFen, "amount_fen": part.TotalFen, "created": stamp(asked), "updated": stamp(came),
		})})
	}
	head["amount_fen"] = fen
	if !open {
		o.row["returned_fen"] = -fen
	}
	s.rows = append(s.rows, row{"returns", head})
	return nil
}

// exchange writes the draft of the order by which goods are sent again.
func (b *builder) exchange(s *sent, lines []orderLine, at time.Time) (id string) {
	o := s.o
	id = b.id("exchange of "+o.no, 1)
	s.rows = append(s.rows, row{"orders", dbx.Params{
		"id": id, "no": o.no + "-X1", "account": o.account.id, "owner": o.who.id, "manager": o.who.managerID, "dept": o.who.deptID, "state": sales.OrderDraft,
		"price_list": o.row["price_list"], "copied_from": o.id, "created": stamp(at), "updated": stamp(at),
	}})
	for i, l := range lines {
		s.rows = append(s.rows, row{"order_lines", dbx.Params{
			"id": b.id("exchange line of "+o.no, i), "order": id, "account": o.account.id, "owner": o.who.id, "dept": o.who.deptID, "product": l.Product,
			"qty_milli": l.QtyMilli, "base_milli": l.BaseMilli, "disc_bp": l.discBP, "price_fen": l.PriceFen, "tax_bp": l.TaxBP, "line_fen": l.LineFen,
			"tax_fen": l.TaxFen, "list": l.List, "why": toJSON(l.Why), "created": stamp(at), "updated": stamp(at),
		}})
	}
	return id
}

// goodsPhoto writes the row of a photo of goods.
func (b *builder) goodsPhoto(o *ordered, at time.Time, logistics bool, n int) (id string, err error) {
	id = b.id("goods", n)
	return id, b.storedPhoto(id, n, at, dbx.Params{
		"owner": o.who.id, "manager": o.who.managerID, "dept": o.who.deptID, "account": o.account.id, "purpose": evidence.BlobGoods, "logistics": logistics,
	})
}

// storedPhoto writes the row of a photo that is here; its files follow with the rest.
func (b *builder) storedPhoto(id string, n int, at time.Time, values dbx.Params) error {
	content := PhotoOf(640, 480, 2*uint64(n), at, 31.2, 121.4)
	sum := sha256.Sum256(content)
	maps.Copy(values, dbx.Params{
		"id": id, "sha256": hex.EncodeToString(sum[:]), "size": len(content), "mime": "image/jpeg", "source": "camera", "state": evidence.BlobStored,
		"width": 640, "height": 480, "orientation": 1, "stored_at": stamp(at), "created": stamp(at), "updated": stamp(at),
	})
	for _, field := range []string{"original", "public", "thumb", "tiny"} {
		name := id + "_" + field + ".jpg"
		values[field] = name
		b.files = append(b.files, file{"blobs", id + "/" + name, content})
	}
	return b.w.insert("blobs", values)
}
