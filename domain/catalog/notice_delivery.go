package catalog

import (
	"satchel/domain"
)

// Notices of deliveries and returns.
var deliveryNotices = map[string]domain.Texts{
	"delivery.dispatched": {"货物已发出：{no}", "On its way: {no}"},
	"delivery.delivered":  {"货物已签收：{no}", "Delivered and signed: {no}"},
	"delivery.late":       {"送货晚于承诺日期：{no}", "Delivered after the promised day: {no}"},
	"delivery.short":      {"送货数量不足：{no}", "Delivered short: {no}"},
	"delivery.refused":    {"客户拒收：{no} {reason}", "The customer refused {no}: {reason}"},
	"delivery.cancelled":  {"送货已取消：{no} {reason}", "Delivery {no} is cancelled: {reason}"},

	"return.gift_due":  {"退货 {no}:赠品 {product} {qty} 应一并退回,未退回的按 {yuan} 元从退货款中扣除", "Return {no}: {qty} of the gift {product} belong to it; what stays is taken off its credit at {yuan} yuan"},
	"return.requested": {"退货待审批：{account} {no}", "A return of {account} to decide: {no}"},
	"return.approved":  {"退货已批准：{no}", "Return {no} is approved"},
	"return.rejected":  {"退货未批准：{no} {reason}", "Return {no} is rejected: {reason}"},
	"return.released":  {"退货待收：{no}", "Return {no} comes back"},
	"return.returned":  {"退货已收：{no}", "Return {no} has come back"},
	"return.cancelled": {"退货已取消：{no} {reason}", "Return {no} is cancelled: {reason}"},
}
