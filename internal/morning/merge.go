package morning

import (
	"context"
	"fmt"

	"satchel/internal/phone"
)

// meanwhile lets rep and manager edit the same contact: he offline, she in the
// office over REST, each another field.
func (p *play) meanwhile(ctx context.Context) error {
	p.c.head("三、同一联系人，两人同时修改", "3. One contact, two people edit it")
	p.pass(5)
	row, err := p.phone.Find("contacts", phone.Row{"account": p.stops[0].account})
	if err != nil {
		return err
	}
	p.contact = contact{
		id: row.Text("id"), name: row.Text("name"),
		mine:    map[string]string{"note": p.clock.Format("1月2日 15:04") + " 陈立：下周三上午可再访"},
		offices: map[string]string{"phone": fmt.Sprintf("1380000%04d", p.rng.IntN(10000)), "title": "采购总监（代理）"},
	}
	// The second morning finds the office's title of the first; then it changes back.
	if row.Text("title") == p.contact.offices["title"] {
		p.contact.offices["title"] = "采购总监"
	}
	set := phone.Row{}
	for f, v := range p.contact.mine {
		set[f] = v
	}
	if err := p.phone.Update("contacts", p.contact.id, set); err != nil {
		return err
	}
	p.c.say("陈立离线改 %s 的备注", "rep.chen, offline, edits the note of %s", p.contact.name)
	desk, err := signIn(ctx, p.base, manager)
	if err != nil {
		return err
	}
	change := item{}
	for f, v := range p.contact.offices {
		change[f] = v
	}
	if err := desk.update(ctx, "contacts", p.contact.id, change); err != nil {
		return err
	}
	p.c.say("吴敏在办公室改同一人的电话和职务", "manager.wu, in the office, edits phone and title of the same person")
	return nil
}
