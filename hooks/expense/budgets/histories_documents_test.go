package budgets_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/internal/demo"
)

// Documents that people have, in the histories of a budget: activities, which hold what
// they are to cost, and adjustments.

const planner = "market.lu"

// planner is somebody of market whose work another agrees to.
func (d *desk) planner() {
	d.t.Helper()
	if _, err := d.FindAuthRecordByEmail("users", demo.Email(planner)); err == nil {
		return
	}
	tang := d.As("market.tang")
	d.Make("", "users", map[string]any{
		"email": demo.Email(planner), "password": "a-password-of-tests", "name": "陆敏", "role": "market", "department": tang.GetString("department"),
		"manager": tang.Id, "active": true, "verified": true,
	})
}

// do lets something happen, and again if the server goes back.
func (h *history) do(hand func()) {
	if h.kept != nil {
		h.lost = append(h.lost, hand)
	}
	hand()
}

// judge compares what was answered with what the paper says.
func (h *history) judge(what, answer string, may bool) {
	refused := strings.HasPrefix(answer, "budget.insufficient") || strings.HasPrefix(answer, "adjustment.not_free")
	if may && answer != "" || !may && !refused {
		h.wrong = fmt.Sprintf("%s: %q, where %t was right", what, answer, may)
	}
}

// activity is planned, handed in, and agreed to by those concerned: with the last of them
// it holds its money.
func (h *history) activity() {
	c := noted{id: core.GenerateDefaultRandomId(), state: "held", activity: "approved"}
	day := fmt.Sprintf("2026-%02d-10", 1+h.dice.IntN(12))
	for range 1 + h.dice.IntN(2) {
		line := h.cost(core.GenerateDefaultRandomId(), h.leaves[h.dice.IntN(3)], h.dice.IntN(120))
		line.Day = day
		c.lines = append(c.lines, line)
	}
	h.do(func() {
		row, refused := h.Create(planner, "activities", map[string]any{
			"id": c.id, "owner": h.As(planner).Id, "name": "品鉴会", "kind": "launch", "from_date": day, "to_date": day, "place": "会展中心", "accounts": []string{h.AccountOf("rep.chen").Id},
		})
		h.Must(refused)
		for _, l := range c.lines {
			_, refused := h.Create(planner, "activity_costs", map[string]any{"id": l.Line, "activity": c.id, "kind": "venue", "planned_fen": l.Net, "node": l.Node})
			h.Must(refused)
		}
		h.Must(h.Act(planner, row, "submit", ""))
		h.Must(h.Decide("market.tang", row, "approve", ""))
		next := h.paper.clone()
		next.claims = append(next.claims, c)
		h.judge("an activity", h.Decide(director, row, "approve", ""), h.would(next))
	})
}

// endActivity gives an activity up, or closes it with what it did cost and nobody claimed.
func (h *history) endActivity(c noted) {
	if c.activity != "approved" {
		return
	}
	costs, cancelled := make([]int, len(c.lines)), h.dice.IntN(2) == 0
	for i := range costs {
		costs[i] = h.dice.IntN(150)
	}
	h.do(func() {
		row, next := h.Row("activities", c.id), h.paper.clone()
		at := slices.IndexFunc(next.claims, func(o noted) bool { return o.id == c.id })
		if cancelled {
			next.claims[at] = noted{id: c.id, state: "over"}
			h.judge("an end", h.Act(planner, row, "cancel", `{"reason":"改期"}`), h.would(next))
			return
		}
		end := noted{id: c.id, state: "held", activity: "closed"}
		for i, l := range c.lines {
			h.Must(h.Update(planner, h.Row("activity_costs", l.Line), map[string]any{"actual_fen": costs[i]}))
			l.Net = min(l.Net, costs[i])
			end.lines = append(end.lines, l)
		}
		next.claims[at] = end
		h.Force(row, "reported")
		h.judge("a close", h.Act(planner, row, "close", ""), h.would(next))
	})
}

// adjust raises, lowers or moves what leaves have: a phone asks for it, and finance and
// the management agree.
func (h *history) adjust() {
	kind, id := []string{"transfer", "raise", "lower"}[h.dice.IntN(3)], core.GenerateDefaultRandomId()
	from, to, fen, m := h.leaves[h.dice.IntN(3)], h.leaves[h.dice.IntN(3)], 1+h.dice.IntN(50), h.dice.IntN(12)
	if from == to {
		return
	}
	values := map[string]any{"kind": kind, "amount_fen": fen, "month": expense.MonthDay("2026", m)[:7], "reason": "旺季"}
	if kind != "raise" {
		values["from_node"] = h.nodes[from].Id
	}
	if kind != "lower" {
		values["to_node"] = h.nodes[to].Id
	}
	h.do(func() {
		may := kind == "raise" || fen <= h.takable(from, m)
		next := h.paper.clone()
		if kind != "raise" {
			less := next.have[from]
			less[m] -= fen
			next.have[from] = less
		}
		if kind != "lower" {
			more := next.have[to]
			more[m] += fen
			next.have[to] = more
		}
		answer := said(h.t, h.phones[director].Push(
			map[string]any{"op": "create", "c": "budget_adjustments", "r": id, "set": values},
			map[string]any{"op": "action", "c": "budget_adjustments", "r": id, "action": "submit"}))
		if answer == "applied" {
			answer = h.decided(h.Row("budget_adjustments", id))
		}
		h.judge("an adjustment", answer, may && h.would(next))
	})
}

// decided lets finance and the management agree; who cannot sends it back.
func (h *history) decided(row *core.Record) string {
	h.Must(h.Decide(finance, row, "approve", ""))
	answer := h.Decide(executive, row, "approve", "")
	if answer != "" {
		h.Must(h.Decide(executive, row, "reject", `{"comment":"不足"}`))
	}
	return answer
}

// takable is what may be taken of a leaf's month, whatever controls it.
func (h *history) takable(leaf string, m int) int {
	left := h.leftBy(leaf, 10_000)
	have, held, spent := h.counted(leaf)
	free := min(left[m], have[m])
	if h.nodes[leaf].GetString("window") == "cumulative" {
		free = min(free, slices.Min(left[m:]))
	}
	all := 0
	for i := range have {
		all += have[i] - held[i] - spent[i]
	}
	return min(free, all)
}
