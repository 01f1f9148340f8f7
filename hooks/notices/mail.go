package notices

import (
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	// mailsAtOnce bounds attempts whose time is over and that still hang.
	mailsAtOnce  = 4
	subjectBytes = 300
	mailBytes    = 16 << 10
	digestLines  = 50
)

// sendMail writes a notice, or a digest of several, in the language of its
// reader. Attempts at the same message bear the same Message-ID.
func (s *Service) sendMail(app core.App, r *core.Record) fault {
	user, err := app.FindRecordById(gate.Users, targetOf(r))
	if err != nil {
		return fault{forEver, fmt.Errorf("nobody to write to: %w", err)}
	}
	lines, err := mailLines(app, r, user.GetString("locale"))
	if err != nil {
		return fault{forEver, err}
	}
	subject := lines[0]
	if foldedOf(r) > 0 {
		subject = domain.DigestText(foldedOf(r), user.GetString("locale"))
		lines = append([]string{subject, ""}, lines...)
	}
	meta := app.Settings().Meta
	letter := &mailer.Message{
		From:    mail.Address{Name: meta.SenderName, Address: meta.SenderAddress},
		To:      []mail.Address{{Address: user.Email()}},
		Subject: cut(strings.Join(strings.Fields(subject), " "), subjectBytes),
		Text:    cut(strings.Join(lines, "\n"), mailBytes) + "\n\n" + meta.AppURL,
	}
	if _, host, ok := strings.Cut(meta.SenderAddress, "@"); ok {
		letter.Headers = map[string]string{"Message-ID": "<" + r.Id + "@" + host + ">"}
	}
	return s.deliver(func() error { return app.NewMailClient().Send(letter) })
}

// mailLines are the texts of the notices of a message.
func mailLines(app core.App, r *core.Record, lang string) ([]string, error) {
	var told []struct {
		Notification string `json:"notification"`
	}
	raw := payloadOf(r)
	if foldedOf(r) == 0 {
		raw = "[" + raw + "]"
	}
	if err := json.Unmarshal([]byte(raw), &told); err != nil {
		return nil, err
	}
	var lines []string
	for _, n := range told[:min(len(told), digestLines)] {
		notice, err := app.FindRecordById(notifications, n.Notification)
		if err != nil {
			continue // its reader's, who may have cleared it away
		}
		params := map[string]any{}
		if err := notice.UnmarshalJSONField("params", &params); err != nil {
			return nil, err
		}
		lines = append(lines, domain.NoticeText(notice.GetString("kind"), params, lang))
	}
	if len(lines) == 0 {
		return nil, errors.New("the notice is gone")
	}
	if len(told) > digestLines {
		lines = append(lines, "…")
	}
	return lines, nil
}

// deliver gives up waiting for a mail server that does not answer: the mail
// client itself has no deadline.
func (s *Service) deliver(send func() error) fault {
	select {
	case s.mails <- struct{}{}:
	default:
		return fault{ofTarget, errors.New("earlier attempts still hang")}
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.Timeout)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() { <-s.mails }()
		done <- send()
	}()
	select {
	case err := <-done:
		if err != nil {
			return mailFault(err)
		}
		return fault{}
	case <-ctx.Done():
		return fault{ofTarget, fmt.Errorf("no answer within %s", s.cfg.Timeout)}
	}
}
