package catalog

import "satchel/domain"

// analysisWords are what figures say.
var analysisWords = domain.Words{
	Problems: map[string]domain.Texts{
		"analysis.figure_unknown":     {ZH: "没有名为 {key} 的指标。", EN: "There is no figure {key}."},
		"analysis.period_invalid":     {ZH: "期间无效：请给出起止日期（或月份），起不晚于止，最长 {years} 年。", EN: "Give a first and a last day (or month), in that order, {years} years at most."},
		"analysis.dimension_invalid":  {ZH: "该指标不能按 {name} 拆分或筛选；最多三个维度，不得重复。", EN: "This figure is not broken down or filtered by {name}; three dimensions at most, each once."},
		"analysis.argument_invalid":   {ZH: "参数 {name} 无效。", EN: "The argument {name} is not valid."},
		"analysis.not_allowed":        {ZH: "您无权查看此指标，或无权这样拆分。", EN: "This figure is not yours to see, or not in this detail."},
		"analysis.too_many_rows":      {ZH: "结果超过 {most} 行，请减少维度、增加筛选或限制行数。", EN: "More than {most} rows: break down less, filter more, or set a limit."},
		"product_cost.amount_invalid": {ZH: "成本须在 0 到 {most} 分之间。", EN: "A cost is between 0 and {most} fen."},
	},
}
