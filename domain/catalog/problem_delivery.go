package catalog

import (
	"satchel/domain"
)

// Refusals of deliveries and returns.
var deliveryTexts = map[string]domain.Texts{
	"delivery.state":              {"当前状态({from})不能执行 {action}。", "A delivery in state {from} cannot {action}."},
	"delivery.locked":             {"送货单已发出或已结束,不能再修改。", "The delivery has left or is over and can no longer be changed."},
	"delivery.not_party":          {"只有物流部或该客户的负责人可以操作。", "Only logistics and those who serve the account may do this."},
	"delivery.order_state":        {"订单当前状态({from})不能送货。", "Nothing of an order in state {from} is delivered."},
	"delivery.empty":              {"送货单没有明细。", "The delivery has no lines."},
	"delivery.quantity_invalid":   {"数量({qty_milli} 千分之一)须大于零,且为整包装或产品最小单位({step_milli} 千分之一)的倍数。", "The quantity of {qty_milli} thousandths must be above zero, and whole packs or steps of {step_milli} thousandths."},
	"delivery.too_much":           {"超过可送数量:还可送 {left}(千分之一)。", "More than is left to be delivered: {left} thousandths."},
	"delivery.signature_required": {"请填写签收人并附签收单。", "Name who signed, and add the signed paper."},
	"delivery.reason_required":    {"请填写原因。", "Give the reason."},
	"delivery.period_invalid":     {"期间须为起止月份(YYYY-MM),最多 {most} 个月。", "The period is from a month to a month (YYYY-MM), {most} at most."},

	"return.state":            {"当前状态({from})不能执行 {action}。", "A return in state {from} cannot {action}."},
	"return.locked":           {"退货单已提交,不能再修改。", "The return was handed in and can no longer be changed."},
	"return.account_required": {"请选择客户。", "Choose an account."},
	"return.not_owner":        {"只有退货单的负责人可以操作。", "Only the return's owner may do this."},
	"return.not_superior":     {"只有负责该客户的上级可以审批,且不能审批自己的退货。", "Only the superior may decide, and never on a return of his own."},
	"return.not_ops":          {"只有物流部可以收货。", "Only logistics takes the goods."},
	"return.order_state":      {"订单当前状态({from})没有可退的货。", "There is nothing to return of an order in state {from}."},
	"return.empty":            {"退货单没有明细。", "The return has no lines."},
	"return.quantity_invalid": {"退货数量须为负数,且为整包装或产品最小单位({step_milli} 千分之一)的倍数。", "The quantity of a return is below zero, and whole packs or steps of {step_milli} thousandths."},
	"return.too_much":         {"超过已送达且未退的数量:还可退 {left}(千分之一)。", "More than was delivered and has not come back: {left} thousandths."},
	"return.photo_required":   {"破损、过期或错发须附照片。", "Damaged, expired or wrong goods need a photo."},
	"return.reason_required":  {"请填写原因。", "Give the reason."},
}
