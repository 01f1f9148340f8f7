package people

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"satchel/domain"
)

// firm is a small company: boss leads fin, law and dm; dm leads km; km leads r1 and r2.
func firm() Chart {
	p := func(id, role, dept, manager string) Person {
		return Person{ID: id, Role: role, Dept: dept, Manager: manager, Active: true}
	}
	c := Chart{People: map[string]Person{}, Depts: map[string]Department{
		"top": {ID: "top", Kind: "mgmt", Head: "boss"}, "ka": {ID: "ka", Kind: "ka", Head: "dm", Parent: "top"},
		"fin": {ID: "fin", Kind: "finance", Head: "fh", Parent: "top"}, "law": {ID: "law", Kind: "legal", Head: "lh", Parent: "top"},
	}}
	for _, x := range []Person{
		p("boss", "executive", "top", ""), p("dm", "dept_manager", "ka", ""), p("km", "ka_manager", "ka", "dm"), p("km2", "ka_manager", "ka", "dm"),
		p("r1", "rep", "ka", "km"), p("r2", "rep", "ka", "km"), p("fh", "finance", "fin", "boss"), p("f2", "finance", "fin", "fh"), p("lh", "reviewer", "law", "boss"),
	} {
		c.People[x.ID] = x
	}
	return c
}

func route(c Chart, author string, steps ...ApprovalStep) string {
	got, err := RouteApproval(c, author, steps, "2026-03-16")
	if err != nil {
		return err.(domain.Problem).Code //nolint:errorlint // it is one
	}
	var out []string
	for _, a := range got {
		s := fmt.Sprintf("%d:%s", a.Step, a.Approver)
		if a.Delegated != "" {
			s += "<" + a.Delegated
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// policy: R7.4 H-APV-1
//
// TestRouteOfApproval: never oneself, nobody twice, upward past who may not, and
// the delegate of who is away.
func TestRouteOfApproval(t *testing.T) {
	superior := ApprovalStep{Key: "manager", By: BySuperior}
	head := ApprovalStep{Key: "head", By: ByHead}
	finance := ApprovalStep{Key: "finance", By: ByRole, Role: "finance"}
	management := ApprovalStep{Key: "management", By: ByRole, Role: "executive"}
	review := ApprovalStep{Key: "review", By: ByDepts, Depts: []string{"finance", "legal"}}
	anyOf := ApprovalStep{Key: "finance", By: ByRole, Role: "finance", Any: true}
	away := func(id, to, from, until string) func(c Chart) {
		return func(c Chart) {
			p := c.People[id]
			p.Delegate, p.DelegateFrom, p.DelegateTo = to, from, until
			c.People[id] = p
		}
	}
	gone := func(id string) func(c Chart) {
		return func(c Chart) {
			p := c.People[id]
			p.Active = false
			c.People[id] = p
		}
	}
	for _, x := range []struct {
		name, author string
		change       func(c Chart)
		steps        []ApprovalStep
		want         string
	}{
		{"a rep's claim", "r1", nil, []ApprovalStep{superior, finance}, "1:km 2:fh"},
		{"a manager's", "km", nil, []ApprovalStep{superior, finance}, "1:dm 2:fh"},
		{"the department manager's goes to the management", "dm", nil, []ApprovalStep{superior, finance}, "1:boss 2:fh"},
		{"finance does not check itself", "fh", nil, []ApprovalStep{superior, finance}, "1:boss"},
		{"a clerk's own head once only", "f2", nil, []ApprovalStep{superior, finance}, "1:fh 2:boss"},
		{"head and superior are one", "km", nil, []ApprovalStep{superior, head}, "1:dm 2:boss"},
		{"who is at the top twice falls away", "dm", nil, []ApprovalStep{superior, management}, "1:boss"},
		{"the top itself", "boss", nil, []ApprovalStep{superior}, "approval.no_approver"},
		{"departments in parallel", "km", nil, []ApprovalStep{review, head}, "1:fh 1:lh 2:dm"},
		{"a head who is the author is passed by", "lh", nil, []ApprovalStep{review}, "1:fh 1:boss"},
		{"any of finance", "r1", nil, []ApprovalStep{superior, anyOf}, "1:km 2:fh 2:f2"},
		{"any of finance but the author", "f2", nil, []ApprovalStep{anyOf}, "1:fh"},
		{"a manager who left", "r1", gone("km"), []ApprovalStep{superior}, "1:dm"},
		{"a department without a head", "r1", func(c Chart) { c.Depts["law"] = Department{ID: "law", Kind: "legal"} }, []ApprovalStep{review}, "approval.no_approver"},
		{"a delegate on the first day", "r1", away("km", "km2", "2026-03-16", "2026-03-20"), []ApprovalStep{superior}, "1:km2<km"},
		{"a delegate on the last day", "r1", away("km", "km2", "2026-03-10", "2026-03-16"), []ApprovalStep{superior}, "1:km2<km"},
		{"the day after", "r1", away("km", "km2", "2026-03-10", "2026-03-15"), []ApprovalStep{superior}, "1:km"},
		{"the author does not stand in", "r1", away("km", "r1", "2026-03-10", ""), []ApprovalStep{superior}, "1:km"},
		{"nor who is of the chain", "r1", away("fh", "km", "2026-03-10", ""), []ApprovalStep{superior, finance}, "1:km 2:fh"},
		{"nor who left", "r1", func(c Chart) { away("km", "km2", "2026-03-10", "")(c); gone("km2")(c) }, []ApprovalStep{superior}, "1:km"},
		{"a delegate's delegate", "r1", func(c Chart) { away("km", "km2", "2026-03-10", "")(c); away("km2", "dm", "2026-03-10", "")(c) }, []ApprovalStep{superior}, "1:dm<km"},
		{"a named person", "r1", nil, []ApprovalStep{{Key: "x", By: ByPerson, Person: "lh"}}, "1:lh"},
		{"nobody named", "r1", nil, []ApprovalStep{{Key: "x", By: ByPerson, Person: "nobody"}}, "approval.no_approver"},
	} {
		c := firm()
		if x.change != nil {
			x.change(c)
		}
		if got := route(c, x.author, x.steps...); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}

// TestNoRouteRepeatsOrIsOnesOwn, whoever submits and whoever is away.
func TestNoRouteRepeatsOrIsOnesOwn(t *testing.T) {
	steps := []ApprovalStep{
		{Key: "a", By: BySuperior},
		{Key: "b", By: ByDepts, Depts: []string{"finance", "legal", "ka"}},
		{Key: "c", By: ByRole, Role: "finance", Any: true},
		{Key: "d", By: ByHead},
		{Key: "e", By: ByRole, Role: "executive"},
	}
	people := firm().People
	for author := range people {
		for away := range people {
			for by := range people {
				c := firm()
				p := c.People[away]
				p.Delegate, p.DelegateFrom = by, "2026-01-01"
				c.People[away] = p
				got, err := RouteApproval(c, author, steps, "2026-03-16")
				if err != nil {
					t.Fatalf("%s, %s by %s: %v", author, away, by, err)
				}
				seen, last := map[string]bool{author: true}, 0
				for _, a := range got {
					if seen[a.Approver] || a.Step < last || a.Step > last+1 {
						t.Fatalf("%s, %s by %s: %+v", author, away, by, got)
					}
					seen[a.Approver], last = true, a.Step
				}
			}
		}
	}
}

// TestDecide plays chains to their ends.
func TestDecide(t *testing.T) {
	chain := func() []ApprovalRow {
		return []ApprovalRow{
			{ID: "a", Step: 1, State: ApprovalPending},
			{ID: "b", Step: 1, State: ApprovalPending},
			{ID: "c", Step: 2, Any: true, State: ApprovalWaiting},
			{ID: "d", Step: 2, Any: true, State: ApprovalWaiting},
			{ID: "e", Step: 4, State: ApprovalWaiting},
		}
	}
	for _, x := range []struct {
		moves, states, outcome string
	}{
		{"a approve", "approved pending waiting waiting waiting", ""},
		{"a approve,b approve", "approved approved pending pending waiting", ""},
		{"a approve,b approve,d approve", "approved approved passed approved pending", ""},
		{"a approve,b approve,d approve,e approve", "approved approved passed approved approved", ApprovalApproved},
		{"a approve,b reject", "approved rejected passed passed passed", ApprovalRejected},
		{"b return", "passed returned passed passed passed", ApprovalReturned},
		{"c approve", "", "approval.waiting"},
		{"a approve,a approve", "", "approval.decided"},
		{"x approve", "", "approval.stale"},
		{"a wave", "", "action.unknown"},
	} {
		rows, outcome := chain(), ""
		for move := range strings.SplitSeq(x.moves, ",") {
			id, decision, _ := strings.Cut(move, " ")
			v, err := Decide(rows, id, decision)
			if p, bad := errors.AsType[domain.Problem](err); bad {
				outcome = p.Code
				rows = nil
				break
			}
			outcome = v.Outcome
			for i, r := range rows {
				if s, ok := v.States[r.ID]; ok {
					rows[i].State = s
				}
			}
		}
		var states []string
		for _, r := range rows {
			states = append(states, r.State)
		}
		if got := strings.Join(states, " "); got != x.states || outcome != x.outcome {
			t.Errorf("%s: %s (%s), want %s (%s)", x.moves, got, outcome, x.states, x.outcome)
		}
	}
	rows := chain()
	rows[0].State = ApprovalApproved
	if _, err := Withdraw(rows); err == nil || err.(domain.Problem).Code != "approval.too_late" { //nolint:errorlint // it is one
		t.Errorf("withdrawn after a decision: %v", err)
	}
	if v := Supersede(rows); v.States["a"] != ApprovalStale || v.States["e"] != ApprovalStale || len(v.States) != 5 {
		t.Errorf("superseded: %v", v.States)
	}
}

// TestSignatureCoversAll: any part that changes changes the hash, and the order
// in which content was written does not.
func TestSignatureCoversAll(t *testing.T) {
	at := time.Date(2026, 3, 16, 1, 2, 3, 4_000_000, time.UTC)
	base := Signature{"plans/1", 1, map[string]any{"a": 1.0, "b": "x"}, "approve", "好", "u1", "", at, nil}
	for i, s := range []Signature{
		{"plans/2", 1, base.Content, "approve", "好", "u1", "", at, nil},
		{"plans/1", 2, base.Content, "approve", "好", "u1", "", at, nil},
		{"plans/1", 1, map[string]any{"a": 2.0, "b": "x"}, "approve", "好", "u1", "", at, nil},
		{"plans/1", 1, base.Content, "reject", "好", "u1", "", at, nil},
		{"plans/1", 1, base.Content, "approve", "", "u1", "", at, nil},
		{"plans/1", 1, base.Content, "approve", "好", "u2", "", at, nil},
		{"plans/1", 1, base.Content, "approve", "好", "u1", "u2", at, nil},
		{"plans/1", 1, base.Content, "approve", "好", "u1", "", at.Add(time.Millisecond), nil},
		{"plans/1", 1, base.Content, "approve", "好", "u1", "", at, map[string]any{"a": 1.0}},
	} {
		if s.Hash() == base.Hash() {
			t.Errorf("%d has the same hash", i)
		}
	}
	same := base
	same.Content = map[string]any{"b": "x", "a": 1.0}
	same.At = at.In(time.FixedZone("CST", 8*3600)).Add(time.Microsecond)
	if same.Hash() != base.Hash() || len(base.Hash()) != 64 {
		t.Error("the same signature has another hash")
	}
}

// policy: R7.4 H-APV-1
//
// TestFinanceLeavesOneWhoPays: whoever of finance claims, another is left who did not sign.
func TestFinanceLeavesOneWhoPays(t *testing.T) {
	last := func(c Chart, author string) string {
		return route(c, author, c.FinanceLast(author, ApprovalStep{Key: "manager", By: BySuperior})...)
	}
	without := func(c Chart, gone ...string) Chart {
		for _, id := range gone {
			p := c.People[id]
			p.Active = false
			c.People[id] = p
		}
		return c
	}
	third := firm()
	third.People["f3"] = Person{ID: "f3", Role: "finance", Dept: "fin", Manager: "fh", Active: true}
	fourth := firm()
	for _, id := range []string{"f3", "f4"} {
		fourth.People[id] = Person{ID: id, Role: "finance", Dept: "fin", Manager: "fh", Active: true}
	}
	under := firm()
	under.People["r1"] = Person{ID: "r1", Role: "ops", Dept: "fin", Manager: "fh", Active: true}
	two := firm()
	two.People["vice"] = Person{ID: "vice", Role: "executive", Dept: "top", Manager: "boss", Active: true}
	for _, x := range []struct {
		what   string
		c      Chart
		author string
		want   string
	}{
		{"not of finance", firm(), "r1", "1:km 2:fh 2:f2"},
		{"the head of finance signs as his superior, and the other pays", under, "r1", "1:fh 2:boss"},
		{"his superior is all of finance, and pays", without(Chart{People: maps.Clone(under.People), Depts: under.Depts}, "f2"), "r1", "1:boss"},
		{"the head's own: the management signs, the other pays", firm(), "fh", "1:boss"},
		{"his man's own: the head pays, so the management signs", firm(), "f2", "1:boss"},
		{"the head signs as his superior, and the third pays", third, "f2", "1:fh 2:boss"},
		{"the head's own, with two who can", third, "fh", "1:boss 2:f2 2:f3"},
		{"the head signs as his superior, with two besides", fourth, "f2", "1:fh 2:f3 2:f4"},
		{"another of the management signs for finance", two, "fh", "1:boss 2:vice"},
		{"nobody else is of finance, and nobody could pay", without(firm(), "f2"), "fh", "1:boss"},
	} {
		if got := last(x.c, x.author); got != x.want {
			t.Errorf("%s: %s, want %s", x.what, got, x.want)
		}
	}
}
