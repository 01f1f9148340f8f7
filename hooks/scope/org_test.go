package scope_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/internal/testapp"
)

// org is a company made of dice: 50 people and what they work on. The same seed
// makes the same one. Every text that people write in a row holds the row's mark.
type org struct {
	*testapp.App
	t    testing.TB
	dice *rand.Rand
	n    int

	depts, people, accounts, visits, steps, orders, products, lists []string

	settings []string // that may be turned over: two more stay, one of them secret
}

// mark is what gives a row away: it stands in the row and nowhere else.
func mark(collection, id string) string { return "mk." + collection + "." + id + ".km" }

var roles = []string{
	"rep", "rep", "rep", "rep", "rep", "ka_manager", "ka_manager", "dept_manager", "dept_manager", "market", "product", "service",
	"finance", "executive", "reviewer", "admin", "auditor", "ops",
}

// newOrg makes a company of so many people.
func newOrg(t testing.TB, seed uint64, people int) *org {
	t.Helper()
	o := &org{App: testapp.New(t, testapp.Empty()), t: t, dice: rand.New(rand.NewPCG(seed, 7))}
	err := o.RunInTransaction(func(txApp core.App) error {
		tx := txApp.DB()
		crowd := func(tx dbx.Builder) error { return o.makePeople(tx, people) }
		for _, part := range []func(dbx.Builder) error{
			crowd, o.makeGoods, o.makeAccounts, o.makeDeals, o.makeWork, o.makeRequests, o.makeOffice, o.makeField, o.makeProduct, o.makeSales, o.makeLetters, o.makePromotions, o.makeDeliveries, o.makePrices, o.makeLedger, o.makeService, o.makeMarket, o.makeBudgets, o.makeClaims, o.makePayments, o.makeAudits, o.makeSchemes, o.makeAppraisals, o.makeSatisfaction, o.makeIncentives,
		} {
			if err := part(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	o.job()
	o.plan()
	return o
}

// job carries out what is due.
func (o *org) job() {
	o.t.Helper()
	if err := o.Bound.Handovers.Run(o.App); err != nil {
		o.t.Fatal(err)
	}
}

func (o *org) id() string {
	o.n++
	return fmt.Sprintf("%06d%09d", o.dice.IntN(1_000_000), o.n)
}

// one picks an entry, or nothing once in a while.
func (o *org) one(list []string, emptyOf int) string {
	if emptyOf > 0 && o.dice.IntN(emptyOf) == 0 {
		return ""
	}
	return list[o.dice.IntN(len(list))]
}

func (o *org) row(tx dbx.Builder, collection string, fields dbx.Params) (string, error) {
	id := o.id()
	fields["id"] = id
	for name, value := range fields {
		if value == "@mark" {
			fields[name] = mark(collection, id)
		}
	}
	_, err := tx.Insert(collection, fields).Execute()
	return id, err
}

// into adds rows and keeps their ids.
func (o *org) into(list *[]string, n int, make func() (string, error)) error {
	for range n {
		id, err := make()
		if err != nil {
			return err
		}
		*list = append(*list, id)
	}
	return nil
}

func (o *org) makePeople(tx dbx.Builder, n int) error {
	err := o.into(&o.depts, 5, func() (string, error) {
		return o.row(tx, "departments", dbx.Params{"name": "@mark", "kind": "ka"})
	})
	if err != nil {
		return err
	}
	var bosses []string
	err = o.into(&o.people, n, func() (string, error) {
		role := roles[len(o.people)%len(roles)]
		manager := ""
		if len(bosses) > 0 {
			manager = o.one(bosses, 8)
		}
		id, err := o.row(tx, "users", dbx.Params{
			"email": fmt.Sprintf("u%d@org.test", len(o.people)), "password": "-", "tokenKey": fmt.Sprintf("%050d", len(o.people)), "name": "人",
			"role": role, "department": o.one(o.depts, 7), "manager": manager, "active": o.dice.IntN(8) > 0, "phone": "@mark", "verified": true,
		})
		if role == "ka_manager" || role == "dept_manager" || role == "executive" {
			bosses = append(bosses, id)
		}
		return id, err
	})
	if err != nil {
		return err
	}
	for i, secret := range []bool{false, true, false, true} {
		id, err := o.row(tx, "settings", dbx.Params{"key": domain.CustomSettings + o.id(), "note": "@mark", "secret": secret})
		if err != nil {
			return err
		}
		if i >= 2 {
			o.settings = append(o.settings, id)
		}
	}
	_, err = o.row(tx, "visit_templates", dbx.Params{"name": "@mark", "active": true})
	return err
}

func (o *org) makeGoods(tx dbx.Builder) error {
	return o.into(&o.products, 6, func() (string, error) {
		id, err := o.row(tx, "products", dbx.Params{"sku": o.id(), "name": "货", "spec": "@mark", "status": "active"})
		if err != nil {
			return "", err
		}
		_, err = o.row(tx, "product_costs", dbx.Params{"product": id, "cost_fen": 1})
		return id, err
	})
}

// lineOf returns who is responsible for what a person holds.
func (o *org) lineOf(tx dbx.Builder, person string) (manager, dept string, err error) {
	if person == "" {
		return "", "", nil
	}
	err = tx.Select("manager", "department").From("users").Where(dbx.HashExp{"id": person}).Row(&manager, &dept)
	return manager, dept, err
}

func (o *org) makeAccounts(tx dbx.Builder) error {
	var sellers []string
	for i, p := range o.people {
		if role := roles[i%len(roles)]; role == "rep" || role == "ka_manager" {
			sellers = append(sellers, p)
		}
	}
	err := o.into(&o.accounts, 60, func() (string, error) {
		owner := o.one(sellers, 12)
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return "", err
		}
		id, err := o.row(tx, "accounts", dbx.Params{
			"name": "客", "kind": "ka", "status": "active", "note": "@mark", "owner": owner, "manager": manager, "dept": dept, "created": "2026-01-05 00:00:00.000Z",
		})
		if err != nil {
			return "", err
		}
		_, err = o.row(tx, "contacts", dbx.Params{"account": id, "dept": dept, "name": "王", "note": "@mark"})
		return id, err
	})
	if err != nil {
		return err
	}
	return o.into(&o.lists, 12, func() (string, error) {
		account, dept := o.one(o.accounts, 3), ""
		if account != "" {
			if err := tx.Select("dept").From("accounts").Where(dbx.HashExp{"id": account}).Row(&dept); err != nil {
				return "", err
			}
		}
		id, err := o.row(tx, "price_lists", dbx.Params{"name": "@mark", "scope": "default", "account": account, "dept": dept, "active": true})
		if err != nil {
			return "", err
		}
		_, err = o.row(tx, "price_items", dbx.Params{"list": id, "product": o.one(o.products, 0), "account": account, "dept": dept, "price_fen": 100})
		return id, err
	})
}

// makeWork adds visits with steps and photos and orders with lines: of today's
// holders, and of people who held the account once.
func (o *org) makeWork(tx dbx.Builder) error {
	for range 120 {
		account, owner := o.one(o.accounts, 0), ""
		if err := tx.Select("owner").From("accounts").Where(dbx.HashExp{"id": account}).Row(&owner); err != nil {
			return err
		}
		if owner == "" || o.dice.IntN(4) == 0 {
			owner = o.one(o.people, 0)
		}
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		visit, err := o.row(tx, "visits", dbx.Params{
			"account": account, "owner": owner, "manager": manager, "dept": dept, "type": "planned", "state": "planned", "summary": "@mark",
		})
		if err != nil {
			return err
		}
		o.visits = append(o.visits, visit)
		step, err := o.row(tx, "visit_steps", dbx.Params{"visit": visit, "account": account, "owner": owner, "dept": dept, "key": "@mark", "kind": "note"})
		if err != nil {
			return err
		}
		o.steps = append(o.steps, step)
		if o.dice.IntN(2) == 0 {
			_, err = o.row(tx, "blobs", dbx.Params{
				"visit": visit, "step": step, "account": account, "owner": owner, "dept": dept, "sha256": fmt.Sprintf("%064d", o.n),
				"size": 1, "mime": "image/jpeg", "purpose": "visit_photo", "state": "pending", "code": "@mark",
			})
			if err != nil {
				return err
			}
		}
		if o.dice.IntN(2) == 0 {
			paper := dbx.Params{
				"owner": owner, "manager": manager, "dept": dept, "sha256": fmt.Sprintf("%064d", o.n), "size": 1, "mime": "application/pdf",
				"purpose": []string{"invoice", "receipt", "contract"}[o.dice.IntN(3)], "state": "pending", "code": "@mark",
				"reviewers": fmt.Sprintf(`["%s"]`, o.one(o.people, 0)),
			}
			if o.dice.IntN(3) > 0 {
				paper["account"] = account
			}
			if _, err = o.row(tx, "blobs", paper); err != nil {
				return err
			}
		}
		if o.dice.IntN(2) == 0 {
			_, err = o.row(tx, "invoices", dbx.Params{"owner": owner, "dept": dept, "state": "folder", "note": "@mark", "key": fmt.Sprintf("D:%020d", o.n), "reviewers": fmt.Sprintf(`["%s"]`, o.one(o.people, 0))})
			if err != nil {
				return err
			}
		}
		if o.dice.IntN(2) == 0 {
			continue
		}
		order, err := o.row(tx, "orders", dbx.Params{
			"no": o.id(), "account": account, "owner": owner, "manager": manager, "dept": dept, "price_list": o.one(o.lists, 0), "state": "draft", "note": "@mark",
		})
		if err != nil {
			return err
		}
		o.orders = append(o.orders, order)
		_, err = o.row(tx, "order_lines", dbx.Params{"order": order, "account": account, "owner": owner, "dept": dept, "product": o.one(o.products, 0), "qty_milli": 1000})
		if err != nil {
			return err
		}
	}
	return nil
}

// makeRequests adds wishes of people who no longer hold an account.
func (o *org) makeRequests(tx dbx.Builder) error {
	for range 15 {
		account, owner := o.one(o.accounts, 0), ""
		if err := tx.Select("owner").From("accounts").Where(dbx.HashExp{"id": account}).Row(&owner); err != nil {
			return err
		}
		manager, dept, err := o.lineOf(tx, owner)
		if err != nil {
			return err
		}
		_, err = o.row(tx, "account_change_requests", dbx.Params{
			"account": account, "collection": "accounts", "record": account, "reason": "@mark", "by": o.one(o.people, 0),
			"owner": owner, "manager": manager, "dept": dept, "state": "open",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// plan hands accounts over: today, in two days and in three weeks.
func (o *org) plan() {
	o.t.Helper()
	for i := range 9 {
		account, err := o.FindRecordById("accounts", o.accounts[(i*7)%len(o.accounts)])
		if err != nil {
			o.t.Fatal(err)
		}
		to := o.one(o.people, 0)
		r, err := o.FindCollectionByNameOrId("account_handovers")
		if err != nil {
			o.t.Fatal(err)
		}
		record := core.NewRecord(r)
		record.Id = o.id()
		record.Load(map[string]any{
			"from_rep": account.GetString("owner"), "to_rep": to, "accounts": []string{account.Id},
			"planned_date": []string{"2026-03-16", "2026-03-18", "2026-04-06"}[i%3], "reason": mark("account_handovers", record.Id),
		})
		_ = o.Save(record) // refused where there is no owner, or nobody to take it
	}
}

// stir changes the organisation by n throws, by our own code or a raw statement.
func (o *org) stir(n int) {
	o.t.Helper()
	for range n {
		person := map[string]any{}
		switch o.dice.IntN(7) {
		case 0:
			person["role"] = o.one(roles, 0)
		case 1:
			person["manager"] = o.one(o.people, 6)
		case 2:
			person["department"] = o.one(o.depts, 6)
		case 3:
			person["active"] = o.dice.IntN(3) > 0
		case 4:
			o.set("accounts", o.one(o.accounts, 0), map[string]any{"owner": o.one(o.people, 9)})
			continue
		case 5:
			o.set("contacts", o.any("contacts"), map[string]any{"account": o.one(o.accounts, 0)})
			continue
		default:
			o.set("settings", o.one(o.settings, 0), map[string]any{"secret": o.dice.IntN(2) == 0})
			continue
		}
		if id := o.one(o.people, 0); o.dice.IntN(3) == 0 {
			if _, err := o.DB().Update("users", person, dbx.HashExp{"id": id}).Execute(); err != nil {
				o.t.Fatal(err)
			}
		} else {
			o.set("users", id, person)
		}
	}
	o.job()
}

// set saves a change; what a rule of the house refuses stays as it is.
func (o *org) set(collection, id string, fields map[string]any) {
	o.t.Helper()
	record, err := o.FindRecordById(collection, id)
	if err != nil {
		o.t.Fatal(err)
	}
	record.Load(fields)
	if collection == "users" {
		_ = o.Override(record) // any company, not an orderly one
		return
	}
	_ = o.Save(record)
}

// any picks a row of a collection.
func (o *org) any(collection string) string {
	o.t.Helper()
	var ids []string
	if err := o.DB().Select("id").From(collection).Column(&ids); err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(ids)
	return o.one(ids, 0)
}

// token signs a person in, whatever his state.
func (o *org) token(id string) string {
	o.t.Helper()
	user, err := o.FindRecordById("users", id)
	if err != nil {
		o.t.Fatal(err)
	}
	token, err := o.Bound.Sessions.LoginToken(o, user)
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}
