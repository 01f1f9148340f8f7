package catalog

import (
	"satchel/domain"
)

// appraisalSchemeTexts are what is wrong with a scheme, an indicator and somebody's facts.
var appraisalSchemeTexts = map[string]domain.Texts{
	"appraisal_scheme.state":        {"考核方案当前状态({from})不能执行 {action}。", "A scheme in state {from} cannot {action}."},
	"appraisal_scheme.locked":       {"考核方案已发布，不能修改；请基于它建立新版本。", "The scheme is published and stays as it is: make a new version of it."},
	"appraisal_scheme.not_head":     {"考核方案由KA业务部门经理为本部门或全公司制定和发布。", "Schemes are made and published by a department manager, for his department or for all."},
	"appraisal_scheme.name_taken":   {"名称“{name}”已用于其他角色、周期或部门的方案。", "The name “{name}” is that of a scheme for another role, cycle or department."},
	"appraisal_scheme.first":        {"这是第一个版本，没有可比较的方案。", "This is the first version: there is nothing to compare it with."},
	"appraisal_scheme.invalid":      {"考核方案有 {count} 处错误，第一处在 {at}：{fault}", "The scheme has {count} faults; the first is at {at}: {fault}"},
	"appraisal_scheme.json":         {"内容不是有效的考核方案：{fault}", "The content is no scheme: {fault}"},
	"appraisal_scheme.year_only":    {"部门经理只做年度考核。", "A department manager is appraised by the year alone."},
	"appraisal_scheme.no_items":     {"方案没有指标。", "The scheme has no indicators."},
	"appraisal_scheme.too_many":     {"须有 1 至 {most} 项。", "One to {most} entries are wanted."},
	"appraisal_scheme.code":         {"代码“{code}”无效：须以字母开头，只含字母、数字和下划线，最多 32 个字符。", "The code “{code}” is none: a letter, then letters, digits and _, 32 at most."},
	"appraisal_scheme.twice":        {"代码“{code}”重复。", "The code “{code}” is there twice."},
	"appraisal_scheme.name":         {"请填写中文和英文名称（各不超过 100 字）。", "Give a name in Chinese and in English, of at most 100 characters each."},
	"appraisal_scheme.weights":      {"各指标权重之和须为 100，现为 {sum}。", "The weights of the indicators must make 100, and make {sum}."},
	"appraisal_scheme.number":       {"须为 {least} 至 {most} 的数字，最多 6 位小数。", "A number from {least} to {most} is wanted, of at most 6 places."},
	"appraisal_scheme.word":         {"“{word}”无效，可选：{words}。", "“{word}” is none of {words}."},
	"appraisal_scheme.unwanted":     {"由评价人评分的指标没有公式。", "An indicator that is rated has no formula."},
	"appraisal_scheme.band_short":   {"评分标准至少需要两个点。", "A score band has two points at least."},
	"appraisal_scheme.band_overlap": {"评分标准的横坐标须递增，在 {x} 处重叠。", "The points of a score band go on to the right; they overlap at {x}."},
	"appraisal_scheme.band_falls":   {"评分标准的得分不能下降，在 {x} 处下降。", "A score band does not fall; it does at {x}."},
	"appraisal_scheme.metric":       {"没有名为“{metric}”的统计项。", "There is no metric “{metric}”."},
	"appraisal_scheme.raters":       {"自评、上级、客户的权重之和须为 100，现为 {sum}。", "The weights of self, superior and customers must make 100, and make {sum}."},
	"appraisal_scheme.scale":        {"下限 {low} 须小于上限 {high}。", "The lower bound {low} must be below the upper one, {high}."},
	"appraisal_scheme.gate":         {"门槛须限定最高等级，或暂不发放奖金。", "A gate bounds the grade or holds the bonus."},
	"appraisal_scheme.composite":    {"综合得分公式有误：三方均为 100 分时应得 {want}，实得 {value}；缺少某一方时其余按权重折算，扣分照减。", "The composite must make {want} of hundreds and makes {value}: who is missing leaves his weight to the others, and deductions come off."},
	"appraisal_scheme.grades":       {"等级分数线须从高到低，等级 {grade} 不低于前一级。", "Grades fall from the best; {grade} is not below the one before."},
	"appraisal_scheme.lowest":       {"最低等级 {grade} 的分数线须不高于得分下限，否则有人没有等级。", "The lowest grade, {grade}, must begin at the least score, or somebody has none."},
	"appraisal_scheme.grade":        {"没有等级“{grade}”。", "There is no grade “{grade}”."},
	"appraisal_scheme.bonus":        {"等级 {grade} 没有奖金系数。", "Grade {grade} has no bonus coefficient."},
	"appraisal_scheme.annual":       {"季度平均与年度考核的权重之和须为 100，现为 {sum}。", "The weights of the quarters and the annual form must make 100, and make {sum}."},
	"indicator.locked":              {"指标 {code} 由系统计算，不能修改；可停用，或另建指标。", "Indicator {code} is computed and stays as it is: switch it off, or make one of your own."},
	"indicator.invalid":             {"指标的 {at} 有误：{fault}", "The indicator is wrong at {at}: {fault}"},

	"appraisal.rating_invalid":     {"指标 {item} 的评分须为 0 至 100 的数字。", "The rating of {item} must be a number from 0 to 100."},
	"appraisal.item_missing":       {"请为指标 {item}（{name}）评分。", "Rate {item} ({name})."},
	"appraisal.item_unknown":       {"方案中没有由评价人评分的指标 {item}，或已评过。", "The scheme has no indicator {item} to be rated, or it was rated already."},
	"appraisal.comment_required":   {"指标 {item}（{name}）的评分过低或过高，请写评语。", "The rating of {item} ({name}) is so low or high that it needs a comment."},
	"appraisal.mark_invalid":       {"客户答卷中的分数 {mark} 超出范围。", "The answer {mark} of a customer is out of bounds."},
	"appraisal.calibration_beyond": {"校准不能超过 ±{most} 分。", "A score is calibrated by at most {most} points, up or down."},
	"appraisal.calibration_reason": {"请填写校准原因。", "Give the reason of the calibration."},
	"appraisal.metric_unknown":     {"统计项 {metric} 不存在或重复。", "The metric {metric} is unknown, or there twice."},
	"appraisal.metric_invalid":     {"统计项 {metric} 的数值超出范围。", "The value of {metric} is out of bounds."},

	"appraisal.na_no_fact":        {"没有数据，此项不计。", "Nothing is known of it: it does not count."},
	"appraisal.na_no_denominator": {"没有目标、目标不大于零或缺少数据，此项不计，权重由同组其他指标分担。", "Without a target above zero, or without figures, it does not count; the others of its group share the weight."},
	"appraisal.na_few_days":       {"在岗天数不足，不参加考核。", "Too few days of presence to be appraised."},
	"appraisal.na_not_rated":      {"未评分，权重由同组其他指标分担。", "Not rated: the others of its group share the weight."},
	"appraisal.na_nothing_left":   {"没有可计的指标：无得分，也无奖金。", "Nothing is left to reckon: no score, and no bonus."},
	"appraisal.na_no_self":        {"未提交自评。", "No self rating was handed in."},
	"appraisal.na_no_superior":    {"上级尚未评价。", "The superior has not rated yet."},
	"appraisal.na_few_answers":    {"有效客户答卷不足。", "Too few customers answered."},
	"appraisal.na_no_weight":      {"没有有权重的评价：无得分，也无奖金。", "Nobody whose rating counts has rated: no score, and no bonus."},
	"appraisal.na_no_quarters":    {"没有季度得分，只计年度考核。", "No quarter has a score: the annual form counts alone."},
}

var appraisalSchemeNotices = map[string]domain.Texts{
	"appraisal_scheme.published": {"考核方案“{name}”第 {version} 版已发布，从下一个考核周期起适用", "Scheme “{name}”, version {version}, is published; cycles that open from now on take it"},
}
