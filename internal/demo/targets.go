package demo

import (
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/sales"
)

// share of a year's target in each month, in parts of a thousand.
var share = [12]int{95, 60, 75, 75, 80, 85, 80, 85, 90, 85, 90, 100}

// targets writes the year's sales targets: the department's, broken down to its
// managers and by two of them to their reps; rep.tian's is still a draft.
func (b *builder) targets() error {
	lin := b.people["director.lin"]
	dept, err := b.target(lin, lin, "dept", "", 32_400_000_00, sales.TargetCascaded)
	if err != nil {
		return err
	}
	for _, name := range []string{"manager.wu", "manager.xu", "manager.hu"} {
		manager := b.people[name]
		state := sales.TargetCascaded
		if name == "manager.hu" {
			state = sales.TargetIssued
		}
		whole, err := b.target(lin, manager, "manager", dept, 10_800_000_00, state)
		if err != nil {
			return err
		}
		for _, rep := range b.reps {
			if rep.managerID != manager.id {
				continue
			}
			state := sales.TargetIssued
			if rep.Name == "rep.tian" {
				state = sales.TargetDraft
			}
			if _, err := b.target(manager, rep, "rep", whole, 2_760_000_00, state); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) target(by, owner person, level, parent string, value int, state string) (id string, err error) {
	months, quarters, rest := [12]int{}, [4]int{}, value
	for m := range months {
		months[m] = value / 1000 * share[m]
		if m == 11 {
			months[m] = rest
		}
		rest -= months[m]
		quarters[m/3] += months[m]
	}
	made := time.Date(b.today.Year()-1, time.December, 20, 2, 0, 0, 0, time.UTC)
	id = b.id("targets "+owner.Name, 0)
	row := dbx.Params{
		"id": id, "level": level, "owner": owner.id, "manager": owner.managerID, "dept": owner.deptID, "metric": "amount", "year": b.today.Format("2006"),
		"parent": parent, "value": value, "quarters": toJSON(quarters), "months": toJSON(months), "state": state, "version": 1,
		"created": stamp(made), "updated": stamp(made),
	}
	if level == "dept" {
		row["basis_company"], row["basis_market"], row["basis_capability"] = "公司全年销售额同比增长 15%", "商超渠道放缓，区域连锁仍在扩张", "三组共 12 名代表，人均覆盖 10 家客户"
	}
	if state != sales.TargetDraft {
		row["issued_by"], row["issued_at"] = by.id, stamp(made.Add(time.Hour))
	} else {
		row["issued_by"], row["issued_at"] = "", ""
	}
	return id, b.w.insert("targets", row)
}
