package accounts

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// nearDeg is a box around an account that holds all within domain.NearM, as far
// north as China goes.
const nearDeg = 0.0008

// refuseDuplicate keeps one company from being two accounts (H-DUP). The same
// tax id or name is refused: account.duplicate_uscc, account.duplicate_name
// unless somebody says how they differ. The same phone or place is a flag. None
// tells which account it is: it may be another's.
func refuseDuplicate(e *core.RecordEvent) error {
	setKeys(e.Record)
	if !e.Record.IsNew() && !companyChanged(e.Record) {
		return nil
	}
	found, err := likeOnes(e.App, e.Record)
	if err != nil {
		return err
	}
	var flags []string
	for _, like := range found {
		for _, why := range like.Why {
			switch {
			case why == domain.SameUSCC:
				return gate.RefuseField("uscc", "account.duplicate_uscc")
			case why == domain.SameName && distinctReason(e.Record) == "":
				return gate.RefuseField("name", "account.duplicate_name")
			case !slices.Contains(flags, why):
				flags = append(flags, why)
			}
		}
	}
	slices.Sort(flags)
	setDuplicateFlags(e.Record, flags)
	return nil
}

// likeness is another account that may be the same company.
type likeness struct {
	Account *core.Record
	Why     []string
	Metres  int
}

// likeOnes finds by index who may be the same company, and says why.
func likeOnes(app core.App, account *core.Record) ([]likeness, error) {
	me := companyOf(account)
	var err error
	if !me.Place.Known() {
		if me.Place, err = proposedPlace(app, account); err != nil {
			return nil, err
		}
	}
	lat, lng := me.Place.Lat, me.Place.Lng
	var rows []*core.Record
	err = app.RecordQuery(accounts).AndWhere(dbx.NewExp(`id IN (
		SELECT id FROM accounts WHERE uscc = {:uscc} AND uscc <> ''
		UNION SELECT id FROM accounts WHERE name_key = {:name} AND name_key <> ''
		UNION SELECT id FROM accounts WHERE phone_key = {:phone} AND phone_key <> ''
		UNION SELECT account FROM contacts WHERE phone = {:phone} AND phone <> ''
		UNION SELECT id FROM accounts WHERE {:placed} AND lat BETWEEN {:south} AND {:north} AND lng BETWEEN {:west} AND {:east}
	) AND id <> {:me}`, dbx.Params{
		"uscc": me.USCC, "name": nameKeyOf(account), "phone": phoneKeyOf(account), "me": account.Id, "placed": me.Place.Known(),
		"south": lat - nearDeg, "north": lat + nearDeg, "west": lng - 2*nearDeg, "east": lng + 2*nearDeg,
	})).OrderBy("id").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("failed to look for duplicates: %w", err)
	}
	var out []likeness
	for _, row := range rows {
		other := companyOf(row)
		why := domain.Likeness(me, other)
		if len(why) == 0 { // one of its contacts has the phone
			why = []string{domain.SamePhone}
		}
		like := likeness{Account: row, Why: why}
		if me.Place.Known() && other.Place.Known() {
			like.Metres = int(domain.DistanceM(me.Place, other.Place))
		}
		out = append(out, like)
	}
	return out, nil
}

// duplicateRow is one line of the answer below.
type duplicateRow struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Why    []string `json:"why"`
	Metres int      `json:"metres,omitzero"`
}

// duplicates answers GET /api/ka/accounts/{id}/duplicates: the accounts that may
// be the same company, {items: [{id, name, why, metres}], hidden}. Of those that
// the caller may not see it tells the number only.
func duplicates(e *core.RequestEvent) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	account, err := e.App.FindRecordById(accounts, e.Request.PathValue("id"))
	if err == nil {
		var ok bool
		if ok, err = e.App.CanAccessRecord(account, info, account.Collection().ViewRule); err == nil && !ok {
			account = nil
		}
	}
	if err != nil || account == nil {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	found, err := likeOnes(e.App, account)
	if err != nil {
		return err
	}
	items, hidden := []duplicateRow{}, 0
	for _, like := range found {
		ok, err := e.App.CanAccessRecord(like.Account, info, like.Account.Collection().ViewRule)
		if err != nil {
			return err
		}
		if !ok {
			hidden++
			continue
		}
		items = append(items, duplicateRow{ID: like.Account.Id, Name: nameOf(like.Account), Why: like.Why, Metres: like.Metres})
	}
	return e.JSON(http.StatusOK, map[string]any{"items": items, "hidden": hidden})
}
