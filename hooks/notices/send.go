package notices

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"syscall"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	// atOnce is the most messages of one run, so that one run ends.
	atOnce  = 100
	timeout = 10 * time.Second
)

// Run sends what is due, one after the other and never in a transaction. What
// fails waits longer each time and is given up after message.max_tries.
func (s *Service) Run(app core.App, now time.Time) error {
	if !s.sending.TryLock() {
		return nil // the run before is still at it
	}
	defer s.sending.Unlock()
	due, err := app.FindRecordsByFilter(dispatches, "state = 'queued' && next_at <= {:now}", "next_at,id", atOnce, 0, dbx.Params{"now": gate.Stamp(now)})
	if err != nil {
		return fmt.Errorf("failed to read the queue: %w", err)
	}
	most, err := gate.SettingsNow(app).Whole("message.max_tries")
	if err != nil {
		return err
	}
	for _, r := range due {
		fault := s.send(app, r, now)
		switch {
		case fault == nil:
			setSent(r, now)
		case triesOf(r)+1 >= most:
			setFailed(r, dead, now, fault.Error())
		default:
			setFailed(r, queued, now.Add(domain.Backoff(triesOf(r)+1)), fault.Error())
		}
		if err := app.SaveWithContext(gate.AsServer(context.Background()), r); err != nil {
			return fmt.Errorf("failed to note a message: %w", err)
		}
	}
	return nil
}

func (s *Service) send(app core.App, r *core.Record, now time.Time) error {
	if channelOf(r) == byMail {
		return sendMail(app, r)
	}
	return s.post(app, r, now)
}

// sendMail writes a notice in the language of its reader.
func sendMail(app core.App, r *core.Record) error {
	user, err := app.FindRecordById(gate.Users, targetOf(r))
	if err != nil {
		return fmt.Errorf("nobody to write to: %w", err)
	}
	var payload struct {
		Notification string `json:"notification"`
	}
	if err := json.Unmarshal([]byte(payloadOf(r)), &payload); err != nil {
		return err
	}
	notice, err := app.FindRecordById(notifications, payload.Notification)
	if err != nil {
		return fmt.Errorf("the notice is gone: %w", err)
	}
	params := map[string]any{}
	if err := notice.UnmarshalJSONField("params", &params); err != nil {
		return err
	}
	text := domain.NoticeText(eventOf(r), params, user.GetString("locale"))
	meta := app.Settings().Meta
	return app.NewMailClient().Send(&mailer.Message{
		From: mail.Address{Name: meta.SenderName, Address: meta.SenderAddress},
		To:   []mail.Address{{Address: user.Email()}}, Subject: text, Text: text + "\n\n" + meta.AppURL,
	})
}

// post sends an event to its webhook, signed. Only 2xx counts as taken;
// redirects are not followed.
func (s *Service) post(app core.App, r *core.Record, now time.Time) error {
	record, err := app.FindRecordById(webhooks, targetOf(r))
	if err != nil || !record.GetBool("active") {
		return errors.New("the webhook is off")
	}
	hook, err := readWebhook(record)
	if err != nil {
		return err
	}
	client := s.client
	if client == nil {
		private, err := gate.SettingsNow(app).Flag("webhook.allow_private")
		if err != nil {
			return err
		}
		client = newClient(private)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	body := []byte(payloadOf(r))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Satchel-Event", eventOf(r))
	req.Header.Set("X-Satchel-Delivery", r.Id) // the same at each attempt
	req.Header.Set("X-Satchel-Signature", domain.SignWebhook(hook.Secret, now, body))
	answer, err := client.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()                                      //nolint:errcheck // nothing of it is kept
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the line can be used again
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("answered %d", answer.StatusCode)
	}
	return nil
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
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, TLSHandshakeTimeout: timeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// retry takes no args: an administrator gives a message that was given up another round.
func (s *Service) retry(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if actor := gate.Of(ctx).User; actor == nil || actor.GetString("role") != domain.RoleAdmin {
		return gate.Refuse("record.not_allowed")
	}
	if r.GetString(fieldState) != dead {
		return gate.Refuse("dispatch.state", "from", r.GetString(fieldState))
	}
	setQueued(r, s.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}
