package care

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func careDates() kit.Collection {
	return kit.Collection{Name: records.CareDateTable, Follows: kit.Always, Rules: saved(records.CareDates, careDateSaved)}
}

func careTasks() kit.Collection {
	return kit.Collection{
		Name:    records.CareTaskTable,
		Machine: &customers.CareMachine,
		Parties: kit.Parties(records.CareTasks, careParties),
		Audit:   gate.Audit{Fields: []string{records.CareTaskColState, records.CareTaskColGiftValueFen}},
		Follows: "t.state = 'open'",
	}
}

func careParties(ctx context.Context, tx core.App, task records.CareTask) ([]domain.Party, error) {
	_, yes, err := inLine(ctx, tx, task.Account())
	if err != nil || !yes {
		return nil, err
	}
	return []domain.Party{domain.PartyTeam}, nil
}

// careDateSaved checks a day of the year that an account or contact is thought of.
func careDateSaved(e *kit.Change[records.CareDate]) error {
	if err := gate.InheritFromAccount(e.RecordEvent); err != nil {
		return err
	}
	date := e.Row
	if !customers.ValidCareDate(string(date.Calendar()), date.Month(), date.Day()) {
		return gate.RefuseField(records.CareDateColDay, "care.date_invalid")
	}
	if err := checkContact(e.App, records.CareDateColContact, date.Contact(), date.Account()); err != nil {
		return err
	}
	return e.Next()
}

// openCareTasks makes the task of each care date so many days ahead, for the
// owner of the account on that day (H-CARE). Each occurrence has one task.
func openCareTasks(_ context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	usual, err := gate.SettingsOn(app, today).CareLeadDays()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		dates, err := records.CareDates.All(txApp, "active = TRUE", nil, "id")
		if err != nil {
			return err
		}
		for _, date := range dates {
			due := customers.NextCareDate(string(date.Calendar()), date.Month(), date.Day(), today)
			if due == "" || domain.AddDays(due, -cmp.Or(date.LeadDays(), usual)) > today {
				continue
			}
			if err := openCare(txApp, now, date, due); err != nil {
				return err
			}
		}
		return nil
	})
}

func openCare(txApp core.App, now time.Time, date records.CareDate, due string) error {
	made, err := records.CareTasks.Count(txApp, "care_date = {:d} AND due = {:due}", dbx.Params{"d": date.ID(), "due": due})
	if err != nil || made > 0 {
		return err
	}
	account, err := records.Accounts.Require(txApp, date.Account())
	if err != nil {
		return err
	}
	if account.Owner() == "" {
		return nil
	}
	task, err := records.CareTasks.New(txApp)
	if err != nil {
		return err
	}
	task.SetAccount(account.ID())
	task.SetDept(account.Dept())
	task.SetCareDate(date.ID())
	task.SetContact(date.Contact())
	task.SetTitle(date.Title())
	task.SetDue(due)
	task.SetAssignee(account.Owner())
	if err := txApp.SaveWithContext(gate.AsServer(context.Background()), task.Raw()); err != nil {
		return fmt.Errorf("make a care task: %w", err)
	}
	return gate.Notify(context.Background(), txApp, now, gate.Notice{
		User: string(account.Owner()), Kind: "care.due", Link: records.CareTaskTable + "/" + string(task.ID()),
		Params: map[string]any{"account": account.Name(), "title": date.Title(), "due": due},
	})
}

// careArgs: finish says what was done, and what the gift cost; skip why not.
type careArgs struct {
	Action       string `json:"action"`
	GiftValueFen int    `json:"gift_value_fen"`
	Note         string `json:"note"`
}

// finishCare holds gifts to the limits per person and occasion, and per account and
// person a year: care.gift_limit, care.gift_year_limit, care.gift_person_limit.
func (a actions) finishCare(ctx context.Context, tx core.App, task records.CareTask, args careArgs) error {
	if strings.TrimSpace(args.Action) == "" || args.GiftValueFen < 0 {
		return gate.Refuse("care.action_required")
	}
	if args.GiftValueFen > 0 {
		if err := a.checkGift(ctx, tx, task, args.GiftValueFen); err != nil {
			return err
		}
	}
	task.SetAction(args.Action)
	task.SetGiftValueFen(args.GiftValueFen)
	a.signCare(ctx, task, args.Note)
	return nil
}

// skipCare needs a reason: care.reason_required.
func (a actions) skipCare(ctx context.Context, _ core.App, task records.CareTask, args careArgs) error {
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("care.reason_required")
	}
	a.signCare(ctx, task, args.Note)
	return nil
}

func (a actions) signCare(ctx context.Context, task records.CareTask, note string) {
	task.SetNote(note)
	task.SetDoneBy(records.UserID(gate.Of(ctx).User.Id))
	task.SetDoneAt(a.now())
}

// checkGift asks the rules of expenses, which know what claims gave as well.
func (a actions) checkGift(ctx context.Context, tx core.App, task records.CareTask, fen int) error {
	role := ""
	if user := gate.Of(ctx).User; user != nil {
		role = string(records.Users.Of(user).Role())
	}
	name, limit, had, err := a.gift(tx, role, domain.BusinessDay(a.now()), task, fen)
	if err != nil {
		return err
	}
	switch name {
	case "":
		return nil
	case "each_fen":
		return gate.Refuse("care.gift_limit", "limit", limit)
	case "person_year_fen":
		return gate.Refuse("care.gift_person_limit", "limit", limit, "spent", had)
	}
	return gate.Refuse("care.gift_year_limit", "limit", limit, "spent", had)
}
