package phone

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strings"
)

// ErrGaveWay says that newer streams of the phone or its user took the place: to
// open one again would end one of those.
var ErrGaveWay = errors.New("the stream gave way to a newer one")

// Listen calls woken for each poke until the stream or the context ends.
// A lost poke costs only time: whoever listens also pulls now and then.
func (p *Phone) Listen(ctx context.Context, woken func()) error {
	device, err := p.Device()
	if err != nil {
		return err
	}
	var resp *http.Response
	err = p.authed(ctx, func() error {
		return p.once(ctx, http.MethodGet, "/api/sync/poke?device="+device, nil, &resp, nil)
	})
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // the stream is over
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "event: bye":
			return ErrGaveWay
		case strings.HasPrefix(line, "data:"):
			woken()
		}
	}
	return lines.Err()
}
