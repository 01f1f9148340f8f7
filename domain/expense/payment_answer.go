package expense

import (
	"strconv"
	"strings"
	"time"

	"satchel/domain"
)

// AnswerRead is an answer of the bank that was taken: the file by its hash, who
// imported it, and what it changed.
type AnswerRead struct {
	SHA256 string    `json:"sha256"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Paid   int       `json:"paid"`
	Failed int       `json:"failed"`
	Same   int       `json:"same"` // lines that say what was known
}

// AnswerHeads are the columns of the bank's answer, in any order.
var AnswerHeads = []string{"批次号", "序号", "金额(元)", "结果", "流水号", "原因"}

// AnswerLine is what the bank says of one payment.
type AnswerLine struct {
	Line   int // of the file, counted from 1
	Run    string
	Seq    int
	Fen    int
	Paid   bool
	Ref    string
	Reason string
}

// ReadAnswer reads the rows of the bank's answer, its heads first. Problems
// payment_run.answer_heads: head; payment_run.answer_line: line, field.
func ReadAnswer(rows [][]string) ([]AnswerLine, error) {
	if len(rows) == 0 {
		return nil, domain.Problem{Code: "payment_run.answer_heads", Params: map[string]any{"head": AnswerHeads[0]}}
	}
	at := map[string]int{}
	for i, head := range rows[0] {
		at[strings.TrimSpace(strings.TrimPrefix(head, "\ufeff"))] = i
	}
	for _, head := range AnswerHeads {
		if _, found := at[head]; !found {
			return nil, domain.Problem{Code: "payment_run.answer_heads", Params: map[string]any{"head": head}}
		}
	}
	var out []AnswerLine
	for i, row := range rows[1:] {
		cell := func(head string) string {
			if at[head] >= len(row) {
				return ""
			}
			return strings.TrimSpace(NormalText(row[at[head]]))
		}
		if strings.Join(row, "") == "" {
			continue
		}
		line := AnswerLine{Line: i + 2, Run: cell("批次号"), Ref: cut(cell("流水号"), 100), Reason: cut(cell("原因"), 200)}
		seq, err := strconv.Atoi(cell("序号"))
		if err != nil {
			return nil, answerLine(line.Line, "序号")
		}
		fen, ok := ParseFen(cell("金额(元)"))
		if !ok {
			return nil, answerLine(line.Line, "金额(元)")
		}
		line.Seq, line.Fen = seq, int(fen)
		switch strings.ToLower(cell("结果")) {
		case "成功", "success":
			line.Paid = true
		case "失败", "failed":
		default:
			return nil, answerLine(line.Line, "结果")
		}
		out = append(out, line)
	}
	return out, nil
}

func answerLine(line int, field string) error {
	return domain.Problem{Code: "payment_run.answer_line", Params: map[string]any{"line": line, "column": field}}
}

// SentPayment is a payment of a run, as it stands.
type SentPayment struct {
	Seq, Fen int
	State    string
}

// MatchAnswer says which payments of a run an answer newly tells of, by their number in
// it, and how many lines say what is known. An answer is taken whole or not at all: one
// that names another run, an unknown payment, another amount, or that says otherwise
// than an answer before, is refused. Problems payment_run.other_run,
// payment_run.unknown_payment, payment_run.amount_differs, payment_run.contradicts.
func MatchAnswer(run string, sent []SentPayment, lines []AnswerLine) (told map[int]AnswerLine, same int, err error) {
	known := map[int]SentPayment{}
	for _, p := range sent {
		known[p.Seq] = p
	}
	told = map[int]AnswerLine{}
	for _, line := range lines {
		params := map[string]any{"line": line.Line, "seq": line.Seq}
		p, found := known[line.Seq]
		before, twice := told[line.Seq]
		switch {
		case line.Run != run:
			return nil, 0, domain.Problem{Code: "payment_run.other_run", Params: map[string]any{"line": line.Line}}
		case !found, p.State == PaymentPlanned, p.Fen == 0:
			return nil, 0, domain.Problem{Code: "payment_run.unknown_payment", Params: params}
		case p.Fen != line.Fen:
			return nil, 0, domain.Problem{Code: "payment_run.amount_differs", Params: params}
		case twice && before.Paid != line.Paid,
			p.State == PaymentFailed && line.Paid,
			(p.State == PaymentPaid || p.State == PaymentReversed) && !line.Paid:
			return nil, 0, domain.Problem{Code: "payment_run.contradicts", Params: params}
		case twice, p.State != PaymentSent:
			same++
		default:
			told[line.Seq] = line
		}
	}
	return told, same, nil
}
