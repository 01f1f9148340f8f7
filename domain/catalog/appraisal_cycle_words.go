package catalog

import "satchel/domain"

// appraisalCycleWords are what cycles, appraisals and ratings say.
var appraisalCycleWords = domain.Words{Problems: appraisalCycleTexts, Notices: appraisalCycleNotices, Settings: appraisalCycleSettings}

var appraisalCycleTexts = map[string]domain.Texts{
	"appraisal_cycle.state":          {"考核周期当前状态({from})不能执行 {action}。", "A cycle in state {from} cannot {action}."},
	"appraisal_cycle.locked":         {"考核周期由系统维护，不能修改。", "Cycles are kept by the system."},
	"appraisal_cycle.not_head":       {"只有部门负责人可以推进和公布本部门的考核；部门负责人的考核由管理层负责。", "The manager of the department alone advances and publishes its cycle; that of managers is the management's."},
	"appraisal_cycle.not_countable":  {"数据尚未截止（{day}），或该期间的月份尚未关账，不能进入评价。", "The figures do not stand yet: cut-off is {day}, and all months must be frozen."},
	"appraisal_cycle.unrated":        {"还有 {count} 人未由上级评价，不能进入校准。", "{count} people are not rated by their superiors yet."},
	"appraisal_cycle.blocked":        {"还有 {count} 人缺少评价，无法得出考核结果。", "{count} people have no result yet: a rating is missing."},
	"appraisal_cycle.note_missing":   {"还有 {count} 人自评与上级评价相差过大，须先填写沟通说明。", "{count} people rate themselves far from their superiors: note what was discussed."},
	"appraisal_cycle.own_open":       {"您本人的考核须先由管理层校准。", "The management calibrates your own appraisal first."},
	"appraisal_cycle.scheme_unknown": {"没有这个考核方案。", "There is no such scheme."},
	"appraisal.state":                {"考核当前状态({from})不能执行 {action}。", "An appraisal in state {from} cannot {action}."},
	"appraisal.not_head":             {"只有部门负责人可以校准、裁定和重开，且不能处理本人的；部门负责人的由管理层处理。", "The manager of the department alone calibrates, decides and reopens, and nobody his own; the management does it for him."},
	"appraisal.not_subject":          {"只能确认或申诉本人的考核结果。", "Only the person himself confirms or appeals."},
	"appraisal.not_superior":         {"只有其上级或部门负责人可以填写。", "The superior or the manager of the department writes this."},
	"appraisal.no_score":             {"没有考核得分，不能校准。", "There is no score to calibrate."},
	"appraisal.note_required":        {"请填写沟通内容（不超过 2000 字）。", "Say what was talked about, in at most 2,000 characters."},
	"appraisal.reason_required":      {"请填写理由（不超过 2000 字）。", "Give the reason, in at most 2,000 characters."},
	"appraisal.agreed_required":      {"请说明是否同意考核结果。", "Say whether you agree."},
	"appraisal.appeal_over":          {"申诉期已于 {day} 结束。", "The days for appeals ended on {day}."},
	"appraisal.decision_score":       {"裁定的得分须在 {least} 到 {most} 之间，最多两位小数。", "The score decided on is from {least} to {most}, with two places at most."},
	"appraisal.decision_gate":        {"方案中没有否决项 {gate}。", "The scheme has no gate {gate}."},
	"appraisal.not_reckoned":         {"考核结果尚未计算。", "Nothing has been reckoned yet."},
	"appraisal.records_unknown":      {"该考核没有统计 {metric} 的记录。", "No records were counted for {metric}."},
	"appraisal.trace_ends":           {"{metric} 涉及成本，只显示比率和记录数。", "{metric} tells what goods cost: the trace ends at ratio and count."},
	"appraisal.na_no_target":         {"该周期没有下达目标，此项不计，权重由同组其他指标分担。", "There is no target in this cycle: the item is n/a, and the others of its group share its weight."},
	"appraisal.bonus_held":           {"截止日目标责任书未签署，奖金暂不发放。", "A target letter is not signed at cut-off: the bonus is not released."},
	"appraisal.note_needed":          {"自评与上级评价相差过大，须沟通并记录。", "Self and superior are far apart: discuss it and note what was said."},
	"appraisal_rating.state":         {"评价表当前状态({from})不能执行 {action}。", "A form in state {from} cannot {action}."},
	"appraisal_rating.locked":        {"评价表已提交或已过期，不能修改。", "The form was handed in, or its time is over: it stays as it is."},
	"appraisal_rating.not_rater":     {"只有评价人本人可以填写和提交；上级评价由截止日的直接上级作出，不能评价本人。", "Only the rater writes and hands in a form; who rates is the direct superior as of cut-off, and nobody himself."},
	"appraisal_rating.item_twice":    {"指标 {item} 填写了两次。", "Item {item} is rated twice."},
	"appraisal_rating.comment_long":  {"指标 {item} 的说明不能超过 {most} 字。", "The comment of {item} has at most {most} characters."},
	"appraisal_rating.items_invalid": {"评价内容的格式不正确。", "What was rated is not in the form of a rating."},
}

var appraisalCycleNotices = map[string]domain.Texts{
	"appraisal_cycle.no_scheme": {"{period} 考核：{count} 名 {role} 没有已发布的考核方案，未纳入考核", "{period}: no scheme is published for {count} people of role {role}; they are not appraised"},
	"appraisal_cycle.overdue":   {"{period} 考核：{count} 份评价已超过 {due} 仍未提交", "{period}: {count} forms were due on {due} and are not handed in"},
	"appraisal_cycle.calibrate": {"{period} 考核：{count} 人的综合得分已计算，请在 {due} 前校准并公布", "{period}: {count} composites are reckoned; calibrate and publish by {due}"},
	"appraisal.self_due":        {"{period} 考核已开始，请在 {due} 前完成自评", "The appraisal of {period} has begun: rate yourself by {due}"},
	"appraisal.rating_due":      {"请在 {due} 前评价 {name} 的 {period} 考核", "Rate {name} for {period} by {due}"},
	"appraisal.remind":          {"提醒：{name} 的 {period} 评价表须在 {due} 前提交", "Reminder: the form of {name} for {period} is due on {due}"},
	"appraisal.overdue":         {"{name} 的 {period} 评价表已超过期限 {due}", "The form of {name} for {period} was due on {due}"},
	"appraisal.published":       {"您的 {period} 考核结果：{score} 分，等级 {grade}。请在 {confirm} 前确认，申诉截止 {appeal}", "Your result of {period}: {score}, grade {grade}. Confirm by {confirm}; appeals end on {appeal}"},
	"appraisal.confirm_due":     {"请在 {due} 前确认您的 {period} 考核结果", "Confirm your result of {period} by {due}"},
	"appraisal.appealed":        {"{name} 对 {period} 考核结果提出申诉：{reason}", "{name} appeals against the result of {period}: {reason}"},
	"appraisal.decided":         {"您对 {period} 考核的申诉已裁定：{score} 分，等级 {grade}。{reason}", "Your appeal of {period} is decided: {score}, grade {grade}. {reason}"},
	"appraisal.reopened":        {"您的 {period} 考核已重新打开：{reason}", "Your appraisal of {period} was reopened: {reason}"},
}

// Days are counted from the period's end, those of the person from publication.
var appraisalCycleSettings = []domain.Setting{
	{Key: "cycle.cutoff_days", Type: domain.SettingWhole, Min: 1, Max: 60, Default: 6, Clause: "R6.2", Texts: domain.Texts{"期末后多少天数据截止", "Days after the period at which figures are cut off"}},
	{Key: "cycle.self_days", Type: domain.SettingWhole, Min: 1, Max: 90, Default: 10, Clause: "R6.3", Texts: domain.Texts{"期末后多少天内完成自评", "Days after the period by which people rate themselves"}},
	{Key: "cycle.superior_days", Type: domain.SettingWhole, Min: 1, Max: 90, Default: 17, Clause: "R6.4", Texts: domain.Texts{"期末后多少天内完成上级评价", "Days after the period by which superiors rate"}},
	{Key: "cycle.calibration_days", Type: domain.SettingWhole, Min: 1, Max: 120, Default: 22, Clause: "R6.6", Texts: domain.Texts{"期末后多少天内校准并公布", "Days after the period by which results are calibrated and published"}},
	{Key: "cycle.confirm_days", Type: domain.SettingWhole, Min: 1, Max: 60, Default: 5, Clause: "R6.6", Texts: domain.Texts{"公布后多少天内确认结果", "Days after publication within which a result is confirmed"}},
	{Key: "cycle.appeal_days", Type: domain.SettingWhole, Min: 1, Max: 60, Default: 7, Clause: "R6.6", Texts: domain.Texts{"公布后多少天内可以申诉", "Days after publication within which one may appeal"}},
	{Key: "cycle.remind_days", Type: domain.SettingWhole, Min: 0, Max: 30, Default: 2, Clause: "R6.2", Texts: domain.Texts{"截止前多少天提醒", "Days before a deadline at which people are reminded"}},
	{Key: "cycle.self_hidden", Type: domain.SettingFlag, Default: true, Clause: "R6.3", Texts: domain.Texts{"自评提交前对上级隐藏", "A self-rating is hidden from the superior until it is handed in"}},
}
