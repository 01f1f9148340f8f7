package ledger

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// paper is a statement as it is handed to a customer.
type paper struct {
	Issuer                         [][2]string // who issues it, as far as that is set
	Account, Month, Issued, Answer string
	sales.Statement
	Lines []sales.Entry
	Mark  string // who takes it, and when
}

// entryNames are kinds of entries as customers read them.
var entryNames = map[string]string{
	sales.EntryDelivery: "发货", sales.EntryReturn: "退货", sales.EntryReceipt: "回款", sales.EntryReversal: "回款冲销", sales.EntryDeduction: "扣款",
}

// answers are states of a statement as customers read them.
var answers = map[records.StatementState]string{
	sales.StatementIssued: "待客户确认", sales.StatementConfirmed: "客户已确认", sales.StatementDisputed: "客户有异议",
}

// sums are the figures above the lines, in their order.
func (p paper) sums() [][2]string {
	return [][2]string{
		{"期初余额", yuan(p.Opening)},
		{"本月发货", yuan(p.Delivered)},
		{"本月退货", yuan(-p.Returned)},
		{"本月回款", yuan(-p.Received)},
		{"本月扣款", yuan(-p.Deducted)},
		{"期末余额", yuan(p.Closing)},
	}
}

// paper answers a statement in a format, if its entries are still those that it
// was made of.
func (b *Books) paper(format, mime string, write func(io.Writer, paper) error) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		record, err := gate.Shown(e, records.StatementTable, e.Request.PathValue("id"))
		if err != nil {
			return err
		}
		p, err := b.paperOf(e.App, records.Statements.Of(record))
		if err != nil {
			return err
		}
		p.Mark = gate.Watermark(e.Auth, b.now())
		var out bytes.Buffer
		if err := write(&out, p); err != nil {
			return fmt.Errorf("write a statement: %w", err)
		}
		head := e.Response.Header()
		head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape("对账单-"+p.Account+"-"+p.Month+"."+format))
		head.Set("Cache-Control", "no-store")
		return e.Blob(http.StatusOK, mime, out.Bytes())
	}
}

func (b *Books) paperOf(app core.App, s records.Statement) (p paper, err error) {
	account, err := records.Accounts.Require(app, s.Account())
	if err != nil {
		return p, err
	}
	sums, lines, err := stated(app, s.Account(), s.Month())
	if err != nil {
		return p, err
	}
	if sums.SHA256 != s.SHA256() || sums.Opening != s.OpeningFen() || sums.Closing != s.ClosingFen() {
		return p, fmt.Errorf("statement %s was made of other entries than there are", s.ID())
	}
	issued := domain.BusinessDay(s.IssuedAt())
	from, err := issuer(gate.SettingsOn(app, issued))
	if err != nil {
		return p, err
	}
	return paper{
		Issuer: from, Account: account.Name(), Month: s.Month(), Issued: issued, Answer: answers[s.State()], Statement: sums, Lines: lines,
	}, nil
}

// issuer is the company as it was on the day of the settings; what is not set is left out.
func issuer(settings gate.Settings) (lines [][2]string, err error) {
	for _, of := range []struct {
		label string
		read  func() (string, error)
	}{{"出具方", settings.CompanyName}, {"统一社会信用代码", settings.CompanyUscc}, {"地址", settings.CompanyAddress}} {
		text, err := of.read()
		if err != nil {
			return nil, err
		}
		if text = strings.TrimSpace(text); text != "" {
			lines = append(lines, [2]string{of.label, text})
		}
	}
	return lines, nil
}

// yuan writes fen as people read amounts: 12,345.67.
func yuan(fen int) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	whole := fmt.Sprint(fen / 100)
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, whole, fen%100)
}
