package morning

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"reflect"
)

// held are the collections of which the phone must hold what the server shows
// the rep, field for field.
var held = []string{
	"accounts", "contacts", "visits", "visit_steps", "blobs", "orders", "order_lines", "products", "price_lists", "price_items",
}

// looks is how often the whole is compared while somebody saves rows beside the play.
const looks = 5

// wholeRow compares everything on the phone with what the REST API shows the
// rep. What others saved since the last sync is no difference: it syncs anew.
func (p *play) wholeRow(ctx context.Context, _ *office) (r row, err error) {
	for range looks {
		if r, err = p.whole(ctx); err != nil || r.same {
			return r, err
		}
		if _, err := p.phone.Sync(ctx); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (p *play) whole(ctx context.Context) (row, error) {
	me, err := signIn(ctx, p.base, rep)
	if err != nil {
		return row{}, err
	}
	r := row{zh: "整部手机", en: "the whole phone", same: true}
	var here, there int
	for _, collection := range held {
		rows, err := p.phone.Base(collection)
		if err != nil {
			return row{}, err
		}
		items, err := me.list(ctx, collection, "")
		if err != nil {
			return row{}, err
		}
		here, there = here+len(rows), there+len(items)
		for _, shown := range items {
			same, err := covers(shown, rows[shown.text("id")])
			if err != nil {
				return row{}, err
			}
			r.same = r.same && same
		}
	}
	r.same = r.same && here == there
	r.phone, r.server = fmt.Sprintf("%s 行/rows", grouped(here)), fmt.Sprintf("%s 行/rows, 陈立查看/as rep.chen", grouped(there))
	return r, nil
}

// covers reports whether a row of the phone has the same values as the record
// that REST shows, in every field that the phone holds.
func covers(shown item, body string) (bool, error) {
	if body == "" {
		return false, nil
	}
	var row map[string]any
	if err := json.Unmarshal([]byte(body), &row); err != nil {
		return false, err
	}
	for field, value := range row {
		if !reflect.DeepEqual(value, shown[field]) {
			return false, nil
		}
	}
	return true, nil
}
