package catalog

import (
	"satchel/domain"
)

// Notices of orders.
var orderNotices = map[string]domain.Texts{
	"order.overdue": {"订单 {no} 的当前步骤({state})已于 {due} 逾期", "Order {no} has been due in state {state} since {due}"},
}
