package invoices

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// answerBytes is how much of a platform's answer is read; one that says more is none.
const answerBytes = 64 << 10

// asked is what a platform needs to know an invoice by.
type asked struct {
	Code      string `json:"code"`
	Number    string `json:"number"`
	Date      string `json:"date"`
	Amount    string `json:"amount"`     // in yuan: before tax of older kinds, else the total
	CheckCode string `json:"check_code"` // its last six digits
}

func askedOf(row records.Invoice) asked {
	fen := row.TotalFen()
	if expense.AmountMeans(row.Kind()) == expense.AmountExTax && row.AmountExFen() > 0 {
		fen = row.AmountExFen()
	}
	check := row.CheckCode()
	return asked{Code: row.Code(), Number: row.Number(), Date: row.IssueDate(), Amount: domain.Yuan(int64(fen)), CheckCode: check[max(0, len(check)-6):]}
}

func (a asked) text() string {
	return strings.Join([]string{a.Code, a.Number, a.Date, a.Amount, a.CheckCode}, ",")
}

// ask asks the platform of the settings, and nobody else: no address that a paper or a
// QR names is ever fetched. What it does not answer in time, in form and in short is
// unknown, with the reason.
func (s *Service) ask(ctx context.Context, app core.App, what asked) (verdict, fault string) {
	verdict, err := s.post(ctx, app, what)
	if err != nil {
		return expense.VerifyUnknown, err.Error()
	}
	return verdict, ""
}

func (s *Service) post(ctx context.Context, app core.App, what asked) (string, error) {
	settings := gate.SettingsNow(app)
	address, err := settings.InvoiceVerifyURL()
	if err != nil {
		return "", err
	}
	if address == "" {
		return "", errors.New("no platform is set")
	}
	token, err := settings.InvoiceVerifyToken()
	if err != nil {
		return "", err
	}
	seconds, err := settings.InvoiceVerifySeconds()
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(what)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return "", errors.New("the platform's address is none")
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := platform.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return "", errors.New("no answer in time")
		}
		return "", errors.New("the platform cannot be reached")
	}
	defer got.Body.Close() //nolint:errcheck // it was only read
	if got.StatusCode != http.StatusOK {
		return "", fmt.Errorf("answered %d", got.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(got.Body, answerBytes+1))
	switch {
	case err != nil:
		return "", errors.New("the answer broke off")
	case len(raw) > answerBytes:
		return "", errors.New("the answer is too long")
	}
	var said struct {
		Verdict string `json:"verdict"`
		Number  string `json:"number"`
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		return "", errors.New("the answer cannot be read")
	}
	if said.Number != "" && said.Number != what.Number {
		return "", errors.New("the answer is about another invoice")
	}
	if said.Verdict != expense.VerifyValid && !expense.InvoiceDead(said.Verdict) {
		return "", errors.New("the answer gives no verdict")
	}
	return said.Verdict, nil
}

// platform follows no redirect and keeps no connection.
var platform = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: answerBytes},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
