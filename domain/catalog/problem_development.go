package catalog

import (
	"satchel/domain"
)

// Refusals of choosing and developing accounts: scorecards, stages,
// duplicates, negotiations, contracts and opportunities.
var developmentTexts = map[string]domain.Texts{
	"scoring.model_invalid":       {"评分模型有误:{fault}。", "The scoring model is wrong: {fault}."},
	"scoring.model_used":          {"此评分模型已发布或已使用,请另建新版本。", "This model is published or used; make a new version instead."},
	"scoring.model_other":         {"此评分模型不适用于该对象。", "This model scores something else."},
	"scoring.model_missing":       {"没有生效的评分模型。", "There is no active scoring model."},
	"scorecard.rating_missing":    {"标准 {criterion} 尚未评分。", "The criterion {criterion} is not rated."},
	"scorecard.rating_range":      {"标准 {criterion} 的评分超出范围。", "The rating of {criterion} is out of range."},
	"scorecard.evidence_required": {"请填写标准 {criterion} 的评分依据。", "State what the rating of {criterion} rests on."},
	"scorecard.criterion_unknown": {"评分模型中没有标准 {criterion}。", "The scoring model has no criterion {criterion}."},
	"scorecard.below_minimum":     {"标准 {criterion} 低于最低要求({least})。", "The criterion {criterion} is below its minimum ({least})."},
	"scorecard.below_threshold":   {"总分 {total} 低于入选线 {least}(万分之一)。", "The score {total} is below the threshold {least} (bp)."},
	"scorecard.state":             {"当前状态({from})不能执行 {action}。", "A scorecard in state {from} cannot {action}."},
	"scorecard.not_head":          {"只有部门经理可以破格入选。", "Only the department manager may override the score."},

	"account.stage":           {"客户处于 {from} 阶段,不能执行 {action}。", "An account in stage {from} cannot {action}."},
	"account.stage_reason":    {"请填写原因。", "Give the reason."},
	"account.gate_research":   {"请先填写行业、区域和采购需求。", "Record industry, region and purchasing needs first."},
	"account.gate_scorecard":  {"须有已批准且达标的评分卡。", "An approved scorecard that meets the threshold is required."},
	"account.gate_contact":    {"须至少有一次联系记录。", "At least one contact must be logged."},
	"account.gate_need":       {"请先记录客户的初步需求。", "Note the customer's first need."},
	"account.gate_visit":      {"须至少有一次有效的实地拜访。", "At least one valid visit on the spot is required."},
	"account.gate_decider":    {"须至少登记一位决策人。", "At least one decision maker must be recorded."},
	"account.gate_terms":      {"须有写明价格与服务条款的洽谈记录,且没有未解决的异议。", "A negotiation with price and service terms and no open objection is required."},
	"account.gate_contract":   {"须有生效的合同。", "A contract in force is required."},
	"account.duplicate_uscc":  {"已有客户使用此统一社会信用代码。", "Another account has this unified social credit code."},
	"account.duplicate_name":  {"已有同名客户;若确属不同公司,请填写区分说明。", "Another account has this name; if it is a different company, say how they differ."},
	"account.contact_unknown": {"联系人不属于此客户。", "The contact is not of this account."},

	"contract.state":            {"当前状态({from})不能执行 {action}。", "A contract in state {from} cannot {action}."},
	"contract.locked":           {"合同已{from},不能再修改。", "The contract is {from} and can no longer be changed."},
	"contract.file_required":    {"请上传双方签署的合同文件。", "Attach the signed contract."},
	"contract.hash_mismatch":    {"签署文件与登记的校验值不符。", "The signed file does not match the hash that was given."},
	"contract.dates_invalid":    {"合同起止日期无效。", "The contract's dates are not valid."},
	"contract.amount_invalid":   {"合同金额不能为负。", "The amount of a contract cannot be negative."},
	"contract.reason_required":  {"请填写终止原因。", "Give the reason for ending it."},
	"contract.not_line":         {"只有客户的负责人或上级可以处理合同。", "Only the account's owner and his superiors may handle its contracts."},
	"contract.reviewer_missing": {"部门 {department} 没有可审核的人员。", "The department {department} has nobody to review."},

	"opportunity.state":           {"当前阶段({from})不能执行 {action}。", "An opportunity in stage {from} cannot {action}."},
	"opportunity.reason_required": {"请填写原因。", "Give the reason."},
	"opportunity.proof_required":  {"赢单须关联订单或合同。", "A won opportunity needs its order or contract."},
	"opportunity.major_undecided": {"重大合作项目须先有部门经理的决定。", "A major deal needs the department manager's decision first."},
	"opportunity.not_head":        {"只有部门经理可以决定重大合作项目。", "Only the department manager decides on major deals."},
	"opportunity.not_owner":       {"只有商机的负责人或其上级可以操作。", "Only the opportunity's owner and his superiors may do this."},
	"opportunity.locked":          {"商机已结束,不能再修改。", "The opportunity is over and can no longer be changed."},

	"opportunity.field_required":     {"请填写机会来源和客户需求。", "Give the source of the opportunity and what the customer needs."},
	"opportunity.lost_code_required": {"请从列表中选择丢单原因。", "Choose from the list why it was lost."},
	"opportunity.next_late":          {"{grade} 级商机的下次跟进不得晚于 {latest}。", "An opportunity of grade {grade} is followed up by {latest} at the latest."},
	"opportunity.amount_invalid":     {"商机金额不能为负。", "The amount of an opportunity cannot be negative."},
	"opportunity.not_superior":       {"只有上级可以确认赢单。", "Only who is over the account's owner may confirm a win."},
	"opportunity.funnel_invalid":     {"漏斗查询参数有误:{field}。", "The funnel cannot be asked for with this {field}."},

	"negotiation.term_invalid":   {"条款 {term} 缺少名称或内容,或名称重复。", "The term {term} lacks its name or value, or is named twice."},
	"negotiation.terms_missing":  {"达成意向须写明价格与服务条款。", "An agreement needs price and service terms."},
	"negotiation.objection_open": {"客户异议尚未答复:{objection}。", "An objection is not answered: {objection}."},

	"account_plan.taken": {"该客户本年度已有业务计划。", "The account has a plan for this year already."},
}
