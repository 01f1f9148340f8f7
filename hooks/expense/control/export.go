package control

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

var mimes = map[string]string{
	"csv":  "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// heads of the columns of the accountant's list.
var heads = []string{
	"记账月份", "更正月份", "费用日期", "类型", "预算节点", "科目编码", "科目名称", "金额(元)", "单据", "单据编号", "明细行", "经办人", "备注", "分录编号",
}

// entryKinds as the accountant reads them.
var entryKinds = map[string]string{
	"allocate": "下达", "reserve": "占用", "release": "释放", "spend": "支出", "reverse": "冲销", "adjust": "调整",
}

// export answers GET /api/ka/budgets/{id}/entries?format&from&to, months of booking: what
// was booked on a budget, for the accountant's ledger. Finance alone takes it: budget.export_not_finance.
func (s service) export(e *core.RequestEvent) error {
	user := records.Users.Of(e.Auth)
	if !user.Active() || user.Role() != people.RoleFinance {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "budget.export_not_finance"}, nil)
	}
	record, err := gate.Shown(e, records.BudgetTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	query := e.Request.URL.Query()
	format := query.Get("format")
	if format == "" {
		format = "xlsx"
	}
	if mimes[format] == "" {
		return gate.Refuse("export.format")
	}
	budget := records.Budgets.Of(record)
	rows, err := booked(e.App, budget.ID(), query.Get("from"), query.Get("to"))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.Write(&file, format, gate.Watermark(e.Auth, s.Now()), heads, rows); err != nil {
		return fmt.Errorf("write the entries of a budget: %w", err)
	}
	if err := s.note(e, budget, format, len(rows)); err != nil {
		return err
	}
	head := e.Response.Header()
	head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape("预算分录-"+budget.Year()+"-"+domain.BusinessDay(s.Now())+"-"+gate.TakerOf(e.Auth)+"."+format))
	head.Set("Cache-Control", "no-store")
	return e.Blob(http.StatusOK, mimes[format], file.Bytes())
}

// booked reads the entries of a budget, of months of booking; an empty one is no bound.
func booked(app core.App, budget records.BudgetID, from, to string) (out [][]any, err error) {
	var rows []struct {
		ID       string `db:"id"`
		Month    string `db:"month"`
		Corrects string `db:"corrects"`
		Day      string `db:"day"`
		Kind     string `db:"kind"`
		Node     string `db:"node"`
		Code     string `db:"code"`
		Category string `db:"category"`
		Fen      int64  `db:"amount_fen"`
		Ref      string `db:"ref_collection"`
		RefID    string `db:"ref_id"`
		Line     string `db:"ref_line"`
		By       string `db:"name"`
		Note     string `db:"note"`
	}
	err = app.DB().NewQuery(`SELECT e.id, e.month, e.corrects, e.day, e.kind, n.name AS node, COALESCE(c.code, '') AS code, COALESCE(c.name_zh, '') AS category,
			e.amount_fen, e.ref_collection, e.ref_id, e.ref_line, COALESCE(u.name, '') AS name, e.note
		FROM budget_entries e JOIN budget_nodes n ON n.id = e.node LEFT JOIN expense_categories c ON c.id = n.category LEFT JOIN users u ON u.id = e.by
		WHERE e.budget = {:b} AND ({:from} = '' OR e.month >= {:from}) AND ({:to} = '' OR e.month <= {:to}) ORDER BY e.month, e.at, e.id`).
		Bind(dbx.Params{"b": budget, "from": from, "to": to}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the entries of a budget: %w", err)
	}
	out = make([][]any, len(rows))
	for i, r := range rows {
		out[i] = []any{
			r.Month, r.Corrects, r.Day, entryKinds[r.Kind], r.Node, r.Code, r.Category, float64(r.Fen) / 100, r.Ref, r.RefID, r.Line, r.By, r.Note, r.ID,
		}
	}
	return out, nil
}

// note notes who took how much.
func (s service) note(e *core.RequestEvent, budget records.Budget, format string, count int) error {
	entry, err := records.AccessLog.New(e.App)
	if err != nil {
		return err
	}
	entry.SetAt(s.Now())
	entry.SetActor(records.UserID(e.Auth.Id))
	entry.SetWhat("export")
	entry.SetCount(count)
	entry.SetParams(map[string]any{"collection": records.BudgetEntryTable, "budget": budget.ID(), "format": format, "ip": gate.ActorOf(e).IP, "watermark": gate.Watermark(e.Auth, s.Now())})
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), entry.Raw()); err != nil {
		return fmt.Errorf("note an export: %w", err)
	}
	return nil
}
