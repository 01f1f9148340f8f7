package catalog

import (
	"satchel/domain"
)

// Refusals of promotions.
var promotionTexts = map[string]domain.Texts{
	"promotion.rule_invalid": {"促销规则无效:{fault}。", "The rule of the promotion is invalid: {fault}."},
	"promotion.days_invalid": {"结束日期不能早于开始日期。", "The last day is before the first."},
	"promotion.cap_reached":  {"促销 {code} 的额度不足,剩余 {left}。", "The promotion {code} has only {left} left."},
}
