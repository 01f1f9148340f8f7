package expense

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"satchel/domain"
)

// States of a run of payments.
const (
	RunDraft     = "draft"
	RunExported  = "exported" // its file was written, once
	RunAnswered  = "answered"
	RunClosed    = "closed"
	RunCancelled = "cancelled"
)

// Steps with a run of payments.
const (
	RunPlan   = "plan"
	RunExport = "export"
	RunAnswer = "answer"
	RunClose  = "close"
	RunCancel = "cancel"

	RunCompare = "compare" // since a restore
	RunTakeUp  = "take_up"
)

// RunUnanswered is the guard of a run whose payments are not all answered.
const RunUnanswered = "payment_run.unanswered"

// PaymentRunMachine is the life of a run of payments: finance plans it out of what is
// approved, writes the bank's file, and imports what the bank answers (H-EXP-6).
var PaymentRunMachine = domain.Machine{
	Collection: "payment_runs",
	States:     []string{RunDraft, RunExported, RunAnswered, RunClosed, RunCancelled},
	Refusal:    "payment_run.state",
	Locked:     "payment_run.locked",
	Steps: []domain.Step{
		{Action: RunPlan, From: []string{RunDraft}, To: []string{RunDraft}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment_run.not_finance", Leads: []string{"its payments are planned anew"}},
		{Action: RunExport, From: []string{RunDraft}, To: []string{RunExported, RunAnswered}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment_run.not_finance", Leads: []string{"its payments are sent, and what needs no money is paid"}},
		{
			Action: RunAnswer, From: []string{RunExported, RunAnswered}, To: []string{RunAnswered}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment_run.not_finance",
			Leads: []string{"its payments are paid or failed"},
		},
		{
			Action: RunClose, From: []string{RunExported, RunAnswered}, To: []string{RunClosed}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment_run.not_finance",
			Guards: []string{RunUnanswered},
		},
		{
			Action: RunCompare, From: []string{RunDraft}, To: []string{RunDraft}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment_run.not_finance",
			Leads: []string{"runs are planned again after a restore"},
		},
		{
			Action: RunTakeUp, From: []string{RunDraft}, To: []string{RunExported}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment_run.not_finance",
			Leads: []string{"what the bank had of a run that a restore lost is on its way"},
		},
		{Action: RunCancel, From: []string{RunDraft}, To: []string{RunCancelled}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment_run.not_finance", Leads: []string{"what it planned may be paid by another"}},
	},
}

// Kinds of payments.
const (
	PaysClaim   = "claim"
	PaysAdvance = "advance"
	PaysReturn  = "return" // of an advance, to the company
)

// States of a payment.
const (
	PaymentPlanned  = "planned"
	PaymentSent     = "sent"
	PaymentPaid     = "paid"
	PaymentFailed   = "failed" // what it was of may be paid by another
	PaymentReversed = "reversed"
)

// Steps with a payment.
const (
	PaymentSend        = "send"
	PaymentPay         = "pay"
	PaymentFail        = "fail"
	PaymentAskReversal = "ask_reversal"
	PaymentReverse     = "reverse"

	PaymentDropReversal = "drop_reversal"
	PaymentCameBack     = "came_back"
)

// PaymentMachine is the life of a payment. Finance asks for a reversal when the money came
// back, and who heads the department decides on it; a claim that is reversed takes its
// payment along.
var PaymentMachine = domain.Machine{
	Collection: "payments",
	States:     []string{PaymentPlanned, PaymentSent, PaymentPaid, PaymentFailed, PaymentReversed},
	Open:       []string{},
	Refusal:    "payment.state",
	Locked:     "payment.locked",
	Steps: []domain.Step{
		{Action: PaymentSend, From: []string{PaymentPlanned}, To: []string{PaymentSent}},
		{Action: PaymentPay, From: []string{PaymentSent}, To: []string{PaymentPaid}},
		{Action: PaymentFail, From: []string{PaymentSent}, To: []string{PaymentFailed}},
		{Action: PaymentAskReversal, From: []string{PaymentPaid}, To: []string{PaymentPaid}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment.not_finance"},
		{Action: PaymentDropReversal, From: []string{PaymentPaid}, To: []string{PaymentPaid}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment.not_finance"},
		{
			Action: PaymentReverse, From: []string{PaymentPaid}, To: []string{PaymentReversed}, By: []domain.Party{domain.PartyHead}, Stranger: "payment.not_head",
			Leads: []string{"what it was of may be paid by another"},
		},
		{
			Action: PaymentCameBack, From: []string{PaymentReversed}, To: []string{PaymentReversed}, By: []domain.Party{domain.PartyOffice}, Stranger: "payment.not_finance",
			Leads: []string{"what was owed for a claim that was reversed is at the bank"},
		},
	},
}

// RunNo is the number of the nth run of a day: B2026-03-16-01. Of a history that goes on from
// a restore it names the series too, so that no number that the bank knows comes again.
func RunNo(day, series string, n int) string { return fmt.Sprintf("%s%02d", RunPrefix(day, series), n) }

// RunPrefix is what the numbers of a day's runs have in common.
func RunPrefix(day, series string) string {
	if series != "" {
		series += "-"
	}
	return "B" + day + "-" + series
}

var runNo = regexp.MustCompile(`^B\d{4}-\d{2}-\d{2}(-[0-9A-Z]{4})?-\d{2,}$`)

// IsRunNo reports whether a text may be the number of a run.
func IsRunNo(text string) bool { return runNo.MatchString(text) }

// LostPayment is a payment of a run that a restore lost, as the bank's file says: of a
// claim or of an advance.
type LostPayment struct {
	Seq     int    `json:"seq"`
	Claim   string `json:"claim"`
	Advance string `json:"advance"`
	Fen     int    `json:"amount_fen"`
}

// CheckLost judges the payments of such a run. Problems payment_run.no_invalid,
// payment_run.empty; payment_run.lost_line: seq.
func CheckLost(no string, lost []LostPayment) error {
	switch {
	case !IsRunNo(no):
		return domain.Problem{Code: "payment_run.no_invalid"}
	case len(lost) == 0:
		return domain.Problem{Code: "payment_run.empty"}
	}
	seen := map[int]bool{}
	for _, p := range lost {
		if p.Seq < 1 || seen[p.Seq] || p.Fen < 1 || p.Fen > BudgetMost || (p.Claim == "") == (p.Advance == "") {
			return domain.Problem{Code: "payment_run.lost_line", Params: map[string]any{"seq": p.Seq}}
		}
		seen[p.Seq] = true
	}
	return nil
}

// Payer is what matters of who would pay.
type Payer struct {
	ID        string
	Approved  bool   // he approved it
	PayeeUser string // who is paid; empty for others than the company's people
	Owner     string // whose claim or advance it is
}

// CheckPayer holds that who pays neither approved it nor gets it. Problems
// payment.approved_by_payer, payment.to_payer.
func CheckPayer(p Payer) error {
	switch {
	case p.ID == p.PayeeUser, p.ID == p.Owner:
		return domain.Problem{Code: "payment.to_payer"}
	case p.Approved:
		return domain.Problem{Code: "payment.approved_by_payer"}
	}
	return nil
}

// VoucherNo is a number of the month in which money moved: P202603-0001.
func VoucherNo(day string, n int) string {
	return fmt.Sprintf("%s%04d", VoucherPrefix(day), n)
}

// VoucherPrefix is what the numbers of a day's month have in common.
func VoucherPrefix(day string) string { return "P" + strings.ReplaceAll(day[:7], "-", "") + "-" }

// VoucherSeq is the number of a voucher in its month; 0 of none.
func VoucherSeq(no string) int {
	_, after, _ := strings.Cut(no, "-")
	n, _ := strconv.Atoi(after)
	return n
}

// BankHeads are the columns of the bank's file.
var BankHeads = []string{"批次号", "序号", "收款户名", "收款账号", "收款银行", "联行号", "金额(元)", "币种", "收款方类型", "用途"}

// BankLine is one payment as the bank gets it.
type BankLine struct {
	Seq                            int
	Holder, Number, Bank, BankCode string
	Fen                            int
	Person                         bool
	Purpose                        string
}

// BankRows are the bank's file: its heads, then a row for each payment, in order.
func BankRows(run string, lines []BankLine) [][]string {
	rows := [][]string{BankHeads}
	for _, l := range lines {
		kind := "对公"
		if l.Person {
			kind = "对私"
		}
		rows = append(rows, []string{run, strconv.Itoa(l.Seq), plain(l.Holder), l.Number, plain(l.Bank), l.BankCode, domain.Yuan(int64(l.Fen)), "CNY", kind, plain(l.Purpose)})
	}
	return rows
}

// plain is a text that no program takes for a formula, on one line.
func plain(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if strings.HasPrefix(text, "'") || strings.ContainsAny(text[:min(1, len(text))], "=+-@") {
		return "'" + text
	}
	return text
}
