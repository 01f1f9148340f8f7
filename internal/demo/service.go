package demo

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/service"
)

// service writes who answers the important accounts, what is promised to all, and
// how the quarter that is over was kept: one evaluation is done, the others wait.
func (b *builder) service(served []account) error {
	if err := b.serviceStandard(); err != nil {
		return err
	}
	n := 0
	for i, a := range served {
		if !slices.Contains(standard[[]string]("account.important_tiers"), a.tier) {
			continue
		}
		if err := b.serviceChannel(i, a); err != nil {
			return err
		}
		if err := b.serviceEvaluation(n, a); err != nil {
			return err
		}
		n++
	}
	return nil
}

// serviceStandard is in force for a month; its times are those of the settings.
func (b *builder) serviceStandard() error {
	always := standard[[]string]("issue.round_the_clock")
	levels := map[string]service.Level{}
	for name, clock := range standard[map[string]customers.CaseClock]("issue.levels") {
		p := clock.Promise(domain.Calendar{}, slices.Contains(always, name))
		levels[name] = service.Level{FirstMinutes: int(p.First / time.Minute), ResolveMinutes: int(p.Solve / time.Minute), Always: p.SolveClock.Always}
	}
	put := b.at(30, 9)
	return b.w.insert("service_standards", dbx.Params{
		"id": b.id("service_standards", 0), "name": "KA客户服务标准", "version": 1, "from_date": put.In(shanghai).Format(dayFormat), "levels": toJSON(levels),
		"processes": "受理：专属通道或业务代表登记。分派：按类别到责任部门。回访：解决后一个工作日内由业务代表与客户确认。",
		"state":     service.StandardInForce, "put_by": b.people["service.qian"].id, "put_at": stamp(put), "created": stamp(put), "updated": stamp(put),
	})
}

func (b *builder) serviceChannel(i int, a account) error {
	made, qian := b.at(b.opt.Days, 11), b.people["service.qian"].id
	hours := "office"
	if a.tier == "A" {
		hours = "always"
	}
	err := b.w.insert("service_channels", b.hung("service_channels", i, a, made, dbx.Params{
		"owner": qian, "deputy": "", "kind": "phone", "address": "400-820-1688", "hours": hours, "active": true, "note": "",
	}))
	if err != nil {
		return err
	}
	_, err = b.w.tx.Update("accounts", dbx.Params{"service_owner": qian}, dbx.HashExp{"id": a.id}).Execute()
	return err
}

// serviceEvaluation is of the quarter before today's. Customers were not asked, so
// satisfaction is missing; the third account raised nothing, so that all is.
func (b *builder) serviceEvaluation(n int, a account) error {
	today := b.today.Format(dayFormat)
	present := service.QuarterDays(service.QuarterOf(today))
	quarter, made := service.QuarterOf(domain.AddDays(present.From, -1)), b.today.Add(time.Hour)
	counted := map[string]service.Count{service.PartFirst: {Num: 6 - n%3, Den: 6}, service.PartSolution: {Num: 3 - n%2, Den: 3}}
	if n == 2 {
		counted = nil
	}
	parts := service.NewParts(counted)
	score, known := service.Score(parts, standard[map[string]int]("service.evaluation_weights"))
	row := b.hung("service_evaluations", n, a, made, dbx.Params{
		"owner": b.people["service.qian"].id, "quarter": quarter, "standard": "", "parts": toJSON(parts), "missing": toJSON(service.Missing(parts)), "scored": known, "score_bp": score,
		"findings": "", "result": "", "actions": "[]", "state": service.EvaluationOpen, "due": domain.AddDays(present.From, standard[int]("service.evaluation_days")-1),
	})
	if n == 0 {
		row["state"], row["result"] = service.EvaluationEvaluated, service.ResultFair
		row["findings"] = "首次响应均在时限内；满意度暂缺，待客户回访后补充。"
		row["evaluated_by"], row["evaluated_at"] = row["owner"], stamp(made)
	}
	return b.w.insert("service_evaluations", row)
}
