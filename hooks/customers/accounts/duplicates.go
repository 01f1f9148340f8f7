package accounts

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// nearDeg is a box around an account that holds all within domain.NearM, as far
// north as China goes.
const nearDeg = 0.0008

// refuseDuplicate keeps one company from being two accounts (H-DUP). The same
// tax id or name is refused: account.duplicate_uscc, account.duplicate_name
// unless somebody says how they differ. The same phone or place is a flag. None
// tells which account it is: it may be another's.
func refuseDuplicate(e *kit.Change[records.Account]) error {
	account := e.Row
	account.SetUscc(customers.USCCKey(account.Uscc()))
	account.SetNameKey(customers.NameKey(account.Name()))
	account.SetPhoneKey(customers.PhoneKey(account.Phone()))
	if !account.IsNew() && telling(account) == telling(e.Before()) {
		return nil
	}
	found, err := likeOnes(e.App, account)
	if err != nil {
		return err
	}
	var flags []string
	for _, like := range found {
		for _, why := range like.why {
			switch {
			case why == customers.SameUSCC:
				return gate.RefuseField(records.AccountColUscc, "account.duplicate_uscc")
			case why == customers.SameName && strings.TrimSpace(account.DistinctReason()) == "":
				return gate.RefuseField(records.AccountColName, "account.duplicate_name")
			case !slices.Contains(flags, why):
				flags = append(flags, why)
			}
		}
	}
	if len(flags) == 0 {
		account.SetDuplicateFlags(nil)
		return nil
	}
	slices.Sort(flags)
	account.SetDuplicateFlags(flags)
	return nil
}

// traits are what one company is told from another by.
type traits struct {
	name, uscc, phone, distinct string
	place                       domain.Position
}

func telling(account records.Account) traits {
	return traits{account.Name(), account.Uscc(), account.Phone(), account.DistinctReason(), placeOf(account)}
}

func companyOf(account records.Account) customers.Company {
	return customers.Company{
		ID: string(account.ID()), Name: account.Name(), USCC: account.Uscc(), Phones: []string{account.Phone()}, Place: placeOf(account),
	}
}

// likeness is another account that may be the same company.
type likeness struct {
	account records.Account
	why     []string
	metres  int
}

// likeOnes finds by index who may be the same company, and says why.
func likeOnes(app core.App, account records.Account) ([]likeness, error) {
	me := companyOf(account)
	var err error
	if !me.Place.Known() {
		if me.Place, err = proposedPlace(app, account.ID()); err != nil {
			return nil, err
		}
	}
	lat, lng := me.Place.Lat, me.Place.Lng
	others, err := records.Accounts.All(app, `id IN (
		SELECT id FROM accounts WHERE uscc = {:uscc} AND uscc <> ''
		UNION SELECT id FROM accounts WHERE name_key = {:name} AND name_key <> ''
		UNION SELECT id FROM accounts WHERE phone_key = {:phone} AND phone_key <> ''
		UNION SELECT account FROM contacts WHERE phone = {:phone} AND phone <> ''
		UNION SELECT id FROM accounts WHERE {:placed} AND lat BETWEEN {:south} AND {:north} AND lng BETWEEN {:west} AND {:east}
	) AND id <> {:me}`, dbx.Params{
		"uscc": me.USCC, "name": account.NameKey(), "phone": account.PhoneKey(), "me": account.ID(), "placed": me.Place.Known(),
		"south": lat - nearDeg, "north": lat + nearDeg, "west": lng - 2*nearDeg, "east": lng + 2*nearDeg,
	}, "id")
	if err != nil {
		return nil, err
	}
	var out []likeness
	for _, row := range others {
		other := companyOf(row)
		why := customers.Likeness(me, other)
		if len(why) == 0 { // one of its contacts has the phone
			why = []string{customers.SamePhone}
		}
		like := likeness{account: row, why: why}
		if me.Place.Known() && other.Place.Known() {
			like.metres = int(domain.DistanceM(me.Place, other.Place))
		}
		out = append(out, like)
	}
	return out, nil
}

// duplicateRow is one line of the answer below.
type duplicateRow struct {
	ID     records.AccountID `json:"id"`
	Name   string            `json:"name"`
	Why    []string          `json:"why"`
	Metres int               `json:"metres,omitzero"`
}

// duplicates answers GET /api/ka/accounts/{id}/duplicates: the accounts that may
// be the same company, {items: [{id, name, why, metres}], hidden}. Of those that
// the caller may not see it tells the number only.
func duplicates(e *core.RequestEvent) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	sees := func(account records.Account) (bool, error) {
		return e.App.CanAccessRecord(account.Raw(), info, account.Raw().Collection().ViewRule)
	}
	account, found, err := records.Accounts.Find(e.App, records.AccountID(e.Request.PathValue("id")))
	if err == nil && found {
		found, err = sees(account)
	}
	if err != nil {
		return err
	}
	if !found {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	likes, err := likeOnes(e.App, account)
	if err != nil {
		return err
	}
	items, hidden := []duplicateRow{}, 0
	for _, like := range likes {
		ok, err := sees(like.account)
		if err != nil {
			return err
		}
		if !ok {
			hidden++
			continue
		}
		items = append(items, duplicateRow{ID: like.account.ID(), Name: like.account.Name(), Why: like.why, Metres: like.metres})
	}
	return e.JSON(http.StatusOK, map[string]any{"items": items, "hidden": hidden})
}
