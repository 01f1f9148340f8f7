package payments

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/encoding/simplifiedchinese"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Encodings of files.
const (
	utf8Text = "utf8"
	gbkText  = "gbk"
)

var errNotInGBK = errors.New("a character is not in GBK")

// Encode writes rows as CSV, in UTF-8 with its mark or in GBK, with the line ends that
// banks and accountants' programs expect.
func Encode(rows [][]string, encoding string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write a list: %w", err)
	}
	if encoding != gbkText {
		return append([]byte("\ufeff"), b.Bytes()...), nil
	}
	out, err := simplifiedchinese.GBK.NewEncoder().Bytes(b.Bytes())
	if err != nil {
		return nil, errNotInGBK
	}
	return out, nil
}

// decode reads a file of CSV. Problem payment_run.answer_unreadable.
func decode(file, encoding string) (rows [][]string, raw []byte, err error) {
	unreadable := gate.Refuse("payment_run.answer_unreadable")
	raw, err = base64.StdEncoding.DecodeString(file)
	if err != nil {
		return nil, nil, unreadable
	}
	text := raw
	if encoding == gbkText {
		if text, err = simplifiedchinese.GBK.NewDecoder().Bytes(raw); err != nil {
			return nil, nil, unreadable
		}
	}
	if !utf8.Valid(text) || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, nil, unreadable
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	r.FieldsPerRecord = -1
	if rows, err = r.ReadAll(); err != nil {
		return nil, nil, unreadable
	}
	return rows, raw, nil
}

// written is how the bank's file is to be written.
type written struct {
	Encoding string `json:"encoding"`
}

// export writes the bank's file, once: what it says and its hash stay. What needs no
// money, since an advance covers it, is paid with it.
func (s *Service) export(ctx context.Context, tx core.App, run records.PaymentRun, args written) error {
	if args.Encoding != utf8Text && args.Encoding != gbkText {
		return gate.Refuse("payment_run.encoding")
	}
	if err := isCompared(tx); err != nil {
		return err
	}
	rows, err := records.Payments.All(tx, "run = {:r}", dbx.Params{"r": run.ID()}, "seq")
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return gate.Refuse("payment_run.empty")
	}
	var lines []expense.BankLine
	waiting, total := 0, 0
	for _, row := range rows {
		if err := s.again(ctx, tx, row); err != nil {
			return err
		}
		row.SetState(expense.PaymentSent)
		if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
			return err
		}
		if row.AmountFen() == 0 {
			if err := s.paid(ctx, tx, row, ""); err != nil {
				return err
			}
			continue
		}
		line, err := bankLine(tx, row)
		if err != nil {
			return err
		}
		lines = append(lines, line)
		waiting++
		total += row.AmountFen()
	}
	body, err := Encode(expense.BankRows(run.No(), lines), args.Encoding)
	if errors.Is(err, errNotInGBK) {
		return gate.Refuse("payment_run.not_in_gbk")
	}
	if err != nil {
		return err
	}
	hash := sha256.Sum256(body)
	run.SetFile(base64.StdEncoding.EncodeToString(body))
	run.SetSHA256(hex.EncodeToString(hash[:]))
	run.SetEncoding(records.PaymentRunEncoding(args.Encoding))
	run.SetExportedBy(actor(ctx))
	run.SetExportedAt(s.Now())
	run.SetTotalFen(total)
	run.SetPaidCount(len(rows) - waiting)
	run.SetState(expense.RunExported)
	if waiting == 0 {
		run.SetState(expense.RunAnswered)
	}
	return nil
}

// again judges a planned payment as things stand now: what it is of may have changed, and
// so may the payee's account, and who sends it is another than who planned it.
func (s *Service) again(ctx context.Context, tx core.App, row records.Payment) error {
	if row.Kind() == expense.PaysClaim {
		claim, err := records.ExpenseClaims.Require(tx, row.Claim())
		if err != nil {
			return err
		}
		clears, err := s.clears(tx, claim)
		if err != nil {
			return err
		}
		if string(claim.State()) != expense.ClaimApproved || clears != row.ClearedFen() || claim.ApprovedFen() != row.AmountFen()+clears {
			return gate.Refuse("payment.changed", "no", claim.No())
		}
		if err := s.Claims.Recheck(ctx, tx, claim); err != nil {
			return err
		}
	} else {
		advance, err := records.Advances.Require(tx, row.Advance())
		if err != nil {
			return err
		}
		if advance.State() != expense.AdvanceApproved || advance.AmountFen() != row.AmountFen() {
			return gate.Refuse("payment.changed", "no", advance.Purpose())
		}
	}
	return s.ready(ctx, tx, row)
}

func bankLine(tx core.App, row records.Payment) (line expense.BankLine, err error) {
	account, err := records.PayeeAccounts.Require(tx, records.PayeeAccountID(row.PayeeAccount()))
	if err != nil {
		return line, err
	}
	payee, err := records.Payees.Require(tx, row.Payee())
	if err != nil {
		return line, err
	}
	purpose := "借款"
	if row.Kind() == expense.PaysClaim {
		claim, err := records.ExpenseClaims.Require(tx, row.Claim())
		if err != nil {
			return line, err
		}
		purpose = "报销 " + claim.No()
	}
	return expense.BankLine{
		Seq: row.Seq(), Holder: account.Holder(), Number: account.Number(), Bank: account.Bank(), BankCode: account.BankCode(),
		Fen: row.AmountFen(), Person: payee.Kind() == expense.PayeeEmployee, Purpose: strings.TrimSpace(purpose),
	}, nil
}

// file answers GET /api/ka/payment_runs/{id}/file: what the bank gets, to finance alone,
// noted each time. Refusals payment_run.not_finance (403), payment_run.not_exported.
func (s *Service) file(e *core.RequestEvent) error {
	user := records.Users.Of(e.Auth)
	if !user.Active() || user.Role() != people.RoleFinance {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "payment_run.not_finance"}, nil)
	}
	record, err := gate.Shown(e, records.PaymentRunTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	run := records.PaymentRuns.Of(record)
	if run.File() == "" {
		return gate.Refuse("payment_run.not_exported")
	}
	body, err := base64.StdEncoding.DecodeString(run.File())
	if err != nil {
		return fmt.Errorf("read the file of a run: %w", err)
	}
	entry, err := records.AccessLog.New(e.App)
	if err != nil {
		return err
	}
	entry.SetAt(s.Now())
	entry.SetActor(records.UserID(e.Auth.Id))
	entry.SetWhat("export")
	entry.SetCount(run.Count())
	entry.SetParams(map[string]any{"collection": records.PaymentRunTable, "run": run.ID(), "ip": gate.ActorOf(e).IP, "watermark": gate.Watermark(e.Auth, s.Now())})
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), entry.Raw()); err != nil {
		return fmt.Errorf("note that a run's file was taken: %w", err)
	}
	head := e.Response.Header()
	head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(run.No()+".csv"))
	head.Set("Cache-Control", "no-store")
	charset := "utf-8"
	if run.Encoding() == gbkText {
		charset = "gbk"
	}
	return e.Blob(http.StatusOK, "text/csv; charset="+charset, body)
}
