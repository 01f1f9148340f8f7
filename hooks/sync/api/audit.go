package api

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// auditTries is how often a user is looked at anew because something changed meanwhile.
const auditTries = 5

// auditLine is a row that only one side shows, or one that the list rule shows
// and phones no longer hold because its retention is over.
type auditLine struct {
	User       string `json:"user"`
	Collection string `json:"collection"`
	ID         string `json:"id"`
	OnlyIn     string `json:"only_in,omitzero"` // rest or sync
	Expired    bool   `json:"expired,omitzero"`
}

// auditEnd closes the answer; without it the answer is cut. Unsettled users
// changed faster than they could be compared; their lines are not certain.
type auditEnd struct {
	Users       int      `json:"users"`
	Collections int      `json:"collections"`
	Rows        int64    `json:"rows"` // shown by REST, over all users
	Differences int64    `json:"differences"`
	Expired     int64    `json:"expired"`
	Unsettled   []string `json:"unsettled,omitzero"`
}

// audit compares, for all users or the one of ?user=, the ids that each synced
// collection's list rule shows with those that sync holds visible at head, and
// streams a line for each difference: application/x-ndjson, {user, collection,
// id, only_in} or {user, collection, id, expired}, then {"end": {…}}. It holds
// the ids of one user and collection at a time.
func (s *Service) audit(e *core.RequestEvent) error {
	var users []string
	query := e.App.DB().Select("id").From(gate.Users).OrderBy("id")
	if id := e.Request.URL.Query().Get("user"); id != "" {
		query.Where(dbx.HashExp{"id": id})
	}
	if err := query.Column(&users); err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	if len(users) == 0 {
		return answer(http.StatusNotFound, "record.not_found", nil)
	}
	e.Response.Header().Set("Content-Type", "application/x-ndjson")
	e.Response.Header().Set("Cache-Control", "no-store")
	e.Response.WriteHeader(http.StatusOK)
	control := http.NewResponseController(e.Response)
	end := auditEnd{Users: len(users)}
	for _, user := range users {
		//nolint:forbidigo // a socket's deadline is real time; a recorder in a test has none
		_ = control.SetWriteDeadline(time.Now().Add(slowAnswer))
		lines, err := s.auditUser(e.App, user, &end)
		if err != nil {
			return err // the status is sent: the missing end tells
		}
		for _, l := range lines {
			if err := json.MarshalWrite(e.Response, l); err != nil {
				return err
			}
			if _, err := e.Response.Write([]byte("\n")); err != nil {
				return err
			}
		}
		_ = control.Flush() // a recorder in a test cannot
	}
	if err := json.MarshalWrite(e.Response, map[string]auditEnd{"end": end}); err != nil {
		return err
	}
	_, err := e.Response.Write([]byte("\n"))
	return err
}

// auditUser compares one user's sets at a moment at which all is folded.
func (s *Service) auditUser(app core.App, id string, end *auditEnd) (lines []auditLine, err error) {
	for try := 1; ; try++ {
		if err := s.Fold(app); err != nil {
			return nil, err
		}
		var before, after int64
		if err := lastChange(app.ConcurrentDB(), &before); err != nil {
			return nil, err
		}
		user, err := records.Users.Require(app, records.UserID(id))
		if err != nil {
			return nil, err
		}
		seen := auditEnd{}
		err = snapshot(app, func(tx dbx.Builder) error {
			if err := lastChange(tx, &after); err != nil || after != before && try < auditTries {
				return err
			}
			lines, err = s.compare(app, tx, user, &seen)
			return err
		})
		if err != nil {
			return nil, err
		}
		if after != before {
			if try < auditTries {
				continue
			}
			end.Unsettled = append(end.Unsettled, id)
		}
		end.Collections = seen.Collections
		end.Rows += seen.Rows
		end.Differences += seen.Differences
		end.Expired += seen.Expired
		return lines, nil
	}
}

func lastChange(tx dbx.Builder, into *int64) error {
	if err := tx.NewQuery("SELECT COALESCE(MAX(seq), 0) FROM _sync_log").Row(into); err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	return nil
}

// compare lists what only one side shows a user, by collection and id.
func (s *Service) compare(app core.App, tx dbx.Builder, user records.User, seen *auditEnd) ([]auditLine, error) {
	catalog, err := s.engine.Catalog(tx)
	if err != nil {
		return nil, err
	}
	var lines []auditLine
	for _, rule := range catalog.Rules() {
		seen.Collections++
		rest, err := s.restShows(app, tx, user.Raw(), rule)
		if err != nil {
			return nil, err
		}
		seen.Rows += int64(len(rest))
		if err := s.syncShows(tx, user, rule, func(id string) {
			if _, both := rest[id]; both {
				delete(rest, id)
				return
			}
			seen.Differences++
			lines = append(lines, auditLine{User: string(user.ID()), Collection: rule.Collection.Name, ID: id, OnlyIn: "sync"})
		}); err != nil {
			return nil, err
		}
		if len(rest) == 0 {
			continue
		}
		expired, err := s.expired(tx, rule)
		if err != nil {
			return nil, err
		}
		for _, id := range slices.Sorted(maps.Keys(rest)) {
			line := auditLine{User: string(user.ID()), Collection: rule.Collection.Name, ID: id}
			if _, line.Expired = expired[id]; line.Expired {
				seen.Expired++
			} else {
				line.OnlyIn = "rest"
				seen.Differences++
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// restShows asks the collection's list rule as the list API does.
func (s *Service) restShows(app core.App, tx dbx.Builder, user *core.Record, rule *syncer.Rule) (map[string]struct{}, error) {
	out := map[string]struct{}{}
	coll, err := app.FindCachedCollectionByNameOrId(rule.Collection.ID)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", rule.Collection.Name, err)
	}
	if coll.ListRule == nil {
		return out, nil
	}
	query, err := gate.Listed(app, coll, user)
	if err != nil {
		return nil, err
	}
	built := query.Select("{{" + coll.Name + "}}.[[id]]").Distinct(true).Build()
	err = eachID(tx.NewQuery(built.SQL()).Bind(built.Params()), func(id string) { out[id] = struct{}{} })
	return out, err
}

// syncShows walks over the ids that a phone of the user holds once it has
// pulled to head. Whoever is disabled is refused at the door and holds none.
func (s *Service) syncShows(tx dbx.Builder, user records.User, rule *syncer.Rule, each func(id string)) error {
	if !user.Active() {
		return nil
	}
	return eachID(tx.NewQuery(`SELECT rec FROM _sync_doc WHERE coll = {:coll} AND body IS NOT NULL AND id IN (
		SELECT s.doc FROM _sync_grant g CROSS JOIN _sync_scope s ON s.key = g.key AND s.to_seq = {:open}
		WHERE g.user = {:user} AND g.to_seq = {:open})`).
		Bind(dbx.Params{"coll": rule.Collection.ID, "user": user.ID(), "open": int64(math.MaxInt64)}), each)
}

// expired are the rows whose time on phones is over.
func (s *Service) expired(tx dbx.Builder, rule *syncer.Rule) (map[string]struct{}, error) {
	out := map[string]struct{}{}
	err := eachID(tx.NewQuery("SELECT rec FROM _sync_doc WHERE coll = {:coll} AND expires > 0 AND expires <= {:day}").
		Bind(dbx.Params{"coll": rule.Collection.ID, "day": s.cfg.Now().Unix() / 86400}), func(id string) { out[id] = struct{}{} })
	return out, err
}

func eachID(query *dbx.Query, each func(id string)) error {
	rows, err := query.Rows()
	if err != nil {
		return fmt.Errorf("list ids: %w", err)
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return fmt.Errorf("list ids: %w", err)
		}
		each(id)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("list ids: %w", err)
	}
	return nil
}
