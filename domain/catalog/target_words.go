package catalog

import (
	"satchel/domain"
	"satchel/domain/sales"
)

// targetWords are what targets say.
func targetWords() domain.Words {
	return domain.Words{
		Problems: map[string]domain.Texts{
			"target.state":            {"当前状态({from})不能执行 {action}。", "A target in state {from} cannot {action}."},
			"target.locked":           {"目标已下达，须先退回修订。", "The target is issued: revise it first."},
			"target.not_superior":     {"目标由上级制定。", "A target is set by its owner's superior."},
			"target.not_owner":        {"只有目标的负责人可以确认分解。", "Only the target's owner breaks it down."},
			"target.level_invalid":    {"该员工不在职，或职务与目标层级({level})不符。", "This person is not active or has no targets of the level {level}."},
			"target.parent_invalid":   {"上级目标须为其直接上级（客户目标为负责人本人）同一年度、同一指标的目标；部门目标没有上级目标。", "The target above is the direct superior's (of an account's, its owner's own), of the same year and metric; a department's has none."},
			"target.year_invalid":     {"年度无效。", "The year is none that a target may be of."},
			"target.parent_open":      {"上级目标尚未下达。", "The target above is not issued."},
			"target.parent_over":      {"上级目标已取消。", "The target above is cancelled."},
			"target.basis_required":   {"请填写部门目标的依据：公司目标、市场情况、业务能力。", "Give the basis of the department's target: company goal, market, capability."},
			"target.numbers_invalid":  {"请填写四个季度和十二个月的整数（从 0 起）。", "Give whole numbers from 0 of four quarters and twelve months."},
			"target.periods_required": {"请填写四个季度和十二个月的目标。", "Give the numbers of all four quarters and twelve months."},
			"target.periods_sum":      {"{period} 的分期合计 {sum} 与目标 {value} 不一致。", "The parts of {period} add up to {sum}, not to {value}."},
			"target.none_below":       {"还没有已下达的下级目标。", "No target below is issued."},
			"target.below_parent":     {"下级目标合计 {sum} 低于本目标 {value}。", "The targets below add up to {sum}, less than {value}."},
			"target.over_parent":      {"下级目标合计 {sum} 超过上限 {most}。", "The targets below add up to {sum}, more than {most}."},
			"target.has_children":     {"仍有下级目标，请先处理下级目标。", "There are targets below: settle those first."},
			"target.twice":            {"该员工本年度已有此指标的目标。", "This person has a target of this metric for the year."},
			"target.reason_required":  {"请填写原因。", "Give the reason."},
			"target.account_invalid":  {"客户目标须指明客户，且该客户由目标负责人负责；其他层级的目标不指明客户。", "A target of an account names one that its owner holds; those of other levels name none."},
			"target.account_metric":   {"客户目标只设销售额、销售量和满意度。", "Accounts have targets of amount, volume and satisfaction alone."},
			"target.by_invalid":       {"分配方式须为 even（平均）、weights（按权重）或 season（按上年实绩）。", "Divide by even, weights or season."},
			"target.weights_invalid":  {"请填写 {many} 个权重（从 0 起的整数，不能全为 0）。", "Give {many} weights: whole numbers from 0, not all of them 0."},
			"target.over_setting":     {"超出比例须在 0 至 {most}（万分之一）之间。", "The surplus must be between 0 and {most} basis points."},
			"target.level_last":       {"客户目标不再向下分解。", "A target of an account is not divided further."},
			"target.parts_required":   {"没有可分配的下级，请列出人员或客户。", "There is nobody below to divide it over: name people or accounts."},
			"target.part_twice":       {"同一人员或客户列出了两次。", "A person or an account is named twice."},
			"target.part_taken":       {"{name} 的目标已下达或属于另一目标，请先退回修订。", "The target of {name} is in force or hangs on another: revise that first."},
		},
		Notices: targetNotices(),
		Settings: []domain.Setting{{
			Key: "target.over_bp", Type: domain.SettingWhole, Max: 10_000, Default: 1000, Clause: "R4.2", Phones: true,
			Texts: domain.Texts{"下级目标合计最多可超过上级目标多少（万分之一）", "How far targets below may exceed the one above, in basis points"},
		}},
	}
}

// targetNotices has the words for each metric.
func targetNotices() map[string]domain.Texts {
	all := map[string]domain.Texts{}
	for metric, name := range sales.TargetMetrics {
		all["target.issued."+metric] = domain.Texts{"{year} 年" + name.ZH + "目标已下达", "Your target of " + name.EN + " for {year} is issued"}
		all["target.revised."+metric] = domain.Texts{"{year} 年" + name.ZH + "目标正在修订：{reason}", "Your target of " + name.EN + " for {year} is being revised: {reason}"}
		all["target.cancelled."+metric] = domain.Texts{"{year} 年" + name.ZH + "目标已取消：{reason}", "Your target of " + name.EN + " for {year} is cancelled: {reason}"}
		all["target.reopened."+metric] = domain.Texts{"{name} 的{year} 年" + name.ZH + "目标有变，请重新确认分解", "The target of " + name.EN + " of {name} for {year} changes: break yours down again"}
	}
	return all
}
