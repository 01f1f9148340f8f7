package rules

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Judge finds what of a claim keeps its rules not. It adds to the facts what other tables
// know, and writes nothing.
func Judge(tx core.App, claim expense.ClaimFacts) ([]expense.Hit, error) {
	rules, err := read(tx)
	if err != nil || len(claim.Lines) == 0 {
		return nil, err
	}
	l := loader{app: tx, claim: &claim, rules: rules, first: claim.Lines[0].Day}
	for _, line := range claim.Lines {
		l.first, l.last = min(l.first, line.Day), max(l.last, line.Day, line.ToDay)
	}
	for _, add := range []func() error{l.categories, l.others, l.foreign, l.tracks, l.visits, l.gifts, l.fees, l.alike, l.sellers, l.withoutInvoice} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	return expense.JudgeClaim(rules, claim), nil
}

// loader adds facts to the lines of a claim.
type loader struct {
	app         core.App
	claim       *expense.ClaimFacts
	rules       []expense.Rule
	tree        categories
	ids         []records.ExpenseCategoryID // of the lines' categories
	first, last string                      // days
}

// applies reports whether a rule of a kind holds for a line.
func (l *loader) applies(kind string, line expense.LineFacts) bool {
	return len(expense.RulesFor(l.rules, kind, l.claim.Role, line)) > 0
}

func (l *loader) categories() (err error) {
	if l.tree, err = readCategories(l.app); err != nil {
		return err
	}
	byCode := map[string]records.ExpenseCategoryID{}
	for id, c := range l.tree {
		byCode[c.Code()] = id
	}
	for i := range l.claim.Lines {
		id := byCode[l.claim.Lines[i].Category]
		_, l.claim.Lines[i].Above = l.tree.of(id)
		l.ids = append(l.ids, id)
	}
	return nil
}

// foreign adds what a line says of foreign money.
func (l *loader) foreign() error {
	rows, err := records.ExpenseLines.All(l.app, "claim = {:c} AND currency <> '' AND currency <> 'CNY'", dbx.Params{"c": l.claim.ID}, "")
	if err != nil {
		return err
	}
	for _, row := range rows {
		for i := range l.claim.Lines {
			if line := &l.claim.Lines[i]; line.ID == string(row.ID()) {
				line.Currency, line.ForeignFen, line.RatePPM, line.RateDay = row.Currency(), row.ForeignFen(), row.RatePpm(), row.RateDay()
			}
		}
	}
	return nil
}

func (l *loader) tracks() error {
	if !slices.ContainsFunc(l.claim.Lines, func(line expense.LineFacts) bool { return line.DistanceM > 0 }) {
		return nil
	}
	byDay, err := trackedDays(l.app, l.claim.Owner, l.first, l.last)
	if err != nil {
		return err
	}
	for i := range l.claim.Lines {
		tracked(byDay, &l.claim.Lines[i])
	}
	return nil
}

// span are the moments at which days begin.
func span(first, last string) (from, to time.Time, ok bool) {
	from, err := time.ParseInLocation(time.DateOnly, first, domain.BusinessZone)
	to, err2 := time.ParseInLocation(time.DateOnly, last, domain.BusinessZone)
	return from, to, err == nil && err2 == nil
}

// visits adds the owner's valid visits of the lines' days.
func (l *loader) visits() error {
	from, to, ok := span(l.first, l.last)
	if !ok {
		return nil // what is no day has no visits; claims refuse it
	}
	rows, err := records.Visits.All(l.app, "owner = {:o} AND in_at >= {:from} AND in_at < {:to} AND counts = TRUE",
		dbx.Params{"o": l.claim.Owner, "from": gate.Stamp(from), "to": gate.Stamp(domain.NextDay(to))}, "in_at, id")
	if err != nil {
		return err
	}
	for _, v := range rows {
		day := domain.BusinessDay(v.InAt())
		for i := range l.claim.Lines {
			if line := &l.claim.Lines[i]; line.Day <= day && day <= max(line.Day, line.ToDay) {
				line.Visits = append(line.Visits, expense.VisitFacts{ID: string(v.ID()), Account: string(v.Account()), Day: day, From: v.InAt(), To: v.OutAt()})
			}
		}
	}
	return nil
}

func (l *loader) gifts() (err error) {
	register := gifts{app: l.app, claim: l.claim.ID, categories: giftCategories(l.rules, l.tree)}
	for i := range l.claim.Lines {
		line := &l.claim.Lines[i]
		if !l.applies(expense.RuleGift, *line) {
			continue
		}
		if line.AccountGiftsFen, err = register.sum("account", line.Account, line.Day); err != nil {
			return err
		}
		if line.ContactGiftsFen, err = register.sum("contact", line.Contact, line.Day); err != nil {
			return err
		}
	}
	return nil
}

// fees adds what fees are paid against.
func (l *loader) fees() (err error) {
	known := map[[5]string]expense.FeeFacts{} // by what they hang on
	for i := range l.claim.Lines {
		line := &l.claim.Lines[i]
		if !l.applies(expense.RuleFee, *line) {
			continue
		}
		key := [5]string{line.Account, line.Contract, line.Activity, line.Day, line.ToDay}
		fee, asked := known[key]
		if !asked {
			if fee, err = l.fee(*line); err != nil {
				return err
			}
			known[key] = fee
		}
		line.Fee = &fee
	}
	return nil
}

// fee: a contract of the line's account that binds on all its days, or an activity that
// was agreed; what other claims were paid of it; photos of valid visits, by whomever, to
// the account on those days.
func (l *loader) fee(line expense.LineFacts) (out expense.FeeFacts, err error) {
	last := max(line.Day, line.ToDay)
	contract, found, err := records.Contracts.First(l.app, `id = {:id} AND account = {:a} AND start_date <= {:from} AND end_date >= {:to}
		AND (state IN ('effective', 'expiring', 'expired', 'renewed') OR state = 'terminated' AND {:to} < DATE(ended_at, '+8 hours'))`,
		dbx.Params{"id": line.Contract, "a": line.Account, "from": line.Day, "to": last}, "")
	if err != nil {
		return out, err
	}
	out.Contract = found && line.Contract != ""
	if out.Contract {
		out.LimitFen = contract.AmountFen()
	}
	activity, found, err := records.Activities.Find(l.app, records.ActivityID(line.Activity))
	if err != nil {
		return out, err
	}
	agreed := []records.ActivityState{"approved", "running", "ended", "reported"}
	if found && slices.Contains(agreed, activity.State()) && (line.Account == "" || slices.Contains(activity.Accounts(), records.AccountID(line.Account))) {
		out.Activity = true
		out.ByActivity = out.LimitFen == 0
		out.LimitFen = cmp.Or(out.LimitFen, activity.PlannedFen())
	}
	if out.LimitFen > 0 {
		if out.PaidFen, err = l.paid(line, out.OfContract()); err != nil {
			return out, err
		}
	}
	from, to, ok := span(line.Day, last)
	if !ok {
		return out, nil
	}
	err = l.app.DB().NewQuery(`SELECT COUNT(*) FROM blobs b JOIN visits v ON v.id = b.visit
		WHERE v.account = {:a} AND v.in_at >= {:from} AND v.in_at < {:to} AND v.counts = TRUE AND b.state IN ('received', 'stored', 'durable') AND b.mime LIKE 'image/%'`).
		Bind(dbx.Params{"a": line.Account, "from": gate.Stamp(from), "to": gate.Stamp(domain.NextDay(to))}).Row(&out.VisitPhotos)
	if err != nil {
		return out, fmt.Errorf("count photos of visits: %w", err)
	}
	return out, nil
}

// paid is what other claims have of the same contract, or activity, of a fee's categories.
func (l *loader) paid(line expense.LineFacts, ofContract bool) (sum int, err error) {
	column, id := "activity", line.Activity
	if ofContract {
		column, id = "contract", line.Contract
	}
	var rows []struct {
		Category records.ExpenseCategoryID `db:"category"`
		Fen      int                       `db:"fen"`
	}
	err = l.app.DB().NewQuery(`SELECT l.category, SUM(CASE WHEN c.state = 'submitted' THEN l.amount_fen ELSE l.approved_fen END) AS fen
		FROM expense_lines l JOIN expense_claims c ON c.id = l.claim
		WHERE l.[[` + column + `]] = {:id} AND c.id <> {:claim} AND c.state IN ` + given + ` GROUP BY 1`).
		Bind(dbx.Params{"id": id, "claim": l.claim.ID}).All(&rows)
	if err != nil {
		return 0, fmt.Errorf("add up what was paid of a fee: %w", err)
	}
	for _, r := range rows {
		code, above := l.tree.of(r.Category)
		if expense.NamedBy(l.rules, expense.RuleFee, append([]string{code}, above...)) {
			sum += r.Fen
		}
	}
	return sum, nil
}
