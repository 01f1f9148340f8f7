package issues

import (
	"encoding/json/v2"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sync"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// kept is what matters here of a mutation that an issue holds.
type kept struct {
	Group string   `json:"group"`
	After []string `json:"after"`
}

func keptOf(issue records.SyncIssue) (k kept) {
	_ = json.Unmarshal(issue.Payload(), &k) // of another form: it is refused again, alone
	return k
}

// unitOf lists the open issues whose mutations stand or fall together with this
// one's, in the order of their numbers.
func unitOf(app core.App, issue records.SyncIssue) ([]records.SyncIssue, error) {
	group := keptOf(issue).Group
	if group == "" {
		return []records.SyncIssue{issue}, nil
	}
	unit, err := records.SyncIssues.All(app,
		"user = {:u} AND device = {:d} AND state = {:s} AND kind <> 'conflict' AND json_extract(payload, '$.group') = {:g}",
		dbx.Params{"u": issue.User(), "d": issue.Device(), "s": sync.IssueOpen, "g": group}, "n")
	for i := range unit {
		if unit[i].ID() == issue.ID() {
			unit[i] = issue
		}
	}
	return unit, err
}

// parentsAnswered refuses to go before something that is open itself.
func (q *inquiry) parentsAnswered(unit []records.SyncIssue) error {
	for _, parent := range outside(unit) {
		open, err := records.SyncIssues.Count(q.app, `user = {:u} AND state = {:s} AND kind IN ({:rejected}, {:held}, {:quarantined})
			AND (mutation = {:m} OR id IN (SELECT result->>'issue' FROM _sync_push WHERE mutation = {:m} AND mutation <> ''))`, dbx.Params{
			"u": q.issue.User(), "s": sync.IssueOpen, "m": parent,
			"rejected": sync.IssueRejected, "held": sync.IssueHeld, "quarantined": sync.IssueQuarantined,
		})
		if err != nil {
			return err
		}
		if open > 0 {
			return gate.Refuse("issue.parent_open", "parent", parent)
		}
	}
	return nil
}

// outside lists the parents of a unit that are not of it.
func outside(unit []records.SyncIssue) (parents []string) {
	var own []string
	for _, issue := range unit {
		own = append(own, issue.Mutation())
	}
	for _, issue := range unit {
		for _, parent := range keptOf(issue).After {
			if !slices.Contains(own, parent) && !slices.Contains(parents, parent) {
				parents = append(parents, parent)
			}
		}
	}
	return parents
}
