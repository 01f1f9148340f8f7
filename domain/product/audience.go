package product

import "slices"

// Audience is whom a training is for. Departments, with those below them, and roles
// narrow each other; people who are named come on top.
type Audience struct {
	Departments, Roles, People []string
}

// Member is somebody who may be of an audience.
type Member struct {
	ID, Role    string
	Departments []string // his own, and those above it
}

// Empty reports whether nobody is meant.
func (a Audience) Empty() bool {
	return len(a.Departments) == 0 && len(a.Roles) == 0 && len(a.People) == 0
}

// Has reports whether a training is for somebody.
func (a Audience) Has(m Member) bool {
	if slices.Contains(a.People, m.ID) {
		return true
	}
	if len(a.Departments) == 0 && len(a.Roles) == 0 {
		return false
	}
	within := slices.ContainsFunc(m.Departments, func(dept string) bool { return slices.Contains(a.Departments, dept) })
	return (len(a.Departments) == 0 || within) && (len(a.Roles) == 0 || slices.Contains(a.Roles, m.Role))
}
