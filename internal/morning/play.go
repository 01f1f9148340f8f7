package morning

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"satchel/internal/demo"
	"satchel/internal/phone"
)

// The people of the play.
const (
	rep     = "rep.chen"
	other   = "rep.he" // of the same manager
	manager = "manager.wu"
	auditor = "auditor.jin"
)

// shanghai is where they live.
var shanghai = time.FixedZone("CST", 8*60*60)

// morningLength is how long ago the morning began: all that happens in it is over now,
// and lately enough for its arrival to bound it: a clock that is played has no anchor.
const morningLength = 110 * time.Minute

// play is one morning. Its clock is the rep's: it goes on as he does.
type play struct {
	c       *console
	base    string
	phone   *phone.Phone
	network *phone.Network
	line    *line
	rng     *rand.Rand
	now     func() time.Time // of the world outside
	clock   time.Time
	shoot   func(at phone.Place) (jpeg []byte, source string)

	stops   []*stop
	order   order
	contact contact
}

// stop is a visit as the rep made it.
type stop struct {
	visit, account, name string
	in                   phone.Place
	inAt                 time.Time
	notes                map[string]string // what he wrote down, by step id
	photos               []photo
	summary              string
}

// photo is a picture as the camera took it.
type photo struct {
	blob  string
	jpeg  []byte
	taken time.Time
	at    phone.Place
}

// order is what the customer ordered.
type order struct {
	id    string
	lines []phone.OrderLine
}

// contact is the record that two people edit at once, with what each wrote.
type contact struct {
	id, name      string
	mine, offices map[string]string
}

// newPlay begins a morning with the phone in a rep's pocket; part numbers the
// reps of one seed.
func newPlay(base string, c *console, pocket *phone.Store, cfg Config, part uint64) *play {
	p := &play{
		c: c, base: base, line: &line{next: http.DefaultTransport}, now: cfg.Now,
		rng:   rand.New(rand.NewPCG(cfg.Seed, 2*part)),
		clock: cfg.Now().In(shanghai).Add(-morningLength).Truncate(time.Second),
	}
	p.network = &phone.Network{Next: p.line}
	p.phone = phone.New(phone.Config{
		Server: base, Transport: p.network, Now: func() time.Time { return p.clock },
		Rand: rand.New(rand.NewPCG(cfg.Seed, 2*part+1)), Platform: "demo", App: "satchel demo",
	}, pocket)
	p.shoot = func(at phone.Place) ([]byte, string) {
		jpeg := demo.PhotoOf(cfg.PhotoLong, cfg.PhotoLong*3/4, p.rng.Uint64(), p.clock, at.Lat, at.Lng)
		c.say("%s 拍照：%s 字节，带 EXIF 时间与位置", "%s photo of %s bytes with EXIF time and place", p.clock.Format("15:04"), grouped(len(jpeg)))
		return jpeg, phone.Camera
	}
	return p
}

// run plays the morning and the evening, and reports whether phone and server agree at the
// end of each. The colleague's part comes after the rep's.
func (p *play) run(ctx context.Context, colleague *play) (same bool, err error) {
	for _, act := range []func(context.Context) error{p.first, p.cut, p.visits, p.meanwhile, p.back} {
		if err := act(ctx); err != nil {
			return false, err
		}
	}
	if err := colleague.borrow(ctx, p.photos()[0]); err != nil {
		return false, err
	}
	noon, err := p.compare(ctx)
	if err != nil {
		return false, err
	}
	night, err := p.evening(ctx, colleague)
	return noon && night, err
}

// first signs in and fills the phone.
func (p *play) first(ctx context.Context) error {
	used, err := p.phone.Device()
	if err != nil {
		return err
	}
	if used == "" {
		p.c.head("一、首次同步", "1. First sync")
	} else {
		p.c.head("一、同步（同一部手机）", "1. Sync of the same phone as before")
	}
	err = p.phone.Login(ctx, demo.Email(rep), demo.Password)
	if errors.Is(err, phone.ErrWiped) { // revoked in the dashboard; it starts anew as another device
		err = p.phone.Login(ctx, demo.Email(rep), demo.Password)
	}
	if err != nil {
		return err
	}
	began := p.now()
	r, err := p.phone.Sync(ctx)
	if err != nil {
		return err
	}
	took := p.now().Sub(began).Round(time.Millisecond)
	p.c.say("陈立登录手机：%s 行，%s 字节，%v", "rep.chen signs in: %s rows, %s bytes, %v",
		grouped(r.Pulled.Puts), grouped(r.Pulled.Bytes), took)
	accounts, err := p.phone.List("accounts")
	if err != nil {
		return err
	}
	products, err := p.phone.List("products")
	if err != nil {
		return err
	}
	p.c.say("手机上有 %d 家客户、%d 个产品", "the phone holds %d accounts and %d products", len(accounts), len(products))
	return nil
}

// cut takes the network away, and shows that it is gone.
func (p *play) cut(ctx context.Context) error {
	p.c.head("二、断网，照常工作", "2. No network, and the work goes on")
	p.network.SetOffline(true)
	if _, err := p.phone.Sync(ctx); !errors.Is(err, phone.ErrOffline) {
		return fmt.Errorf("a sync without a network answered %w", err)
	}
	p.c.say("%s 信号消失", "%s the signal is gone", p.clock.Format("15:04"))
	return nil
}

func (p *play) pass(minutes int) { p.clock = p.clock.Add(time.Duration(minutes) * time.Minute) }

// noon makes the phone's clock right: the morning was played in a moment, and
// ends as its work is handed in.
func (p *play) noon() { p.clock = p.now().In(shanghai).Truncate(time.Second) }
