package incentives

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/url"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/catalog"
	"satchel/domain/incentive"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// results are what holds of every result: finance takes its steps, nobody those of his own.
func results() kit.Collection {
	return kit.Collection{
		Name:    records.IncentiveResultTable,
		Machine: &incentive.ResultMachine,
		Parties: kit.Parties(records.IncentiveResults, func(ctx context.Context, _ core.App, row records.IncentiveResult) ([]domain.Party, error) {
			if user, found := author(ctx); !found || user.ID() == row.Person() || user.Role() != people.RoleFinance {
				return nil, nil
			}
			return []domain.Party{domain.PartyOffice}, nil
		}),
		Audit: gate.Audit{Create: true, Fields: []string{records.IncentiveResultColState, records.IncentiveResultColSHA256}},
		Rules: serverAlone(records.IncentiveResultTable, "incentiveResults"),
	}
}

// finance reports whether finance asks, or our own code.
func finance(ctx context.Context) bool {
	user, found := author(ctx)
	return !found || user.Role() == people.RoleFinance
}

// digest is the fingerprint of what a result says, which stays from its approval on.
func digest(row records.IncentiveResult) (string, error) {
	content, err := row.Content()
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal([]any{
		row.Person(), row.Cycle(), row.Kind(), row.Version(), row.Grade(), row.Reason(), row.AmountFen(), row.HeldFen(), row.LapsedFen(),
		row.CarriedFen(), row.DueFen(), row.PayFen(), row.CarryFen(), row.OwedFen(), content,
	}, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("write a result: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// signed is the guard of a result: a bonus that was held back since no target letter was
// signed waits until one of the year is in force.
func (s *Service) signed(_ context.Context, tx core.App, row records.IncentiveResult) (func(string) bool, error) {
	if row.Reason() != incentive.Unsigned {
		return func(string) bool { return true }, nil
	}
	n, err := records.TargetLetters.Count(tx, "subject = {:p} AND year = {:y} AND state = 'effective'", dbx.Params{"p": row.Person(), "y": row.Period()[:4]})
	return func(string) bool { return n > 0 }, err
}

// approve lets a result stand.
func (s *Service) approve(ctx context.Context, tx core.App, row records.IncentiveResult, _ kit.None) error {
	if user, found := author(ctx); found {
		row.SetApprovedBy(user.ID())
	}
	row.SetApprovedAt(s.Now())
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(row.Person()), Kind: "incentive.approved", Link: records.IncentiveResultTable + "/" + string(row.ID()),
		Params: map[string]any{"period": row.Period(), "kind": catalog.IncentiveKinds[string(row.Kind())]},
	})
}

// paidOn is the day of a payment.
type paidOn struct {
	Day string `json:"day"`
}

// pay notes that payroll has paid a result: incentive.day_invalid.
func (s *Service) pay(_ context.Context, _ core.App, row records.IncentiveResult, args paidOn) error {
	if !domain.IsDay(args.Day) || args.Day > domain.BusinessDay(s.Now()) || args.Day < domain.BusinessDay(row.ApprovedAt()) {
		return gate.Refuse("incentive.day_invalid")
	}
	row.SetPaidOn(args.Day)
	return nil
}

// payroll gives all approved results of a cycle to payroll: incentive.not_finance,
// incentive.nothing_to_export. Of his own finance exports none.
func (s *Service) payroll(ctx context.Context, tx core.App, record *core.Record, _ kit.None) error {
	user, found := author(ctx)
	if !finance(ctx) {
		return gate.Refuse("incentive.not_finance")
	}
	rows, err := records.IncentiveResults.All(tx, "cycle = {:c} AND state = 'approved' AND person <> {:u}", dbx.Params{"c": record.Id, "u": user0(user, found)}, "id")
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return gate.Refuse("incentive.nothing_to_export")
	}
	at := s.Now()
	for _, row := range rows {
		next, err := incentive.ResultMachine.OwnNext(string(row.State()), incentive.ResultExport)
		if err != nil {
			return gate.WrapError(err)
		}
		row.SetState(records.IncentiveResultState(next))
		row.SetExportedAt(at)
		row.SetBatch(domain.BusinessTime(at))
		if found {
			row.SetExportedBy(user.ID())
		}
		if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
			return fmt.Errorf("export a result: %w", err)
		}
	}
	return nil
}

// user0 is an id, empty for our own code.
func user0(user records.User, found bool) records.UserID {
	if !found {
		return ""
	}
	return user.ID()
}

// payrollHeads are the columns of payroll's list.
var payrollHeads = []string{"工号", "姓名", "周期", "项目", "版本", "等级", "应发(元)", "结转(元)", "实发(元)", "欠款(元)", "批次", "状态"}

// payrollList answers GET /api/ka/appraisal_cycles/{id}/payroll: what payroll pays of a
// cycle, to finance alone, with who took it and when; noted each time.
func (s *Service) payrollList(e *core.RequestEvent) error {
	user := records.Users.Of(e.Auth)
	if !user.Active() || user.Role() != people.RoleFinance {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "incentive.not_finance"}, nil)
	}
	cycle, err := gate.Shown(e, records.AppraisalCycleTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	format := e.Request.URL.Query().Get("format")
	if format == "" {
		format = "csv"
	}
	if format != "csv" && format != "xlsx" {
		return gate.Refuse("export.format")
	}
	cells, err := payrollRows(e.App, cycle.Id, e.Auth.Id)
	if err != nil {
		return err
	}
	mark := gate.Watermark(e.Auth, s.Now())
	entry, err := records.AccessLog.New(e.App)
	if err != nil {
		return err
	}
	entry.SetAt(s.Now())
	entry.SetActor(user.ID())
	entry.SetWhat("export")
	entry.SetCount(len(cells))
	entry.SetParams(map[string]any{"collection": records.IncentiveResultTable, "cycle": cycle.Id, "format": format, "ip": gate.ActorOf(e).IP, "watermark": mark})
	if err := e.App.SaveWithContext(gate.AsServer(e.Request.Context()), entry.Raw()); err != nil {
		return fmt.Errorf("note that payroll's list was taken: %w", err)
	}
	head := e.Response.Header()
	head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape("激励发放-"+records.AppraisalCycles.Of(cycle).Period()+"."+format))
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Type", map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[format])
	return s.Write(e.Response, format, mark, payrollHeads, cells)
}

// payrollRows are the rows of payroll's list: what was exported of a cycle, less the
// reader's own.
func payrollRows(app core.App, cycle, reader string) (cells [][]any, err error) {
	rows, err := records.IncentiveResults.All(app, "cycle = {:c} AND state IN ('exported', 'paid') AND person <> {:u}", dbx.Params{"c": cycle, "u": reader}, "person, kind, version")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		person, err := records.Users.Require(app, row.Person())
		if err != nil {
			return nil, err
		}
		cells = append(cells, []any{
			person.EmpNo(), person.Name(), row.Period(), catalog.IncentiveKinds[string(row.Kind())].ZH, float64(row.Version()), row.Grade(),
			domain.Yuan(int64(row.DueFen())), domain.Yuan(int64(row.CarriedFen())), domain.Yuan(int64(row.PayFen())), domain.Yuan(int64(row.OwedFen())),
			row.Batch(), stateNames[string(row.State())],
		})
	}
	return cells, nil
}
