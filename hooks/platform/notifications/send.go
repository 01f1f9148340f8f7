package notifications

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

const (
	// timeout is how long a target may take over a message, from the dial to
	// the end of its answer.
	timeout = 10 * time.Second
	// answerBytes is how much of an answer's head, and of its body, is read.
	answerBytes = 64 << 10
)

func (s *Service) send(app core.App, row records.Dispatch, now time.Time) fault {
	if row.Channel() == byMail {
		return s.sendMail(app, row)
	}
	return s.post(app, row, now)
}

// post sends an event, or a digest of several, to its webhook, signed. Only 2xx
// counts as taken; redirects are not followed.
func (s *Service) post(app core.App, row records.Dispatch, now time.Time) fault {
	hook, found, err := records.Webhooks.Find(app, records.WebhookID(row.Target()))
	switch {
	case err != nil:
		return fault{ofTarget, err}
	case !found:
		return fault{forEver, errors.New("the webhook is gone")}
	}
	var secret string
	err = app.DB().NewQuery("SELECT secret FROM _webhook_secrets WHERE webhook = {:w}").Bind(dbx.Params{"w": hook.ID()}).Row(&secret)
	if err != nil {
		return fault{ofTarget, fmt.Errorf("read the webhook's secret: %w", err)}
	}
	client, err := s.client(app)
	if err != nil {
		return fault{ofTarget, err}
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.Timeout)
	defer cancel()
	id, body := string(row.ID()), []byte(row.Payload())
	if n := row.Folded(); n > 0 {
		body = fmt.Appendf(nil, `{"id":%s,"digest":%d,"events":%s}`, strconv.Quote(id), n, body)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL(), bytes.NewReader(body))
	if err != nil {
		return fault{ofTarget, err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Satchel-Event", row.Event())
	req.Header.Set("X-Satchel-Delivery", id) // the same at each attempt
	req.Header.Set("X-Satchel-Signature", domain.SignWebhook(secret, now, body))
	answer, err := client.Do(req)
	if err != nil {
		return fault{ofTarget, err}
	}
	defer answer.Body.Close() //nolint:errcheck // nothing of it is kept
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerBytes))
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fault{answered, fmt.Errorf("answered %d", answer.StatusCode)}
	}
	return fault{}
}

func (s *Service) client(app core.App) (*http.Client, error) {
	if s.cfg.HTTP != nil {
		return s.cfg.HTTP, nil
	}
	private, err := gate.SettingsNow(app).WebhookAllowPrivate()
	if err != nil {
		return nil, err
	}
	return newClient(private), nil
}

// newClient makes a client that judges the address it really dials, after the
// name was resolved, so that no name leads inside.
func newClient(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !private && !publicAddress(at.Addr()) {
			return fmt.Errorf("%s is a private address", at.Addr())
		}
		return nil
	}}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, TLSHandshakeTimeout: timeout, MaxResponseHeaderBytes: answerBytes,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
