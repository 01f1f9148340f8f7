package appraisal

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Change is one difference of two versions, as a sentence. At is the path of Fault.At.
type Change struct {
	At string
	domain.Texts
}

// Diff says in words what another version of a scheme says otherwise: every field, in the
// order of the newer one, then what it no longer has. The order of a list is no difference where
// nothing depends on it.
func Diff(before, after Scheme) (out []Change) {
	was, is := describe(before), describe(after)
	values := func(lines []described) map[string]described {
		m := map[string]described{}
		for _, l := range lines {
			m[l.at] = l
		}
		return m
	}
	old, now := values(was), values(is)
	for _, l := range is {
		o, known := old[l.at]
		switch {
		case !known && l.part == "" || !known && has(old, l.part):
			out = append(out, Change{l.at, l.label.joined("：新增（", l.value, "）", ": added (", ")")})
		case known && o.value != l.value:
			out = append(out, Change{l.at, l.label.changed(o.value, l.value)})
		}
	}
	for _, l := range was {
		if _, still := now[l.at]; !still && (l.part == "" || has(now, l.part)) {
			out = append(out, Change{l.at, l.label.joined("：删除（原为 ", l.value, "）", ": removed (was ", ")")})
		}
	}
	return out
}

func has(lines map[string]described, at string) bool { _, is := lines[at]; return is }

// described is one field in words. Part is the path of the entry that it belongs to: if that
// comes or goes whole, its fields are not told one by one.
type described struct {
	at, part string
	label    label
	value    domain.Texts
}

// label names a field.
type label domain.Texts

func (l label) joined(zh string, value domain.Texts, zhEnd, en, enEnd string) domain.Texts {
	return domain.Texts{ZH: l.ZH + zh + value.ZH + zhEnd, EN: l.EN + en + value.EN + enEnd}
}

func (l label) changed(from, to domain.Texts) domain.Texts {
	return domain.Texts{ZH: l.ZH + "：由 " + from.ZH + " 改为 " + to.ZH, EN: l.EN + ": " + from.EN + " becomes " + to.EN}
}

// teller collects descriptions.
type teller struct {
	part  string
	of    label // of the entry whose fields are told
	lines []described
}

func (t *teller) text(at, zh, en string, value domain.Texts) {
	l := label{ZH: zh, EN: en}
	if t.part != "" {
		at, l = t.part+"/"+at, label{ZH: t.of.ZH + "的" + zh, EN: t.of.EN + ", " + en}
	}
	t.lines = append(t.lines, described{at, t.part, l, value})
}

func (t *teller) plain(at, zh, en, value string) {
	if value == "" {
		t.text(at, zh, en, domain.Texts{ZH: "无", EN: "none"})
		return
	}
	t.text(at, zh, en, domain.Texts{ZH: value, EN: value})
}

func (t *teller) number(at, zh, en string, d decimal.Decimal) { t.plain(at, zh, en, d.String()) }
func (t *teller) whole(at, zh, en string, n int)              { t.plain(at, zh, en, strconv.Itoa(n)) }

func (t *teller) word(at, zh, en, word string) {
	value, known := saidAs[word]
	if !known {
		value = domain.Texts{ZH: word, EN: word}
	}
	t.text(at, zh, en, value)
}

func (t *teller) yes(at, zh, en string, yes bool) {
	value := domain.Texts{ZH: "否", EN: "no"}
	if yes {
		value = domain.Texts{ZH: "是", EN: "yes"}
	}
	t.text(at, zh, en, value)
}

// entry begins an entry of a list; what it is stands for the whole of it.
func (t *teller) entry(at, zh, en string, value domain.Texts) {
	t.part = ""
	t.text(at, zh, en, value)
	t.part, t.of = at, label{ZH: zh, EN: en}
}

// saidAs are the words of what a scheme may choose.
var saidAs = map[string]domain.Texts{
	"": {ZH: "无", EN: "none"}, CycleQuarter: {ZH: "季度", EN: "quarter"}, CycleAnnual: {ZH: "年度", EN: "year"},
	"rep": {ZH: "KA业务代表", EN: "rep"}, "ka_manager": {ZH: "KA业务经理", EN: "KA manager"}, "dept_manager": {ZH: "KA业务部门经理", EN: "department manager"},
	GroupSales: {ZH: "销售业绩", EN: "sales"}, GroupCustomer: {ZH: "客户关系", EN: "customer relations"}, GroupTeam: {ZH: "团队协作", EN: "collaboration"}, GroupCompetence: {ZH: "业务能力", EN: "competence"},
	IndicatorComputed: {ZH: "系统计算", EN: "computed"}, IndicatorRated: {ZH: "评分", EN: "rated"},
	MissingRedistribute: {ZH: "权重分给其他评价人", EN: "the others share the weight"}, MissingPrevious: {ZH: "用上一周期得分", EN: "the score of the cycle before"}, MissingBlock: {ZH: "不出得分", EN: "no score until there is one"},
	ManagersShown: {ZH: "以截止日上级为准，前任评分仅供参考", EN: "the superior at cut-off; an earlier one is shown"}, ManagersByDays: {ZH: "按天数加权", EN: "weighed by days"},
	"half_up": {ZH: "四舍五入", EN: "half up"},
}

// describe tells every field of a scheme.
func describe(s Scheme) []described {
	t := &teller{}
	t.plain("scheme", "方案名称", "Name of the scheme", s.Name)
	t.whole("version", "版本", "Version", s.Version)
	t.word("cycle", "考核周期", "Cycle", s.Cycle)
	t.word("role", "适用角色", "Role", s.Role)
	for _, item := range s.Items {
		t.item(item)
	}
	t.part = ""
	t.raters(s.Raters)
	t.number("customer/low", "客户问卷最低分", "Worst answer of customers", s.Customer.Low)
	t.number("customer/high", "客户问卷最高分", "Best answer of customers", s.Customer.High)
	for _, tier := range s.Customer.Tiers {
		t.number("customer/tiers/"+tier.Tier, tier.Tier+" 级客户的权重", "Weight of accounts of tier "+tier.Tier, tier.Weight)
	}
	for _, d := range s.Deductions {
		t.entry("deductions/"+d.Code, "扣分项 "+d.Code, "Deduction "+d.Code, d.Name)
		t.plain("when", "条件", "condition", string(d.When))
		t.plain("points", "扣分", "points", string(d.Points))
		t.plain("most", "扣分上限", "most points", unless0(d.Most))
	}
	for _, g := range s.Gates {
		t.entry("gates/"+g.Code, "门槛 "+g.Code, "Gate "+g.Code, g.Name)
		t.plain("when", "条件", "condition", string(g.When))
		t.plain("max_grade", "最高等级", "highest grade", g.MaxGrade)
		t.yes("hold_bonus", "暂不发放奖金", "holds the bonus", g.HoldBonus)
	}
	t.part = ""
	t.plain("composite", "综合得分公式", "Formula of the composite", string(s.Composite))
	t.number("limits/least", "得分下限", "Least score", s.Limits.Least)
	t.number("limits/most", "得分上限", "Highest score", s.Limits.Most)
	t.money(s)
	t.rest(s)
	return t.lines
}

func unless0(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func (t *teller) item(item Item) {
	t.entry("items/"+item.Code, "指标 "+item.Code, "Indicator "+item.Code, item.Name)
	t.number("w", "权重", "weight", item.Weight)
	t.word("group", "分组", "group", item.Group)
	t.word("kind", "来源", "kind", item.Kind)
	t.plain("formula", "公式", "formula", string(item.Formula))
	var points []string
	for _, p := range item.Band {
		points = append(points, p.X.String()+"→"+p.Y.String())
	}
	t.plain("band", "评分标准", "score band", strings.Join(points, ", "))
	var zh, en []string
	for _, hint := range item.Hints {
		name := domain.Texts{ZH: hint, EN: hint}
		if m, known := FindMetric(hint); known {
			name = m.Name
		}
		zh, en = append(zh, name.ZH), append(en, name.EN)
	}
	if len(zh) == 0 {
		zh, en = []string{"无"}, []string{"none"}
	}
	t.text("hints", "参考数据", "facts beside it", domain.Texts{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")})
}

func (t *teller) raters(r Raters) {
	t.number("raters/self", "自评权重（%）", "Weight of the self rating (%)", r.Self)
	t.number("raters/superior", "上级评价权重（%）", "Weight of the superior (%)", r.Superior)
	t.number("raters/customer", "客户评价权重（%）", "Weight of customers (%)", r.Customer)
	t.word("raters/on_missing_self", "无自评时", "Without a self rating", r.MissingSelf)
	t.word("raters/on_missing_customer", "客户答卷不足时", "With too few answers of customers", r.MissingCustomer)
	t.whole("raters/min_responses", "最少有效答卷数", "Fewest valid answers", r.MinResponses)
	t.whole("raters/min_accounts", "最少答卷客户数", "Fewest accounts that answer", r.MinAccounts)
}

func (t *teller) money(s Scheme) {
	for i, g := range s.Grades {
		t.text("grades/"+g.Code, "等级 "+g.Code+" 的分数线", "Score of grade "+g.Code, domain.Texts{
			ZH: g.From.String() + "（第 " + strconv.Itoa(i+1) + " 级）", EN: g.From.String() + " (place " + strconv.Itoa(i+1) + ")",
		})
	}
	for _, c := range s.Bonus.Coefficients {
		t.number("bonus/"+c.Grade, "等级 "+c.Grade+" 的奖金系数", "Bonus coefficient of grade "+c.Grade, c.Value)
	}
	t.number("bonus/hold_bp", "季度奖金留存比例（%）", "Share of a quarter's bonus held back (%)", decimal.New(int64(s.Bonus.HoldBP), -2))
	t.number("calibration/points", "校准幅度（±分）", "Calibration (± points)", s.Calibration.Points)
	for _, g := range s.Calibration.Guide {
		t.number("calibration/guide/"+g.Grade, g.Grade+" 级及以上人数比例上限（%，提醒）", "Most people of grade "+g.Grade+" or better (%, warning)", decimal.New(int64(g.MostBP), -2))
	}
}

func (t *teller) rest(s Scheme) {
	t.number("self_inflation", "自评与上级评价相差超过多少分须说明", "Distance of self and superior above which a note is wanted", s.SelfInflation)
	t.number("comments/below", "低于多少分须写评语", "Score below which a comment is wanted", s.Comments.Below)
	t.number("comments/above", "高于多少分须写评语", "Score above which a comment is wanted", s.Comments.Above)
	t.whole("min_days", "参加考核的最少在岗天数", "Fewest days of presence", s.MinDays)
	t.number("annual/quarters", "年度得分中季度平均的权重（%）", "Weight of the quarters in the year (%)", s.Annual.Quarters)
	t.number("annual/form", "年度得分中年度考核的权重（%）", "Weight of the annual form in the year (%)", s.Annual.Form)
	t.word("managers", "期间更换上级时", "With two superiors in a cycle", s.Managers)
	t.whole("rounding/score", "得分小数位数", "Places of the score", int(s.Rounding.Score))
	t.word("rounding/mode", "舍入方式", "Rounding", s.Rounding.Mode)
}
