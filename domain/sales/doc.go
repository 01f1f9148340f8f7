// Package sales holds the rules of orders and targets.
//
//	delivery.go         deliveries, on time in full         bound in hooks/sales/deliveries
//	goods_return.go     what comes back                     bound in hooks/sales/deliveries
//	order.go            which step of an order may follow   bound in hooks/sales/orders
//	pricing.go          price list, line and order totals   bound in hooks/sales/orders
//	letter.go, letter_content.go  what both sign, which holds  bound in hooks/sales/letters
//	target.go           how a target is broken down         bound in hooks/sales/targets
package sales
