package catalog

import "satchel/domain"

// OpenWork is what somebody has to hand over before he leaves, by its collection, with
// how many {n} there are.
var OpenWork = map[string]domain.Texts{
	"accounts":            {"客户 {n} 个", "{n} accounts"},
	"activities":          {"市场活动 {n} 个", "{n} activities"},
	"activity_tasks":      {"活动任务 {n} 项", "{n} tasks of activities"},
	"advances":            {"未结清的借款 {n} 笔", "{n} advances that are not cleared"},
	"approvals":           {"审批 {n} 项", "{n} approvals"},
	"audit_findings":      {"未定的稽核发现 {n} 项", "{n} findings that are not decided"},
	"budget_adjustments":  {"预算调整 {n} 项", "{n} budget adjustments"},
	"budget_nodes":        {"预算节点 {n} 个", "{n} budget nodes"},
	"budgets":             {"预算 {n} 份", "{n} budgets"},
	"cases":               {"客户问题 {n} 个", "{n} issues"},
	"expense_claims":      {"未付款的报销单 {n} 张", "{n} claims that are not paid"},
	"expense_reviews":     {"费用分析 {n} 份", "{n} expense reviews"},
	"improvement_actions": {"改进措施 {n} 项", "{n} improvements"},
	"payee_changes":       {"待确认的收款账号变更 {n} 项", "{n} changes of payees' accounts"},
	"payment_runs":        {"未关闭的付款批次 {n} 个", "{n} payment runs"},
	"penalties":           {"未还清的退款 {n} 笔", "{n} repayments"},
	"preapprovals":        {"未了结的事前申请 {n} 份", "{n} pre-approvals"},
	"promo_plans":         {"推广方案 {n} 个", "{n} promotion plans"},
	"service_channels":    {"服务通道 {n} 条", "{n} service channels"},
	"service_evaluations": {"服务评估 {n} 份", "{n} evaluations"},
	"target_letters":      {"目标责任书 {n} 份", "{n} target letters"},
	"trainings":           {"培训 {n} 场", "{n} trainings"},
}

// OpenWorkText lists, in the order of the collections, what there is any of.
func OpenWorkText(collections []string, counts map[string]int64) (all domain.Texts) {
	for _, name := range collections {
		n := counts[name]
		if n == 0 {
			continue
		}
		if all.ZH != "" {
			all.ZH += "、"
			all.EN += ", "
		}
		words := OpenWork[name].With(map[string]any{"n": n})
		all.ZH += words.ZH
		all.EN += words.EN
	}
	return all
}
