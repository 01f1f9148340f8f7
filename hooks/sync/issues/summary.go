package issues

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// issueCount counts open issues: all, by age, and when the oldest came.
type issueCount struct {
	Count  int    `json:"count"`
	Day    int    `json:"day"`  // younger than a day
	Week   int    `json:"week"` // than a week
	Older  int    `json:"older"`
	Oldest string `json:"oldest"` // RFC 3339, UTC; empty if there is none
}

func (c *issueCount) add(at, now time.Time) {
	c.Count++
	switch age := now.Sub(at); {
	case age < 24*time.Hour:
		c.Day++
	case age < 7*24*time.Hour:
		c.Week++
	default:
		c.Older++
	}
	if text := at.UTC().Format(time.RFC3339); c.Oldest == "" || text < c.Oldest {
		c.Oldest = text
	}
}

// issueCounts are those of a person, or of all.
type issueCounts struct {
	issueCount
	Kinds map[string]*issueCount `json:"kinds"`
}

func (c *issueCounts) add(kind string, at, now time.Time) {
	c.issueCount.add(at, now)
	if c.Kinds[kind] == nil {
		c.Kinds[kind] = &issueCount{}
	}
	c.Kinds[kind].add(at, now)
}

type issuePerson struct {
	User string `json:"user"`
	issueCounts
}

type issueSummary struct {
	issueCounts
	People []*issuePerson `json:"people"` // who has waited longest first
}

// summary counts the open issues that the caller may see, by kind and age, in
// all and for each person.
func (s *Service) summary(e *core.RequestEvent) error {
	if err := s.cfg.Member(e); err != nil {
		return err
	}
	coll, err := e.App.FindCachedCollectionByNameOrId(records.SyncIssueTable)
	if err != nil {
		return err
	}
	query, err := gate.Listed(e.App, coll, e.Auth)
	if err != nil {
		return err
	}
	var rows []*core.Record
	err = query.AndWhere(dbx.HashExp{"sync_issues.state": sync.IssueOpen}).Distinct(true).All(&rows)
	if err != nil {
		return fmt.Errorf("read open issues: %w", err)
	}
	out := issueSummary{issueCounts: issueCounts{Kinds: map[string]*issueCount{}}, People: []*issuePerson{}}
	people := map[string]*issuePerson{}
	for _, r := range rows {
		issue := records.SyncIssues.Of(r)
		user := string(issue.User())
		if people[user] == nil {
			people[user] = &issuePerson{User: user, issueCounts: issueCounts{Kinds: map[string]*issueCount{}}}
			out.People = append(out.People, people[user])
		}
		for _, c := range []*issueCounts{&out.issueCounts, &people[user].issueCounts} {
			c.add(string(issue.Kind()), issue.KeptAt(), s.cfg.Now())
		}
	}
	slices.SortFunc(out.People, func(a, b *issuePerson) int {
		return cmp.Or(cmp.Compare(a.Oldest, b.Oldest), cmp.Compare(a.User, b.User))
	})
	return e.JSON(http.StatusOK, out)
}
