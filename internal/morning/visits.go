package morning

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"satchel/internal/phone"
)

var (
	talks     = []string{"采购同意本月增加一个端架。", "店长希望提前两天到货。", "对方想看节庆礼盒的报价。", "会员日愿意做第二件半价。"}
	shelves   = []string{"满架", "缺货一个单品", "端架已陈列"}
	summaries = []string{
		"核对了动销数据，饮料增长明显，端架陈列已确认。", "货架已整理，缺货单品今天补单，价签更新完毕。",
		"新品试销方案通过，先在本店执行一个月。", "账单差异对清，对方下周付款。",
	}
)

// visits makes two visits from check-in to report, the first with an order.
func (p *play) visits(context.Context) error {
	planned, err := p.plan(2)
	if err != nil {
		return err
	}
	for i, s := range planned {
		p.pass(10)
		var more []func(*stop) error
		if i == 0 {
			more = append(more, p.takeOrder)
		}
		if err := p.visit(s, 2-i, more...); err != nil {
			return err
		}
	}
	p.stops = planned
	return nil
}

// visit makes one visit with as many photos as given, and what more is to be done there.
func (p *play) visit(s *stop, photos int, more ...func(*stop) error) error {
	work := func(s *stop) error { return p.work(s, photos) }
	for _, do := range slices.Concat([]func(*stop) error{p.arrive, work}, more, []func(*stop) error{p.leave}) {
		if err := do(s); err != nil {
			return err
		}
	}
	return nil
}

// plan takes n of today's planned visits of different accounts, those that ask
// for photos first, and starts unplanned ones where there are too few.
func (p *play) plan(n int) ([]*stop, error) {
	rows, err := p.phone.List("visits")
	if err != nil {
		return nil, err
	}
	var out []*stop
	taken := map[string]bool{}
	add := func(visit string, account phone.Row) {
		taken[account.Text("id")] = true
		out = append(out, &stop{
			visit: visit, account: account.Text("id"), name: account.Text("name"), notes: map[string]string{},
			in: phone.Place{Lat: account.Number("lat") + 0.0002, Lng: account.Number("lng") - 0.0001, AccM: 12},
		})
	}
	me, err := p.phone.User()
	if err != nil {
		return nil, err
	}
	today := p.clock.Format("2006-01-02")
	for _, needPhoto := range []bool{true, false} {
		for _, v := range rows {
			if len(out) == n || v.Text("planned_date") != today || v.Text("state") != "planned" || v.Text("owner") != me || taken[v.Text("account")] {
				continue
			}
			if needPhoto && !slices.ContainsFunc(p.stepsOf(v), func(s step) bool { return s.kind == "photo" }) {
				continue
			}
			account, err := p.phone.Get("accounts", v.Text("account"))
			if errors.Is(err, phone.ErrNoRow) { // a visit outlives the rep's right to its account
				continue
			}
			if err != nil {
				return nil, err
			}
			add(v.Text("id"), account)
		}
	}
	accounts, err := p.phone.List("accounts")
	if err != nil {
		return nil, err
	}
	for _, k := range p.rng.Perm(len(accounts)) {
		a := accounts[k]
		if len(out) == n || a.Text("owner") != me || a.Text("kind") != "ka" || taken[a.Text("id")] {
			continue
		}
		visit, err := p.unplanned(a)
		if err != nil {
			return nil, err
		}
		add(visit, a)
	}
	if len(out) < n {
		return nil, fmt.Errorf("rep.chen has fewer than %d accounts left to visit", n)
	}
	return out, nil
}

// unplanned starts a visit with the template of the account's tier.
func (p *play) unplanned(account phone.Row) (string, error) {
	visit, err := p.phone.StartVisit(account.Text("id"), "临时拜访：补货与陈列")
	if err != nil {
		return "", err
	}
	template, err := p.phone.Find("visit_templates", phone.Row{"tier": account.Text("tier"), "active": true})
	if errors.Is(err, phone.ErrNoRow) {
		return visit, nil
	}
	if err != nil {
		return "", err
	}
	return visit, p.phone.Update("visits", visit, phone.Row{"template": template.Text("id")})
}

// step is what a template asks for.
type step struct{ key, kind string }

// stepsOf lists the required steps of a visit's template.
func (p *play) stepsOf(visit phone.Row) []step {
	template, err := p.phone.Get("visit_templates", visit.Text("template"))
	if err != nil {
		return nil // a visit without template asks for nothing
	}
	var out []step
	entries, _ := template["steps"].([]any)
	for _, e := range entries {
		if m, _ := e.(map[string]any); m["required"] == true {
			key, _ := m["key"].(string)
			kind, _ := m["kind"].(string)
			out = append(out, step{key, kind})
		}
	}
	return out
}

func (p *play) arrive(s *stop) error {
	s.inAt = p.clock
	p.c.say("%s 签到：%s", "%s check-in at %s", p.clock.Format("15:04"), s.name)
	return p.phone.CheckIn(s.visit, s.in)
}

// work does the visit's steps: those that the template asks for, a note, and
// as many photos as given.
func (p *play) work(s *stop, photos int) error {
	visit, err := p.phone.Get("visits", s.visit)
	if err != nil {
		return err
	}
	wanted := p.stepsOf(visit)
	for _, extra := range []step{{"shelf", "photo"}, {"talk", "note"}} {
		if !slices.ContainsFunc(wanted, func(w step) bool { return w.kind == extra.kind }) {
			wanted = append(wanted, extra)
		}
	}
	for _, w := range wanted {
		p.pass(4)
		var text string
		switch w.kind {
		case "form":
			text = one(p, shelves)
		case "note":
			text = one(p, talks)
		}
		id, err := p.phone.AddStep(s.visit, w.key, w.kind, map[string]string{"text": text})
		if err != nil {
			return err
		}
		s.notes[id] = text
		if w.kind == "photo" {
			if err := p.photograph(s, id, photos); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *play) photograph(s *stop, step string, n int) error {
	for range n {
		p.pass(1)
		at := phone.Place{Lat: s.in.Lat + 0.00003, Lng: s.in.Lng, AccM: s.in.AccM}
		shot := photo{taken: p.clock, at: at}
		var source string
		shot.jpeg, source = p.shoot(at)
		var err error
		if shot.blob, err = p.phone.AddPhoto(step, shot.jpeg, source); err != nil {
			return err
		}
		s.photos = append(s.photos, shot)
	}
	return nil
}

func (p *play) leave(s *stop) error {
	p.pass(8)
	if err := p.phone.CheckOut(s.visit, s.in); err != nil {
		return err
	}
	p.pass(3)
	s.summary = one(p, summaries)
	p.c.say("%s 签退并写拜访记录", "%s check-out and report", p.clock.Format("15:04"))
	return p.phone.Report(s.visit, s.summary, "希望提前确认到货时间")
}

func one(p *play, from []string) string { return from[p.rng.IntN(len(from))] }
