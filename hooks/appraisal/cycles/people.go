package cycles

import (
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// stretch is what somebody was for some days.
type stretch struct {
	appraisal.Span
	was
}

// was is somebody's place in the organisation.
type was struct {
	Role    string `db:"role" json:"role"`
	Manager string `db:"manager" json:"manager"`
	Dept    string `db:"department" json:"department"`
	Active  bool   `db:"active" json:"active"`
}

// Bounds of what nobody noted the begin or the end of.
const (
	ever  = "0001-01-01"
	never = "9999-12-31"
)

// histories are everybody's stretches, the latest first, as the audit log tells of changes:
// what was changed on a day holds from that day on.
func histories(app core.App) (map[records.UserID][]stretch, error) {
	var now []struct {
		ID records.UserID `db:"id"`
		was
	}
	if err := app.DB().NewQuery("SELECT id, role, manager, department, active FROM users").All(&now); err != nil {
		return nil, fmt.Errorf("read who people are: %w", err)
	}
	var log []struct {
		User   records.UserID `db:"record"`
		At     types.DateTime `db:"at"`
		Action string         `db:"action"`
		Before types.JSONRaw  `db:"before"`
	}
	err := app.DB().NewQuery(`SELECT record, at, action, before FROM audit_log WHERE collection = {:c} ORDER BY record, at DESC, rowid DESC`).
		Bind(params{"c": records.UserTable}).All(&log)
	if err != nil {
		return nil, fmt.Errorf("read who people were: %w", err)
	}
	changes := map[records.UserID][]int{}
	for i, entry := range log {
		changes[entry.User] = append(changes[entry.User], i)
	}
	out := map[records.UserID][]stretch{}
	for _, user := range now {
		is, until := user.was, never
		var all []stretch
		born := false
		for _, i := range changes[user.ID] {
			day := domain.BusinessDay(log[i].At.Time())
			if day <= until {
				all = append(all, stretch{appraisal.Span{From: day, To: until}, is})
				until = domain.AddDays(day, -1)
			}
			if born = log[i].Action == "create"; born {
				break
			}
			before := struct {
				Role    *string `json:"role"`
				Manager *string `json:"manager"`
				Dept    *string `json:"department"`
				Active  *bool   `json:"active"`
			}{}
			if err := json.Unmarshal(log[i].Before, &before); err != nil {
				continue // an entry that tells of nothing before
			}
			put(&is.Role, before.Role)
			put(&is.Manager, before.Manager)
			put(&is.Dept, before.Dept)
			put(&is.Active, before.Active)
		}
		if !born {
			all = append(all, stretch{appraisal.Span{From: ever, To: until}, is})
		}
		out[user.ID] = all
	}
	return out, nil
}

func put[T any](into, value *T) {
	if value != nil {
		*into = *value
	}
}

// on is what somebody was on a day.
func on(all []stretch, day string) (was, bool) {
	for _, s := range all {
		if s.From <= day && day <= s.To {
			return s.was, true
		}
	}
	return was{}, false
}

// held is who somebody was in a cycle: the role of most of his days, the days on which he
// had it and was employed, and his department at its end. found is false of who was nobody.
type held struct {
	role    string
	dept    records.DepartmentID
	present []appraisal.Span
}

func (s *Service) heldIn(app core.App, user records.UserID, all []stretch, cycle appraisal.Span) (h held, found bool, err error) {
	var employed []appraisal.Span
	if s.cfg.Employed != nil {
		if employed, err = s.cfg.Employed(app, user); err != nil {
			return h, false, err
		}
	}
	if len(employed) == 0 {
		employed = []appraisal.Span{{From: ever, To: never}}
	}
	var roles []appraisal.Held
	for _, st := range all {
		if !st.Active {
			continue
		}
		for _, span := range appraisal.Presence(employed, st.Span) {
			roles = append(roles, appraisal.Held{Span: span, What: st.Role})
		}
	}
	role, days := appraisal.MostDays(roles, cycle)
	if days == 0 {
		return h, false, nil
	}
	h.role = role
	for _, r := range roles {
		if r.What == role {
			h.present = append(h.present, r.Span)
		}
	}
	h.present = appraisal.Presence(h.present, cycle)
	last := h.present[len(h.present)-1].To
	if at, is := on(all, last); is {
		h.dept = records.DepartmentID(at.Dept)
	}
	return h, true, nil
}

// lead is who led somebody for some days of a cycle.
type lead struct {
	superior records.UserID
	days     int
}

// leads are those who led somebody in a cycle, the longest first. Who has no manager is led
// by whom the organisation has over him.
func leads(chart func(string) string, user records.UserID, all []stretch, present []appraisal.Span) (out []lead) {
	days := map[records.UserID]int{}
	for _, st := range all {
		superior := records.UserID(st.Manager)
		if superior == "" {
			superior = records.UserID(chart(string(user)))
		}
		if n := appraisal.DaysOf(appraisal.Presence(present, st.Span)); n > 0 && superior != "" {
			days[superior] += n
		}
	}
	for superior, n := range days {
		out = append(out, lead{superior, n})
	}
	slices.SortFunc(out, func(a, b lead) int {
		if a.days != b.days {
			return b.days - a.days
		}
		if a.superior < b.superior {
			return -1
		}
		return 1
	})
	return out
}

// superiorOn is who leads somebody on a day: his manager then, or who is over him now
// where that one has left or there was none. Empty at the top.
func superiorOn(app core.App, user records.UserID, all []stretch, day string) (records.UserID, error) {
	chart, err := gate.ReadChart(app)
	if err != nil {
		return "", err
	}
	then, _ := on(all, day)
	if then.Manager != "" && chart.People[then.Manager].Active {
		return records.UserID(then.Manager), nil
	}
	if then.Manager != "" {
		if up := chart.Superior(then.Manager); up != "" && up != string(user) {
			return records.UserID(up), nil
		}
	}
	return records.UserID(chart.Superior(string(user))), nil
}
