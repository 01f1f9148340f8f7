package domain

import (
	"cmp"
	"slices"
)

// Party is what somebody is to a row, in the words of the machines.
type Party string

// Parties.
const (
	PartyOwner    Party = "owner"    // whose row it is
	PartyAuthor   Party = "author"   // asked the owner for it, and is not the owner
	PartySuperior Party = "superior" // over the owner, and not the owner
	PartyHead     Party = "head"     // manages the row's or the account's department
	PartyAsked    Party = "asked"    // who was asked, or is of the department that was
	PartyTeam     Party = "team"     // responsible for the account
	PartySide     Party = "side"     // one of the two between whom something changes hands
	PartyOffice   Party = "office"   // of a role whose work it is, whoever made the row
	PartyAnybody  Party = "anybody"  // who sees the row; the rule itself judges further
)

// Machine is the life of a collection's rows as data. Server, documents, client
// types and the check of stories read this one table.
type Machine struct {
	Collection string
	Field      string   // that holds the state; "state" if empty
	States     []string // in the order of a row's life
	Begin      []string // states in which people make a row, its usual one first; the first state if nil
	Open       []string // states in which people write the row itself; the first alone if nil
	Refusal    string   // code of a step that does not fit the state; params from, action, and to if the step leads to one
	Locked     string   // code of an edit in a state that is not open; the area's own rule judges if empty
	Steps      []Step
}

// Step leads from some states to another.
type Step struct {
	Action   string
	From     []string
	To       []string // the state after it; none: it stays; several: the step's own rule chooses
	By       []Party  // who takes it; nobody: the server's own code
	Stranger string   // code of the refusal for anybody else
	Refusal  string   // code of a state that does not fit; the machine's if empty
	Guards   []string // codes of what else must hold, in the order in which it is asked
	Leads    []string // what follows from it, in the words of the documents
}

// StateField is the name of the field that holds the state.
func (m *Machine) StateField() string {
	if m.Field == "" {
		return "state"
	}
	return m.Field
}

// Initial are the states in which people make a row, its usual one first.
func (m *Machine) Initial() []string {
	if m.Begin == nil {
		return m.States[:1]
	}
	return m.Begin
}

// Editable are the states in which people write the row itself.
func (m *Machine) Editable() []string {
	if m.Open == nil {
		return m.States[:1]
	}
	return m.Open
}

// Has reports whether a step is the machine's.
func (m *Machine) Has(action string) bool {
	return slices.ContainsFunc(m.Steps, func(s Step) bool { return s.Action == action })
}

// Take judges a step by somebody who is these parties to the row: action.unknown,
// then the step's Stranger, its Refusal, and its first guard that does
// not hold. holds may be nil where a step has no guards.
func (m *Machine) Take(state, action string, by []Party, holds func(guard string) bool) (Step, error) {
	step, fits, err := m.step(state, action)
	switch {
	case err != nil:
		return Step{}, err
	case step.By == nil:
		return Step{}, unknownAction(action)
	case !slices.ContainsFunc(step.By, func(p Party) bool { return p == PartyAnybody || slices.Contains(by, p) }):
		return Step{}, Problem{Code: step.Stranger}
	case !fits:
		return Step{}, m.unfit(step, state)
	}
	for _, guard := range step.Guards {
		if holds == nil || !holds(guard) {
			return Step{}, Problem{Code: guard}
		}
	}
	return step, nil
}

// Own judges a step that the server's own code takes: one of nobody's, from a
// state that fits it. action.unknown, or the machine's Refusal.
func (m *Machine) Own(state, action string) (Step, error) {
	step, fits, err := m.step(state, action)
	switch {
	case err != nil:
		return Step{}, err
	case step.By != nil:
		return Step{}, unknownAction(action)
	case !fits:
		return Step{}, m.unfit(step, state)
	}
	return step, nil
}

// OwnNext is the state to which such a step leads, if its own rule has none to choose.
func (m *Machine) OwnNext(state, action string) (string, error) {
	step, err := m.Own(state, action)
	return step.Next(state), err
}

// step finds the step of a name that fits a state, else the first of that name.
func (m *Machine) step(state, action string) (step Step, fits bool, err error) {
	at := slices.IndexFunc(m.Steps, func(s Step) bool { return s.Action == action && slices.Contains(s.From, state) })
	fits = at >= 0
	if !fits {
		at = slices.IndexFunc(m.Steps, func(s Step) bool { return s.Action == action })
	}
	if at < 0 {
		return Step{}, false, unknownAction(action)
	}
	return m.Steps[at], fits, nil
}

// Joins reports whether a step leads from a state to another.
func (m *Machine) Joins(from, to string) bool {
	return slices.ContainsFunc(m.Steps, func(s Step) bool { return slices.Contains(s.From, from) && slices.Contains(s.To, to) })
}

func (m *Machine) unfit(step Step, state string) error {
	params := map[string]any{"from": state, "action": step.Action}
	if len(step.To) == 1 {
		params["to"] = step.To[0]
	}
	return Problem{Code: cmp.Or(step.Refusal, m.Refusal), Params: params}
}

func unknownAction(action string) error {
	return Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
}

// Next is the state after the step, if the step's own rule has none to choose.
func (s Step) Next(state string) string {
	if len(s.To) == 1 {
		return s.To[0]
	}
	return state
}
