package catalog

import (
	"satchel/domain"
)

// Refusals of orders.
var orderTexts = map[string]domain.Texts{
	"order.state":                 {"当前状态({from})不能执行 {action}。", "An order in state {from} cannot {action}."},
	"order.account_required":      {"请选择客户。", "Choose an account."},
	"order.not_owner":             {"只有订单的负责人可以操作。", "Only the order's owner may do this."},
	"order.not_superior":          {"只有负责该客户的上级可以审批,且不能审批自己的订单。", "Only the superior may decide, and never on an order of his own."},
	"order.empty":                 {"订单没有明细。", "The order has no lines."},
	"order.price_missing":         {"价格表中没有产品 {product} 的价格。", "The price list has no price for {product}."},
	"order.quantity_invalid":      {"产品 {product}:数量必须大于零,且不超过一百万。", "{product}: the quantity must be greater than zero, and at most a million."},
	"order.discount_too_high":     {"产品 {product}:折扣超过上限({limit} 基点)。", "{product}: the discount is above the limit ({limit} bp)."},
	"order.total_rose":            {"价格上涨:显示 {shown} 分,现为 {now} 分。确认后可按新价提交。", "The total rose from {shown} to {now} fen; it can be submitted once that is accepted."},
	"order.total_min":             {"订单金额 {total} 分低于最低金额 {min} 分。", "The total of {total} fen is below the least of {min} fen."},
	"order.credit_exceeded":       {"超出信用:额度 {limit} 分,未结 {open} 分(逾期 {overdue} 分),本单 {total} 分。", "Beyond the credit: limit {limit} fen, open {open} fen ({overdue} overdue), this order {total} fen."},
	"order.credit_release":        {"超出该客户的信用,须由财务放行。", "Beyond the account's credit: finance has to release it."},
	"order.accept_invalid":        {"接受的金额必须是零或以上。", "An accepted total is nought or above."},
	"order.cut_invalid":           {"只能在批准时减少数量。", "An approval may only lower quantities."},
	"order.under_way":             {"仍有发货在途,签收或拒收后才能结束订单。", "Goods are on their way; the order ends once they were taken or refused."},
	"order.not_ops":               {"只有物流部门可以操作。", "Only logistics may do this."},
	"order.promised_invalid":      {"请填写今天或以后的承诺交货日期。", "Promise a day, today or later."},
	"order.signature_required":    {"请填写签收人并上传签名。", "Give who signed, and the signature."},
	"price_list.overlap":          {"与价格表“{other}”({from} – {to})的有效期重叠。", "The days overlap those of the list {other} ({from} – {to})."},
	"price_list.days_invalid":     {"结束日期不能早于开始日期。", "The last day is before the first."},
	"price_list.contract_unbound": {"合同(状态 {from})未生效,不能启用合同价。", "The contract is not in force (state {from}); its prices cannot be."},
	"product_unit.own":            {"{unit} 是产品自己的单位。", "{unit} is the product's own unit."},
	"order.reason_required":       {"请填写原因。", "Give the reason."},
	"order.locked":                {"订单已提交,不能再修改。", "The order was submitted and can no longer be changed."},
}
