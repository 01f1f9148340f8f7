// Package hooks is the table of contents: everything that runs beside
// PocketBase is bound here, a line for each area.
package hooks

import (
	"context"
	"io"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/analysis"
	"satchel/hooks/appraisal/cycles"
	"satchel/hooks/appraisal/incentives"
	"satchel/hooks/appraisal/satisfaction"
	"satchel/hooks/appraisal/schemes"
	"satchel/hooks/customers/accounts"
	"satchel/hooks/customers/care"
	"satchel/hooks/customers/cases"
	"satchel/hooks/customers/deals"
	"satchel/hooks/customers/requests"
	"satchel/hooks/expense/advances"
	"satchel/hooks/expense/audits"
	"satchel/hooks/expense/budgets"
	"satchel/hooks/expense/claims"
	"satchel/hooks/expense/control"
	"satchel/hooks/expense/invoices"
	"satchel/hooks/expense/payments"
	"satchel/hooks/expense/preapprovals"
	"satchel/hooks/expense/rules"
	"satchel/hooks/expense/vouchers"
	"satchel/hooks/field/fieldwork"
	"satchel/hooks/field/plans"
	"satchel/hooks/field/visits"
	"satchel/hooks/market/activities"
	"satchel/hooks/media/evidence"
	"satchel/hooks/media/files"
	"satchel/hooks/media/previews"
	"satchel/hooks/media/uploads"
	"satchel/hooks/people/employments"
	"satchel/hooks/people/handovers"
	"satchel/hooks/people/logins"
	"satchel/hooks/people/org"
	"satchel/hooks/platform/approvals"
	"satchel/hooks/platform/audit"
	"satchel/hooks/platform/backups"
	"satchel/hooks/platform/edges"
	"satchel/hooks/platform/filters"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/importexport"
	"satchel/hooks/platform/kit"
	"satchel/hooks/platform/metrics"
	"satchel/hooks/platform/notifications"
	"satchel/hooks/platform/numbers"
	"satchel/hooks/platform/realtime"
	"satchel/hooks/platform/saves"
	"satchel/hooks/product/trainings"
	"satchel/hooks/sales/deliveries"
	"satchel/hooks/sales/ledger"
	"satchel/hooks/sales/letters"
	"satchel/hooks/sales/orders"
	"satchel/hooks/sales/prices"
	"satchel/hooks/sales/promotions"
	"satchel/hooks/sales/rebates"
	"satchel/hooks/sales/suggestions"
	"satchel/hooks/sales/targets"
	"satchel/hooks/service/quality"
	"satchel/hooks/sync/api"
	"satchel/hooks/sync/devices"
	"satchel/hooks/sync/issues"
	"satchel/hooks/sync/sessions"
	"satchel/records"
	"satchel/syncer"
)

// Config holds what the hooks take from outside.
type Config struct {
	Now        func() time.Time
	Manual     bool           // the caller folds and pokes itself
	Planted    syncer.Planted // a fault, for tests of the tests
	SpoolMin   int            // bytes from which an answer can be resumed; 0 for the usual number
	Limited    bool           // devices are held to the rate of the settings
	Slack      int            // of clients' filters, see filters.Config
	Batch      int            // the most pushes that share a commit; 0 for the usual number
	Metrics    metrics.Options
	Console    io.Writer            // where an operator reads warnings; nil for the log alone
	BackupRoot string               // the directory below which copies go by themselves; empty for none
	Messages   notifications.Config // Now, Known and Planted are set here
	Uploads    uploads.Config       // Now and Device are set here, and Manual if it is above
	Invoices   invoices.Config      // Now and Manual are set here
	Realtime   realtime.Config      // Now and Still are set here
	Previews   previews.Config      // Now and Planted are set here
	Bodies     edges.Limits         // of the requests that are being read
}

// Hooks gives tests a hand on what runs in the background.
type Hooks struct {
	Sync      *api.Service
	Issues    *issues.Service
	Sessions  *sessions.Service
	Handovers *handovers.Service
	Budgets   *budgets.Book
	Claims    *claims.Service
	Agreed    *preapprovals.Service
	Pay       *incentives.Service
	Fleet     *devices.Service
	Uploads   *uploads.Service
	Blobs     *files.Service
	Evidence  *evidence.Service
	Invoices  *invoices.Service
	Surveys   *satisfaction.Service
	Realtime  *realtime.Service
	Approvals *approvals.Service
	Jobs      []gate.Job                 // what runs by the clock
	Actions   gate.Actions               // every step that people take
	Arguments map[string]reflect.Type    // of actions by name, as JSON
	Machines  map[string]*domain.Machine // by collection
	Rules     []string                   // what runs at each moment of a collection's writes
	// KnownEvent reports whether an event, or a pattern of some, can come.
	KnownEvent func(app core.App, pattern string) bool
}

// MustBind registers all events, routes and crons.
func MustBind(app core.App, cfg Config) *Hooks {
	var (
		sync    *api.Service
		limits  *filters.Service
		clock   *gate.Clock
		gone    func(tx dbx.Builder, rows []syncer.Gone) error
		actions = gate.Actions{} // phones push them like all others
	)
	area := gate.Config{Now: cfg.Now, Witness: func() gate.Witness { return sync }}
	doors := sessions.New(sessions.Config{Now: cfg.Now, Planted: cfg.Planted})
	up := cfg.Uploads
	up.Now, up.Manual, up.Planted = cfg.Now, up.Manual || cfg.Manual, cfg.Planted
	up.Device = func(e *core.RequestEvent, id string) (*core.Record, error) { return sync.Uploading(e, id) }
	if up.Watermark == nil {
		up.Watermark = evidence.Watermark
	}
	photos := uploads.New(app, up)
	bytes := files.New(files.Config{Now: cfg.Now, Head: func() int64 { return sync.Head() }, Session: doors.Check})
	proofs := evidence.New(evidence.Config{Address: bytes.Address})
	small := cfg.Previews
	small.Now, small.Planted = cfg.Now, cfg.Planted
	trips := visits.Config{Config: area, Planted: cfg.Planted, Routes: gate.Routes{}}
	told := cfg.Messages
	told.Now, told.Planted = cfg.Now, cfg.Planted
	told.Known = func(app core.App, pattern string) bool { return knownEvent(app, actions, pattern) }
	told.Attached = analysis.Attached
	told.Letters = satisfaction.Letters()
	messages := notifications.New(told)
	lists := importexport.Area(importexport.Config{
		Config: area, Planted: cfg.Planted, Head: func() int64 { return sync.Head() },
		Page:   func(e *core.RequestEvent, read func() error) error { return limits.Page(e, read) },
		Unseen: func(app core.App, fn func(core.App, gate.MaySaw) error) error { return sync.Unseen(app, fn) },

		Complete: map[string]func(core.App, *core.Record, map[string]any) error{records.TargetTable: targets.Complete},
	})
	read := cfg.Invoices
	read.Now, read.Manual = cfg.Now, cfg.Manual
	books := ledger.New(ledger.Config{Config: area, Planted: cfg.Planted})
	figures := analysis.New(analysis.Config{
		Config: area, Planted: cfg.Planted, Write: importexport.Write,
		Turn: func(e *core.RequestEvent, ask func() error) error { return limits.Turn(e, ask) },
		Page: func(e *core.RequestEvent, read func() error) error { return limits.Page(e, read) },
	})
	surveys := satisfaction.New(satisfaction.Config{Config: area, Mail: messages.Letter, Write: importexport.Write})
	pay := incentives.New(incentives.Config{
		Config: area, Planted: cfg.Planted, Bases: employments.Bases, Standing: employments.Standing, Reached: figures.Reached, Write: importexport.Write,
	})
	appraisals := cycles.New(cycles.Config{
		Config: area, Customers: surveys.Answers,
		Figures: cycles.Figures{Each: figures.Each, Page: figures.Page, Since: figures.Since, Frozen: analysis.FrozenMonths, Tells: analysis.Tells},
		Schemes: schemesInForce, Draft: schemeOf,
		Employed: employments.Employed, Money: pay.Money,
		Settle: func(ctx context.Context, tx core.App, owner records.UserID, p domain.Period) error {
			return audits.SettleDeductions(ctx, tx, cfg.Now(), owner, p)
		},
	})
	spending := budgets.New(budgets.Config{Config: area, Planted: cfg.Planted, Frozen: analysis.Frozen, Open: mayHold})
	agreed := preapprovals.New(preapprovals.Config{Config: area, Budget: preapprovals.Budget{Find: spending.Find, Reserve: spending.Reserve, Keep: spending.Keep, Release: spending.Release}})
	folder := invoices.New(read)
	var paying *payments.Service
	lent := advances.New(advances.Config{
		Config: area, Planted: cfg.Planted,
		GivenBack: func(ctx context.Context, tx core.App, advance records.Advance, fen int, ref string) error {
			return paying.GivenBack(ctx, tx, advance, fen, ref)
		},
	})
	expenses := claims.New(claims.Config{Config: area, Planted: cfg.Planted, Advances: claims.Advances{Clear: lent.Clear, Unclear: lent.Unclear}, Judge: rules.Judge, Reckon: rules.Reckon, Budget: claims.Budget{
		Find: spending.Find, Reserve: spending.Reserve, ReserveOver: spending.ReserveOver, Release: spending.Release, Spend: spending.SpendHeld,
		Reverse: spending.Reverse, Holds: spending.Holds,
	}, Invoices: claims.Invoices{
		Use: folder.Use, Release: folder.Release, Paid: folder.Paid, Unpaid: folder.Unpaid, Recheck: folder.Recheck, Named: folder.Named, Facts: folder.Facts,
	}, Preapprovals: claims.Preapprovals{Of: agreed.Of, Facts: agreed.Facts, Drawn: agreed.Drawn, Redrawn: agreed.Redrawn, GivenBack: agreed.GivenBack}})
	paying = payments.New(payments.Config{
		Config: area, Planted: cfg.Planted, Claims: payments.Claims{Recheck: expenses.Ready, Pay: expenses.Pay, Unpay: expenses.Unpay},
		Advances: payments.Advances{Open: lent.Open, Paid: lent.Paid, Unpaid: lent.Unpaid, NotBack: lent.NotBack}, Posting: vouchers.Posting,
	})
	trade := orders.New(orders.Config{
		Config: area, Offers: prices.Offers, Credit: books.Credit,
		Promotions: promotions.InForce, Hold: promotions.Hold, GiveBack: promotions.GiveBack,
	})
	given := numbers.New(numbers.Config{Now: cfg.Now, Device: func(e *core.RequestEvent, id string) (records.SyncDevice, error) { return sync.Numbering(e, id) }})
	moves, phones := handovers.New(handovers.Config{Config: area, Moved: spending.FollowAccounts}), devices.New(area)
	business := []kit.Area{
		org.Area(area),
		photos.Area(), // a blob is announced before visits fill it
		accounts.Area(area), deals.Area(area), care.Area(care.Config{Config: area, Sold: analysis.SoldTo, Channel: quality.ChannelOf, Gift: rules.Gift, Satisfaction: satisfaction.Of}),
		cases.Area(cases.Config{Config: area, Standard: quality.StandardOn, Channel: quality.ChannelOf}), quality.Area(area),
		visits.Area(trips), plans.Area(plans.Config{Config: area, Targets: targets.OfMonth}), // plans read of a visit what the visits' rules have filled
		requests.Area(requests.Config{Config: area, Sold: analysis.SoldTo}), fieldwork.Area(fieldwork.Config{Config: area, Sold: analysis.SoldBy}),
		books.Area(), // an order is settled after all that its step does
		rebates.Area(area),
		prices.Area(),
		trade.Area(),
		promotions.Area(),
		given.Area(), suggestions.Area(area), // an order is numbered when its own rules have seen what was given
		deliveries.Area(deliveries.Config{Config: area, Draft: trade.Draft}),
		targets.Area(targets.Config{Config: area, Reached: figures.Reached}), // what was reached is counted when all of a delivery is written
		letters.Area(area), // a letter is amended when a target has changed
		trainings.Area(area),
		spending.Area(),
		control.Area(control.Config{Config: area, Adjust: spending.Adjust, Months: spending.Months, CarryOver: spending.CarryOver, Write: importexport.Write}),
		activities.Area(activities.Config{Config: area, Sold: analysis.SoldTo, Budget: activities.Budget{
			Find: spending.Find, Reserve: spending.Reserve, Release: spending.Release, Holds: spending.Holds,
		}}),
		agreed.Area(), audits.Area(area),
		schemes.Area(schemes.Config{Config: area, DryRun: appraisals.Try}), surveys.Area(),
		expenses.Area(),
		rules.Area(area), // an amount is reckoned when claims have taken the line
		lent.Area(), paying.Area(), vouchers.Area(vouchers.Config{Config: area, Encode: payments.Encode}),
		appraisals.Area(),
		employments.Area(), pay.Area(),
		figures.Area(), // facts are written of what all rules before have filled
		bytes.Area(), proofs.Area(), previews.Area(small), moves.Area(), folder.Area(),
		backups.Area(backups.Config{Now: cfg.Now, Root: cfg.BackupRoot, Console: cfg.Console}),
		metrics.Area(cfg.Metrics, func() gate.SyncCounts { return sync.Counts() }, func() *gate.Clock { return clock }, spending.Drift),
		phones.Area(),
	}
	chains := approvals.New(area, kit.Approvals(business...)...)
	refused := issues.New(issues.Config{Now: cfg.Now, Member: doors.Member, Planted: cfg.Planted})
	sync = api.New(api.Config{
		Now: cfg.Now, Actions: actions, Sessions: doors, Issues: refused, Manual: cfg.Manual, Planted: cfg.Planted, Batch: cfg.Batch, SpoolMin: cfg.SpoolMin, Limited: cfg.Limited,
		Saw: phones.Saw, Full: phones.IssuesFull,
		Gone: func(tx dbx.Builder, rows []syncer.Gone) error { return gone(tx, rows) },
	})
	live := cfg.Realtime
	live.Now, live.Still = cfg.Now, doors.Still
	watched := realtime.New(live)
	entries := []kit.Area{ // admissions are forgotten before what is open is closed
		sync.Area(), refused.Area(), doors.Area(), watched.Area(),
		logins.Area(logins.Config{Now: cfg.Now, Planted: cfg.Planted, Console: cfg.Console}),
	}
	areas := kit.Collect(slices.Concat([]kit.Area{messages.Area(), audit.Area(), lists, chains.Area()}, business, entries)...)
	maps.Copy(trips.Routes, areas.Takes()) // what becomes of feedback, by the area that takes it
	maps.Copy(actions, areas.Actions())

	gate.Bind(app, area)
	saves.Bind(app)
	entrance := edges.Bind(app, edges.Config{Limits: cfg.Bodies, Planted: cfg.Planted})
	limits = filters.Bind(app, filters.Config{Planted: cfg.Planted, Slack: cfg.Slack})
	gone = audit.Bind(app, audit.Config{Now: cfg.Now, Audited: areas.Audited(), Emit: messages.Emit})
	areas.Bind(app)
	if cfg.Planted != syncer.PlantStepRewritten {
		gate.BindHangs(app, areas.Hangs()...)
	}
	bindActions(app, actions, refused.Refused)
	refused.Join(sync)
	doors.Join(sync, slices.Concat(sync.Ways(), watched.Ways(), photos.Ways(), entrance.Ways())...)
	clock = gate.Schedule(app, area, areas.Jobs())
	if cfg.Planted != syncer.PlantDeletePast {
		gate.BindKeeps(app, areas.Keeps(), actions)
	}
	return &Hooks{
		Sync: sync, Issues: refused, Sessions: doors, Handovers: moves, Budgets: spending, Claims: expenses, Agreed: agreed, Pay: pay, Fleet: phones, Uploads: photos, Blobs: bytes, Evidence: proofs, Invoices: folder, Surveys: surveys,
		Realtime: watched, Approvals: chains, Jobs: areas.Jobs(), Actions: actions, Arguments: areas.Arguments(), Machines: areas.Machines(), Rules: areas.Order(), KnownEvent: told.Known,
	}
}

// mayHold reports whether a document may hold money of a budget, by the area whose it is.
func mayHold(app core.App, doc expense.BudgetDoc) (bool, error) {
	open, err := activities.Open(app, doc)
	if err != nil || !open {
		return open, err
	}
	return preapprovals.Open(app, doc)
}
