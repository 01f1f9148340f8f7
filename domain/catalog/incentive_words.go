package catalog

import (
	"satchel/domain"
	"satchel/domain/incentive"
)

// incentiveWords are what pay bases, bonus, commission, honours and development say.
var incentiveWords = domain.Words{Problems: incentiveTexts, Notices: incentiveNotices, Settings: incentiveSettings}

var incentiveTexts = map[string]domain.Texts{
	"employment.own":                      {"不能登记或修改本人的薪酬基数。", "Nobody enters his own pay base."},
	"employment.day_invalid":              {"日期无效:{field}。", "The day is none: {field}."},
	"employment.overlap":                  {"该员工的任职日期与 {from} 起的记录重叠。", "The days overlap those of the row from {from}."},
	"employment.fixed":                    {"记录属于谁、从哪天起不能更改,请新增一条。", "Whose it is and from when stays; add a row."},
	"commission_plan.state":               {"当前状态({from})不能执行 {action}。", "A plan in state {from} cannot {action}."},
	"commission_plan.locked":              {"提成方案已发布,不能修改,请新建版本。", "A published plan stays as it is; make a new version."},
	"commission_plan.not_head":            {"只有本部门经理可以制定和发布提成方案。", "The department's manager alone makes and publishes plans."},
	"commission_plan.tiers":               {"提成档位须从 100% 起依次递增,费率在 0 到 100% 之间。", "Tiers begin at 100 % or above and rise; rates are from 0 to 100 %."},
	"commission_plan.value":               {"提成方案的参数无效:{field}。", "A number of the plan does not fit: {field}."},
	"commission_plan.day_invalid":         {"生效日期无效。", "The day is none."},
	"incentive.state":                     {"当前状态({from})不能执行 {action}。", "A result in state {from} cannot {action}."},
	"incentive.not_finance":               {"只有财务部门可以办理,且不能办理本人的。", "Finance does it, and nobody his own."},
	"incentive.letter_unsigned":           {"目标责任书尚未签字生效,奖金不予发放。", "The target letter is not signed by both: the bonus is not released."},
	"incentive.day_invalid":               {"发放日期无效。", "The day of payment is none, or of the future."},
	"incentive.nothing_to_export":         {"没有已核定待导出的结果。", "Nothing approved waits to be exported."},
	"incentive.not_locked":                {"考核周期锁定后才能核算激励。", "Incentives are reckoned once the cycle is locked."},
	"incentive.not_approved":              {"核定后才有结算单。", "There is a statement once it is approved."},
	"promotion_candidate.state":           {"当前状态({from})不能执行 {action}。", "A candidate in state {from} cannot {action}."},
	"promotion_candidate.not_head":        {"须由部门经理决定;部门经理本人的由管理层决定。", "The department's manager decides; of himself the management does."},
	"promotion_candidate.reason_required": {"请填写原因。", "Give the reason."},
	"honor.state":                         {"当前状态({from})不能执行 {action}。", "An honour in state {from} cannot {action}."},
	"honor.not_head":                      {"须由部门经理决定;部门经理本人的由管理层决定。", "The department's manager decides; of himself the management does."},
	"honor.reason_required":               {"请填写原因。", "Give the reason."},
	"honor.not_published":                 {"发布后才有荣誉证书。", "There is a certificate once it is published."},
	"development_action.state":            {"当前状态({from})不能执行 {action}。", "A measure in state {from} cannot {action}."},
	"development_action.locked":           {"该培养措施已结束,不能修改。", "The measure is over; it stays as it is."},
	"development_action.not_head":         {"须由部门经理安排。", "The department's manager arranges it."},
	"development_action.title_required":   {"请填写培养内容和有效的日期。", "Say what it is, and by which day."},
}

var incentiveNotices = map[string]domain.Texts{
	"incentive.approved":          {"您 {period} 的{kind}已核定,请查看结算单", "Your {kind} for {period} is approved; see the statement"},
	"promotion_candidate.decided": {"您被批准晋升({period})", "You are promoted ({period})"},
	"honor.published":             {"祝贺您获得 {period} 荣誉:{category}", "Congratulations: {category} of {period}"},
	"development_action.planned":  {"已为您安排培养:{title}(截止 {due})", "Planned for you: {title} (by {due})"},
}

// IncentiveKinds are the kinds of results in words.
var IncentiveKinds = map[string]domain.Texts{
	"bonus": {"绩效奖金", "bonus"}, "hold_settlement": {"年度暂扣结算", "settlement of what was held"},
	"commission": {"销售提成", "commission"}, "manager_share": {"团队提成分成", "share of the team's commission"},
}

// HonourCategories are what somebody is honoured for, in words.
var HonourCategories = map[string]domain.Texts{
	"sales_champion": {"销冠", "best in sales"}, "new_accounts": {"新客户开拓", "best in new accounts"},
	"satisfaction": {"客户满意", "best in customers' satisfaction"}, "collaboration": {"最佳协作", "best in collaboration"},
}

var incentiveSettings = []domain.Setting{
	{
		Key: "commission.tiers", Type: domain.SettingData, Clause: "R6.8",
		Default: []incentive.Tier{{FromBP: 10_000, RateBP: 100}, {FromBP: 11_000, RateBP: 150}, {FromBP: 13_000, RateBP: 200}},
		Texts:   domain.Texts{"新提成方案的档位:达成率从多少(万分比)起,超额部分按多少(万分比)计提", "Tiers of a new plan: from which attainment which rate, in basis points"},
	},
	{Key: "commission.floor_bp", Type: domain.SettingWhole, Min: -10_000, Max: 10_000, Default: 1000, Clause: "R6.8", Texts: domain.Texts{"新提成方案的毛利底线(万分比)", "Gross margin below which a new plan guards a line, in basis points"}},
	{Key: "commission.low_bp", Type: domain.SettingWhole, Min: 0, Max: 10_000, Default: 5000, Clause: "R6.8", Texts: domain.Texts{"新提成方案中低毛利行计入超额的比例(万分比)", "What of a guarded line a new plan counts above the target, in basis points"}},
	{Key: "commission.hold_days", Type: domain.SettingWhole, Min: 0, Max: 3660, Default: 180, Clause: "R6.8", Texts: domain.Texts{"新提成方案中未回款提成的保留天数", "Days after which a new plan lets commission lapse that is not collected"}},
	{Key: "commission.pay_late", Type: domain.SettingFlag, Default: false, Clause: "R6.8", Texts: domain.Texts{"新提成方案是否补发失效后才回款的提成", "Whether a new plan pays what is collected after it lapsed"}},
	{Key: "commission.manager_bp", Type: domain.SettingWhole, Min: 0, Max: 10_000, Default: 1000, Clause: "R6.8", Texts: domain.Texts{"新提成方案中经理对团队提成的分成(万分比)", "A manager's share of his team's commission in a new plan, in basis points"}},
	{Key: "incentive.company_factor_bp", Type: domain.SettingWhole, Min: 0, Max: 100_000, Default: 10_000, Clause: "R6.7", Texts: domain.Texts{"公司系数(万分比),核算奖金时取周期结束日的值", "The company's factor of a bonus, in basis points, as on the cycle's last day"}},
	{Key: "incentive.leaver_hold", Type: domain.SettingText, OneOf: []string{"pay", "forfeit"}, Default: "pay", Clause: "R6.7", Texts: domain.Texts{"年度结果前离职者的暂扣奖金:pay 发放,forfeit 不发", "What becomes of a bonus held of who left before the year's result: pay or forfeit"}},
	{Key: "incentive.honour_bp", Type: domain.SettingWhole, Min: 0, Max: 10_000, Default: 1000, Clause: "R6.11", Texts: domain.Texts{"每项荣誉取部门人数的比例(万分比),至少一人", "Share of a department that is honoured in each category, in basis points; one at least"}},
	{Key: "incentive.improve_days", Type: domain.SettingWhole, Min: 1, Max: 366, Default: 30, Clause: "R6.10", Texts: domain.Texts{"考核不合格后改进计划的天数", "Days in which somebody has to improve after a poor result"}},
}
