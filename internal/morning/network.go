package morning

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"satchel/internal/phone"
)

// patience is how long the phone waits for the server to tell of its photos.
const patience = 20 * time.Second

// line notes from which byte each piece of a photo went on that the server took.
type line struct {
	next http.RoundTripper

	mu      sync.Mutex
	offsets []int64
}

// RoundTrip implements http.RoundTripper.
func (l *line) RoundTrip(req *http.Request) (*http.Response, error) {
	offset, failed := strconv.ParseInt(req.Header.Get("Upload-Offset"), 10, 64)
	resp, err := l.next.RoundTrip(req)
	if failed == nil && err == nil && req.Method == http.MethodPatch && resp.StatusCode == http.StatusNoContent {
		l.mu.Lock()
		l.offsets = append(l.offsets, offset)
		l.mu.Unlock()
	}
	return resp, err
}

// pieces returns the offsets noted since the last call.
func (l *line) pieces() []int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.offsets
	l.offsets = nil
	return out
}

// back gives the network back, breaks it in the middle of a photo, gives it
// back again, and hands everything over.
func (p *play) back(ctx context.Context) error {
	p.c.head("四、网络恢复，又在传照片时中断", "4. The network is back, and breaks in a photo")
	p.noon()
	waiting, err := p.phone.Pending()
	if err != nil {
		return err
	}
	known, err := p.phone.Verdicts()
	if err != nil {
		return err
	}
	p.c.say("手机待传：%d 条改动，%d 张照片", "on the phone: %d changes, %d photos", waiting, len(p.photos()))
	p.network.SetOffline(false)
	pushed, err := p.phone.Push(ctx)
	if err != nil {
		return err
	}
	p.c.say("改动已交：生效 %d，合并 %d，拒绝 %d", "changes handed over: %d applied, %d merged, %d rejected",
		pushed.Applied, pushed.Merged, pushed.Rejected)
	if err := p.cutPhoto(ctx); err != nil {
		return err
	}
	r, err := p.phone.Sync(ctx)
	if err != nil {
		return err
	}
	if pieces := p.line.pieces(); len(pieces) > 0 {
		p.c.say("网络恢复，从第 %s 字节续传", "back again: it goes on from byte %s", grouped(pieces[0]))
	}
	if taken := len(p.photos()); r.Photos != taken {
		return fmt.Errorf("the server took %d of %d photos", r.Photos, taken)
	}
	p.c.say("照片传完：%d 张", "all photos are over: %d", r.Photos)
	if err := p.await(ctx); err != nil {
		return err
	}
	return p.nothingLeft(len(known))
}

// await pulls at every poke until the phone knows that no photo is missing. The
// server develops them after it took their last byte, and tells of it.
func (p *play) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	pokes, ended := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		ended <- p.phone.Listen(ctx, func() {
			select {
			case pokes <- struct{}{}:
			default:
			}
		})
	}()
	defer func() {
		cancel()
		<-ended //nolint:errcheck // how the stream ended says nothing
	}()
	again := time.NewTicker(time.Second) // a poke from before the phone listened is lost
	defer again.Stop()
	for {
		r, err := p.phone.Pull(ctx)
		if err != nil {
			return err
		}
		done, err := p.complete()
		if err != nil {
			return err
		}
		if r.Puts > 0 {
			p.c.say("服务器通知，拉回 %d 行", "poked, and %d rows came back", r.Puts)
		}
		if done {
			return nil
		}
		select {
		case <-pokes:
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("the phone never heard that its photos are stored: %w", ctx.Err())
		}
	}
}

// complete reports whether the phone shows no photo of the morning as missing, and
// all of them as stored.
func (p *play) complete() (bool, error) {
	for _, shot := range p.photos() {
		row, err := p.phone.Get("blobs", shot.blob)
		if err != nil || row.Text("state") != "stored" && row.Text("state") != "durable" {
			return false, err
		}
	}
	for _, s := range p.stops {
		visit, err := p.phone.Get("visits", s.visit)
		if err != nil || visit.Number("photos_missing") > 0 {
			return false, err
		}
	}
	return true, nil
}

// cutPhoto breaks the line in the middle of the first photo.
func (p *play) cutPhoto(ctx context.Context) error {
	middle := int64(len(p.photos()[0].jpeg) / 2)
	p.network.CutAfter(middle)
	_, err := p.phone.Upload(ctx)
	if !errors.Is(err, phone.ErrCut) {
		return fmt.Errorf("the line did not break in the photo: %w", err)
	}
	p.line.pieces()
	p.c.say("照片传到第 %s 字节时断线", "the line breaks at byte %s of a photo", grouped(middle))
	p.network.SetOffline(false)
	return nil
}

// nothingLeft makes sure that the phone has handed over everything and that
// nothing was refused; known verdicts are of earlier mornings.
func (p *play) nothingLeft(known int) error {
	pending, err := p.phone.Pending()
	if err != nil {
		return err
	}
	photos, err := p.phone.PhotosLeft()
	if err != nil {
		return err
	}
	verdicts, err := p.phone.Verdicts()
	if err != nil {
		return err
	}
	for _, v := range verdicts[known:] {
		p.c.say("被拒或冲突：%s %s", "rejected or in conflict: %s %s", v.Mutation.C, v.Result.Code)
	}
	if pending > 0 || photos > 0 || len(verdicts) > known {
		return fmt.Errorf("%d changes and %d photos stayed on the phone, %d were refused or conflict", pending, photos, len(verdicts)-known)
	}
	return nil
}

func (p *play) photos() []photo {
	var out []photo
	for _, s := range p.stops {
		out = append(out, s.photos...)
	}
	return out
}
