package migrations

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Who stands in for whom, and on which days people work.
func init() {
	m.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		users.Fields.Add(ref("delegate_to", users), day("delegate_from"), day("delegate_until"), day("hire_date"))
		users.AddIndex("idx_users_emp_no", true, "emp_no", "emp_no <> ''")
		holidays := table("holidays", rules{see: active, create: admin, update: admin, remove: admin},
			&core.TextField{Name: "date", Required: true, Pattern: `^\d{4}-\d{2}-\d{2}$`}, oneOf("kind", "holiday", "workday"), must("name"), flag("checked"),
		)
		index(holidays, true, "date")
		if err := create(app, users, holidays); err != nil {
			return err
		}
		if err := seedHolidays(app); err != nil {
			return err
		}
		return addRule(app, "holidays", "down", 310, nil, "all")
	}, func(app core.App) error {
		if err := dropRules(app, "holidays"); err != nil {
			return err
		}
		if err := drop(app, "holidays"); err != nil {
			return err
		}
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		users.RemoveIndex("idx_users_emp_no")
		for _, field := range []string{"delegate_to", "delegate_from", "delegate_until", "hire_date"} {
			users.Fields.RemoveByName(field)
		}
		return app.Save(users)
	})
}

// seedHolidays writes China's days off of 2026 and the days of the weekend that
// are worked in exchange. To be checked by the administrator against the notice
// of the State Council, as the column checked says; later years are his to add.
func seedHolidays(app core.App) error {
	for _, d := range []struct{ date, kind, name string }{
		{"2026-01-01", "holiday", "元旦"},
		{"2026-01-02", "holiday", "元旦"},
		{"2026-01-03", "holiday", "元旦"},
		{"2026-01-04", "workday", "元旦调休上班"},
		{"2026-02-14", "workday", "春节调休上班"},
		{"2026-02-15", "holiday", "春节"},
		{"2026-02-16", "holiday", "春节"},
		{"2026-02-17", "holiday", "春节"},
		{"2026-02-18", "holiday", "春节"},
		{"2026-02-19", "holiday", "春节"},
		{"2026-02-20", "holiday", "春节"},
		{"2026-02-21", "holiday", "春节"},
		{"2026-02-22", "holiday", "春节"},
		{"2026-02-23", "holiday", "春节"},
		{"2026-02-28", "workday", "春节调休上班"},
		{"2026-04-04", "holiday", "清明节"},
		{"2026-04-05", "holiday", "清明节"},
		{"2026-04-06", "holiday", "清明节"},
		{"2026-05-01", "holiday", "劳动节"},
		{"2026-05-02", "holiday", "劳动节"},
		{"2026-05-03", "holiday", "劳动节"},
		{"2026-05-04", "holiday", "劳动节"},
		{"2026-05-05", "holiday", "劳动节"},
		{"2026-05-09", "workday", "劳动节调休上班"},
		{"2026-06-19", "holiday", "端午节"},
		{"2026-06-20", "holiday", "端午节"},
		{"2026-06-21", "holiday", "端午节"},
		{"2026-09-20", "workday", "国庆节调休上班"},
		{"2026-09-25", "holiday", "中秋节"},
		{"2026-09-26", "holiday", "中秋节"},
		{"2026-09-27", "holiday", "中秋节"},
		{"2026-10-01", "holiday", "国庆节"},
		{"2026-10-02", "holiday", "国庆节"},
		{"2026-10-03", "holiday", "国庆节"},
		{"2026-10-04", "holiday", "国庆节"},
		{"2026-10-05", "holiday", "国庆节"},
		{"2026-10-06", "holiday", "国庆节"},
		{"2026-10-07", "holiday", "国庆节"},
		{"2026-10-10", "workday", "国庆节调休上班"},
	} {
		_, err := app.DB().Insert("holidays", dbx.Params{
			"id": "holiday" + d.date[:4] + d.date[5:7] + d.date[8:], "date": d.date, "kind": d.kind, "name": d.name, "checked": false,
			"created": "2026-01-01 00:00:00.000Z", "updated": "2026-01-01 00:00:00.000Z",
		}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}
