package demo

import (
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/numbers"
)

// blockSize is how many numbers a phone of the demo's past was given at a time.
const blockSize = 100

// past is the series of the demo's past.
var past = numbers.Series("the demo's past")

// block is a lease of numbers.
type block struct {
	rep         person
	first, next int64
	at          time.Time
}

// number takes the next number of a rep's phone.
func (b *builder) number(rep person, at time.Time) string {
	var own *block
	for _, l := range b.blocks {
		if l.rep.id == rep.id && l.next < l.first+blockSize {
			own = l
		}
	}
	if own == nil {
		first := int64(len(b.blocks)*blockSize + 1)
		own = &block{rep: rep, first: first, next: first, at: at}
		b.blocks = append(b.blocks, own)
	}
	own.next++
	return numbers.Number{Kind: numbers.Order, Series: past, N: own.next - 1}.String()
}

// leases writes what phones were given. They gave the rest back, but for one that
// was lost.
func (b *builder) leases() error {
	for i, l := range b.blocks {
		state := numbers.Returned
		if i == len(b.blocks)-1 {
			state = numbers.Lost
		}
		err := b.w.insert("number_leases", dbx.Params{
			"id": b.id("number_leases", i), "kind": numbers.Order, "series": past, "first": l.first, "last": l.first + blockSize - 1, "next": l.next,
			"device": b.id("phones", i), "user": l.rep.id, "state": state, "shown": true, "given_at": stamp(l.at), "ended_at": stamp(b.today),
			"dropped": "null", "created": stamp(l.at), "updated": stamp(b.today),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
