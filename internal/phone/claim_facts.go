package phone

import (
	"cmp"
	"encoding/json/v2"
	"fmt"
	"slices"
	"time"

	"satchel/domain"
	"satchel/domain/expense"
)

// claimFacts are a draft as evaluators see it, filled of what the phone shows.
type claimFacts struct {
	claim  expense.ClaimFacts
	money  []expense.ClaimLine
	rules  []expense.Rule
	folder []expense.InvoiceTwin // the owner's invoices
	names  map[string]string
	later  []string // codes of rules that the server judges
	wrong  error    // what the draft says that cannot be read

	tables map[string][]Row
	of     map[string]Row  // categories by id
	given  map[string]bool // the owner's other claims that were handed in
	others []Row           // their lines
}

// claimTables are what the facts of a claim are read from.
var claimTables = []string{
	"expense_claims", "expense_lines", "expense_shares", "expense_uses", "expense_rules", "expense_categories", "invoices", "own_companies", "preapprovals", "visits", "work_sessions",
	"care_tasks", "contracts", "activities", "blobs",
}

func (f *claimFacts) name(line string) string { return f.names[line] }

// claimFacts reads what the phone shows of a draft and of what its rules look at.
func (p *Phone) claimFacts(id string) (*claimFacts, error) {
	claim, err := p.Get("expense_claims", id)
	if err != nil {
		return nil, err
	}
	f := &claimFacts{tables: map[string][]Row{}, names: map[string]string{}, of: map[string]Row{}, given: map[string]bool{}}
	for _, name := range claimTables {
		if f.tables[name], err = p.List(name); err != nil {
			return nil, err
		}
	}
	owner, err := p.Get("users", claim.Text("owner"))
	if err != nil {
		return nil, fmt.Errorf("whose claim it is: %w", err)
	}
	f.claim = expense.ClaimFacts{
		ID: id, Owner: owner.Text("id"), Role: owner.Text("role"), Dept: owner.Text("department"), SubmitDay: domain.BusinessDay(p.cfg.Now()), NoInvoiceFen: map[string]int{},
	}
	for _, c := range f.tables["expense_categories"] {
		f.of[c.Text("id")] = c
	}
	if err := f.readRules(); err != nil {
		return nil, err
	}
	if err := f.readFolder(); err != nil {
		return nil, err
	}
	f.readOthers()
	lines := slices.DeleteFunc(slices.Clone(f.tables["expense_lines"]), func(l Row) bool { return l.Text("claim") != id })
	slices.SortStableFunc(lines, func(a, b Row) int { return cmp.Compare(a.Number("seq"), b.Number("seq")) })
	for i, row := range lines {
		if err := f.addLine(i, row); err != nil {
			return nil, err
		}
	}
	slices.Sort(f.later)
	f.later = slices.Compact(f.later)
	return f, nil
}

// readRules reads the rules that this phone knows. What a newer server has beside them,
// it judges itself.
func (f *claimFacts) readRules() error {
	for _, row := range f.tables["expense_rules"] {
		kind, found := expense.RuleKindOf(row.Text("kind"))
		if !found {
			f.later = append(f.later, row.Text("code"))
			continue
		}
		raw, err := json.Marshal(row["params"])
		if err != nil {
			return err
		}
		params, unknown := kind.Read(raw)
		rule := expense.Rule{
			ID: row.Text("id"), Code: row.Text("code"), Version: row.Whole("version"), Kind: kind.Kind, Severity: row.Text("severity"), Clause: row.Text("clause"), Params: params,
			From: row.Text("from_day"), To: row.Text("to_day"), Active: row["active"] == true,
		}
		for field, into := range map[string]*[]string{"categories": &rule.Categories, "roles": &rule.Roles} {
			unknown = cmp.Or(unknown, row.into(field, into))
		}
		if unknown != nil { // a version that ends those before it
			rule.Active = false
			f.later = append(f.later, rule.Code)
		}
		f.rules = append(f.rules, rule)
	}
	return nil
}

// readOthers reads the lines of the owner's other claims, and adds up what they have
// without an invoice.
func (f *claimFacts) readOthers() {
	for _, c := range f.tables["expense_claims"] {
		f.given[c.Text("id")] = c.Text("owner") == f.claim.Owner && c.Text("id") != f.claim.ID &&
			slices.Contains([]string{expense.ClaimSubmitted, expense.ClaimApproved, expense.ClaimPaid, expense.ClaimArchived}, c.Text("state"))
	}
	for _, l := range f.tables["expense_lines"] {
		if !f.given[l.Text("claim")] {
			continue
		}
		f.others = append(f.others, l)
		f.claim.Others = append(f.claim.Others, f.otherLine(l))
		if len(f.usesOf(l.Text("id"))) > 0 {
			continue
		}
		var computed *expense.Computed
		if l.into("computed", &computed) != nil || computed == nil || !computed.NoInvoice {
			f.claim.NoInvoiceFen[domain.Month(l.Text("day"))] += l.Whole("amount_fen")
		}
	}
}

// otherLine is a line of another claim, as far as it takes of what counts once.
func (f *claimFacts) otherLine(row Row) expense.LineFacts {
	l := expense.LineFacts{
		ID: row.Text("id"), Day: row.Text("day"), ToDay: row.Text("to_day"), City: row.Text("city"), Fen: row.Whole("amount_fen"), Account: row.Text("account"),
		Contact: row.Text("contact"), Nights: row.Whole("nights"), DistanceM: row.Whole("distance_m"),
	}
	l.Category, l.Above = f.categories(row.Text("category"))
	if id := row.Text("preapproval"); id != "" {
		l.Preapproval = &expense.PreapprovalFacts{ID: id}
	}
	return l
}

func (f *claimFacts) row(table, id string) Row {
	for _, row := range f.tables[table] {
		if id != "" && row.Text("id") == id {
			return row
		}
	}
	return nil
}

// Whole returns a field as a whole number, 0 if it is none.
func (r Row) Whole(field string) int { return int(r.Number(field)) }

// at returns a field as a moment, as rows and phones write one.
func (r Row) at(field string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05.999Z"} {
		if at, err := time.Parse(layout, r.Text(field)); err == nil {
			return at
		}
	}
	return time.Time{}
}

// into decodes a field that is no text or number; one that is not there changes nothing.
func (r Row) into(field string, v any) error {
	value := r[field]
	if value == nil || value == "" {
		return nil
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}
