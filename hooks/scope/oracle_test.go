package scope_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// facts are the bare rows, as the oracle reads them: no rule, no key, no field
// that the server fills for the sake of access, but for what was so at its time.
type facts struct {
	today  string
	tables map[string]map[string]map[string]string // collection → id → column → text
}

// atHome are the collections that the policy speaks of and phones hold nothing of.
var atHome = []string{
	"promotion_uses", "audit_samples", "employments", "commission_plans", "incentive_results", "commission_lines", "promotion_candidates", "honors", "development_actions",
}

// columns are what the policy speaks of.
var columns = map[string][]string{
	"settings": {"secret"}, "departments": nil, "visit_templates": nil, "products": nil, "product_costs": nil,
	"users":    {"role", "department", "manager", "active"},
	"accounts": {"owner"}, "contacts": {"account"},
	"price_lists": {"account"}, "price_items": {"list"},
	"visits": {"account", "dept"}, "visit_steps": {"visit"}, "blobs": {"visit", "owner", "manager", "purpose", "account", "dept", "logistics", "shared", "reviewers"},
	"orders": {"account", "dept", "released"}, "order_lines": {"order"},
	"invoices":                {"owner", "reviewers"},
	"sync_issues":             {"user", "manager", "dept"},
	"account_change_requests": {"by", "owner", "manager", "dept"},
	"account_handovers":       {"from_rep", "to_rep", "from_manager", "to_manager", "from_dept", "to_dept", "state"},
	"account_assignments":     {"account", "user", "dept", "state", "from_date", "handover"},
	"holidays":                nil,
	"annual_plans":            {"owner", "dept", "reviewers"},
	"business_reviews":        {"owner", "dept"},
	"improvement_actions":     {"owner", "author", "manager", "dept"},
	"approvals":               {"author", "manager", "dept", "reviewers", "oversight"},
	"notifications":           {"user"},
	"notification_prefs":      {"user"},
	"policy_docs":             {"state"},
	"policy_acks":             {"user", "manager", "dept"},
}

func readFacts(t testing.TB, app core.App, now time.Time) *facts {
	t.Helper()
	f := &facts{today: now.Add(8 * time.Hour).UTC().Format(time.DateOnly), tables: map[string]map[string]map[string]string{}}
	for table, fields := range columns {
		f.tables[table] = map[string]map[string]string{}
		query := "SELECT id"
		for _, c := range fields {
			query += ", CAST(`" + c + "` AS TEXT)"
		}
		rows, err := app.DB().NewQuery(query + " FROM " + table).Rows()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]string, len(fields)+1)
			into := make([]any, len(values))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			row := map[string]string{}
			for i, c := range fields {
				row[c] = values[i+1]
			}
			f.tables[table][values[0]] = row
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// sees is the policy, read by a child: which rows of a collection a person is shown.
func (f *facts) sees(person, collection string) map[string]bool {
	out := map[string]bool{}
	for id, row := range f.tables[collection] {
		if f.shown(person, collection, id, row) {
			out[id] = true
		}
	}
	return out
}

func (f *facts) shown(person, collection, id string, row map[string]string) bool {
	me := f.tables["users"][person]
	if me["active"] != "1" {
		return false
	}
	role := me["role"]
	overseer := role == "auditor" || role == "admin"
	switch collection {
	case "departments", "visit_templates", "products":
		return true
	case "settings":
		return row["secret"] != "1" || overseer
	case "users":
		return overseer || id == person || row["manager"] == person || f.heads(person, row["department"])
	case "product_costs":
		return overseer || role == "finance" || role == "ka_manager" || role == "dept_manager"
	case "accounts":
		return overseer || role == "finance" || f.serves(person, id) || f.heads(person, f.deptOf(id))
	case "contacts":
		return overseer || f.serves(person, row["account"]) || f.heads(person, f.deptOf(row["account"]))
	case "price_lists":
		return row["account"] == "" || overseer || f.serves(person, row["account"]) || f.heads(person, f.deptOf(row["account"]))
	case "price_items":
		return f.shown(person, "price_lists", row["list"], f.tables["price_lists"][row["list"]])
	case "visits": // of the department in which it was done
		return overseer || f.serves(person, row["account"]) || f.heads(person, row["dept"])
	case "visit_steps":
		return f.shown(person, "visits", row["visit"], f.tables["visits"][row["visit"]])
	case "blobs": // papers are their owner's, his manager's and finance's; a contract, goods and activities are the account's line's too, and what a published training goes by everybody's
		if row["purpose"] == "visit_photo" {
			return f.shown(person, "visits", row["visit"], f.tables["visits"][row["visit"]])
		}
		return overseer || row["shared"] == "1" || named("reviewers")(f, person, row) || role == "finance" || row["owner"] == person || row["manager"] == person || f.heads(person, row["dept"]) ||
			role == "ops" && row["logistics"] == "1" || role == "market" && row["purpose"] == "activity" || slices.Contains([]string{"contract", "goods", "activity"}, row["purpose"]) && row["account"] != "" && f.serves(person, row["account"])
	case "orders":
		return overseer || role == "finance" || role == "ops" && row["released"] == "1" || f.serves(person, row["account"]) || f.heads(person, row["dept"])
	case "order_lines":
		return f.shown(person, "orders", row["order"], f.tables["orders"][row["order"]])
	case "invoices": // his own, finance's, and those of claims that he decides on
		return overseer || role == "finance" || row["owner"] == person || named("reviewers")(f, person, row)
	case "sync_issues":
		return overseer || row["user"] == person || row["manager"] == person || f.heads(person, row["dept"])
	case "account_change_requests":
		return overseer || slices.Contains([]string{row["by"], row["owner"], row["manager"]}, person) || f.heads(person, row["dept"])
	case "account_assignments":
		return overseer || f.serves(person, row["account"]) || f.heads(person, row["dept"])
	case "account_handovers":
		return overseer || f.takesPart(person, row)
	}
	if see, ok := fieldSees[collection]; ok {
		return see(f, person, row)
	}
	if shown, known := f.inOffice(person, collection, row); known {
		return shown
	}
	panic("the policy does not speak of " + collection)
}

// heads: the manager of a department, and there must be one.
func (f *facts) heads(person, dept string) bool {
	me := f.tables["users"][person]
	return dept != "" && me["role"] == "dept_manager" && me["department"] == dept
}

func (f *facts) deptOf(account string) string {
	return f.tables["users"][f.tables["accounts"][account]["owner"]]["department"]
}

// serves: who holds the account, who leads its holder, and who gets it within three days.
func (f *facts) serves(person, account string) bool {
	owner := f.tables["accounts"][account]["owner"]
	if owner != "" && (owner == person || f.tables["users"][owner]["manager"] == person) {
		return true
	}
	soon, err := time.Parse(time.DateOnly, f.today)
	if err != nil {
		panic(err)
	}
	until := soon.AddDate(0, 0, 3).Format(time.DateOnly)
	for _, a := range f.tables["account_assignments"] {
		if a["account"] != account || a["user"] != person || a["state"] != "planned" || a["from_date"] > until {
			continue
		}
		if h := a["handover"]; h == "" || f.tables["account_handovers"][h]["from_rep"] == owner {
			return true
		}
	}
	return false
}

// takesPart: both reps and who leads them; of a handover that is over, who led them then.
func (f *facts) takesPart(person string, row map[string]string) bool {
	open := row["state"] == "planned" || row["state"] == "draining"
	for _, side := range []string{"from", "to"} {
		rep := row[side+"_rep"]
		manager, dept := row[side+"_manager"], row[side+"_dept"]
		if open {
			manager, dept = f.tables["users"][rep]["manager"], f.tables["users"][rep]["department"]
		}
		if slices.Contains([]string{rep, manager}, person) || f.heads(person, dept) {
			return true
		}
	}
	return false
}
