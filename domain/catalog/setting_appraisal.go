package catalog

import (
	"satchel/domain"
	"satchel/domain/appraisal"
)

// appraisalSettings are what a new scheme begins with; it is copied, and then says so itself.
var appraisalSettings = []domain.Setting{
	{
		Key: "appraisal.rater_weights", Type: domain.SettingData, Clause: "R6.3", Check: checkRaters,
		Default: map[string]RaterWeights{"rep": {10, 65, 25}, "ka_manager": {10, 70, 20}, "dept_manager": {10, 75, 15}},
		Texts:   domain.Texts{"自评、上级评价、客户评价的权重(%)", "Weights of self, superior and customers, in per cent"},
	},
	{Key: "appraisal.grades", Type: domain.SettingData, Clause: "R6.7", Check: checkGrades, Default: map[string]int{"S": 95, "A": 85, "B": 75, "C": 60}, Texts: domain.Texts{"各等级的分数线", "Score from which a grade is given"}},
	{
		Key: "appraisal.missing_customer", Type: domain.SettingText, OneOf: []string{appraisal.MissingRedistribute, appraisal.MissingPrevious, appraisal.MissingBlock}, Default: appraisal.MissingRedistribute,
		Clause: "R6.5", Texts: domain.Texts{"客户答卷不足时:权重分给其他评价人、用上一周期得分或不出得分", "With too few answers: the others share the weight, the score of the cycle before, or none"},
	},
	{Key: "appraisal.min_responses", Type: domain.SettingWhole, Min: 1, Max: 10_000, Default: 3, Clause: "R6.5", Texts: domain.Texts{"客户评价至少需要的有效答卷数", "Fewest valid answers of customers"}},
	{Key: "appraisal.min_accounts", Type: domain.SettingWhole, Min: 1, Max: 10_000, Default: 2, Clause: "R6.5", Texts: domain.Texts{"客户评价至少需要的答卷客户数", "Fewest accounts that answer"}},
	{Key: "appraisal.min_days", Type: domain.SettingWhole, Min: 0, Max: 366, Default: 30, Clause: "R6.2", Texts: domain.Texts{"参加考核的最少在岗天数", "Fewest days of presence to be appraised"}},
	{Key: "appraisal.calibration", Type: domain.SettingWhole, Min: 0, Max: 100, Default: 5, Clause: "R6.6", Texts: domain.Texts{"校准幅度(±分)", "Points by which a score may be calibrated, up or down"}},
	{Key: "appraisal.self_inflation", Type: domain.SettingWhole, Min: 0, Max: 1000, Default: 15, Clause: "R6.6", Texts: domain.Texts{"自评与上级评价相差超过多少分须说明", "Distance of self and superior above which a note is wanted"}},
	{Key: "appraisal.annual_form", Type: domain.SettingWhole, Min: 0, Max: 100, Default: 50, Clause: "R6.2", Texts: domain.Texts{"年度得分中年度考核的权重(%),其余为季度平均", "Weight of the annual form in the year, in per cent; the rest are the quarters"}},
	{Key: "appraisal.hold_bp", Type: domain.SettingWhole, Min: 0, Max: 10_000, Default: 2000, Clause: "R6.7", Texts: domain.Texts{"季度奖金留存到年度结算的比例(万分之一)", "Share of a quarter's bonus held until the year is settled, in basis points"}},
	{
		Key: "appraisal.managers", Type: domain.SettingText, OneOf: []string{appraisal.ManagersShown, appraisal.ManagersByDays}, Default: appraisal.ManagersShown,
		Clause: "R6.4", Texts: domain.Texts{"期间更换上级时:以截止日上级为准(shown)或按天数加权(days)", "With two superiors in a cycle: the one at cut-off (shown), or both by days (days)"},
	},
}

// RaterWeights are per cent.
type RaterWeights struct {
	Self     int `json:"self"`
	Superior int `json:"superior"`
	Customer int `json:"customer"`
}

func checkRaters(v any) string {
	return each(v, func(_ string, member any) string {
		if fault := wholes(member, 0, 100, "self", "superior", "customer"); fault != "" {
			return fault
		}
		var sum float64
		for _, n := range member.(map[string]any) {
			sum += n.(float64)
		}
		if sum != 100 {
			return "the weights must make 100"
		}
		return ""
	})
}

func checkGrades(v any) string { return wholes(v, 0, 120, "S", "A", "B", "C", "D") }
