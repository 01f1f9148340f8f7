package claims_test

import (
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// said names the verdict of a push's last mutation: applied, or the code of its refusal.
func said(answer *httptest.ResponseRecorder) string {
	var out struct {
		Results []struct {
			Status string `json:"status"`
			Code   string `json:"code"`
		} `json:"results"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || len(out.Results) == 0 {
		return answer.Body.String()
	}
	last := out.Results[len(out.Results)-1]
	if last.Code != "" {
		return last.Code
	}
	return last.Status
}

// history throws dice for the claims of two reps.
type history struct {
	*desk
	dice   *rand.Rand
	phones map[string]*testapp.Phone
	claims []string // ids
	lines  []string
	kept   string // a copy of the server
	sent   map[string]int
	n      int
	back   int
	seed   uint64
}

var claimants = []string{rep, "rep.he"}

func begin(d *desk, seed uint64) *history {
	h := &history{desk: d, dice: rand.New(rand.NewPCG(seed, 26)), phones: map[string]*testapp.Phone{}, seed: seed}
	for _, who := range claimants {
		h.phones[who] = d.Phone(d.Token(who), fmt.Sprint(who, seed))
	}
	return h
}

func (h *history) id(what string) string {
	h.n++
	return fmt.Sprintf("%s%03d%010d", what, h.seed, h.n)
}

func put(c, id string, values map[string]any) map[string]any {
	return map[string]any{"op": "create", "c": c, "r": id, "set": values}
}

// draft is pushed whole: a claim, its lines, shares and papers.
func (h *history) draft() {
	who := claimants[h.dice.IntN(2)]
	id := h.id("cl")
	all := []map[string]any{put("expense_claims", id, map[string]any{"owner": h.As(who).Id, "title": "x", "period": "2026-03", "payee_kind": "employee"})}
	for range 1 + h.dice.IntN(3) {
		line, fen := h.id("ln"), 1+h.dice.IntN(9_000)
		all = append(all, put("expense_lines", line, map[string]any{"claim": id, "category": h.category().Id, "day": day, "amount_fen": fen, "no_invoice_reason": "x"}))
		for _, node := range []string{"陈", "何", "公共"}[:h.dice.IntN(4)] {
			all = append(all, put("expense_shares", h.id("sh"), map[string]any{"claim": id, "line": line, "node": h.nodes[node].Id, "weight": 1 + h.dice.IntN(5)}))
		}
		if h.dice.IntN(2) == 0 {
			invoice := h.invoice(who, fmt.Sprintf("26%03d%015d", h.seed, h.n), fen)
			all = append(all, put("expense_uses", h.id("us"), map[string]any{"claim": id, "line": line, "invoice": invoice.Id, "amount_fen": fen}))
		}
		h.lines = append(h.lines, line)
	}
	if got := said(h.phones[who].Push(all...)); got != "applied" {
		h.t.Fatalf("a draft: %s", got)
	}
	h.claims = append(h.claims, id)
}

// act is pushed by who owns a claim; the answer may be lost, and it comes again.
func (h *history) act(c *core.Record, action string, args map[string]any) {
	who := claimants[0]
	if c.GetString("owner") != h.As(who).Id {
		who = claimants[1]
	}
	for range 1 + h.dice.IntN(2) {
		h.phones[who].Push(map[string]any{"op": "action", "c": "expense_claims", "r": c.Id, "action": action, "args": args})
	}
}

// happen lets one thing happen.
func (h *history) happen() {
	if len(h.claims) == 0 || h.dice.IntN(5) == 0 {
		h.draft()
	}
	c := h.Row("expense_claims", h.claims[h.dice.IntN(len(h.claims))])
	asked := func() string {
		if h.Asked(manager, c) != nil {
			return manager
		}
		if h.Asked(executive, c) != nil {
			return executive
		}
		return finance
	}
	switch what := h.dice.IntN(14); {
	case what < 3:
		h.act(c, "submit", map[string]any{"special": h.dice.IntN(4) == 0, "reason": "展会"})
	case what < 7 && h.Asked("", c) != nil:
		who, args := asked(), ""
		if who == finance && h.dice.IntN(2) == 0 {
			line := h.linesOf(c)[0]
			args = fmt.Sprintf(`{"data":{"cuts":[{"line":%q,"fen":%d,"reason":"x"}]}}`, line.Id, h.dice.IntN(line.GetInt("amount_fen")+1))
		}
		h.Decide(who, c, "approve", args)
	case what == 7 && h.Asked("", c) != nil:
		h.Decide(asked(), c, []string{"return", "reject"}[h.dice.IntN(2)], `{"comment":"x"}`)
	case what == 8:
		h.act(c, "withdraw", nil)
	case what == 9:
		h.pay(c, c.GetInt("approved_fen")-h.dice.IntN(2)) // a fen less is refused
		if h.dice.IntN(2) == 0 {                          // the bank's answer comes again
			h.pay(c, c.GetInt("approved_fen"))
		}
	case what == 10:
		h.unpay(c)
	case what == 11:
		h.Act(finance, c, "ask_reversal", `{"reason":"x"}`)
		h.Act(director, c, "reverse", "")
	case what == 12: // written late
		line := h.linesOf(c)[0]
		who := claimants[0]
		if c.GetString("owner") != h.As(who).Id {
			who = claimants[1]
		}
		h.phones[who].Push(map[string]any{"op": "update", "c": "expense_lines", "r": line.Id, "base": h.Bound.Sync.Head(), "set": map[string]any{"amount_fen": 1 + h.dice.IntN(9_000)}})
	case what == 13:
		h.copyOrGoBack()
	}
}

func (h *history) linesOf(c *core.Record) []*core.Record { return h.desk.lines(c) }

// copyOrGoBack keeps a copy of the server, or puts the one that it has in its place.
func (h *history) copyOrGoBack() {
	if h.kept == "" {
		h.kept, h.sent = h.Backup(), map[string]int{}
		for who, phone := range h.phones {
			h.sent[who] = int(phone.Take(0)) - 1
		}
		return
	}
	now := h.Clock.Now()
	h.Desk = testapp.Open(h.t, append(slices.Clone(h.opts), testapp.FromBackup(h.kept))...)
	h.Clock.Set(now)
	for who := range h.phones {
		h.phones[who] = h.Phone(h.Token(who), fmt.Sprint(who, h.seed))
		h.phones[who].Take(h.sent[who])
	}
	h.claims = slices.DeleteFunc(h.claims, func(id string) bool {
		n, err := h.CountRecords("expense_claims", dbx.HashExp{"id": id})
		return err != nil || n == 0
	})
	h.kept = ""
	h.back++
}

// recount holds claims to their parts, and the ledger to claims alone.
func (h *history) recount() string {
	for what, query := range map[string]string{
		"lines do not come to their claim": `SELECT c.id FROM expense_claims c WHERE c.total_fen <> (SELECT COALESCE(SUM(amount_fen), 0) FROM expense_lines WHERE claim = c.id)`,
		"approved lines do not come to their claim": `SELECT c.id FROM expense_claims c WHERE c.state IN ('submitted', 'approved', 'paid')
			AND c.approved_fen <> (SELECT SUM(approved_fen) FROM expense_lines WHERE claim = c.id)`,
		"more is approved than claimed": `SELECT l.id FROM expense_lines l JOIN expense_claims c ON c.id = l.claim WHERE c.state IN ('submitted', 'approved', 'paid') AND l.approved_fen > l.amount_fen`,
		"shares do not come to their line": `SELECT l.id FROM expense_lines l JOIN expense_claims c ON c.id = l.claim JOIN expense_shares s ON s.line = l.id
			WHERE c.state IN ('submitted', 'approved', 'paid') GROUP BY l.id HAVING SUM(s.fen) <> l.amount_fen OR SUM(s.approved_fen) <> l.approved_fen`,
		"a paper stands otherwise than its claim": `SELECT u.id FROM expense_uses u JOIN expense_claims c ON c.id = u.claim WHERE u.state <> 'draft' AND u.state <>
			CASE c.state WHEN 'submitted' THEN 'active' WHEN 'approved' THEN 'active' WHEN 'paid' THEN 'paid' ELSE 'released' END`,
		"a claim that was paid otherwise than approved": `SELECT id FROM expense_claims WHERE state = 'paid' AND (paid_fen + cleared_fen <> approved_fen OR voucher_no = '') OR state = 'approved' AND paid_fen <> 0`,
		"something was approved that nobody signed": `SELECT c.id FROM expense_claims c JOIN approvals a ON a.ref_id = c.id AND a.round = c.approval_round AND a.state = 'approved'
			WHERE c.state IN ('approved', 'paid') AND COALESCE(json_extract(a.content, '$.total_fen'), -1) <> c.total_fen`,
		"the ledger of a leaf": `SELECT n.id FROM budget_nodes n LEFT JOIN (
				SELECT leaf, SUM(CASE WHEN held THEN fen ELSE 0 END) AS reserved, SUM(CASE WHEN held THEN 0 ELSE fen END) AS spent FROM (
					SELECT COALESCE(s.leaf, l.leaf) AS leaf, COALESCE(s.approved_fen, l.approved_fen) AS fen, c.state <> 'paid' AS held
					FROM expense_claims c JOIN expense_lines l ON l.claim = c.id LEFT JOIN expense_shares s ON s.line = l.id
					WHERE c.state IN ('approved', 'paid') OR c.state = 'submitted' AND NOT c.over_budget
				) GROUP BY leaf
			) x ON x.leaf = n.id WHERE n.is_leaf AND (n.reserved_fen <> COALESCE(x.reserved, 0) OR n.spent_fen <> COALESCE(x.spent, 0))`,
	} {
		var ids []string
		if err := h.DB().NewQuery(query).Column(&ids); err != nil {
			h.t.Fatalf("%s: %v", what, err)
		}
		if len(ids) > 0 {
			return what + ": " + strings.Join(ids, " ")
		}
	}
	return ""
}

func live(d *desk, seed uint64, n int) (wrong string, back int) {
	h := begin(d, seed)
	for i := range n {
		h.happen()
		if wrong := h.recount(); wrong != "" {
			return fmt.Sprintf("seed %d, after %d, %d times back: %s", seed, i+1, h.back, wrong), h.back
		}
	}
	d.Desk = h.Desk
	return "", h.back
}

// policy: R7.5 claims-on-the-server
//
// TestClaimsOnTheServerEqualANaiveRecount over random histories through REST and pushes,
// in which answers are lost, phones come late and the server goes back to copies of itself.
func TestClaimsOnTheServerEqualANaiveRecount(t *testing.T) {
	all, states := 0, map[string]int{}
	for seed := range uint64(effort.Times(6, 200)) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			d := open(t)
			wrong, back := live(d, seed, 40)
			if wrong != "" {
				t.Fatal(wrong)
			}
			all += back
			for _, state := range expense.ClaimMachine.States {
				n, err := d.CountRecords("expense_claims", dbx.HashExp{"state": state})
				if err != nil {
					t.Fatal(err)
				}
				states[state] += int(n)
			}
		})
	}
	if all == 0 || states["submitted"]+states["approved"]+states["paid"] == 0 {
		t.Errorf("the server went back %d times, and claims ended as %v", all, states)
	}
}

// TestPlantedClaimFaultsAreNoticed by the same recount.
func TestPlantedClaimFaultsAreNoticed(t *testing.T) {
	effort.Late(t)
	for _, planted := range []syncer.Planted{syncer.PlantPaperFreed, syncer.PlantShareRounded, syncer.PlantCutKept, syncer.PlantUnsignedApproved} {
		found := false
		for seed := uint64(0); seed < 30 && !found; seed++ {
			t.Run(fmt.Sprint(planted, " ", seed), func(t *testing.T) {
				wrong, _ := live(open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = planted })), seed, 60)
				found = wrong != ""
			})
		}
		if !found {
			t.Errorf("nobody noticed: %s", planted)
		}
	}
}
