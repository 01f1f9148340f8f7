package satisfaction

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/satisfaction"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Why a contact of an account that was served is not asked.
const (
	optedOut  = "opted_out"
	forgotten = "forgotten"
	noWay     = "no_way"  // nothing is known by which he could be reached
	tooNew    = "too_new" // he was written down after the period
)

// frame is who could be asked about whom.
type frame struct {
	of       map[records.UserID][]satisfaction.Candidate
	excluded map[string]int // contacts, by why
}

// frameOf reads the frame of a survey. All contacts of an account count whom somebody met
// or served in the period: the one who was rated chooses none of them by writing down
// whom he met.
func frameOf(app core.App, row records.SatisfactionSurvey) (frame, error) {
	served, err := servedIn(app, row)
	if err != nil {
		return frame{}, err
	}
	accounts := map[string]bool{}
	for _, by := range served {
		maps.Copy(accounts, by)
	}
	out := frame{map[records.UserID][]satisfaction.Candidate{}, map[string]int{}}
	contacts, err := contactsOf(app, slices.Sorted(maps.Keys(accounts)), row.ToDate(), out.excluded)
	if err != nil {
		return frame{}, err
	}
	for person, by := range served {
		for _, c := range contacts {
			if by[c.Account] {
				out.of[person] = append(out.of[person], c)
			}
		}
	}
	return out, nil
}

// servedIn are the accounts that each of whom a survey rates met or served: he himself,
// or for who manages, those whom he is over.
func servedIn(app core.App, row records.SatisfactionSurvey) (map[records.UserID]map[string]bool, error) {
	out := map[records.UserID]map[string]bool{}
	add := func(person records.UserID, account string) {
		if out[person] == nil {
			out[person] = map[string]bool{}
		}
		out[person][account] = true
	}
	if row.Dept() == "" {
		heads, err := records.Users.All(app, "role = {:r} AND active AND department <> ''", dbx.Params{"r": people.RoleDeptManager}, "id")
		if err != nil {
			return nil, err
		}
		for _, head := range heads {
			events, err := servedBy(app, head.Department(), row)
			if err != nil {
				return nil, err
			}
			for _, e := range events {
				add(head.ID(), e.Account)
			}
		}
		return out, nil
	}
	rated, err := records.Users.All(app, "department = {:d} AND active AND role IN ('rep', 'ka_manager')", dbx.Params{"d": row.Dept()}, "id")
	if err != nil {
		return nil, err
	}
	is := map[records.UserID]bool{}
	for _, user := range rated {
		is[user.ID()] = true
	}
	events, err := servedBy(app, row.Dept(), row)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		for _, person := range []records.UserID{e.Person, e.Manager} {
			if is[person] {
				add(person, e.Account)
			}
		}
	}
	return out, nil
}

// event is somebody who met or served an account.
type event struct {
	Account string         `db:"account"`
	Person  records.UserID `db:"person"`
	Manager records.UserID `db:"manager"` // of the account
}

// servedBy reads who of a department met or served which account in the period.
func servedBy(app core.App, dept records.DepartmentID, row records.SatisfactionSurvey) (events []event, err error) {
	from, to := domain.Period{From: row.FromDate(), To: row.ToDate()}.Bounds()
	err = app.DB().NewQuery(`WITH staff AS (SELECT id FROM users WHERE department = {:dept}), met AS (
			SELECT v.account, v.owner AS person FROM staff JOIN visits v ON v.owner = staff.id WHERE v.counts = TRUE AND v.in_at >= {:from} AND v.in_at < {:to}
			UNION SELECT v.account, c.value FROM staff JOIN visits v ON v.owner = staff.id, json_each(v.companions) c WHERE v.counts = TRUE AND v.in_at >= {:from} AND v.in_at < {:to}
			UNION SELECT account, "by" FROM communications WHERE dept = {:dept} AND at >= {:from} AND at < {:to}
			UNION SELECT account, "by" FROM cases WHERE dept = {:dept} AND state <> 'merged' AND raised_at >= {:from} AND raised_at < {:to}
			UNION SELECT o.account, o.owner FROM staff JOIN orders o ON o.owner = staff.id
				WHERE o.submitted_at >= {:from} AND o.submitted_at < {:to} AND o.state NOT IN ('draft', 'rejected', 'cancelled'))
		SELECT met.account, met.person, a.manager FROM met JOIN accounts a ON a.id = met.account ORDER BY 1, 2`).
		Bind(dbx.Params{"dept": dept, "from": gate.Stamp(from), "to": gate.Stamp(to)}).All(&events)
	if err != nil {
		return nil, fmt.Errorf("read whom a department served: %w", err)
	}
	return events, nil
}

// contactsOf reads who can be asked of some accounts, and counts who cannot.
func contactsOf(app core.App, accounts []string, last string, excluded map[string]int) (out []satisfaction.Candidate, err error) {
	list, err := json.Marshal(accounts)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Contact   string `db:"contact"`
		Account   string `db:"account"`
		Tier      string `db:"tier"`
		OptOut    bool   `db:"optout"`
		Forgotten bool   `db:"forgotten"`
		NoWay     bool   `db:"no_way"`
		TooNew    bool   `db:"too_new"`
	}
	_, end := domain.Period{From: last, To: last}.Bounds()
	err = app.DB().NewQuery(`SELECT c.id AS contact, c.account, a.tier, c.optout, c.forgotten_at <> '' AS forgotten,
			c.email = '' AND c.phone = '' AND c.wechat = '' AS no_way, c.created >= {:end} AS too_new
		FROM json_each({:accounts}) l JOIN contacts c ON c.account = l.value JOIN accounts a ON a.id = c.account ORDER BY c.id`).
		Bind(dbx.Params{"accounts": string(list), "end": gate.Stamp(end)}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read who can be asked: %w", err)
	}
	for _, r := range rows {
		switch {
		case r.Forgotten:
			excluded[forgotten]++
		case r.OptOut:
			excluded[optedOut]++
		case r.TooNew:
			excluded[tooNew]++
		case r.NoWay:
			excluded[noWay]++
		default:
			out = append(out, satisfaction.Candidate{Contact: r.Contact, Account: r.Account, Tier: r.Tier})
		}
	}
	return out, nil
}
