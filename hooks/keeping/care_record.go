package keeping

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	careDates = "care_dates"
	careTasks = "care_tasks"

	careOpen    = "open"
	careDone    = "done"
	careSkipped = "skipped"
)

func nameOf(r *core.Record) string  { return r.GetString("name") }
func titleOf(r *core.Record) string { return r.GetString("title") }
func dueOf(r *core.Record) string   { return r.GetString("due") }
func leadDaysOf(r *core.Record) int { return r.GetInt("lead_days") }

func dateOf(r *core.Record) (kind string, month, day int) {
	return r.GetString("calendar"), r.GetInt("month"), r.GetInt("day")
}

func beginCare(r, date, account *core.Record, due string) {
	r.Load(map[string]any{
		"account": account.Id, "dept": deptOf(account), "care_date": date.Id, "contact": contactOf(date), "title": titleOf(date),
		"due": due, "assignee": ownerOf(account), "state": careOpen,
	})
}

func setCareDone(r *core.Record, by string, args careArgs, at time.Time) {
	r.Set("state", careDone)
	r.Set("action", args.Action)
	r.Set("gift_value_fen", args.GiftValueFen)
	r.Set("note", args.Note)
	r.Set("done_by", by)
	r.Set("done_at", at)
}

func setCareSkipped(r *core.Record, by, note string, at time.Time) {
	r.Set("state", careSkipped)
	r.Set("note", note)
	r.Set("done_by", by)
	r.Set("done_at", at)
}
