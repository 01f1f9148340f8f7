package ledger

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

const pageMost = 1000 // entries of an answer

// routes are what people read beside rows: an account's ledger by pages, and its
// statements as papers.
func (b *Books) routes() []kit.Route {
	own := func(r *router.Route[*core.RequestEvent]) { r.BindFunc(gate.OwnFaults) }
	return []kit.Route{
		{Method: http.MethodGet, Path: "/api/ka/accounts/{id}/statement", Bind: own, Run: b.page},
		{Method: http.MethodGet, Path: "/api/ka/statements/{id}/pdf", Bind: own, Run: b.paper("pdf", "application/pdf", writePDF)},
		{
			Method: http.MethodGet, Path: "/api/ka/statements/{id}/xlsx", Bind: own,
			Run: b.paper("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", writeXLSX),
		},
	}
}

// pageLine is an entry, and the balance after it.
type pageLine struct {
	ID      string `json:"id" db:"id"`
	On      string `json:"on" db:"on"`
	Kind    string `json:"kind" db:"kind"`
	No      string `json:"no" db:"no"`
	Order   string `json:"order" db:"order"`
	Due     string `json:"due_on" db:"due_on"`
	Amount  int    `json:"amount_fen" db:"amount_fen"`
	Open    int    `json:"open_fen" db:"open_fen"`
	Balance int    `json:"balance_fen" db:"-"`
	At      string `json:"-" db:"at"`
}

// pageOf is a page of a month. Next, if there is more, is the last entry's id.
type pageOf struct {
	Account string     `json:"account"`
	Month   string     `json:"month"`
	Opening int        `json:"opening_fen"` // when the month began
	Entries []pageLine `json:"entries"`
	Next    string     `json:"next,omitzero"`
}

// page answers GET /api/ka/accounts/{id}/statement?month=YYYY-MM&after=ID&limit=N:
// the entries of a month, this one's if none is named, behind the one that is.
func (b *Books) page(e *core.RequestEvent) error {
	account, err := gate.Shown(e, records.AccountTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	query := e.Request.URL.Query()
	month, limit := query.Get("month"), pageMost
	if month == "" {
		month = domain.Month(domain.BusinessDay(b.now()))
	}
	if text := query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > pageMost {
			return gate.Refuse("ledger.page")
		}
	}
	if !domain.IsDay(month + "-01") {
		return gate.Refuse("ledger.page")
	}
	out := pageOf{Account: account.Id, Month: month, Entries: []pageLine{}}
	if out.Opening, err = balanceBefore(e.App, records.AccountID(account.Id), month+"-01"); err != nil {
		return err
	}
	if err := out.fill(e.App, query.Get("after"), limit); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// fill reads the entries behind one, and the balances after each.
func (p *pageOf) fill(app core.App, after string, limit int) error {
	params := dbx.Params{"a": p.Account, "from": p.Month + "-01", "to": sales.MonthEnd(p.Month), "most": limit + 1}
	behind, balance := "", p.Opening
	if after != "" {
		last, found, err := records.AccountEntries.Find(app, records.AccountEntryID(after))
		if err != nil {
			return err
		}
		if !found || string(last.Account()) != p.Account {
			return gate.Refuse("ledger.page")
		}
		params["on"], params["at"], params["id"] = last.On(), gate.Stamp(last.At()), after
		behind = ` AND ("on", at, id) > ({:on}, {:at}, {:id})`
		var before int
		err = app.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen), 0) FROM account_entries WHERE account = {:a} AND "on" >= {:from} AND ("on", at, id) <= ({:on}, {:at}, {:id})`).
			Bind(params).Row(&before)
		if err != nil {
			return fmt.Errorf("add up the pages before: %w", err)
		}
		balance += before
	}
	err := app.DB().NewQuery(`SELECT id, "on", at, kind, no, "order", due_on, amount_fen, open_fen FROM account_entries
		WHERE account = {:a} AND "on" >= {:from} AND "on" <= {:to}` + behind + ` ORDER BY "on", at, id LIMIT {:most}`).Bind(params).All(&p.Entries)
	if err != nil {
		return fmt.Errorf("read a page of a ledger: %w", err)
	}
	if len(p.Entries) > limit {
		p.Entries = p.Entries[:limit]
		p.Next = p.Entries[limit-1].ID
	}
	for i := range p.Entries {
		balance += p.Entries[i].Amount
		p.Entries[i].Balance = balance
	}
	return nil
}
