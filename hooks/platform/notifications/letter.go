package notifications

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"satchel/records"
)

// Letter queues a letter, in the transaction of what it tells of: its kind, and the row
// that it is about. What it says is written when it is sent.
func (s *Service) Letter(txApp core.App, kind, ref string) error {
	if s.cfg.Letters[kind] == nil {
		return fmt.Errorf("there is no letter %s", kind)
	}
	return s.queue(txApp, message{channel: byMail, target: ref, event: kind, payload: map[string]any{"letter": ref}})
}

// sendLetter writes a letter and sends it.
func (s *Service) sendLetter(app core.App, row records.Dispatch, write func(core.App, string) (string, string, string, error)) fault {
	to, subject, text, err := write(app, row.Target())
	switch {
	case err != nil:
		return fault{ofTarget, err}
	case to == "":
		return fault{forEver, errors.New("nobody to write to")}
	}
	address, err := mail.ParseAddress(to)
	if err != nil {
		return fault{forEver, err}
	}
	meta := app.Settings().Meta
	return s.sendAs(app, row, &mailer.Message{
		From: mail.Address{Name: meta.SenderName, Address: meta.SenderAddress}, To: []mail.Address{*address},
		Subject: cut(strings.Join(strings.Fields(subject), " "), subjectBytes), Text: cut(text, mailBytes),
	})
}

// sendAs sends a mail under the id of its message.
func (s *Service) sendAs(app core.App, row records.Dispatch, letter *mailer.Message) fault {
	if _, host, ok := strings.Cut(letter.From.Address, "@"); ok {
		letter.Headers = map[string]string{"Message-ID": "<" + string(row.ID()) + "@" + host + ">"}
	}
	return s.deliver(func() error { return app.NewMailClient().Send(letter) })
}
