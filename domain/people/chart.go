package people

import (
	"maps"
	"slices"
)

// Person is somebody of the organisation, as routes of approvals see him.
type Person struct {
	ID, Role, Dept, Manager string
	Active                  bool
	// Delegate stands in for him from DelegateFrom to DelegateTo, both days included.
	Delegate, DelegateFrom, DelegateTo string
}

// Department is a part of the organisation.
type Department struct{ ID, Kind, Head, Parent string }

// Chart is the organisation on one day.
type Chart struct {
	People map[string]Person
	Depts  map[string]Department
}

// Superior returns who is over a person: his manager, or who is over that one
// while he is not active; without a manager the head of his department, of the
// departments above, and at last of the management. Empty at the top.
func (c Chart) Superior(id string) string {
	seen := map[string]bool{id: true}
	for at := id; ; {
		up := c.People[at].Manager
		if up == "" || seen[up] {
			break
		}
		if c.People[up].Active {
			return up
		}
		seen[up], at = true, up
	}
	if c.People[id].Role == "executive" {
		return ""
	}
	for dept, depts := c.People[id].Dept, map[string]bool{}; dept != "" && !depts[dept]; dept = c.Depts[dept].Parent {
		depts[dept] = true
		if head := c.Depts[dept].Head; !seen[head] && c.People[head].Active {
			return head
		}
	}
	for _, p := range c.Holders("executive") {
		if !seen[p] {
			return p
		}
	}
	return ""
}

// StandIn returns who acts for a person on a day: himself, or his delegate, or
// that one's. Somebody who is not active or below him, or a circle, stands in for nobody.
func (c Chart) StandIn(id, day string) string {
	seen := map[string]bool{id: true}
	for at := id; ; {
		p := c.People[at]
		away := p.Delegate != "" && p.DelegateFrom <= day && (p.DelegateTo == "" || day <= p.DelegateTo)
		if !away {
			return at
		}
		if seen[p.Delegate] || !c.People[p.Delegate].Active || c.Over(id, p.Delegate) {
			return id
		}
		seen[p.Delegate], at = true, p.Delegate
	}
}

// Holders lists the active people with a role: heads of departments first, the
// management's before all, then by id.
func (c Chart) Holders(role string) (out []string) {
	rank := map[string]int{}
	for _, d := range c.Depts {
		if d.Kind == "mgmt" {
			rank[d.Head] = -2
		} else if rank[d.Head] == 0 {
			rank[d.Head] = -1
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.People)) {
		if p := c.People[id]; p.Active && p.Role == role {
			out = append(out, id)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return rank[a] - rank[b] })
	return out
}

// Heads lists the heads of the departments of a kind, in the order of their ids.
func (c Chart) Heads(kind string) (out []string) {
	for _, id := range slices.Sorted(maps.Keys(c.Depts)) {
		if d := c.Depts[id]; d.Kind == kind && d.Head != "" {
			out = append(out, d.Head)
		}
	}
	return out
}
