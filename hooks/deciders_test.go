package hooks_test

import (
	"encoding/json/v2"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// chain is a draft whose approval is played.
type chain struct {
	t              *testing.T
	m              *matrix
	collection, id string
	parts          []row         // what is shown with it
	before         map[seen]bool // who saw what while it was a draft
	phones         map[string]*testapp.Phone
}

// row is one of a collection, and seen who may see one.
type (
	row  struct{ collection, id string }
	seen struct {
		row
		user string
	}
)

// shownWith are the collections that have reviewers and no submit of their own, and how
// their rows are found: whoever decides the subject is shown them too.
var shownWith = map[string]string{
	"expense_lines":  "SELECT id FROM expense_lines WHERE claim = {:id}",
	"expense_shares": "SELECT id FROM expense_shares WHERE claim = {:id}",
	"expense_uses":   "SELECT id FROM expense_uses WHERE claim = {:id}",
	"invoices":       "SELECT invoice AS id FROM expense_uses WHERE claim = {:id}",
	"blobs":          "SELECT i.blob AS id FROM expense_uses u JOIN invoices i ON i.id = u.invoice WHERE u.claim = {:id}",
}

// strangers stand in: none of them sees any of the subjects himself.
var strangers = []string{"market.tang", "product.guo"}

// strangersTo do so where these have a part in it, or are judged by who is asked.
var strangersTo = map[string][]string{"promo_plans": {"rep.ma", "rep.deng"}, "activities": {"rep.ma", "rep.deng"}}

// play puts the matrix's row of a kind to its chain.
func play(t *testing.T, collection string) *chain {
	t.Helper()
	m := newMatrix(t)
	c := &chain{t: t, m: m, collection: collection, before: map[seen]bool{}, phones: map[string]*testapp.Phone{}}
	for _, target := range m.targets() {
		if target.collection == collection && target.label == collection {
			c.id = target.id
		}
	}
	c.fit()
	c.parts = []row{{collection, c.id}}
	for _, name := range slices.Sorted(maps.Keys(shownWith)) {
		var ids []string
		if err := m.app.DB().NewQuery(shownWith[name]).Bind(dbx.Params{"id": c.id}).Column(&ids); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			c.parts = append(c.parts, row{name, id})
		}
	}
	if collection == "expense_claims" && len(c.parts) < 1+len(shownWith) {
		t.Fatalf("parts %v", c.parts)
	}
	people, err := m.app.FindAllRecords("users", dbx.HashExp{"active": true})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		for _, part := range c.parts {
			c.before[seen{part, p.Id}] = c.gets(p.Id, part)
		}
	}
	subject := c.subject()
	author := subject.GetString("owner")
	if answer := c.as(author, http.MethodPost, "/api/ka/"+collection+"/"+c.id+"/submit", "{}"); answer.status != http.StatusOK {
		t.Fatalf("submit of %s: %d %s", collection, answer.status, answer.body)
	}
	return c
}

// fit gives the row what its submission asks for, and a route as long as it gets.
func (c *chain) fit() {
	c.t.Helper()
	c.m.app.Setting("opportunity.major_fen", 1)
	rated := map[string]any{}
	for _, criterion := range []string{"influence", "scale", "complementarity", "credit"} {
		rated[criterion] = map[string]any{"score": 4, "evidence": "见附件"}
	}
	for field, value := range map[string]map[string]any{
		"contracts":          {"amount_fen": 900_000_000},
		"account_scorecards": {"owner": c.m.line["owner"], "ratings": rated},
		"account_reviews":    {"result": "keep", "actions": []string{c.improvement()}},
	}[c.collection] {
		r := c.subject()
		r.Set(field, value)
		if err := c.m.app.Override(r); err != nil {
			c.t.Fatal(err)
		}
	}
	if c.collection == "orders" { // more than the account has credit for: its manager is asked, and finance
		account, err := c.m.app.FindRecordById("accounts", c.subject().GetString("account"))
		if err != nil {
			c.t.Fatal(err)
		}
		account.Set("credit_limit_fen", 1)
		if err := c.m.app.Override(account); err != nil {
			c.t.Fatal(err)
		}
		if _, err := c.m.app.DB().NewQuery("DELETE FROM assortments").Execute(); err != nil {
			c.t.Fatal(err)
		}
		product, err := c.m.app.FindFirstRecordByFilter("products", "status = 'active'")
		if err != nil {
			c.t.Fatal(err)
		}
		c.m.make("order_lines", map[string]any{"order": c.id, "product": product.Id, "qty_milli": 1000, "account": account.Id, "owner": c.subject().GetString("owner")})
	}
	if c.collection == "monthly_plans" {
		c.m.make("plan_items", map[string]any{"monthly_plan": c.id, "kind": "activity", "title": "路演", "qty": 1, "state": "open", "owner": c.subject().GetString("owner")})
	}
	// The matrix has a row that asks for nothing that is there.
	if _, err := c.m.app.DB().Delete("approvals", dbx.NewExp("ref_id <> {:i}", dbx.Params{"i": c.id})).Execute(); err != nil {
		c.t.Fatal(err)
	}
}

// improvement is one that a review may lead to.
func (c *chain) improvement() string {
	r, err := c.m.app.FindFirstRecordByFilter("improvement_actions", "id != ''")
	if err != nil {
		c.t.Fatal(err)
	}
	return r.Id
}

type reply struct {
	status int
	body   string
}

func (c *chain) as(user, method, path, body string) reply {
	c.t.Helper()
	r, err := c.m.app.FindRecordById("users", user)
	if err != nil {
		c.t.Fatal(err)
	}
	name, _, _ := strings.Cut(r.Email(), "@")
	got := c.m.app.Do(name, method, path, body)
	return reply{got.Code, got.Body.String()}
}

func (c *chain) subject() *core.Record {
	c.t.Helper()
	r, err := c.m.app.FindRecordById(c.collection, c.id)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *chain) gets(user string, r row) bool {
	c.t.Helper()
	return c.as(user, http.MethodGet, "/api/collections/"+r.collection+"/records/"+r.id, "").status == http.StatusOK
}

// rows are those of the chain in a state.
func (c *chain) rows(state string) []*core.Record {
	c.t.Helper()
	rows, err := c.m.app.FindRecordsByFilter("approvals", "ref_id = {:i} && state = {:s}", "step,id", 0, 0, dbx.Params{"i": c.id, "s": state})
	if err != nil {
		c.t.Fatal(err)
	}
	return rows
}

// sees compares what a person may read over REST, and has on his phone, with
// what he is to: the subject and its parts, and the row of approvals. Who is not, or no
// longer, asked sees what he saw of the draft.
func (c *chain) sees(when, user string, asked bool, approval string) {
	c.t.Helper()
	phone := c.phones[user]
	if phone == nil {
		name := c.name(user)
		phone = c.m.app.Phone(c.m.app.Token(name), "decides"+strings.ReplaceAll(name, ".", ""))
		c.phones[user] = phone
	}
	phone.Pull()
	for _, part := range c.parts {
		want := asked || c.before[seen{part, user}]
		if got := c.gets(user, part); got != want {
			c.t.Errorf("%s: %s reads %s: %v, want %v", when, c.name(user), part.collection, got, want)
		}
		if _, got := phone.Rows[part.collection][part.id]; got != want {
			c.t.Errorf("%s: %s has %s on his phone: %v, want %v", when, c.name(user), part.collection, got, want)
		}
	}
	if got := approval == "" || c.as(user, http.MethodGet, "/api/collections/approvals/records/"+approval, "").status == http.StatusOK; asked && !got {
		c.t.Errorf("%s: %s does not read the row that asks him", when, c.name(user))
	}
}

func (c *chain) name(user string) string {
	r, err := c.m.app.FindRecordById("users", user)
	if err != nil {
		c.t.Fatal(err)
	}
	name, _, _ := strings.Cut(r.Email(), "@")
	return name
}

func (c *chain) department(user string) string {
	c.t.Helper()
	r, err := c.m.app.FindRecordById("users", user)
	if err != nil {
		c.t.Fatal(err)
	}
	return r.GetString("department")
}

// clock lets the mechanism's job run, a number of days later.
func (c *chain) clock(days int) {
	c.t.Helper()
	c.m.app.Clock.Advance(time.Duration(days) * 24 * time.Hour)
	if err := c.m.app.Bound.Approvals.Run(c.t.Context(), c.m.app, c.m.app.Clock.Now()); err != nil {
		c.t.Fatal(err)
	}
}

func (c *chain) decide(row *core.Record, how string) {
	c.t.Helper()
	answer := c.as(row.GetString("approver"), http.MethodPost, "/api/ka/approvals/"+row.Id+"/"+how, `{"comment":"如此"}`)
	if answer.status != http.StatusOK {
		c.t.Fatalf("%s: %d %s", how, answer.status, answer.body)
	}
}

// delegate lets a stranger stand in for a person, today and tomorrow.
func (c *chain) delegate(user string, n int) string {
	c.t.Helper()
	in := strangers
	if others := strangersTo[c.collection]; others != nil {
		in = others
	}
	to := c.m.app.As(in[n%len(in)]).Id
	day := c.m.app.Clock.Now().Add(8 * time.Hour)
	body, err := json.Marshal(map[string]any{"to": to, "from": day.Format(time.DateOnly), "until": day.AddDate(0, 0, 1).Format(time.DateOnly)})
	if err != nil {
		c.t.Fatal(err)
	}
	if answer := c.as(user, http.MethodPost, "/api/ka/users/"+user+"/delegate", string(body)); answer.status != http.StatusOK {
		c.t.Fatalf("delegation: %d %s", answer.status, answer.body)
	}
	return to
}

// TestWhoDecidesReadsWhatHeDecides over every kind of approval, every step and
// whoever stands in, over REST and by a phone, and no longer than it is his.
func TestWhoDecidesReadsWhatHeDecides(t *testing.T) {
	effort.Late(t)
	all, err := testapp.New(t).FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	for _, coll := range all {
		if coll.Fields.GetByName("reviewers") == nil || coll.Name == "approvals" || shownWith[coll.Name] != "" {
			continue
		}
		kinds++
		t.Run(coll.Name, func(t *testing.T) {
			t.Run("step by step", func(t *testing.T) { stepByStep(t, play(t, coll.Name)) })
			t.Run("stood in for", func(t *testing.T) { stoodInFor(t, play(t, coll.Name)) })
			t.Run("rejected", func(t *testing.T) { rejected(t, play(t, coll.Name)) })
		})
	}
	if kinds < 6 {
		t.Errorf("%d kinds", kinds)
	}
}

func stepByStep(t *testing.T, c *chain) {
	for range 6 {
		open := c.rows("pending")
		if len(open) == 0 {
			break
		}
		for _, row := range open {
			c.sees("asked for "+row.GetString("key"), row.GetString("approver"), true, row.Id)
		}
		for _, row := range open {
			if slices.ContainsFunc(c.rows("pending"), func(r *core.Record) bool { return r.Id == row.Id }) { // a colleague may have decided for all
				c.decide(row, "approve")
				c.sees("has decided "+row.GetString("key"), row.GetString("approver"), true, row.Id)
			}
		}
	}
	if left := len(c.rows("waiting")); left > 0 || len(c.rows("approved")) == 0 {
		t.Errorf("%d rows wait", left)
	}
}

func stoodInFor(t *testing.T, c *chain) {
	var in []string
	stood := c.rows("pending")
	for i, row := range stood {
		in = append(in, c.delegate(row.GetString("approver"), i))
	}
	c.clock(0)
	held := 0
	for _, row := range c.rows("pending") {
		if row.GetString("delegated_from") == "" {
			continue // a second one does not stand in twice
		}
		held++
		c.sees("stands in", row.GetString("approver"), true, row.Id)
		c.sees("is stood in for", row.GetString("delegated_from"), true, row.Id)
	}
	if held == 0 {
		t.Fatal("nobody stands in")
	}
	c.decide(c.rows("pending")[0], "approve") // and may see what he decided, until he stands in no longer
	c.clock(3)
	for i, row := range stood {
		c.sees("stands in no longer", in[i], false, row.Id)
	}
}

func rejected(t *testing.T, c *chain) {
	waiting := append(c.rows("waiting"), c.rows("pending")[1:]...)
	for _, row := range waiting {
		c.sees("will be asked", row.GetString("approver"), true, row.Id)
	}
	first := c.rows("pending")[0]
	c.decide(first, "reject")
	c.sees("has rejected", first.GetString("approver"), true, first.Id)
	for _, row := range waiting {
		asked := row.Id
		if dept := row.GetString("dept"); c.department(row.GetString("approver")) != dept { // he sees the subject for its own sake
			asked = ""
		}
		c.sees("was not reached", row.GetString("approver"), false, asked)
	}
}
