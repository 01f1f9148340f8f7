package demo

import (
	"encoding/json/v2"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/sales"
)

// share of a year's target in each month, in parts of a thousand.
var share = [12]int{95, 60, 75, 75, 80, 85, 80, 85, 90, 85, 90, 100}

// targets writes the year's sales targets: the department's, broken down to its
// managers and by two of them to their reps, rep.chen's to his accounts, of which two
// are in force; rep.tian's is still a draft.
func (b *builder) targets() error {
	lin := b.people["director.lin"]
	dept, err := b.target(lin, lin, "dept", "", yearOf(32_400_000_00), sales.TargetCascaded)
	if err != nil {
		return err
	}
	for _, name := range []string{"manager.wu", "manager.xu", "manager.hu"} {
		manager := b.people[name]
		state := sales.TargetCascaded
		if name == "manager.hu" {
			state = sales.TargetIssued
		}
		whole, err := b.target(lin, manager, "manager", dept, yearOf(10_800_000_00), state)
		if err != nil {
			return err
		}
		shares := []sales.TargetShare{b.share(manager, "manager", whole)}
		for _, rep := range b.reps {
			if rep.managerID != manager.id {
				continue
			}
			state := sales.TargetIssued
			if rep.Name == "rep.tian" {
				state = sales.TargetDraft
			}
			his, err := b.target(manager, rep, "rep", whole, yearOf(2_760_000_00), state)
			if err != nil {
				return err
			}
			if state == sales.TargetIssued {
				shares = append(shares, b.share(rep, "rep", his))
			}
			if rep.Name == "rep.chen" {
				if err := b.accountTargets(rep, his); err != nil {
					return err
				}
			}
		}
		if err := b.splitMonths(manager, shares); err != nil {
			return err
		}
	}
	return nil
}

// accountTargets divides a rep's target evenly over his accounts.
func (b *builder) accountTargets(rep person, parent string) error {
	var accounts []string
	if err := b.w.tx.NewQuery("SELECT id FROM accounts WHERE owner = {:o} AND kind = 'ka' ORDER BY id").Bind(dbx.Params{"o": rep.id}).Column(&accounts); err != nil || len(accounts) == 0 {
		return err
	}
	parts, err := sales.SplitTarget("amount", yearOf(2_760_000_00), make([]int, len(accounts)), 0, 0)
	if err != nil {
		return err
	}
	for i, account := range accounts {
		state := sales.TargetDraft
		if i < 2 {
			state = sales.TargetIssued
		}
		row := b.targetRow(rep, rep, "account", parent, account, parts[i], state)
		row["spread"] = sales.ByEven
		if err := b.keepTarget(row, state); err != nil {
			return err
		}
	}
	return nil
}

// yearOf spreads a value over its months as the company's year goes.
func yearOf(value int) sales.TargetYear {
	quarters, months := sales.SpreadTarget("amount", value, share[:])
	return sales.TargetYear{Value: value, Quarters: quarters, Months: months}
}

// share is what a target says of a month, which splitMonths fills in.
func (b *builder) share(owner person, level, id string) sales.TargetShare {
	return sales.TargetShare{Target: id, Version: 1, Level: level, Owner: owner.id, Metric: "amount"}
}

// splitMonths writes what a manager's and his reps' targets say of each of his months.
func (b *builder) splitMonths(manager person, shares []sales.TargetShare) error {
	for m := range 12 {
		for i := range shares {
			shares[i].Value = yearOf(2_760_000_00).Months[m]
		}
		shares[0].Value = yearOf(10_800_000_00).Months[m]
		_, err := b.w.tx.Update("monthly_plans", dbx.Params{"targets": toJSON(shares)}, dbx.HashExp{
			"owner": manager.id, "month": b.today.Format("2006-") + fmt.Sprintf("%02d", m+1),
		}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) target(by, owner person, level, parent string, year sales.TargetYear, state string) (string, error) {
	row := b.targetRow(by, owner, level, parent, "", year, state)
	return fmt.Sprint(row["id"]), b.keepTarget(row, state)
}

// keepTarget writes a target, and of one in force whose progress is to be counted.
func (b *builder) keepTarget(row dbx.Params, state string) error {
	if state != sales.TargetDraft {
		b.inForce = append(b.inForce, row)
	}
	return b.w.insert("targets", row)
}

func (b *builder) targetRow(by, owner person, level, parent, account string, year sales.TargetYear, state string) dbx.Params {
	made := time.Date(b.today.Year()-1, time.December, 20, 2, 0, 0, 0, time.UTC)
	row := dbx.Params{
		"id": b.id("targets "+owner.Name+account, 0), "level": level, "owner": owner.id, "manager": owner.managerID, "dept": owner.deptID, "metric": "amount", "year": b.today.Format("2006"),
		"parent": parent, "value": year.Value, "quarters": toJSON(year.Quarters), "months": toJSON(year.Months), "state": state, "version": 1,
		"account": account, "spread": "", "basis_company": "", "basis_market": "", "basis_capability": "", "created": stamp(made), "updated": stamp(made),
	}
	if level == "dept" {
		row["basis_company"], row["basis_market"], row["basis_capability"] = "公司全年销售额同比增长 15%", "商超渠道放缓，区域连锁仍在扩张", "三组共 12 名代表，人均覆盖 10 家客户"
	}
	if state != sales.TargetDraft {
		row["issued_by"], row["issued_at"] = by.id, stamp(made.Add(time.Hour))
	} else {
		row["issued_by"], row["issued_at"] = "", ""
	}
	return row
}

// targetProgress counts how far the targets in force are reached, by the facts.
func (b *builder) targetProgress() error {
	var rows []struct {
		Month   int    `db:"month"`
		Owner   string `db:"owner"`
		Manager string `db:"manager"`
		Dept    string `db:"dept"`
		Account string `db:"account"`
		Amount  int    `db:"amount"`
	}
	year := b.today.Format("2006")
	err := b.w.tx.NewQuery(`SELECT CAST(substr(month, 6) AS INTEGER) AS month, owner, manager, dept, account, amount_fen AS amount
		FROM sales_months WHERE substr(month, 1, 4) = {:year}`).Bind(dbx.Params{"year": year}).All(&rows)
	if err != nil {
		return err
	}
	sold := sales.TargetSales{}
	for _, r := range rows {
		sold.Add(sales.TargetSale{Month: r.Month, Owner: r.Owner, Manager: r.Manager, Dept: r.Dept, Account: r.Account, Amount: r.Amount})
	}
	days := sales.TargetDaysLeft(domain.Calendar{}, year, b.company.Today)
	for n, t := range b.inForce {
		text := func(field string) string { return fmt.Sprint(t[field]) }
		var months []int
		if err := json.Unmarshal([]byte(text("months")), &months); err != nil {
			return err
		}
		of := sales.TargetOf{Level: text("level"), Metric: "amount", Owner: text("owner"), Dept: text("dept"), Account: text("account")}
		p := sales.TargetReached(t["value"].(int), months, sold.Reached(of), days)
		err := b.w.insert("target_progress", dbx.Params{
			"id": b.id("target_progress", n), "target": t["id"], "owner": t["owner"], "manager": t["manager"], "dept": t["dept"], "told": sales.ToldAll,
			"actual": p.Actual, "months": toJSON(p.Months), "attainment_bp": p.AttainmentBP, "days_left": p.DaysLeft, "needed_per_day": p.NeededPerDay,
			"month_days_left": p.MonthDaysLeft, "needed_of_month": p.NeededOfMonth, "as_of": b.company.Today, "created": stamp(b.today), "updated": stamp(b.today),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
