// Package care binds the rules of keeping accounts: how often they are
// visited, how customers' messages are answered, and care on their days.
package care

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	// Sold is what an account was delivered in a period, net, and of how many orders.
	Sold func(app core.App, account records.AccountID, p domain.Period) (fen, orders int, err error)
	// Channel is the active service channel of an account; not found where there is none.
	Channel func(app core.App, account records.AccountID) (records.ServiceChannel, bool, error)
	// Gift is the limit that a gift of a task exceeds: each_fen, year_fen, person_year_fen or
	// none; what it says, and what was given before.
	Gift func(app core.App, role, day string, task records.CareTask, fen int) (name string, limit, had int, err error)
	// Satisfaction is what an account's contacts answered about a period, 0 to 100; not known
	// from too few.
	Satisfaction func(app core.App, account records.AccountID, p domain.Period) (score int, known bool, err error)
}

// Area is what keeping accounts is.
func Area(cfg Config) kit.Area {
	a := actions{now: cfg.Now, sold: cfg.Sold, channel: cfg.Channel, gift: cfg.Gift, satisfaction: cfg.Satisfaction}
	return kit.Area{
		Name: "care",
		Collections: []kit.Collection{
			a.communications(), careDates(), careTasks(),
			{Name: records.ValueServiceTable, Rules: saved(records.ValueServices, hung)},
			campaigns(), a.reviews(),
			{Name: records.AccountCoverageRowTable, Audit: gate.Audit{Fields: []string{records.AccountCoverageRowColException, records.AccountCoverageRowColDecidedBy}}},
		},
		Actions: []kit.Action{
			kit.Do(records.AccountCoverage, "request", a.requestException),
			kit.Do(records.AccountCoverage, "grant", a.decideException(exceptionGranted)),
			kit.Do(records.AccountCoverage, "refuse", a.decideException(exceptionRefused)),
			kit.Do(records.Communications, "reply", a.reply),
			kit.Do(records.CareTasks, customers.CareFinish, a.finishCare),
			kit.Do(records.CareTasks, customers.CareSkip, a.skipCare),
			kit.Do(records.OutreachCampaigns, customers.CampaignSend, a.send),
		},
		Approvals: []kit.Approval{a.reviewKind()},
		Jobs: []gate.Job{
			{Name: "coverage", Schedule: "11 17 * * *", Run: coverAccounts}, // 01:11 in Shanghai
			{Name: "communicationsOverdue", Schedule: "*/15 * * * *", Run: remindReplies},
			{Name: "careTasks", Schedule: "13 17 * * *", Run: openCareTasks},
			{Name: "accountReviews", Schedule: "17 17 * * *", Run: remindReviews},
			{Name: "accountPlans", Schedule: "19 17 * * *", Run: remindPlans},
		},
	}
}

type actions struct {
	now     func() time.Time
	channel func(app core.App, account records.AccountID) (records.ServiceChannel, bool, error)
	sold    func(app core.App, account records.AccountID, p domain.Period) (fen, orders int, err error)
	gift    func(app core.App, role, day string, task records.CareTask, fen int) (name string, limit, had int, err error)

	satisfaction func(app core.App, account records.AccountID, p domain.Period) (score int, known bool, err error)
}

// saved runs a rule whenever a row is made or changed.
func saved[R any, ID ~string](c records.Collection[R, ID], run func(*kit.Change[R]) error) []kit.Rule {
	return []kit.Rule{kit.On(kit.Create, c, c.Name()+"Create", run), kit.On(kit.Update, c, c.Name()+"Update", run)}
}

// hung fills the department from the account, which must be of the actor's line.
func hung[R any](e *kit.Change[R]) error {
	if err := gate.InheritFromAccount(e.RecordEvent); err != nil {
		return err
	}
	return e.Next()
}

// inLine reports whether the actor writes about an account.
func inLine(ctx context.Context, tx core.App, id records.AccountID) (account records.Account, yes bool, err error) {
	account, err = records.Accounts.Require(tx, id)
	if err != nil {
		return account, false, err
	}
	actor := gate.Of(ctx).User
	return account, actor != nil && gate.OnTeam(actor, account.Raw()), nil
}

// mustBeInLine returns the account if the actor writes about it: record.not_allowed.
func mustBeInLine(ctx context.Context, tx core.App, id records.AccountID) (records.Account, error) {
	account, yes, err := inLine(ctx, tx, id)
	if err == nil && !yes {
		err = gate.Refuse("record.not_allowed")
	}
	return account, err
}

// checkContact refuses a contact of another account: account.contact_unknown.
func checkContact(app core.App, column string, id records.ContactID, account records.AccountID) error {
	if id == "" {
		return nil
	}
	contact, found, err := records.Contacts.Find(app, id)
	if err != nil {
		return err
	}
	if !found || contact.Account() != account {
		return gate.RefuseField(column, "account.contact_unknown")
	}
	return nil
}

// lineOf is who has an account, and his manager if that is another.
func lineOf(account records.Account) []string {
	line := []string{string(account.Owner())}
	if account.Owner() != account.Manager() {
		line = append(line, string(account.Manager()))
	}
	return line
}
