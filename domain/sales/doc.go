// Package sales holds the rules of orders and targets.
//
//	order.go            which step of an order may follow   bound in hooks/sales/orders
//	pricing.go          price list, line and order totals   bound in hooks/sales/orders
//	target.go           how a target is broken down         bound in hooks/sales/targets
package sales
