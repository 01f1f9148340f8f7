package catalog

import (
	"satchel/domain"
)

// Refusals of keeping accounts: coverage, communication, care and outreach.
var careTexts = map[string]domain.Texts{
	"coverage.reason_required": {"请填写申请例外的原因。", "Say why the period should be excepted."},
	"coverage.not_missing":     {"本期拜访已达标,无需例外。", "No visit is missing in this period."},
	"coverage.requested":       {"例外申请正在等待审批。", "An exception is asked for already."},
	"coverage.not_requested":   {"没有待审批的例外申请。", "No exception is asked for."},
	"coverage.not_superior":    {"只有客户所属的经理可以审批,且不能审批自己的申请。", "The account's manager decides, and never on what he asked for himself."},

	"communication.no_reply_due": {"此记录无需回复,或已回复。", "This needs no reply, or has one."},

	"care.date_invalid":      {"关怀日期无效。", "The care date is not valid."},
	"care.action_required":   {"请填写关怀方式;礼品金额不能为负。", "Say what was done; a gift cannot cost less than nothing."},
	"care.reason_required":   {"请填写跳过的原因。", "Give the reason for skipping it."},
	"care.done":              {"此任务已处理。", "This task was dealt with already."},
	"care.gift_limit":        {"礼品超过每人每次上限({limit} 分)。", "The gift is above the limit for a person ({limit} fen)."},
	"care.gift_year_limit":   {"该客户本年礼品已用 {spent} 分,将超过上限 {limit} 分。", "The account's gifts of the year ({spent} fen) would pass the limit of {limit} fen."},
	"care.gift_person_limit": {"该联系人本年礼品已用 {spent} 分,将超过上限 {limit} 分。", "The person's gifts of the year ({spent} fen) would pass the limit of {limit} fen."},

	"outreach.sent": {"此资讯已发送,不能再修改。", "This campaign was sent and can no longer be changed."},
}
