package incentives

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/catalog"
	"satchel/domain/incentive"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// stateNames are states as statements name them.
var stateNames = map[string]string{
	incentive.ResultDraft: "待核定", incentive.ResultApproved: "已核定", incentive.ResultExported: "已交薪酬", incentive.ResultPaid: "已发放",
}

// reasonNames are reasons as statements say them.
var reasonNames = map[string]string{
	incentive.NoTarget: "本期没有生效的销售目标", incentive.NotReached: "未达到计提门槛", incentive.GradeBelow: "考核等级低于计提要求",
	incentive.NoGrade: "没有考核结果", incentive.NoBase: "没有奖金基数记录", incentive.NoPlan: "没有已发布的提成方案",
	incentive.Unsigned: "目标责任书在截止日未签字，签字生效后方可发放", incentive.Leaver: "年度结果前离职，按季度结果结算",
}

// lineNames are kinds of lines as statements say them.
var lineNames = map[string]string{incentive.LineSale: "计提", incentive.LineReturn: "退货冲回", incentive.LineShift: "退货后重新分摊", incentive.LineRegrade: "更正"}

// sheetOf is a statement as it is printed: what stands above, rows of a table, and what
// stands below.
type sheetOf struct {
	title string
	above []string
	heads []string
	rows  [][]string
	sums  [][2]string
	below []string
	mark  string
}

// statement answers GET /api/ka/incentive_results/{id}/pdf to who may see the result.
func (s *Service) statement(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.IncentiveResultTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	row := records.IncentiveResults.Of(record)
	if row.State() == incentive.ResultDraft {
		return gate.Refuse("incentive.not_approved")
	}
	person, err := records.Users.Require(e.App, row.Person())
	if err != nil {
		return err
	}
	p, err := paperOf(e.App, row, person)
	if err != nil {
		return err
	}
	p.mark = gate.Watermark(e.Auth, s.Now())
	return send(e, fmt.Sprintf("%s-%s-%s-%d.pdf", catalog.IncentiveKinds[string(row.Kind())].ZH, person.Name(), row.Period(), row.Version()), func(out *bytes.Buffer) error {
		return writeStatement(out, p)
	})
}

// send answers a paper.
func send(e *core.RequestEvent, name string, write func(out *bytes.Buffer) error) error {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return fmt.Errorf("write a paper: %w", err)
	}
	head := e.Response.Header()
	head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	head.Set("Cache-Control", "no-store")
	return e.Blob(http.StatusOK, "application/pdf", out.Bytes())
}

func yuan(fen int) string { return domain.Yuan(int64(fen)) }

// yuanOf writes an exact number of fen in yuan, without zeros that say nothing.
func yuanOf(text string) string {
	d, err := decimal.NewFromString(text)
	if err != nil {
		return text
	}
	d = d.Shift(-2)
	if d.Exponent() > -2 || d.Equal(d.Round(2)) {
		return d.StringFixed(2)
	}
	return d.Round(6).String()
}

// percent writes basis points.
func percent(bp int) string {
	return strings.TrimSuffix(strings.TrimRight(domain.Yuan(int64(bp)), "0"), ".") + "%"
}

func paperOf(app core.App, row records.IncentiveResult, person records.User) (p sheetOf, err error) {
	content, err := row.Content()
	if err != nil {
		return p, err
	}
	kind := catalog.IncentiveKinds[string(row.Kind())].ZH
	p.title = kind + "结算单"
	p.above = append(p.above,
		fmt.Sprintf("姓名：%s    工号：%s    周期：%s", person.Name(), person.EmpNo(), row.Period()),
		fmt.Sprintf("考核等级：%s    版本：%d    状态：%s", orDash(row.Grade()), row.Version(), stateNames[string(row.State())]),
	)
	if row.Corrects() != "" {
		p.above = append(p.above, "本单为更正：金额为与以前各版之差。")
	}
	if why := reasonNames[row.Reason()]; why != "" {
		p.above = append(p.above, "说明："+why)
	}
	switch row.Kind() {
	case incentive.KindBonus:
		p.bonus(row, content)
	case incentive.KindSettlement:
		p.settlement(row, content)
	case incentive.KindCommission:
		err = p.commission(app, row, content)
	case incentive.KindShare:
		p.share(row, content)
	}
	if row.CarriedFen() != 0 {
		p.sums = append(p.sums, [2]string{"上期结转", yuan(row.CarriedFen())})
	}
	p.sums = append(p.sums, [2]string{"本期实发", yuan(row.PayFen())})
	if row.CarryFen() != 0 {
		p.sums = append(p.sums, [2]string{"结转下期", yuan(row.CarryFen())})
	}
	if row.OwedFen() != 0 {
		p.sums = append(p.sums, [2]string{"离职应退还", yuan(row.OwedFen())})
	}
	p.below = append(p.below, "数据指纹（SHA-256）："+row.SHA256())
	return p, err
}

func orDash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

func (p *sheetOf) bonus(row records.IncentiveResult, c incentive.Content) {
	p.heads = []string{"自", "至", "在职天数", "基数（元/周期）"}
	if c.Bonus != nil {
		for _, s := range c.Bonus.Stretches {
			p.rows = append(p.rows, []string{s.From, s.To, fmt.Sprint(s.Days), yuan(s.Fen)})
		}
	}
	p.sums = append(p.sums, [2]string{"应得", yuan(row.AmountFen())}, [2]string{"其中暂扣至年度结果", yuan(row.HeldFen())}, [2]string{"本期应发", yuan(row.DueFen())})
	p.below = append(p.below, fmt.Sprintf("奖金 = Σ 基数 × 在职天数 ÷ %d × 等级系数 %s × 公司系数 %s；暂扣 %s。只在最后四舍五入到分。",
		row.CycleDays(), ratio(row.CoefBp()), ratio(row.FactorBp()), percent(row.HoldBp())))
}

// ratio writes basis points as a factor.
func ratio(bp int) string { return decimal.New(int64(bp), -4).String() }

func (p *sheetOf) settlement(row records.IncentiveResult, c incentive.Content) {
	p.heads = []string{"季度起", "在职天数", "季度天数", "暂扣比例"}
	for _, q := range c.Quarters {
		from := "—"
		if len(q.Stretches) > 0 {
			from = q.Stretches[0].From
		}
		p.rows = append(p.rows, []string{from, fmt.Sprint(q.Days()), fmt.Sprint(q.CycleDays), percent(q.HoldBP)})
	}
	p.sums = append(p.sums, [2]string{"结算金额", yuan(row.AmountFen())})
	if row.Reason() != incentive.Leaver {
		p.below = append(p.below, "各季暂扣部分以年度等级系数 "+ratio(row.CoefBp())+" 代替季度系数计算，只在最后四舍五入到分。")
	}
}

func (p *sheetOf) share(row records.IncentiveResult, c incentive.Content) {
	p.heads = []string{"销售季度", "团队达标", "团队可发提成", "分成累计", "以前已计"}
	for _, t := range c.Team {
		p.rows = append(p.rows, []string{t.Sold, map[bool]string{true: "是", false: "否"}[t.Reached], yuan(t.PaidFen), yuan(t.Fen), yuan(t.Before)})
	}
	p.sums = append(p.sums, [2]string{"本期分成", yuan(row.AmountFen())})
	if c.Plan != nil {
		p.below = append(p.below, "团队达到目标的季度，按团队可发提成的 "+percent(c.Plan.ManagerBP)+" 分成；退货和失效随之减少。")
	}
}

// commission tells of each quarter in one sum per tier what was booked and what is paid;
// at which reduced rate something counted is said of the quarter, and of no line.
func (p *sheetOf) commission(app core.App, row records.IncentiveResult, c incentive.Content) error {
	p.heads = []string{"销售季度", "项目", "订单", "档位", "提成（元）"}
	var rows []struct {
		Sold string `db:"sold"`
		Kind string `db:"kind"`
		No   string `db:"no"`
		From int    `db:"from_bp"`
		Rate int    `db:"rate_bp"`
		Fen  int    `db:"amount_fen"`
	}
	err := app.DB().NewQuery(`SELECT l.sold, l.kind, o.no, l.from_bp, l.rate_bp, l.amount_fen FROM commission_lines l JOIN orders o ON o.id = l."order" WHERE l.result = {:r} ORDER BY l.sold, l.kind DESC, o.no, l.from_bp`).
		Bind(dbx.Params{"r": row.ID()}).All(&rows)
	if err != nil {
		return fmt.Errorf("read the lines of a statement: %w", err)
	}
	for _, r := range rows {
		p.rows = append(p.rows, []string{r.Sold, lineNames[r.Kind], r.No, fmt.Sprintf("%s 起 %s", percent(r.From), percent(r.Rate)), yuan(r.Fen)})
	}
	due := map[string]int{}
	var sold []string
	for _, part := range c.Parts {
		if _, known := due[part.Sold]; !known {
			sold = append(sold, part.Sold)
		}
		due[part.Sold] += part.Fen
	}
	p.sums = append(p.sums, [2]string{"本期计提合计", yuan(row.AmountFen())})
	for _, period := range sold {
		p.sums = append(p.sums, [2]string{period + " 的提成按回款本期应发", yuan(due[period])})
	}
	p.sums = append(p.sums, [2]string{"本期应发合计", yuan(row.DueFen())}, [2]string{"未回款，继续暂扣", yuan(row.HeldFen())})
	if row.LapsedFen() != 0 {
		p.sums = append(p.sums, [2]string{"逾期未回款，已失效", yuan(row.LapsedFen())})
	}
	if c.Plan == nil {
		return nil
	}
	p.above = append(p.above, fmt.Sprintf("销售目标（按在职天数）：%s 元    交付净额：%s 元    计入超额的净额：%s 元", yuanOf(c.Target), yuan(c.SoldFen), yuanOf(c.Counted)))
	for _, t := range c.Tiers {
		p.below = append(p.below, fmt.Sprintf("%s 起的部分 %s 元 × %s = %s 元", percent(t.FromBP), yuanOf(t.Part), percent(t.RateBP), yuan(t.Fen)))
	}
	p.below = append(p.below, fmt.Sprintf("毛利低于底线的行在本期按 %s 计入超额；未回款的提成自季末起保留 %d 天。回款截至 %s。", percent(c.Plan.LowBP), c.Plan.HoldDays, c.AsOf))
	return nil
}

// certificate answers GET /api/ka/honors/{id}/pdf to who may see the honour, once it is
// published.
func (s *Service) certificate(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.HonorTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	row := records.Honors.Of(record)
	if row.State() != incentive.HonourPublished {
		return gate.Refuse("honor.not_published")
	}
	company, found, err := records.OwnCompanies.First(e.App, "active = TRUE", nil, "created, id")
	if err != nil {
		return err
	}
	issuer := ""
	if found {
		issuer = company.Name()
	}
	category := catalog.HonourCategories[string(row.Category())].ZH
	return send(e, "荣誉证书-"+row.Name()+"-"+row.Period()+".pdf", func(out *bytes.Buffer) error {
		return writeCertificate(out, row.Name(), periodName(row.Period()), category, issuer, domain.BusinessDay(row.PublishedAt()))
	})
}

// periodName is a period as people say it.
func periodName(period string) string {
	if len(period) != len("2026Q1") {
		return period + " 年度"
	}
	return period[:4] + " 年第" + map[byte]string{'1': "一", '2': "二", '3': "三", '4': "四"}[period[5]] + "季度"
}
