package catalog

import (
	"satchel/domain"
)

// Refusals of what has no price.
var pricingTexts = map[string]domain.Texts{
	"order.product_stopped":   {"产品 {product} 已停售。", "{product} is no longer sold."},
	"order.not_listed":        {"产品 {product} 不在该客户的可订范围内。", "{product} is not listed for this account."},
	"order.unit_unknown":      {"产品 {product} 没有单位 {unit}。", "{product} has no unit {unit}."},
	"order.quantity_fraction": {"产品 {product}:单位 {unit} 只能订整数。", "{product}: only whole numbers of {unit} can be ordered."},
	"order.quantity_step":     {"产品 {product}:数量必须是 {step}(千分之一单位)的整数倍。", "{product}: the quantity must be a multiple of {step} thousandths of a unit."},
	"order.quantity_min":      {"产品 {product}:数量不得少于 {min}(千分之一单位)。", "{product}: the quantity must be at least {min} thousandths of a unit."},
	"order.amount_too_large":  {"金额过大,请拆分订单。", "The amount is too large; split the order."},
}
