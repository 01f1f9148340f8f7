package expense

import "satchel/domain"

// RuleKind is what a rule can look at. The list is closed: a rule has parameters and no
// expressions, so that a server and a phone judge alike.
type RuleKind struct {
	Kind     string
	Row      string // of the policy's table of checks
	Severity string // what a new rule gets that says nothing
	Params   []RuleParam
	Named    bool // it names the categories that it is for
	domain.Texts

	limit bool // special approval may let its hits pass
	daily bool // each day of a line has the rule of its own day
	judge func(j *judged)
}

// RuleKindOf finds a kind.
func RuleKindOf(name string) (RuleKind, bool) {
	for _, k := range RuleKinds {
		if k.Kind == name {
			return k, true
		}
	}
	return RuleKind{}, false
}

// Kinds that other areas ask for by name.
const (
	RuleGift      = "gift"
	RuleFee       = "fee"
	RulePerDiem   = "per_diem"
	RuleMileage   = "mileage"
	RuleLodging   = "lodging"
	RuleCityTiers = "city_tiers"
)

const mostFen = 1_000_000_000

func fen(name string, usual int, zh, en string) RuleParam {
	return RuleParam{Name: name, Form: FormFen, Max: mostFen, Default: RuleValue{Whole: usual}, Texts: domain.Texts{ZH: zh, EN: en}}
}

func fenOf(name, setting, zh, en string) RuleParam {
	p := fen(name, 0, zh, en)
	p.Setting = setting
	return p
}

func whole(name, form string, least, most, usual int, zh, en string) RuleParam {
	return RuleParam{Name: name, Form: form, Min: least, Max: most, Default: RuleValue{Whole: usual}, Texts: domain.Texts{ZH: zh, EN: en}}
}

func words(name, zh, en string, usual ...string) RuleParam {
	return RuleParam{Name: name, Form: FormTexts, Default: RuleValue{Texts: append([]string{}, usual...)}, Texts: domain.Texts{ZH: zh, EN: en}}
}

func codes(name, zh, en string) RuleParam {
	p := words(name, zh, en)
	p.Categories = true
	return p
}

func tiers(first, second, third int, zh, en string) RuleParam {
	return RuleParam{Name: "tiers_fen", Form: FormTiers, Max: mostFen, Default: RuleValue{Tiers: []int{first, second, third}}, Texts: domain.Texts{ZH: zh, EN: en}}
}

// RuleKinds are all kinds, in the order in which they are asked.
var RuleKinds []RuleKind

func init() { // what judges asks for rules by their kinds
	RuleKinds = []RuleKind{
		{Kind: "buyer", Row: "buyer.name / buyer.tax", Severity: HitBlocks, judge: judgeBuyer, Texts: domain.Texts{"发票抬头与税号须为本公司", "The invoice is issued to the company, by name and tax number"}},
		{Kind: "issue_future", Row: "date.future", Severity: HitBlocks, judge: judgeFuture, Texts: domain.Texts{"开票日期不得晚于提交日", "The invoice is not issued after the claim is handed in"}},
		{
			Kind: "issue_before", Row: "date.before_expense", Severity: HitWarns, judge: judgeIssuedBefore, Texts: domain.Texts{"开票日期不早于费用发生前若干天", "The invoice is not issued more than so many days before the expense"},
			Params: []RuleParam{whole("days", FormDays, 0, 3650, 1, "可早于费用发生的天数", "Days before the expense")},
		},
		{
			Kind: "late", Row: "date.window", Severity: HitWarns, limit: true, judge: judgeLate, Texts: domain.Texts{"费用发生或开票后若干天内提交", "A claim is handed in within so many days of the expense and of the invoice"},
			Params: []RuleParam{
				{Name: "days", Form: FormDays, Min: 1, Max: 3650, Setting: "expense.warn_days", Texts: domain.Texts{"费用发生后的天数", "Days after the expense"}},
				{Name: "issue_days", Form: FormDays, Min: 1, Max: 3650, Setting: "expense.block_days", Texts: domain.Texts{"开票后的天数", "Days after the invoice"}},
			},
		},
		{
			Kind: "last_year", Row: "date.cross_year", Severity: HitBlocks, judge: judgeLastYear, Texts: domain.Texts{"上年发票的受理期限", "Until when an invoice of last year is taken"},
			Params: []RuleParam{{Name: "until", Form: FormMonthDay, Default: RuleValue{Text: "01-31"}, Texts: domain.Texts{"次年的最后一天(月-日)", "Last day in the next year (MM-DD)"}}},
		},
		{Kind: "invoice_sum", Row: "amount", Severity: HitBlocks, judge: judgeInvoiceSum, Texts: domain.Texts{"明细金额等于所用发票金额之和", "A line comes to what it uses of its invoices"}},
		{
			Kind: "unverified", Row: "verify", Severity: HitReviews, judge: judgeUnverified, Texts: domain.Texts{"超过金额的发票须查验", "Invoices above an amount are verified"},
			Params: []RuleParam{fen("over_fen", 100_000, "须查验的金额", "Amount above which one is")},
		},
		{Kind: "dead", Row: "red/void", Severity: HitBlocks, judge: judgeDead, Texts: domain.Texts{"红冲或作废的发票不能报销", "Red-letter and void invoices are not paid"}},
		{Kind: "special_required", Row: "special_required", Severity: HitWarns, Named: true, judge: judgeSpecial, Texts: domain.Texts{"应取得增值税专用发票", "A special VAT invoice is required"}},
		{
			Kind: "list_required", Row: "detail_list", Severity: HitBlocks, judge: judgeList, Texts: domain.Texts{"笼统品名须附清单", "An invoice of goods in general has its list with it"},
			Params: []RuleParam{words("words", "笼统品名", "Names of goods in general", "办公用品", "礼品", "食品", "详见清单", "详见销货清单", "日用品")},
		},
		{
			Kind: "forbidden", Row: "forbidden items", Severity: HitReviews, judge: judgeForbidden, Texts: domain.Texts{"不得报销的个人物品", "Personal goods are not paid"},
			Params: []RuleParam{words("words", "关键词", "Words", "化妆品", "珠宝", "首饰", "服装", "箱包", "健身", "美容", "购物卡", "预付卡", "游戏")},
		},
		{
			Kind: "preapproval", Row: "preapproval", Severity: HitBlocks, Named: true, limit: true, judge: judgePreapproval, Texts: domain.Texts{"超过金额须事前申请", "Above an amount it is approved before"},
			Params: []RuleParam{fen("over_fen", 20_000, "须事前申请的金额", "Amount above which it is"), whole("over_bp", FormBP, 10_000, 20_000, 11_000, "实际可为计划的比例", "What it may come to, of the plan")},
		},
		{
			Kind: "attendees", Row: "entertainment", Severity: HitBlocks, Named: true, judge: judgeAttendees, Texts: domain.Texts{"招待须列明双方人员及人数比例", "Entertainment names who was there of both sides, and not too many of ours"},
			Params: []RuleParam{whole("staff_bp", FormBP, 0, 100_000, 10_000, "我方人数与客方人数之比", "Ours to theirs")},
		},
		{
			Kind: "per_head", Row: "entertainment", Severity: HitWarns, Named: true, limit: true, judge: judgePerHead, Texts: domain.Texts{"招待人均上限", "Entertainment per head"},
			Params: []RuleParam{fen("head_fen", 20_000, "人均上限", "Most per head")},
		},
		{
			Kind: RuleGift, Row: "gift", Severity: HitBlocks, Named: true, limit: true, judge: judgeGift, Texts: domain.Texts{"礼品须有收礼人并不超过限额", "A gift names who gets it and stays within its limits"},
			Params: []RuleParam{
				fenOf("each_fen", "care.gift_fen", "每人每次上限", "Most for a person on an occasion"), fenOf("year_fen", "care.gift_year_fen", "每客户每年上限", "Most for an account in a year"),
				fenOf("person_year_fen", "care.gift_year_fen", "每人每年上限", "Most for a person in a year"),
			},
		},
		{
			Kind: RuleCityTiers, Row: "per diem", Severity: HitReviews, Texts: domain.Texts{"城市分级(其余为三线)", "Tiers of cities; all others are of the third"},
			Params: []RuleParam{words("first", "一线城市", "First tier", "北京", "上海", "广州", "深圳"), words("second", "二线城市", "Second tier", "天津", "重庆", "杭州", "南京", "苏州", "成都", "武汉", "西安", "长沙", "青岛", "宁波", "厦门", "郑州")},
		},
		{
			Kind: RulePerDiem, Row: "per diem", Severity: HitWarns, Named: true, limit: true, daily: true, judge: judgePerDiem, Texts: domain.Texts{"出差补助按城市级别与天数计算", "Per diem by tier of the city and days"},
			Params: []RuleParam{tiers(18_000, 14_000, 10_000, "各级城市每天", "A day in each tier"), codes("meals", "同日不得另报的餐费科目", "Categories of meals, not claimed for the same day")},
		},
		{
			Kind: RuleLodging, Row: "lodging", Severity: HitWarns, Named: true, limit: true, daily: true, judge: judgeLodging, Texts: domain.Texts{"住宿按城市级别与晚数限额", "Lodging by tier of the city and nights"},
			Params: []RuleParam{tiers(50_000, 40_000, 30_000, "各级城市每晚", "A night in each tier"), whole("over_bp", FormBP, 10_000, 50_000, 10_000, "可为限额的比例", "What it may come to, of the limit")},
		},
		{
			Kind: RuleMileage, Row: "mileage", Severity: HitWarns, Named: true, limit: true, daily: true, judge: judgeMileage, Texts: domain.Texts{"里程补贴按实际轨迹核算", "Mileage by what was tracked"},
			Params: []RuleParam{whole("km_fen", FormFen, 0, 10_000, 100, "每公里", "A kilometre"), whole("track_bp", FormBP, 10_000, 20_000, 11_500, "可为轨迹的比例", "What may be claimed, of what was tracked")},
		},
		{
			Kind: "taxi", Row: "taxi", Severity: HitWarns, Named: true, judge: judgeTaxi, Texts: domain.Texts{"打车须有前后时段的拜访", "A taxi goes with a visit about its time"},
			Params: []RuleParam{whole("minutes", FormWhole, 0, 1440, 180, "前后分钟数", "Minutes before and after")},
		},
		{Kind: "no_visit", Row: "no-visit", Severity: HitWarns, Named: true, judge: judgeVisit, Texts: domain.Texts{"拜访类费用须有当日有效拜访", "Expenses of visits have a valid visit of the day and account"}},
		{
			Kind: "split", Row: "split", Severity: HitReviews, judge: judgeSplit, Texts: domain.Texts{"同日同一销售方多笔合计超限", "Bills of one seller and day together exceed a limit"},
			Params: []RuleParam{fen("limit_fen", 100_000, "合计上限", "Most of them together")},
		},
		{
			Kind: "no_invoice", Row: "no invoice", Severity: HitBlocks, judge: judgeNoInvoice, Texts: domain.Texts{"无票费用的科目与月度上限", "What may be claimed without an invoice, and how much a month"},
			Params: []RuleParam{codes("allowed", "可无票的科目", "Categories that may"), fen("month_fen", 20_000, "每月上限", "Most in a month")},
		},
		{Kind: "currency", Row: "rounding / currency", Severity: HitBlocks, judge: judgeCurrency, Texts: domain.Texts{"外币须有原币金额、汇率与日期", "Foreign money has its amount, rate and day"}},
		{Kind: "original", Row: "archive", Severity: HitWarns, judge: judgeOriginal, Texts: domain.Texts{"电子发票须保存原件", "The original of an electronic invoice is kept"}},
		{
			Kind: RuleFee, Row: "fee", Severity: HitBlocks, Named: true, limit: true, judge: judgeFee, Texts: domain.Texts{"陈列、进场、堆头费凭合同或活动及有效拜访照片支付", "Fees of display, entry and stacks are paid against contract or activity and photos of valid visits"},
			Params: []RuleParam{whole("photos", FormWhole, 0, 100, 1, "期间内有效拜访照片数", "Photos of valid visits in its period")},
		},
		{Kind: "alike_own", Row: "no invoice", Severity: HitWarns, judge: judgeAlikeOwn, Texts: domain.Texts{"本人同日同科目同金额无票费用", "One's own expense without an invoice of the same category, day and amount"}},
		{Kind: "alike_others", Row: "no invoice", Severity: HitReviews, judge: judgeAlikeOthers, Texts: domain.Texts{"他人同日同商户同金额无票费用", "Another's expense without an invoice of the same merchant, day and amount"}},
	}
}
