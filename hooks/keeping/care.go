package keeping

import (
	"cmp"
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// careDateSaved checks a day of the year that an account or contact is thought of.
func careDateSaved(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	if kind, month, day := dateOf(e.Record); !validDate(kind, month, day) {
		return gate.RefuseField("day", "care.date_invalid")
	}
	if contact := contactOf(e.Record); contact != "" {
		row, err := e.App.FindRecordById("contacts", contact)
		if err != nil || accountOf(row) != accountOf(e.Record) {
			return gate.RefuseField("contact", "account.contact_unknown")
		}
	}
	return e.Next()
}

// Care makes the task of each care date so many days ahead, for the owner of the
// account on that day (H-CARE). Each occurrence has one task.
func Care(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	usual, err := gate.SettingsOn(app, today).Whole("care.lead_days")
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		dates, err := txApp.FindRecordsByFilter(careDates, "active = true", "id", 0, 0)
		if err != nil {
			return fmt.Errorf("failed to read care dates: %w", err)
		}
		for _, date := range dates {
			kind, month, day := dateOf(date)
			due := nextDate(kind, month, day, today)
			if due == "" || domain.AddDays(due, -cmp.Or(leadDaysOf(date), usual)) > today {
				continue
			}
			if err := openCare(txApp, now, date, due); err != nil {
				return err
			}
		}
		return nil
	})
}

func openCare(txApp core.App, now time.Time, date *core.Record, due string) error {
	made, err := txApp.CountRecords(careTasks, dbx.HashExp{"care_date": date.Id, "due": due})
	if err != nil || made > 0 {
		return err
	}
	account, err := gate.AccountOf(txApp, date)
	if err != nil {
		return fmt.Errorf("failed to find the account of a care date: %w", err)
	}
	if ownerOf(account) == "" {
		return nil
	}
	coll, err := txApp.FindCachedCollectionByNameOrId(careTasks)
	if err != nil {
		return err
	}
	task := core.NewRecord(coll)
	beginCare(task, date, account, due)
	if err := txApp.SaveWithContext(gate.AsServer(context.Background()), task); err != nil {
		return fmt.Errorf("failed to make a care task: %w", err)
	}
	return gate.Notify(context.Background(), txApp, now, gate.Notice{
		User: ownerOf(account), Kind: "care.due", Link: careTasks + "/" + task.Id,
		Params: map[string]any{"account": nameOf(account), "title": titleOf(date), "due": due},
	})
}

// careArgs: finish says what was done, and what the gift cost.
type careArgs struct {
	Action       string `json:"action"`
	GiftValueFen int    `json:"gift_value_fen"`
	Note         string `json:"note"`
}

// finishCare holds gifts to the limits per person and occasion, and per account
// and year: care.gift_limit, care.gift_year_limit.
func (a actions) finishCare(ctx context.Context, txApp core.App, task *core.Record, raw jsontext.Value) error {
	actor, args, err := beginStep(ctx, txApp, task, raw)
	if err != nil {
		return err
	}
	if strings.TrimSpace(args.Action) == "" || args.GiftValueFen < 0 {
		return gate.Refuse("care.action_required")
	}
	if args.GiftValueFen > 0 {
		if err := checkGift(txApp, task, args.GiftValueFen); err != nil {
			return err
		}
	}
	setCareDone(task, actor.Id, args, a.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), task)
}

// skipCare args: {note}.
func (a actions) skipCare(ctx context.Context, txApp core.App, task *core.Record, raw jsontext.Value) error {
	actor, args, err := beginStep(ctx, txApp, task, raw)
	if err != nil {
		return err
	}
	if strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("care.reason_required")
	}
	setCareSkipped(task, actor.Id, args.Note, a.now())
	return txApp.SaveWithContext(gate.AsServer(ctx), task)
}

func beginStep(ctx context.Context, txApp core.App, task *core.Record, raw jsontext.Value) (*core.Record, careArgs, error) {
	var args careArgs
	actor := gate.Of(ctx).User
	if _, err := gate.MustBeInLine(txApp, actor, task); err != nil {
		return nil, args, err
	}
	if err := gate.Args(raw, &args); err != nil {
		return nil, args, err
	}
	if stateOf(task) != careOpen {
		return nil, args, gate.Refuse("care.done")
	}
	return actor, args, nil
}

func checkGift(txApp core.App, task *core.Record, fen int) error {
	settings := gate.SettingsNow(txApp)
	each, err := settings.Whole("care.gift_fen")
	if err != nil {
		return err
	}
	if fen > each {
		return gate.Refuse("care.gift_limit", "limit", each)
	}
	year, err := settings.Whole("care.gift_year_fen")
	if err != nil {
		return err
	}
	var spent int
	err = txApp.DB().NewQuery("SELECT COALESCE(SUM(gift_value_fen), 0) FROM care_tasks WHERE account = {:a} AND state = 'done' AND due LIKE {:year} || '%'").
		Bind(dbx.Params{"a": accountOf(task), "year": dueOf(task)[:4]}).Row(&spent)
	if err != nil {
		return fmt.Errorf("failed to add up gifts: %w", err)
	}
	if spent+fen > year {
		return gate.Refuse("care.gift_year_limit", "limit", year, "spent", spent)
	}
	return nil
}
