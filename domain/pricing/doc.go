// Package pricing says what a basket costs on a day, and why. It takes values and
// gives values: the same input in any order makes the same bytes.
//
// Money is whole fen, a quantity thousandths, a rate basis points. Whatever is
// computed is rounded half up to a whole fen at once ([mulDiv], the only place
// that rounds), so every figure of a line can be worked out again from those
// before it, on paper:
//
//	price     the item's; one for the product's own unit serves another unit times its factor
//	gross     price × quantity
//	discount  gross × the rep's discount
//	promotion what promotions take off, one after the other, each of what is left
//	amount    gross − discount − promotion, with tax if the list's prices have it
//	tax       amount × rate, or amount × rate ÷ (1 + rate) if it is in the amount
//	line      the amount without tax
//
// The list is the first that has an item for product, unit and quantity: those of
// a contract before the account's, its tier's and the default ones; in a rank, by
// id. A promotion's turn comes by priority, the greatest first, then by id; what
// takes off the order comes after all that take off lines. One that is not
// stackable takes only lines that no other has touched, and none comes after it;
// of an exclusive group a line takes one.
package pricing
