package catalog

import (
	"satchel/domain"
)

// Refusals of reviews of accounts.
var accountReviewTexts = map[string]domain.Texts{
	"account_review.score_range":     {"评分 {field} 须在 0 到 100 之间。", "The score {field} must be from 0 to 100."},
	"account_review.period_invalid":  {"评估期间无效。", "The period of the review is not valid."},
	"account_review.result_required": {"请填写评估结论。", "State the result of the review."},
	"account_review.action_required": {"评估须至少产生一项改进措施。", "A review must lead to at least one improvement."},
}
