package satisfaction

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/url"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/satisfaction"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// codeSide is the least side of a QR, in pixels.
const codeSide = 480

// code answers GET /api/ka/survey_invites/{id}/qr: the link as a QR, to be shown to the customer.
func (s *Service) code(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.SurveyInviteTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	invite := records.SurveyInvites.Of(record)
	if err := mayTake(e, invite.Dept()); err != nil {
		return err
	}
	link, err := linkOf(e.App, invite)
	if err != nil {
		return err
	}
	matrix, err := qrcode.NewQRCodeWriter().Encode(link, gozxing.BarcodeFormat_QR_CODE, codeSide, codeSide, nil)
	if err != nil {
		return fmt.Errorf("draw a QR: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, matrix); err != nil {
		return fmt.Errorf("write a QR: %w", err)
	}
	if err := s.handed(e, invite); err != nil {
		return err
	}
	if err := s.noteTaken(e, invite.Survey(), 1); err != nil {
		return err
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.Blob(http.StatusOK, "image/png", out.Bytes())
}

// links answers GET /api/ka/satisfaction_surveys/{id}/links: a list, to be sent by WeCom.
func (s *Service) links(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.SatisfactionSurveyTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	survey := records.SatisfactionSurveys.Of(record)
	if err := mayTake(e, survey.Dept()); err != nil {
		return err
	}
	invites, err := records.SurveyInvites.All(e.App, "survey = {:s} AND state <> 'void'", dbx.Params{"s": survey.ID()}, "account, contact, subject")
	if err != nil {
		return err
	}
	rows := [][]any{}
	for _, invite := range invites {
		cells, err := linkRow(e.App, invite)
		if err != nil {
			return err
		}
		if cells == nil { // the contact is gone
			continue
		}
		rows = append(rows, cells)
		if err := s.handed(e, invite); err != nil {
			return err
		}
	}
	var file bytes.Buffer
	if err := s.Write(&file, "csv", gate.Watermark(e.Auth, s.Now()), linkHeads, rows); err != nil {
		return fmt.Errorf("write the links of a survey: %w", err)
	}
	if err := s.noteTaken(e, survey.ID(), len(rows)); err != nil {
		return err
	}
	h := e.Response.Header()
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape("满意度链接-"+survey.Name()+"-"+domain.BusinessDay(s.Now())+"-"+gate.TakerOf(e.Auth)+".csv"))
	h.Set("Cache-Control", "no-store")
	return e.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}

func linkRow(app core.App, invite records.SurveyInvite) ([]any, error) {
	account, err := records.Accounts.Require(app, invite.Account())
	if err != nil {
		return nil, err
	}
	contact, found, err := records.Contacts.Find(app, invite.Contact())
	if err != nil || !found {
		return nil, err
	}
	person, err := records.Users.Require(app, invite.Subject())
	if err != nil {
		return nil, err
	}
	link, err := linkOf(app, invite)
	if err != nil {
		return nil, err
	}
	return []any{
		account.Name(), contact.Name(), contact.Title(), contact.Phone(), contact.Wechat(), person.Name(),
		channelNames[string(invite.Channel())], link, domain.BusinessDay(invite.ExpiresAt()),
	}, nil
}

// handed notes that a link went out by hand.
func (s *Service) handed(e *core.RequestEvent, invite records.SurveyInvite) error {
	if invite.State() != "drawn" {
		return nil
	}
	invite.SetState("sent")
	invite.SetSentAt(s.Now())
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), invite.Raw()); err != nil {
		return fmt.Errorf("note that a link went out: %w", err)
	}
	return nil
}

// linkHeads are the columns of the list of links.
var linkHeads = []string{"客户", "联系人", "职务", "电话", "企业微信", "被评价人", "方式", "链接", "有效期至"}

// channelNames as the list says them.
var channelNames = map[string]string{satisfaction.ChannelMail: "邮件", satisfaction.ChannelQR: "二维码/企业微信"}

// mayTake refuses the links to all but who runs a survey.
func mayTake(e *core.RequestEvent, dept records.DepartmentID) error {
	user := records.Users.Of(e.Auth)
	if !user.Active() || !runs(e.Auth) && !gate.Heads(e.Auth, string(dept)) {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "satisfaction.not_office"}, nil)
	}
	return nil
}

// noteTaken writes that links were taken, and by whom.
func (s *Service) noteTaken(e *core.RequestEvent, survey records.SatisfactionSurveyID, count int) error {
	entry, err := records.AccessLog.New(e.App)
	if err != nil {
		return err
	}
	entry.SetAt(s.Now())
	entry.SetActor(records.UserID(e.Auth.Id))
	entry.SetWhat("export")
	entry.SetCount(count)
	entry.SetParams(map[string]any{"collection": records.SurveyInviteTable, "survey": survey, "ip": gate.ActorOf(e).IP, "watermark": gate.Watermark(e.Auth, s.Now())})
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), entry.Raw()); err != nil {
		return fmt.Errorf("note that links were taken: %w", err)
	}
	return nil
}
