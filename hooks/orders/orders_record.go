package orders

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	orders = "orders"
	lines  = "order_lines"

	fieldState   = "state"
	fieldOwner   = "owner"
	fieldManager = "manager"
	fieldDept    = "dept"
	fieldList    = "price_list"
)

var (
	// computed is what only actions and the server's own code write.
	computed = []string{
		"late", "released_by",
		"lines_fen", "tax_fen", "total_fen", "price_changed", "submitted_at", "decided_by", "decided_at", "reason",
	}
	lineFilled = []string{"late", "released_by", "account", fieldOwner, fieldDept, "price_fen", "tax_bp", "line_fen", "tax_fen"}
)

func stateOf(r *core.Record) string         { return r.GetString(fieldState) }
func setState(r *core.Record, state string) { r.Set(fieldState, state) }
func ownerOf(r *core.Record) string         { return r.GetString(fieldOwner) }
func accountOf(r *core.Record) string       { return r.GetString("account") }
func productOf(r *core.Record) string       { return r.GetString("product") }

func listOf(r *core.Record) string  { return r.GetString(fieldList) }
func visitOf(r *core.Record) string { return r.GetString("visit") }

// serves tells whether an account is a user's to sell to: his own or his rep's.
func serves(user, account *core.Record) bool {
	return ownerOf(account) == user.Id || account.GetString(fieldManager) == user.Id
}

// standing is what a user is to an order. The superior is the account's
// manager, or the manager of the order's department.
func standing(actor gate.Actor, order, account *core.Record) domain.Standing {
	user := actor.User
	dept := order.GetString(fieldDept)
	return domain.Standing{
		Owner: ownerOf(order) == actor.Author().Id,
		Superior: account.GetString(fieldManager) == user.Id ||
			dept != "" && user.GetString("role") == "dept_manager" && user.GetString("department") == dept,
	}
}

func copyLine(to, account *core.Record) {
	to.Set(fieldManager, account.GetString(fieldManager))
	to.Set(fieldDept, account.GetString(fieldDept))
}

func copyPlace(to, order *core.Record) {
	for _, f := range []string{"account", fieldOwner, fieldDept} {
		to.Set(f, order.GetString(f))
	}
}

func priceList(r *core.Record) domain.PriceList {
	return domain.PriceList{
		Active: r.GetBool("active"), Scope: r.GetString("scope"), Tier: r.GetString("tier"),
		Account: accountOf(r), From: r.GetString("valid_from"), To: r.GetString("valid_to"),
	}
}

func quantity(line *core.Record) (qtyMilli, discountBP int64) {
	return int64(line.GetInt("qty_milli")), int64(line.GetInt("disc_bp"))
}

// amounts is what the server computes of a line.
func amounts(line *core.Record) [4]int {
	return [4]int{line.GetInt("price_fen"), line.GetInt("tax_bp"), line.GetInt("line_fen"), line.GetInt("tax_fen")}
}

func setAmounts(line *core.Record, priceFen, taxBP, lineFen, taxFen int64) {
	line.Set("price_fen", priceFen)
	line.Set("tax_bp", taxBP)
	line.Set("line_fen", lineFen)
	line.Set("tax_fen", taxFen)
}

// setTotals returns whether anything changed.
func setTotals(order *core.Record, linesFen, taxFen int) bool {
	if order.GetInt("lines_fen") == linesFen && order.GetInt("tax_fen") == taxFen {
		return false
	}
	order.Set("lines_fen", linesFen)
	order.Set("tax_fen", taxFen)
	order.Set("total_fen", linesFen+taxFen)
	return true
}

func flagPriceChange(order *core.Record) {
	shown := order.GetInt("shown_total_fen")
	order.Set("price_changed", shown != 0 && shown != order.GetInt("total_fen"))
}

func setDecision(order *core.Record, by string, at time.Time, reason string) {
	order.Set("decided_by", by)
	order.Set("decided_at", at)
	order.Set("reason", reason)
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{orders: {Fields: []string{fieldState, "total_fen"}}}
}
