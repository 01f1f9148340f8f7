package numbers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/numbers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// leasesMost is how many leases are looked at for one answer, the newest first.
const leasesMost = 500

// borne is the table whose rows bear the numbers of a kind.
var borne = map[string]string{numbers.Order: records.OrderTable, numbers.Claim: records.ExpenseClaimTable}

// gap is a run of numbers that no document bears.
type gap struct {
	From   string    `json:"from"` // as printed
	To     string    `json:"to"`
	Count  int64     `json:"count"`
	Reason string    `json:"reason"`
	Zh     string    `json:"zh"`
	En     string    `json:"en"`
	Device string    `json:"device"`
	User   string    `json:"user"`
	Name   string    `json:"name"`
	Given  time.Time `json:"given_at"`
	Ended  time.Time `json:"ended_at,omitzero"`
}

// gaps answers {kind, gaps: […], more} to finance, auditors and administrators;
// ?kind=, ?user=, and ?before=, a given_at, for older ones.
func gaps(e *core.RequestEvent) error {
	if !e.Auth.IsSuperuser() {
		switch user := records.Users.Of(e.Auth); {
		case !user.Active():
			return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
		case user.Role() == people.RoleFinance, user.Role() == "auditor", user.Role() == people.RoleAdmin:
		default:
			return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
		}
	}
	query := e.Request.URL.Query()
	kind := query.Get("kind")
	if kind == "" {
		kind = numbers.Order
	}
	if !numbers.Known(kind) {
		return gate.Refuse("number.kind_unknown", "kind", kind)
	}
	where, params := "kind = {:kind}", dbx.Params{"kind": kind}
	for name, condition := range map[string]string{"user": "user = {:user}", "before": "given_at < {:before}"} {
		if value := query.Get(name); value != "" {
			where, params[name] = where+" AND "+condition, value
		}
	}
	all, err := records.NumberLeases.All(e.App, where, params, "given_at DESC, first DESC")
	if err != nil {
		return err
	}
	more := len(all) > leasesMost
	r := reader{app: e.App, kind: kind, found: map[string]numbers.Found{}, names: map[records.UserID]string{}}
	out := []gap{}
	for _, lease := range all[:min(len(all), leasesMost)] {
		of, err := r.gapsOf(lease)
		if err != nil {
			return err
		}
		out = append(out, of...)
	}
	return e.JSON(http.StatusOK, map[string]any{"kind": kind, "gaps": out, "more": more})
}

// reader reads once what many leases share.
type reader struct {
	app   core.App
	kind  string
	found map[string]numbers.Found // by series
	names map[records.UserID]string
}

func (r reader) gapsOf(lease records.NumberLease) (out []gap, err error) {
	found, err := r.inSeries(lease.Series())
	if err != nil {
		return nil, err
	}
	dropped, err := lease.Dropped()
	if err != nil {
		return nil, err
	}
	found.Dropped = map[int64]bool{}
	for _, n := range dropped {
		found.Dropped[n] = true
	}
	name, known := r.names[lease.User()]
	if !known {
		user, _, err := records.Users.Find(r.app, lease.User())
		if err != nil {
			return nil, err
		}
		if user.Raw() != nil {
			name = user.Name()
		}
		r.names[lease.User()] = name
	}
	block := numbers.Lease{First: int64(lease.First()), Last: int64(lease.Last()), Next: int64(lease.Next()), State: string(lease.State())}
	for _, g := range block.Gaps(found) {
		why := domain.Problem{Code: "number_gap." + g.Reason}
		out = append(out, gap{
			From: numbers.Number{Kind: r.kind, Series: lease.Series(), N: g.First}.String(), To: numbers.Number{Kind: r.kind, Series: lease.Series(), N: g.Last}.String(),
			Count: g.Last - g.First + 1, Reason: g.Reason, Zh: why.Text("zh"), En: why.Text("en"),
			Device: lease.Device(), User: string(lease.User()), Name: name, Given: lease.GivenAt(), Ended: lease.EndedAt(),
		})
	}
	return out, nil
}

// inSeries reads the numbers of a series that documents bear, or bore in print,
// and those of documents that were refused.
func (r reader) inSeries(series string) (numbers.Found, error) {
	if found, ok := r.found[series]; ok {
		return found, nil
	}
	first := numbers.Number{Kind: r.kind, Series: series}.String()
	begin := first[:strings.Index(first, series)+len(series)+1]
	bounds := dbx.Params{"from": begin, "to": begin[:len(begin)-1] + ".", "kind": borne[r.kind]} // a dot follows the dash
	found := numbers.Found{}
	for into, query := range map[*map[int64]bool]string{
		&found.Used: fmt.Sprintf(`SELECT no FROM {{%[1]s}} WHERE no >= {:from} AND no < {:to}
			UNION ALL SELECT former_no FROM {{%[1]s}} WHERE former_no >= {:from} AND former_no < {:to}`, borne[r.kind]),
		&found.Refused: `SELECT payload->'set'->>'no' AS no FROM sync_issues WHERE collection = {:kind} AND payload->>'op' = 'create'
			AND payload->'set'->>'no' >= {:from} AND payload->'set'->>'no' < {:to}`,
	} {
		var all []string
		if err := r.app.DB().NewQuery(query).Bind(bounds).Column(&all); err != nil {
			return found, fmt.Errorf("read numbers of the series %s: %w", series, err)
		}
		*into = map[int64]bool{}
		for _, text := range all {
			if no, ok := numbers.Parse(text); ok {
				(*into)[no.N] = true
			}
		}
	}
	r.found[series] = found
	return found, nil
}
