package catalog

import (
	"satchel/domain"
)

// closingWords are of months that are frozen and of reports that are made of them.
var closingWords = domain.Words{
	Problems: map[string]domain.Texts{
		"analysis.month_invalid": {"月份无效({month})。", "{month} is no month."},
		"analysis.month_open":    {"{month} 尚未结束,不能关账。", "{month} is not over and cannot be closed."},
		"analysis.month_frozen":  {"{month} 已关账;之后的更正计入当前月份。", "{month} is closed; what is learnt later counts in the open month."},
		"analysis.not_finance":   {"只有财务可以提前关账。", "Only finance closes a month before its day."},

		"report_definition.figures_required": {"请至少选择一个指标。", "Choose at least one figure."},
		"report_definition.figures_twice":    {"同一指标不得重复。", "Each figure once."},
		"report_definition.not_owner":        {"只有定义人或管理员可以修改报表。", "Only who defined the report, or an administrator, may change it."},
	},
	Notices: map[string]domain.Texts{
		"report_run.made":    {"报表已生成：{name}（{from} 至 {to}）", "A report was made: {name} ({from} to {to})"},
		"report_run.mailed":  {"报表：{name}（{from} 至 {to}），见附件", "Report: {name} ({from} to {to}), attached"},
		"report_run.refused": {"报表未能生成：{name}。{problem}", "A report was not made: {name}. {problem}"},
	},
	Settings: []domain.Setting{
		{Key: "analysis.close_day", Type: domain.SettingWhole, Min: 1, Max: 28, Default: 5, Clause: "R2.5", Texts: domain.Texts{"每月几号关账上月的经营指标", "Day of the month on which last month's figures are frozen"}},
	},
}
