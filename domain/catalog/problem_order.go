package catalog

import (
	"satchel/domain"
)

// Refusals of orders.
var orderTexts = map[string]domain.Texts{
	"order.state":              {"当前状态({from})不能执行 {action}。", "An order in state {from} cannot {action}."},
	"order.account_required":   {"请选择客户。", "Choose an account."},
	"order.not_owner":          {"只有订单的负责人可以操作。", "Only the order's owner may do this."},
	"order.not_superior":       {"只有负责该客户的上级可以审批,且不能审批自己的订单。", "Only the superior may decide, and never on an order of his own."},
	"order.empty":              {"订单没有明细。", "The order has no lines."},
	"order.price_list_invalid": {"该价格表不适用于此客户或已失效。", "The price list is not for this account or not in force."},
	"order.price_missing":      {"价格表中没有产品 {product} 的价格。", "The price list has no price for {product}."},
	"order.quantity_invalid":   {"数量必须大于零。", "The quantity must be greater than zero."},
	"order.discount_too_high":  {"折扣超过上限({limit} 基点)。", "The discount is above the limit ({limit} bp)."},
	"order.reason_required":    {"请填写原因。", "Give the reason."},
	"order.locked":             {"订单已提交,不能再修改。", "The order was submitted and can no longer be changed."},
}
