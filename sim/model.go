package sim

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/syncer"
)

// editable are the fields of a contact that people change in a history. None
// has a policy of its own: the server's value stands.
var editable = []string{"title", "phone", "note"}

// cell is a value with who wrote it and when, in the order of arrival.
type cell struct {
	value string
	by    string // device's person, or "office"
	at    int
}

// row is a contact or a draft order of the model.
type row struct {
	account string
	owner   string // of an order
	born    cell
	cells   map[string]cell
	total   int64 // of an order: the sum of what was added
}

// tenure is who holds an account from an arrival on.
type tenure struct {
	at             int
	owner, manager string
}

// model is the oracle. Time is the count of arrivals.
type model struct {
	clock      int
	owner      map[string]string // account → rep
	manager    map[string]string // account → manager
	moved      map[string][]tenure
	accountIDs []string
	contacts   map[string]*row
	orders     map[string]*row
	taken      map[string]int64            // device's person → numbers taken
	seenAt     map[string]int              // device's person → arrivals its last pull contains
	folded     int                         // arrivals that pulls can show by now
	cursor     map[string]int              // device's person → folded as of its last pull
	bases      map[string]map[int64]int    // device's person → mutation → seenAt when it was captured
	count      map[string]int64            // device's person → mutations captured
	verdicts   map[string]map[int64]string // device's person → mutation → verdict
	refused    map[string]*refusal         // contact → its create, while it is refused
	asked      map[string]string           // issue → contact
	pulls      map[string][2]int           // device's person → arrivals, and those folded, when it last asked for a pull
}

// refusal is a contact that was not taken, with the edits that wait for it.
type refusal struct {
	author *device
	create syncer.Mutation
	held   []syncer.Mutation
	closed bool
}

func newModel(w *world) *model {
	m := &model{
		owner: map[string]string{}, manager: map[string]string{}, contacts: map[string]*row{}, orders: map[string]*row{},
		taken: map[string]int64{}, seenAt: map[string]int{}, bases: map[string]map[int64]int{}, count: map[string]int64{},
		verdicts: map[string]map[int64]string{}, refused: map[string]*refusal{}, asked: map[string]string{}, pulls: map[string][2]int{}, moved: map[string][]tenure{}, cursor: map[string]int{},
	}
	accounts, err := w.app.FindAllRecords("accounts")
	w.must(err)
	for _, a := range accounts {
		m.moves(a)
		if slices.Contains([]string{w.app.As("rep.chen").Id, w.app.As("rep.he").Id, w.app.As("rep.ma").Id}, a.GetString("owner")) {
			m.accountIDs = append(m.accountIDs, a.Id)
		}
	}
	slices.Sort(m.accountIDs)
	contacts, err := w.app.FindAllRecords("contacts")
	w.must(err)
	for _, c := range contacts {
		r := &row{account: c.GetString("account"), cells: map[string]cell{}}
		for _, f := range editable {
			r.cells[f] = cell{value: c.GetString(f)}
		}
		m.contacts[c.Id] = r
	}
	m.folded = m.clock
	return m
}

func (m *model) now() int { m.clock++; return m.clock }

func (m *model) moves(account *core.Record) {
	t := tenure{m.now(), account.GetString("owner"), account.GetString("manager")}
	m.moved[account.Id] = append(m.moved[account.Id], t)
	m.owner[account.Id], m.manager[account.Id] = account.GetString("owner"), account.GetString("manager")
}

func (m *model) officeSets(contact, field, value string) {
	m.contacts[contact].cells[field] = cell{value, "office", m.now()}
}

func (m *model) officeDeletes(contact string) {
	m.now()
	delete(m.contacts, contact)
}

func (m *model) anyContact(rng *rand.Rand) string {
	if len(m.contacts) == 0 {
		return ""
	}
	return oneOf(rng, slices.Sorted(maps.Keys(m.contacts)))
}

// asks notes what the answer to a pull will hold. It reads folded state; what
// came behind the last fold is told by the world.
func (m *model) asks(d *device) { m.pulls[d.name] = [2]int{m.clock, m.folded} }

// pulled notes that a phone is up to date with what its last pull asked for.
func (m *model) pulled(d *device) {
	at := m.pulls[d.name]
	m.seenAt[d.name], m.cursor[d.name] = at[0], at[1]
}

// takenAway lists the accounts that a user held when the phone last asked and no
// longer holds.
func (m *model) takenAway(d *device) (out []string) {
	for _, account := range m.accountIDs {
		then, now := m.tenureAt(account, m.pulls[d.name][1]), m.tenureAt(account, m.folded)
		if then.holds(d.user) && !now.holds(d.user) {
			out = append(out, account)
		}
	}
	return out
}

func (m *model) tenureAt(account string, at int) (found tenure) {
	for _, t := range m.moved[account] {
		if t.at <= at {
			found = t
		}
	}
	return found
}

func (t tenure) holds(user string) bool { return t.owner == user || t.manager == user }

// captured notes what the phone had seen when its newest mutation was made.
func (m *model) captured(d *device) {
	if m.bases[d.name] == nil {
		m.bases[d.name], m.verdicts[d.name] = map[int64]int{}, map[int64]string{}
	}
	m.count[d.name]++
	m.bases[d.name][m.count[d.name]] = m.seenAt[d.name]
}

func (m *model) holds(d *device, account string) bool {
	return m.owner[account] == d.user || m.manager[account] == d.user
}

// held reports whether the phone's last pull proves that its user held an account.
func (m *model) held(d *device, account string) bool {
	return m.tenureAt(account, m.cursor[d.name]).holds(d.user)
}

// delivered takes mutations as they arrive, each number once.
func (m *model) delivered(d *device, mutations []syncer.Mutation) {
	for _, mu := range mutations {
		if mu.N <= m.taken[d.name] {
			continue
		}
		m.taken[d.name] = mu.N
		if m.verdicts[d.name] == nil {
			m.verdicts[d.name] = map[int64]string{}
		}
		verdict := "rejected"
		switch {
		case mu.C == "sync_issues":
			verdict = m.answer(d, mu)
		case m.apply(d, mu):
			verdict = "taken"
		case mu.C+"."+mu.Op == "contacts.create":
			m.refused[mu.R] = &refusal{author: d, create: mu}
		case mu.C+"."+mu.Op == "contacts.update" && m.refused[mu.R] != nil && len(mu.After) > 0:
			m.refused[mu.R].held = append(m.refused[mu.R].held, mu)
		}
		m.verdicts[d.name][mu.N] = verdict
		m.folded = m.clock // a push folds all that is there
	}
}

// answer is to an issue: the first one counts. What passes after all may have
// been told to its phone as refused or, if that answer was lost, as taken.
func (m *model) answer(d *device, mu syncer.Mutation) string {
	r := m.refused[m.asked[mu.R]]
	if r.closed {
		return "rejected"
	}
	if mu.Action == "discard" {
		r.closed = true
		return "taken"
	}
	var fix struct {
		Set struct {
			Account string `json:"account"`
		} `json:"set"`
	}
	if err := json.Unmarshal(mu.Args, &fix); err != nil {
		panic(err)
	}
	if !m.holds(d, fix.Set.Account) {
		return "refused again" // the issue knows; it makes none of its own
	}
	r.closed = true
	account, err := json.Marshal(fix.Set.Account)
	if err != nil {
		panic(err)
	}
	r.create.Set["account"] = account
	for _, late := range append([]syncer.Mutation{r.create}, r.held...) {
		if m.apply(r.author, late) || d.user != r.author.user && m.applyFor(d, r.author, late) {
			m.verdicts[r.author.name][late.N] = "either"
		}
	}
	return "taken"
}

// applyFor carries out what somebody else's hands may, and its author's may not.
func (m *model) applyFor(d, author *device, mu syncer.Mutation) bool {
	account := m.contactAccount(mu)
	if !m.holds(d, account) {
		return false
	}
	owner := m.owner[account]
	m.owner[account] = author.user
	defer func() { m.owner[account] = owner }()
	return m.apply(author, mu)
}

func (m *model) contactAccount(mu syncer.Mutation) string {
	if mu.Op == "create" {
		return text(mu.Set["account"])
	}
	if r := m.contacts[mu.R]; r != nil {
		return r.account
	}
	return ""
}

func (m *model) apply(d *device, mu syncer.Mutation) bool {
	at := m.now()
	switch mu.C + "." + mu.Op {
	case "contacts.create":
		account := text(mu.Set["account"])
		if !m.holds(d, account) {
			return false
		}
		r := &row{account: account, born: cell{"", d.name, at}, cells: map[string]cell{}}
		for _, f := range editable {
			r.cells[f] = cell{"", d.name, at}
		}
		m.contacts[mu.R] = r
		return true
	case "contacts.update":
		r := m.contacts[mu.R]
		if r == nil || !m.holds(d, r.account) {
			return false
		}
		for f, raw := range mu.Set {
			old := r.cells[f]
			theirs := old.at > m.bases[d.name][mu.N] && old.by != d.name
			if !theirs {
				if old.value != text(raw) {
					r.cells[f] = cell{text(raw), d.name, at}
				}
			}
		}
		return true
	case "contacts.delete":
		r := m.contacts[mu.R]
		if r != nil && m.holds(d, r.account) {
			delete(m.contacts, mu.R)
			return true
		}
		// Gone, or never his to see: there is nothing left to do.
		return r == nil || !m.held(d, r.account) || r.born.at > m.cursor[d.name]
	case "orders.create":
		account := text(mu.Set["account"])
		if !m.holds(d, account) && !m.held(d, account) {
			return false
		}
		m.orders[mu.R] = &row{account: account, owner: d.user}
		return true
	case "orders.update":
		r := m.orders[mu.R]
		if r == nil || !m.holds(d, r.account) && (!m.held(d, r.account) || r.owner != d.user) {
			return false
		}
		r.total += mu.Inc["shown_total_fen"]
		return true
	}
	panic("the model does not know " + mu.C + "." + mu.Op)
}

func text(raw []byte) string {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		panic(err)
	}
	return s
}
