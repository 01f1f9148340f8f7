package morning

import (
	"context"
	"encoding/base64"
	"fmt"

	"satchel/internal/phone"
)

// returned has the manager return the claim with a word to its line; the rep answers it on
// his phone, and hands it in again.
func (p *play) returned(ctx context.Context, d *dinner) error {
	desk, err := signIn(ctx, p.base, manager)
	if err != nil {
		return err
	}
	word := "请写明招待事由"
	err = desk.decide(ctx, d.claim, "return", item{"comment": word, "data": item{"comments": []item{{"line": d.line, "comment": word}}}})
	if err != nil {
		return err
	}
	if _, err := p.phone.Sync(ctx); err != nil {
		return err
	}
	line, err := p.phone.Get("expense_lines", d.line)
	if err != nil {
		return err
	}
	p.c.say("吴敏退回：%s", "manager.wu returns it: %s", line.Text("comment"))
	if err := p.look(ctx, d, "退回后 / returned"); err != nil {
		return err
	}
	if err := p.phone.Update("expense_claims", d.claim, phone.Row{"purpose": "谈节庆端架与第二季度返利"}); err != nil {
		return err
	}
	if err := p.phone.SubmitClaim(d.claim, phone.Row{}); err != nil {
		return err
	}
	if err := p.handOver(ctx); err != nil {
		return err
	}
	p.c.say("陈立补充事由，再次提交", "rep.chen says what for, and hands it in again")
	return nil
}

// signed has the manager approve and finance cut.
func (p *play) signed(ctx context.Context, d *dinner) error {
	desk, err := signIn(ctx, p.base, manager)
	if err != nil {
		return err
	}
	if err := desk.decide(ctx, d.claim, "approve", item{"comment": "属实"}); err != nil {
		return err
	}
	p.c.say("吴敏审核签字", "manager.wu signs")
	money, err := signIn(ctx, p.base, finance)
	if err != nil {
		return err
	}
	reason := "酒水不予报销"
	err = money.decide(ctx, d.claim, "approve", item{"comment": "核减后同意", "data": item{"cuts": []item{{"line": d.line, "fen": approvedFen, "reason": reason}}}})
	if err != nil {
		return err
	}
	p.c.say("赵雅琴核减为 %s：%s", "finance.zhao cuts it to %s: %s", yuan(approvedFen), reason)
	return p.look(ctx, d, "核定后 / approved")
}

// paid has another of finance send it to the bank, which pays.
func (p *play) paid(ctx context.Context, d *dinner) error {
	desk, err := signIn(ctx, p.base, cashier)
	if err != nil {
		return err
	}
	run, err := desk.create(ctx, "payment_runs", item{"owner": desk.id, "title": "当日报销"})
	if err != nil {
		return err
	}
	id := run.text("id")
	if err := desk.act(ctx, "payment_runs", id, "plan", item{"claims": []string{d.claim}}); err != nil {
		return err
	}
	if err := desk.act(ctx, "payment_runs", id, "export", item{"encoding": "utf8"}); err != nil {
		return err
	}
	file, err := desk.send(ctx, "GET", "/api/ka/payment_runs/"+id+"/file", nil)
	if err != nil {
		return err
	}
	if run, err = desk.get(ctx, "payment_runs", id); err != nil {
		return err
	}
	no := run.text("no")
	p.c.say("邱晓岚生成付款批次 %s，银行文件 %d 字节", "finance.qiu makes run %s with a bank file of %d bytes", no, len(file))
	said := fmt.Sprintf("批次号,序号,金额(元),结果,流水号,原因\r\n%s,1,%d.%02d,成功,T%d,\r\n", no, approvedFen/100, approvedFen%100, p.now().Unix())
	if err := desk.act(ctx, "payment_runs", id, "answer", item{"encoding": "utf8", "file": base64.StdEncoding.EncodeToString([]byte(said))}); err != nil {
		return err
	}
	payments, err := desk.list(ctx, "payments", "run = '"+id+"'")
	if err != nil {
		return err
	}
	if len(payments) != 1 {
		return fmt.Errorf("%d payments of the claim", len(payments))
	}
	p.c.say("银行已付，凭证 %s", "the bank paid, voucher %s", payments[0].text("voucher_no"))
	return p.look(ctx, d, "付款后 / paid")
}

// before notes the budget as it is before the claim.
func (p *play) before(ctx context.Context, d *dinner) error {
	d.budget = [][]string{{"预算：业务招待 / budget", "已占用 / reserved", "已支出 / spent", "可用 / free"}}
	return p.look(ctx, d, "此前 / before")
}

// look notes what the leaf of the claim has.
func (p *play) look(ctx context.Context, d *dinner, when string) error {
	desk, err := signIn(ctx, p.base, director)
	if err != nil {
		return err
	}
	if d.leaf == "" {
		nodes, err := desk.list(ctx, "budget_nodes", "name = '业务招待'")
		if err != nil {
			return err
		}
		if len(nodes) != 1 {
			return fmt.Errorf("%d nodes for entertainment", len(nodes))
		}
		d.leaf = nodes[0].text("id")
	}
	node, err := desk.get(ctx, "budget_nodes", d.leaf)
	if err != nil {
		return err
	}
	row := []string{when}
	for _, field := range []string{"reserved_fen", "spent_fen", "free_fen"} {
		row = append(row, yuan(int(node.number(field))))
	}
	d.budget = append(d.budget, row)
	return nil
}

// reckonDinner shows the budget at each step, and the claim on the phone beside the
// server's: whether they are equal, and what was spent is what was paid.
func (p *play) reckonDinner(ctx context.Context, d *dinner) (same bool, err error) {
	if _, err := p.phone.Sync(ctx); err != nil {
		return false, err
	}
	p.c.table(d.budget)
	desk, err := signIn(ctx, p.base, manager)
	if err != nil {
		return false, err
	}
	held, err := desk.get(ctx, "expense_claims", d.claim)
	if err != nil {
		return false, err
	}
	here, err := p.phone.Get("expense_claims", d.claim)
	if err != nil {
		return false, err
	}
	words := func(state string, total, paid float64) string {
		return fmt.Sprintf("%s, %s → %s", state, yuan(int(total)), yuan(int(paid)))
	}
	onPhone := words(here.Text("state"), here.Number("total_fen"), here.Number("paid_fen"))
	onServer := words(held.text("state"), held.number("total_fen"), held.number("paid_fen"))
	same, mark := onPhone == onServer && onPhone == words("paid", dinnerFen, approvedFen), "✓"
	if !same {
		mark = "✗"
	}
	p.c.table([][]string{{"记录 / captured", "手机 / phone", "服务器（吴敏查看）/ server, as manager.wu", "一致 / equal"}, {"报销单 / claim", onPhone, onServer, mark}})
	return same, nil
}
