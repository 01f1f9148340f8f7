package claims_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"

	"satchel/domain/expense"
)

// naive is what claims, payments and advances must be, each told by a query that finds
// what is not. A claim that was handed in is submitted, approved, paid or archived.
var naive = map[string]string{
	"lines do not come to their claim": `SELECT c.id FROM expense_claims c WHERE c.total_fen <> (SELECT COALESCE(SUM(amount_fen), 0) FROM expense_lines WHERE claim = c.id)`,
	"approved lines do not come to their claim": `SELECT c.id FROM expense_claims c WHERE c.state IN ('submitted', 'approved', 'paid', 'archived')
		AND c.approved_fen <> (SELECT SUM(approved_fen) FROM expense_lines WHERE claim = c.id)`,
	"more is approved than claimed": `SELECT l.id FROM expense_lines l JOIN expense_claims c ON c.id = l.claim WHERE c.state IN ('submitted', 'approved', 'paid', 'archived') AND l.approved_fen > l.amount_fen`,
	"shares do not come to their line": `SELECT l.id FROM expense_lines l JOIN expense_claims c ON c.id = l.claim JOIN expense_shares s ON s.line = l.id
		WHERE c.state IN ('submitted', 'approved', 'paid', 'archived') GROUP BY l.id HAVING SUM(s.fen) <> l.amount_fen OR SUM(s.approved_fen) <> l.approved_fen`,
	"a paper stands otherwise than its claim": `SELECT u.id FROM expense_uses u JOIN expense_claims c ON c.id = u.claim WHERE u.state <> 'draft' AND u.state <>
		CASE c.state WHEN 'submitted' THEN 'active' WHEN 'approved' THEN 'active' WHEN 'paid' THEN 'paid' WHEN 'archived' THEN 'paid' ELSE 'released' END`,
	"a key is active twice": `SELECT i.key FROM expense_uses u JOIN invoices i ON i.id = u.invoice JOIN expense_claims c ON c.id = u.claim
		WHERE c.state IN ('submitted', 'approved', 'paid', 'archived') GROUP BY i.key HAVING COUNT(DISTINCT i.owner) > 1`,
	"more of an invoice is used than it has": `SELECT i.id FROM expense_uses u JOIN invoices i ON i.id = u.invoice JOIN expense_claims c ON c.id = u.claim
		WHERE c.state IN ('submitted', 'approved', 'paid', 'archived') GROUP BY i.id HAVING SUM(u.amount_fen) > i.total_fen OR SUM(u.amount_fen) <> i.used_fen`,
	"a claim that was paid otherwise than approved": `SELECT id FROM expense_claims WHERE state IN ('paid', 'archived') AND (paid_fen + cleared_fen <> approved_fen OR voucher_no = '')
		OR state = 'approved' AND (paid_fen <> 0 OR cleared_fen <> 0)`,
	"payments exceed what was approved": `SELECT c.id FROM expense_claims c JOIN payments p ON p.claim = c.id AND p.state IN ('planned', 'sent', 'paid')
		GROUP BY c.id HAVING SUM(p.amount_fen + p.cleared_fen) > c.approved_fen`,
	"a claim says otherwise than its payments": `SELECT c.id FROM expense_claims c LEFT JOIN payments p ON p.claim = c.id AND p.state = 'paid'
		WHERE c.state <> 'reversed' GROUP BY c.id HAVING COALESCE(SUM(p.amount_fen), 0) <> c.paid_fen OR COALESCE(SUM(p.cleared_fen), 0) <> c.cleared_fen`,
	"a reversed claim is paid": `SELECT c.id FROM expense_claims c JOIN payments p ON p.claim = c.id AND p.state IN ('planned', 'sent', 'paid') WHERE c.state = 'reversed'`,
	"a voucher is given twice": `SELECT no FROM (SELECT voucher_no AS no FROM payments UNION ALL SELECT reversal_voucher_no FROM payments) WHERE no <> '' GROUP BY no HAVING COUNT(*) > 1`,
	"an advance is not what claims cleared and came back": `SELECT a.id FROM advances a WHERE a.cleared_fen + a.given_back_fen > a.paid_fen
		OR a.cleared_fen <> (SELECT COALESCE(SUM(cleared_fen), 0) FROM expense_claims WHERE advance = a.id AND state IN ('paid', 'archived'))
		OR a.given_back_fen <> (SELECT COALESCE(SUM(amount_fen), 0) FROM payments WHERE advance = a.id AND kind = 'return' AND state = 'paid')
		OR a.paid_fen <> (SELECT COALESCE(SUM(amount_fen), 0) FROM payments WHERE advance = a.id AND kind = 'advance' AND state = 'paid')
		OR (a.state = 'cleared') <> (a.paid_fen > 0 AND a.cleared_fen + a.given_back_fen = a.paid_fen)`,
	"an advance is cleared twice": `SELECT a.id FROM advances a JOIN payments p ON p.advance = a.id AND p.kind = 'claim' AND p.state IN ('planned', 'sent', 'paid')
		GROUP BY a.id HAVING SUM(p.cleared_fen) + a.given_back_fen > a.paid_fen`,
	"something was approved that nobody signed": `SELECT c.id FROM expense_claims c JOIN approvals a ON a.ref_id = c.id AND a.round = c.approval_round AND a.state = 'approved'
		WHERE c.state IN ('approved', 'paid', 'archived') AND COALESCE(json_extract(a.content, '$.total_fen'), -1) <> c.total_fen`,
	"the ledger of a leaf": `SELECT n.id FROM budget_nodes n LEFT JOIN (
			SELECT leaf, SUM(CASE WHEN held THEN fen ELSE 0 END) AS reserved, SUM(CASE WHEN held THEN 0 ELSE fen END) AS spent FROM (
				SELECT COALESCE(s.leaf, l.leaf) AS leaf, COALESCE(s.approved_fen, l.approved_fen) AS fen, c.state NOT IN ('paid', 'archived') AS held
				FROM expense_claims c JOIN expense_lines l ON l.claim = c.id LEFT JOIN expense_shares s ON s.line = l.id
				WHERE c.state IN ('approved', 'paid', 'archived') OR c.state = 'submitted' AND NOT c.over_budget
			) GROUP BY leaf
		) x ON x.leaf = n.id WHERE n.is_leaf AND (n.reserved_fen <> COALESCE(x.reserved, 0) OR n.spent_fen <> COALESCE(x.spent, 0))`,
}

// recount holds claims to their parts, payments and the bank to claims, and the ledger to
// claims alone; last lets the journal be written too.
func (h *history) recount(last bool) string {
	for _, what := range slices.Sorted(maps.Keys(naive)) {
		var ids []string
		if err := h.DB().NewQuery(naive[what]).Column(&ids); err != nil {
			h.t.Fatalf("%s: %v", what, err)
		}
		if len(ids) > 0 {
			return what + ": " + strings.Join(ids, " ")
		}
	}
	if wrong := h.byBank(); wrong != "" {
		return wrong
	}
	if !last && h.n%10 > 0 {
		return ""
	}
	h.Job("budgetBalances")
	if n := h.Bound.Budgets.Drift(); n != 0 {
		return fmt.Sprintf("%d nodes are not what their entries say", n)
	}
	return h.journal()
}

// journal is balanced voucher by voucher, and what it says of the bank is what payments say.
func (h *history) journal() string {
	month := h.Clock.Now().Format("2006-01")
	answer := h.Do(finance, "GET", "/api/ka/vouchers?system=yonyou&month="+month, "")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || answer.Code != 200 {
		return fmt.Sprintf("no journal: %d %s %v", answer.Code, answer.Body, err)
	}
	at := func(head string) int { return slices.Index(rows[0], head) }
	left, bank := map[string]int64{}, int64(0)
	for _, row := range rows[1:] {
		debit, _ := expense.ParseFen(row[at("借方金额")])
		credit, _ := expense.ParseFen(row[at("贷方金额")])
		left[row[at("凭证号")]] += debit - credit
		if row[at("科目编码")] == "1002" {
			bank += credit - debit
		}
	}
	for no, fen := range left {
		if fen != 0 {
			return fmt.Sprintf("voucher %s is out by %d", no, fen)
		}
	}
	var moved int64
	if err := h.DB().NewQuery("SELECT COALESCE(SUM(IIF(kind = 'return', -amount_fen, amount_fen)), 0) FROM payments WHERE state = 'paid' OR owed").Row(&moved); err != nil {
		h.t.Fatal(err)
	}
	if bank != moved {
		return fmt.Sprintf("the journal has %d of the bank, and payments %d", bank, moved)
	}
	return ""
}
