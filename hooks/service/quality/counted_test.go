package quality_test

import (
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/service"
	"satchel/internal/effort"
)

const stampFormat = "2006-01-02 15:04:05.000Z"

// TestPartsEqualANaiveRecount over random cases and messages around a quarter.
func TestPartsEqualANaiveRecount(t *testing.T) {
	d := open(t)
	account := d.only(1)[0]
	for _, table := range []string{"cases", "communications"} {
		d.exec("DELETE FROM "+table, nil)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	now := at("2026-04-01T02:00:00Z")
	from, to := at("2025-12-31T16:00:00Z"), at("2026-03-31T16:00:00Z")
	stamp := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.Format(stampFormat)
	}
	// some is a moment within so many days after another, none every third time.
	some := func(after time.Time, days int) time.Time {
		if dice.IntN(3) == 0 {
			return time.Time{}
		}
		return after.Add(time.Duration(dice.IntN(days*24)) * time.Hour)
	}
	want := map[string]service.Count{}
	count := func(key string, decided, kept bool) {
		c := want[key]
		if decided {
			c.Den++
		}
		if kept {
			c.Num++
		}
		want[key] = c
	}
	for n := range effort.Times(300, 5000) {
		raised := from.AddDate(0, 0, dice.IntN(120)-20)
		first, solve := raised.Add(time.Duration(dice.IntN(96))*time.Hour), raised.Add(time.Duration(dice.IntN(400))*time.Hour)
		responded, resolved := some(raised, 8), some(raised, 30)
		state := []string{"new", "in_progress", "waiting_customer", "resolved", "closed", "merged"}[dice.IntN(6)]
		d.exec(`INSERT INTO cases (id, account, kind, level, channel, title, state, raised_at, first_response_due, resolve_due, responded_at, resolved_at)
			VALUES ({:id}, {:a}, 'service', 'normal', 'phone', 'x', {:state}, {:raised}, {:first}, {:solve}, {:responded}, {:resolved})`, dbx.Params{
			"id": fmt.Sprintf("case%011d", n), "a": account.Id, "state": state, "raised": stamp(raised), "first": stamp(first), "solve": stamp(solve),
			"responded": stamp(responded), "resolved": stamp(resolved),
		})
		if in := !raised.Before(from) && raised.Before(to) && state != "merged"; in {
			count(service.PartFirst, !responded.IsZero() || first.Before(now), !responded.IsZero() && !responded.After(first))
			count(service.PartSolution, !resolved.IsZero() || solve.Before(now) && state != "waiting_customer", !resolved.IsZero() && !resolved.After(solve))
		}
		due := some(raised, 4)
		replied := some(raised, 6)
		d.exec(`INSERT INTO communications (id, account, channel, direction, at, summary, needs_reply_by, replied_at)
			VALUES ({:id}, {:a}, 'phone', 'in', {:at}, 'x', {:due}, {:replied})`, dbx.Params{
			"id": fmt.Sprintf("said%011d", n), "a": account.Id, "at": stamp(raised), "due": stamp(due), "replied": stamp(replied),
		})
		if in := !raised.Before(from) && raised.Before(to) && !due.IsZero(); in {
			count(service.PartFirst, !replied.IsZero() || due.Before(now), !replied.IsZero() && !replied.After(due))
		}
	}
	d.Clock.Set(now)
	d.Job("serviceEvaluations")
	row := d.evaluation(account, "2026-Q1")
	var got []service.Part
	if err := json.Unmarshal([]byte(row.GetString("parts")), &got); err != nil {
		t.Fatal(err)
	}
	for _, part := range got {
		if c := want[part.Key]; part.Num != c.Num || part.Den != c.Den {
			t.Errorf("%s: %d of %d, want %d of %d", part.Key, part.Num, part.Den, c.Num, c.Den)
		}
	}
	if want[service.PartFirst].Den < 100 {
		t.Error("hardly anything was counted")
	}
}
