package people

import (
	"slices"

	"satchel/domain"
)

// Who decides in a step of an approval.
const (
	BySuperior = "superior" // the author's superior
	ByHead     = "head"     // the head of the author's department
	ByRole     = "role"     // a holder of Role
	ByDepts    = "depts"    // the head of each kind of department in Depts, in parallel
	ByPerson   = "person"   // Person
)

// ApprovalStep is one step of a chain, as its route describes it.
type ApprovalStep struct {
	Key    string // such as "manager" or "finance"; people see it
	By     string
	Role   string
	Depts  []string // kinds of departments
	Person string
	// Any lets one of several approvers of the step decide for all.
	Any bool
	// DueHours is the step's time in working hours; 0 for the setting's.
	DueHours int
	// State is the subject's while the step is open; empty for the kind's Submitted.
	State string
}

// Assignment is one approver of one step.
type Assignment struct {
	Step      int // counted from 1
	Key       string
	Approver  string
	Delegated string // for whom he stands in; empty if he decides himself
	Any       bool
	DueHours  int
	State     string // the subject's while the step is open; empty for the usual one
}

// RouteApproval finds the approvers of a chain: nobody decides on his own, and
// nobody twice; whoever would is passed by upward, and a step for which nobody
// is left above falls away if another stays. A delegate decides in place of who
// is away on the day, unless he is of the chain himself. Problem approval.no_approver
// names the step for which there is nobody.
func RouteApproval(c Chart, author string, steps []ApprovalStep, day string) ([]Assignment, error) {
	used := map[string]bool{author: true}
	var out []Assignment
	n := 0
	for _, step := range steps {
		named := c.named(author, step)
		if len(named) == 0 && step.By != BySuperior { // who is at the top has none
			return nil, domain.Problem{Code: "approval.no_approver", Params: map[string]any{"step": step.Key}}
		}
		taken := false
		for _, person := range named {
			if step.Any && used[person] {
				continue // a colleague decides; nobody above need
			}
			a, ok := c.assign(person, used, day)
			if !ok {
				continue
			}
			if !taken {
				n++
			}
			taken = true
			a.Step, a.Key, a.Any, a.DueHours, a.State = n, step.Key, step.Any, step.DueHours, step.State
			out = append(out, a)
		}
		if !taken && step.Any { // all of them are of the chain: who is above one of them
			if a, ok := c.assign(named[0], used, day); ok {
				n++
				a.Step, a.Key, a.DueHours, a.State = n, step.Key, step.DueHours, step.State
				out = append(out, a)
			}
		}
	}
	if len(out) == 0 {
		key := ""
		if len(steps) > 0 {
			key = steps[0].Key
		}
		return nil, domain.Problem{Code: "approval.no_approver", Params: map[string]any{"step": key}}
	}
	return out, nil
}

// FinanceLast are the steps of a chain that ends with one of finance, and leaves another
// who pays: neither the author nor who signed does. Of one who is of finance, or whose
// superior is, too few may be left: the management decides in finance's place then, and in
// that of a superior who is the last who could pay.
func (c Chart) FinanceLast(author string, before ...ApprovalStep) []ApprovalStep {
	finance := ApprovalStep{Key: "finance", By: ByRole, Role: RoleFinance, Any: true}
	usual := append(slices.Clone(before), finance)
	management, superior := c.Holders(RoleExecutive), c.Superior(author)
	ofFinance := func(id string) bool { return c.People[id].Role == RoleFinance }
	if !ofFinance(author) && !ofFinance(superior) || len(management) == 0 || len(before) == 0 {
		return usual
	}
	left := 0
	for _, id := range c.Holders(RoleFinance) {
		if id != author && id != superior {
			left++
		}
	}
	if left > 1 || left == 0 && !ofFinance(superior) {
		return usual
	}
	finance.Role = RoleExecutive
	if left == 0 || len(management) == 1 && management[0] == superior {
		return []ApprovalStep{finance}
	}
	return []ApprovalStep{before[0], finance}
}

// named lists whom a step means, before anybody is passed by.
func (c Chart) named(author string, step ApprovalStep) (out []string) {
	add := func(id string) {
		if id != "" {
			out = append(out, id)
		}
	}
	switch step.By {
	case BySuperior:
		add(c.Superior(author))
	case ByHead:
		add(c.Depts[c.People[author].Dept].Head)
	case ByPerson:
		if _, known := c.People[step.Person]; known {
			add(step.Person)
		}
	case ByRole:
		holders := c.Holders(step.Role)
		if !step.Any && len(holders) > 1 {
			holders = holders[:1]
		}
		out = holders
	case ByDepts:
		for _, kind := range step.Depts {
			heads := c.Heads(kind)
			if len(heads) == 0 {
				return nil
			}
			add(heads[0])
		}
	}
	return out
}

// assign takes a person, or who is over him, that may still decide in the chain.
func (c Chart) assign(person string, used map[string]bool, day string) (Assignment, bool) {
	seen := map[string]bool{}
	for person != "" && !seen[person] && (used[person] || !c.People[person].Active) {
		seen[person] = true
		person = c.Superior(person)
	}
	if person == "" || seen[person] {
		return Assignment{}, false
	}
	used[person] = true
	a := Assignment{Approver: person}
	if by := c.StandIn(person, day); by != person && !used[by] {
		used[by] = true
		a.Approver, a.Delegated = by, person
	}
	return a, true
}

// Holder tells who is to decide a row on a day that was routed to holder: he, or
// who is over him once he is not active, or who stands in for either. others are
// those who have a part in the chain already. False if there is nobody.
func (c Chart) Holder(holder string, others []string, day string) (approver, delegated string, ok bool) {
	used := map[string]bool{}
	for _, o := range others {
		used[o] = true
	}
	a, ok := c.assign(holder, used, day)
	return a.Approver, a.Delegated, ok
}
