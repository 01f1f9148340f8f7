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
func (s *Service) ask(ctx context.Context, app core.App, row records.Invoice) (verdict, fault string) {
	said, err := s.post(ctx, app, askedOf(row))
	if err != nil {
		return expense.VerifyUnknown, err.Error()
	}
	if said.Verdict != expense.VerifyValid && !expense.InvoiceDead(said.Verdict) {
		return expense.VerifyUnknown, "the answer gives no verdict"
	}
	if other := said.differs(row); other != "" {
		return expense.VerifyUnknown, "the answer is about another invoice: its " + other
	}
	return said.Verdict, ""
}

// said is a platform's answer: its verdict, and what invoice it is about.
type said struct {
	Verdict    string `json:"verdict"`
	Code       string `json:"code"`
	Number     string `json:"number"`
	Date       string `json:"date"`
	Amount     string `json:"amount"` // as it was asked
	Total      string `json:"total"`
	SellerTax  string `json:"seller_tax"`
	SellerName string `json:"seller_name"`
}

// differs names what an answer says otherwise than the invoice; empty if they agree. It
// names the number, and the code of an invoice that has one; of the rest what both know
// is compared.
func (a said) differs(row records.Invoice) string {
	day := func(text string) string { d, _ := expense.ParseDay(text); return d }
	yuan := func(text string) string {
		fen, ok := expense.ParseFen(text)
		if !ok {
			return text
		}
		return domain.Yuan(fen)
	}
	total := ""
	if row.TotalFen() > 0 {
		total = domain.Yuan(int64(row.TotalFen()))
	}
	what := askedOf(row)
	for _, c := range []struct {
		name, said, known string
		must              bool
	}{
		{"number", a.Number, what.Number, true},
		{"code", a.Code, what.Code, len(what.Number) < 20},
		{"date", day(a.Date), what.Date, false},
		{"amount", yuan(a.Amount), what.Amount, false},
		{"total", yuan(a.Total), total, false},
		{"seller", strings.ToUpper(a.SellerTax), row.SellerTax(), false},
		{"seller", expense.PlainName(a.SellerName), expense.PlainName(row.SellerName()), false},
	} {
		if c.said != c.known && (c.must || c.said != "" && c.known != "") {
			return c.name
		}
	}
	return ""
}

func (s *Service) post(ctx context.Context, app core.App, what asked) (answer said, err error) {
	settings := gate.SettingsNow(app)
	address, err := settings.InvoiceVerifyURL()
	if err != nil {
		return answer, err
	}
	if address == "" {
		return answer, errors.New("no platform is set")
	}
	token, err := settings.InvoiceVerifyToken()
	if err != nil {
		return answer, err
	}
	seconds, err := settings.InvoiceVerifySeconds()
	if err != nil {
		return answer, err
	}
	body, err := json.Marshal(what)
	if err != nil {
		return answer, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return answer, errors.New("the platform's address is none")
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := platform.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return answer, errors.New("no answer in time")
		}
		return answer, errors.New("the platform cannot be reached")
	}
	defer got.Body.Close() //nolint:errcheck // it was only read
	if got.StatusCode != http.StatusOK {
		return answer, fmt.Errorf("answered %d", got.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(got.Body, answerBytes+1))
	switch {
	case err != nil:
		return answer, errors.New("the answer broke off")
	case len(raw) > answerBytes:
		return answer, errors.New("the answer is too long")
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return answer, errors.New("the answer cannot be read")
	}
	return answer, nil
}

// platform follows no redirect and keeps no connection.
var platform = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: answerBytes},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
