package morning

import (
	"context"
	"fmt"
	"net/http"

	"satchel/internal/demo"
	"satchel/internal/phone"
)

// borrow is the morning of a colleague who was not where he says: the shelf on
// his photo is another rep's, as it came by a messenger. His manager is shown both.
func (p *play) borrow(ctx context.Context, from photo) error {
	p.c.head("五、借来的照片", "5. A borrowed photo")
	if err := p.phone.Login(ctx, demo.Email(other), demo.Password); err != nil {
		return err
	}
	if _, err := p.phone.Sync(ctx); err != nil {
		return err
	}
	forwarded, err := demo.Forwarded(from.jpeg)
	if err != nil {
		return err
	}
	p.shoot = func(phone.Place) ([]byte, string) { return forwarded, phone.Gallery }
	if p.stops, err = p.plan(1); err != nil {
		return err
	}
	p.pass(60)
	s := p.stops[0]
	if err := p.visit(s, 1); err != nil {
		return err
	}
	p.c.say("何雨桐从相册选了一张照片", "rep.he takes a photo from his gallery")
	p.noon()
	if _, err := p.phone.Sync(ctx); err != nil {
		return err
	}
	if err := p.await(ctx); err != nil {
		return err
	}
	return p.caught(ctx, s)
}

// caught asks what the manager is told of the visit and its photo.
func (p *play) caught(ctx context.Context, s *stop) error {
	desk, err := signIn(ctx, p.base, manager)
	if err != nil {
		return err
	}
	held, err := desk.get(ctx, "visits", s.visit)
	if err != nil {
		return err
	}
	var like struct {
		Matches []struct {
			Distance int `json:"distance"`
			Photo    struct {
				Owner string `json:"owner_name"`
			} `json:"photo"`
		} `json:"matches"`
	}
	if err := desk.call(ctx, http.MethodGet, "/api/ka/blobs/"+s.photos[0].blob+"/matches", nil, &like); err != nil {
		return err
	}
	if len(like.Matches) == 0 {
		return fmt.Errorf("nobody noticed that the photo of visit %s was used before", s.visit)
	}
	p.c.say("疑似旧照片：与%s的照片差异 %d/64", "like a photo of %s: %d of 64 bits differ", like.Matches[0].Photo.Owner, like.Matches[0].Distance)
	p.c.say("风险分 %.0f，状态 %s", "risk %.0f, state %s", held.number("risk_score"), held.text("state"))
	p.c.say("并排查看：%s", "side by side: %s", p.base+"/review/#/visit/"+s.visit)
	return nil
}
