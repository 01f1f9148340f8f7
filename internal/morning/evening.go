package morning

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/internal/demo"
	"satchel/internal/phone"
)

const (
	cashier  = "finance.qiu" // pays what finance.zhao approved
	director = "director.lin"
)

// What the dinner cost, and what finance leaves of it.
const (
	dinnerFen   = 186_00
	approvedFen = 160_00
)

// dinner is the claim of the evening.
type dinner struct {
	receipt                    demo.Receipt
	claim, line, invoice, leaf string
	budget                     [][]string // before, and after each step
}

// evening is the way of a receipt from the car park to the bank: photographed and
// checked offline, claimed against a visit, returned once, signed, cut and paid. A
// colleague tries the same receipt.
func (p *play) evening(ctx context.Context, colleague *play) (same bool, err error) {
	p.c.head("七、傍晚：停车场里的一张发票", "7. The evening: a receipt in the car park")
	d := &dinner{receipt: demo.ReceiptOf(p.rng.Uint64(), p.now().In(shanghai), dinnerFen)}
	p.noon()
	for _, act := range []func(context.Context, *dinner) error{
		p.before, p.photographReceipt, p.checkOffline, p.handIn, colleague.sameReceipt, p.returned, p.signed, p.paid,
	} {
		if err := act(ctx, d); err != nil {
			return false, err
		}
	}
	return p.reckonDinner(ctx, d)
}

// photographReceipt has the rep take a picture of the bill, without a network, and draft
// the claim against the visit of the morning.
func (p *play) photographReceipt(_ context.Context, d *dinner) (err error) {
	p.network.SetOffline(true)
	p.c.say("%s 无信号，陈立拍发票：%s 字节", "%s no signal; rep.chen photographs the bill, %s bytes", p.clock.Format("15:04"), grouped(len(d.receipt.JPEG)))
	if d.invoice, err = p.phone.AddReceipt(d.receipt.JPEG, phone.Row{"qr_raw": d.receipt.QR, "typed": d.receipt.Typed}); err != nil {
		return err
	}
	visit := p.stops[0]
	if d.claim, d.line, err = p.draft("与"+visit.name+"晚餐", visit.visit, visit.account, d.invoice); err != nil {
		return err
	}
	p.c.say("报销单 %s，关联拜访：%s", "claim of %s, against the visit to %s", yuan(dinnerFen), visit.name)
	return nil
}

// draft makes a claim of one line, which uses an invoice.
func (p *play) draft(title, visit, account, invoice string) (claim, line string, err error) {
	category, err := p.phone.Find("expense_categories", phone.Row{"code": "entertainment"})
	if err != nil {
		return "", "", err
	}
	more := phone.Row{"title": title}
	if visit != "" {
		more["visits"] = []string{visit}
	}
	if claim, err = p.phone.NewClaim(more); err != nil {
		return "", "", err
	}
	day, err := p.dinnerDay(category.Text("id"))
	if err != nil {
		return "", "", err
	}
	line = p.phone.NewID()
	set := phone.Row{"claim": claim, "seq": 1, "category": category.Text("id"), "day": day, "city": "上海", "amount_fen": dinnerFen}
	if account != "" {
		set["account"], set["visit"] = account, visit
	}
	if err := p.phone.Create("expense_lines", line, set); err != nil {
		return "", "", err
	}
	return claim, line, p.phone.Create("expense_uses", p.phone.NewID(), phone.Row{"claim": claim, "line": line, "invoice": invoice, "amount_fen": dinnerFen})
}

// dinnerDay is today, or the last day before it on which nothing was claimed for a dinner:
// the play comes on as often as it is asked for, and two dinners of a day want an approval
// before.
func (p *play) dinnerDay(category string) (string, error) {
	lines, err := p.phone.List("expense_lines")
	if err != nil {
		return "", err
	}
	day := p.clock.Format("2006-01-02")
	for slices.ContainsFunc(lines, func(l phone.Row) bool { return l.Text("category") == category && l.Text("day") == day }) {
		day = domain.AddDays(day, -1)
	}
	return day, nil
}

// attended is who was at the table.
var attended = []map[string]string{{"name": "王采购", "company": "客户", "side": "theirs"}, {"name": "刘店长", "company": "客户", "side": "theirs"}, {"name": "陈立", "side": "ours"}}

// checkOffline asks the phone what will be said of the claim, and mends it until nothing is.
func (p *play) checkOffline(_ context.Context, d *dinner) error {
	said := map[string]bool{}
	for _, mend := range []phone.Row{{"attendees": attended}, {"reason": "店家只给纸质打印件"}, nil} {
		check, err := p.phone.CheckClaim(d.claim, false)
		if err != nil {
			return err
		}
		if check.Problem == nil {
			p.c.say("手机自查：通过", "the phone's check: passes")
			return nil
		}
		if mend == nil {
			return fmt.Errorf("the phone refuses the claim: %w", check.Problem)
		}
		for _, hit := range check.Hits {
			if hit.Severity != expense.HitReviews && hit.Reason == "" && !said[hit.Code] {
				said[hit.Code] = true
				p.refusal("手机自查：", "the phone's check: ", domain.Problem{Code: hit.Code, Params: hit.Params})
			}
		}
		if err := p.phone.Update("expense_lines", d.line, mend); err != nil {
			return err
		}
	}
	return nil
}

// refusal says in both languages why something is refused.
func (p *play) refusal(zh, en string, why error) {
	problem, is := errors.AsType[domain.Problem](why)
	if !is {
		p.c.say(zh+"%v", en+"%v", why)
		return
	}
	p.c.raw(pad("  "+zh+problem.Text("zh"), column) + "  " + en + problem.Text("en"))
}

// handIn submits the claim while there is no network, and then there is one.
func (p *play) handIn(ctx context.Context, d *dinner) error {
	if err := p.phone.SubmitClaim(d.claim, phone.Row{}); err != nil {
		return err
	}
	p.network.SetOffline(false)
	if err := p.handOver(ctx); err != nil {
		return err
	}
	held, err := p.phone.Get("expense_claims", d.claim)
	if err != nil {
		return err
	}
	if held.Text("state") != "submitted" {
		return fmt.Errorf("the claim is %s", held.Text("state"))
	}
	p.c.say("有信号，已提交：单号 %s", "the signal is back, and it is handed in: number %s", held.Text("no"))
	return p.look(ctx, d, "提交后 / handed in")
}

// sameReceipt has a colleague claim the same bill, of which he has a picture too.
func (p *play) sameReceipt(ctx context.Context, d *dinner) error {
	p.noon()
	invoice, err := p.phone.AddReceipt(append(d.receipt.JPEG[:len(d.receipt.JPEG):len(d.receipt.JPEG)], 0), phone.Row{"qr_raw": d.receipt.QR, "typed": d.receipt.Typed})
	if err != nil {
		return err
	}
	claim, line, err := p.draft("客户晚餐", "", "", invoice)
	if err != nil {
		return err
	}
	if err := p.phone.Update("expense_lines", line, phone.Row{"attendees": attended, "reason": "同席"}); err != nil {
		return err
	}
	known, err := p.phone.Verdicts()
	if err != nil {
		return err
	}
	if err := p.phone.SubmitClaim(claim, phone.Row{}); err != nil {
		return err
	}
	if _, err := p.phone.Sync(ctx); err != nil {
		return err
	}
	verdicts, err := p.phone.Verdicts()
	if err != nil {
		return err
	}
	if len(verdicts) <= len(known) {
		return errors.New("the same receipt was taken twice")
	}
	said := verdicts[len(verdicts)-1].Result
	if said.Code != "invoice.duplicate" {
		return fmt.Errorf("the same receipt is refused by %s", said.Code)
	}
	p.refusal("何雨桐报同一张发票：", "rep.he claims the same receipt: ", domain.Problem{Code: said.Code, Params: said.Params})
	return nil
}

// handOver syncs, and wants all of it taken.
func (p *play) handOver(ctx context.Context) error {
	known, err := p.phone.Verdicts()
	if err != nil {
		return err
	}
	if _, err := p.phone.Sync(ctx); err != nil {
		return err
	}
	verdicts, err := p.phone.Verdicts()
	if err != nil {
		return err
	}
	for _, v := range verdicts[len(known):] {
		return fmt.Errorf("%s of %s: %s %v", v.Mutation.Op, v.Mutation.C, v.Result.Code, v.Result.Params)
	}
	return nil
}
