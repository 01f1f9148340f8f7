package notifications

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"satchel/domain"
	"satchel/records"
)

const (
	// mailsAtOnce bounds attempts whose time is over and that still hang.
	mailsAtOnce  = 4
	subjectBytes = 300
	mailBytes    = 16 << 10
	digestLines  = 50
)

// always are the kinds of notices that are mailed whatever their reader wishes, with
// the file that they are about: by mail is how they were asked for.
var always = map[string]bool{"report_run.mailed": true}

// sendMail writes a notice, or a digest of several, in the language of its
// reader. Attempts at the same message bear the same Message-ID.
func (s *Service) sendMail(app core.App, row records.Dispatch) fault {
	if write := s.cfg.Letters[row.Event()]; write != nil {
		return s.sendLetter(app, row, write)
	}
	user, found, err := records.Users.Find(app, records.UserID(row.Target()))
	switch {
	case err != nil:
		return fault{ofTarget, err}
	case !found:
		return fault{forEver, errors.New("nobody to write to")}
	case !user.Active(): // what was his to know when it was queued
		return fault{forEver, errors.New("he is not in office any more")}
	}
	lang := string(user.Locale())
	notices, wrong := noticesOf(app, row)
	if wrong.kind != none {
		return wrong
	}
	lines, attached, wrong := s.mailLines(app, notices, lang)
	if wrong.kind != none {
		return wrong
	}
	subject := lines[0]
	if row.Folded() > 0 {
		subject = domain.DigestText(row.Folded(), lang)
		lines = append([]string{subject, ""}, lines...)
	}
	meta := app.Settings().Meta
	letter := &mailer.Message{
		From:    mail.Address{Name: meta.SenderName, Address: meta.SenderAddress},
		To:      []mail.Address{{Address: user.Raw().Email()}},
		Subject: cut(strings.Join(strings.Fields(subject), " "), subjectBytes),
		Text:    cut(strings.Join(lines, "\n"), mailBytes) + "\n\n" + meta.AppURL,
	}
	for name, content := range attached {
		if letter.Attachments == nil {
			letter.Attachments = map[string]io.Reader{}
		}
		letter.Attachments[name] = bytes.NewReader(content)
	}
	return s.sendAs(app, row, letter)
}

// noticesOf are the notices of a message that their reader has not cleared away, at
// least one.
func noticesOf(app core.App, row records.Dispatch) (notices []records.Notification, wrong fault) {
	var told []struct {
		Notification records.NotificationID `json:"notification"`
	}
	raw := string(row.Payload())
	if row.Folded() == 0 {
		raw = "[" + raw + "]"
	}
	if err := json.Unmarshal([]byte(raw), &told); err != nil {
		return nil, fault{forEver, err}
	}
	for _, n := range told {
		notice, found, err := records.Notifications.Find(app, n.Notification)
		if err != nil {
			return nil, fault{ofTarget, err}
		}
		if found {
			notices = append(notices, notice)
		}
	}
	if len(notices) == 0 {
		return nil, fault{forEver, errors.New("the notice is gone")}
	}
	return notices, fault{}
}

// mailLines are the texts of notices, and the files of those that are about one, by
// name.
func (s *Service) mailLines(app core.App, notices []records.Notification, lang string) (lines []string, files map[string][]byte, wrong fault) {
	for _, notice := range notices[:min(len(notices), digestLines)] {
		params, err := notice.Params()
		if err != nil {
			return nil, nil, fault{forEver, err}
		}
		lines = append(lines, domain.NoticeText(notice.Kind(), params, lang))
		if !always[notice.Kind()] || s.cfg.Attached == nil {
			continue
		}
		name, content, err := s.cfg.Attached(app, notice.Link())
		if err != nil {
			return nil, nil, fault{ofTarget, err}
		}
		if files == nil {
			files = map[string][]byte{}
		}
		files[name] = content
	}
	if len(notices) > digestLines {
		lines = append(lines, "…")
	}
	return lines, files, fault{}
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
