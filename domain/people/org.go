package people

import (
	"maps"
	"slices"

	"satchel/domain"
)

// Roles of people.
const (
	RoleRep         = "rep"
	RoleKAManager   = "ka_manager"
	RoleDeptManager = "dept_manager"
	RoleExecutive   = "executive"
	RoleFinance     = "finance"
	RoleAdmin       = "admin"
	RoleMarket      = "market"
	RoleOps         = "ops" // who delivers, an ERP among them
	RoleService     = "service"
)

// Kinds of departments.
const (
	DeptKA        = "ka"        // serve key accounts
	DeptLogistics = "logistics" // deliver
	DeptService   = "service"   // serves customers
)

// DepartmentKinds are all there are.
var DepartmentKinds = []string{DeptKA, "market", "finance", "product", DeptService, "legal", "mgmt", DeptLogistics}

// leads reports whether a person is the manager in office of a KA department.
func (c Chart) leads(p Person, dept string) bool {
	return p.Active && p.Role == RoleDeptManager && p.Dept == dept && dept != "" && c.Depts[dept].Kind == DeptKA
}

// CheckPerson judges a person as he is to be, in the chart as it was. Problems
// org.head_taken and org.head_needed (one manager in office per KA department),
// org.rep_manager and org.has_reports (a rep reports to a KA manager in office
// of his department), org.cycle (nobody is his own superior).
func (c Chart) CheckPerson(p Person) error {
	if err := c.CheckCircle(p); err != nil {
		return err
	}
	before := c.People[p.ID]
	for _, other := range c.People {
		if other.ID != p.ID && c.leads(p, p.Dept) && c.leads(other, p.Dept) {
			return domain.Problem{Code: "org.head_taken"}
		}
	}
	if c.leads(before, before.Dept) && !c.leads(p, before.Dept) && c.members(before.Dept, p.ID) > 0 {
		return domain.Problem{Code: "org.head_needed"}
	}
	if p.Active && p.Role == RoleRep {
		m := c.People[p.Manager]
		if m.ID == p.ID || !m.Active || m.Role != RoleKAManager || m.Dept != p.Dept || p.Dept == "" {
			return domain.Problem{Code: "org.rep_manager"}
		}
	}
	if n := c.Reports(p.ID, RoleRep); n > 0 && (!p.Active || p.Role != RoleKAManager || p.Dept != before.Dept) {
		return domain.Problem{Code: "org.has_reports", Params: map[string]any{"n": n}}
	}
	return nil
}

// CheckCircle refuses to make a person his own superior: org.cycle.
func (c Chart) CheckCircle(p Person) error {
	seen := map[string]bool{p.ID: true}
	for up := p.Manager; up != ""; up = c.People[up].Manager {
		if seen[up] {
			return domain.Problem{Code: "org.cycle"}
		}
		seen[up] = true
	}
	return nil
}

// CheckDepartment judges a department: org.cycle, and org.head_outside for a
// head who is not active or of another department.
func (c Chart) CheckDepartment(d Department) error {
	seen := map[string]bool{d.ID: true}
	for up := d.Parent; up != ""; up = c.Depts[up].Parent {
		if seen[up] {
			return domain.Problem{Code: "org.cycle"}
		}
		seen[up] = true
	}
	if head := c.People[d.Head]; d.Head != "" && (!head.Active || head.Dept != d.ID) {
		return domain.Problem{Code: "org.head_outside"}
	}
	return nil
}

// CheckDelegation judges who is to stand in for a person: org.delegate_invalid,
// org.delegate_dates, org.delegate_circle, and org.delegate_judged for somebody
// below him, whose work he judges.
func (c Chart) CheckDelegation(p Person) error {
	d := c.People[p.Delegate]
	switch {
	case p.Delegate == "":
		return nil
	case d.ID == p.ID || !d.Active:
		return domain.Problem{Code: "org.delegate_invalid"}
	case !domain.IsDay(p.DelegateFrom) || (p.DelegateTo != "" && (!domain.IsDay(p.DelegateTo) || p.DelegateTo < p.DelegateFrom)):
		return domain.Problem{Code: "org.delegate_dates"}
	}
	back := d.Delegate == p.ID && (p.DelegateTo == "" || d.DelegateFrom <= p.DelegateTo) && (d.DelegateTo == "" || p.DelegateFrom <= d.DelegateTo)
	if back {
		return domain.Problem{Code: "org.delegate_circle"}
	}
	if c.Over(p.ID, d.ID) {
		return domain.Problem{Code: "org.delegate_judged"}
	}
	return nil
}

// members counts the active people of a department but one.
func (c Chart) members(dept, but string) (n int) {
	for _, p := range c.People {
		if p.Active && p.Dept == dept && p.ID != but {
			n++
		}
	}
	return n
}

// Reports counts the active people of a role who report to somebody.
func (c Chart) Reports(manager, role string) (n int) {
	for _, p := range c.People {
		if p.Active && p.Manager == manager && p.Role == role && p.ID != manager {
			n++
		}
	}
	return n
}

// Over reports whether one is above another: in his line of managers, or the
// manager in office of his department.
func (c Chart) Over(boss, id string) bool {
	seen := map[string]bool{id: true}
	for up := c.People[id].Manager; up != "" && !seen[up]; up = c.People[up].Manager {
		if up == boss {
			return true
		}
		seen[up] = true
	}
	p, b := c.People[id], c.People[boss]
	return boss != id && b.Role == RoleDeptManager && b.Active && b.Dept != "" && b.Dept == p.Dept
}

// Headless lists the KA departments without a manager in office that have
// people; only the one named, if one is.
func (c Chart) Headless(only string) (out []string) {
	for _, id := range slices.Sorted(maps.Keys(c.Depts)) {
		if c.Depts[id].Kind != DeptKA || (only != "" && id != only) || c.members(id, "") == 0 {
			continue
		}
		led := false
		for _, p := range c.People {
			led = led || c.leads(p, id)
		}
		if !led {
			out = append(out, id)
		}
	}
	return out
}
