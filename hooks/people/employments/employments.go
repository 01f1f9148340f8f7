// Package employments binds since when somebody is paid which base, in which job grade,
// and until when he was with the company. Finance keeps it, of everybody but himself.
package employments

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/incentive"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Area is what holds of employments.
func Area() kit.Area {
	return kit.Area{
		Name: "employments",
		Collections: []kit.Collection{{
			Name: records.EmploymentTable,
			Once: []string{records.EmploymentColPerson, records.EmploymentColFromDate},
			Audit: gate.Audit{Create: true, Fields: []string{
				records.EmploymentColPerson, records.EmploymentColFromDate, records.EmploymentColJobGrade, records.EmploymentColGradeSince, records.EmploymentColLeftOn,
			}},
			Rules: []kit.Rule{
				kit.On(kit.Create, records.Employments, "employmentCreate", judged),
				kit.On(kit.Update, records.Employments, "employmentUpdate", judged),
				kit.On(kit.Delete, records.Employments, "employmentDelete", func(e *kit.Change[records.Employment]) error {
					if err := anothers(e); err != nil {
						return err
					}
					return e.Next()
				}),
			},
		}},
	}
}

// anothers refuses who writes his own pay base: employment.own.
func anothers(e *kit.Change[records.Employment]) error {
	if author := gate.From(e.RecordEvent).Author(); author != nil && author.Id == string(e.Row.Person()) {
		return gate.RefuseField(records.EmploymentColPerson, "employment.own")
	}
	return nil
}

// judged holds a row to days that are some, in their order, and to itself: on no day two
// rows of a person are in force.
func judged(e *kit.Change[records.Employment]) error {
	if err := anothers(e); err != nil {
		return err
	}
	row := e.Row
	for _, d := range []struct{ field, day, least string }{
		{records.EmploymentColFromDate, row.FromDate(), ""},
		{records.EmploymentColLeftOn, row.LeftOn(), row.FromDate()},
		{records.EmploymentColJoined, row.Joined(), ""},
		{records.EmploymentColGradeSince, row.GradeSince(), row.Joined()},
	} {
		if d.day == "" && d.field != records.EmploymentColFromDate {
			continue
		}
		if !domain.IsPlausibleDay(d.day) || d.day < d.least || d.field == records.EmploymentColJoined && d.day > row.FromDate() {
			return gate.RefuseField(d.field, "employment.day_invalid")
		}
	}
	others, err := records.Employments.All(e.App, "person = {:p} AND id <> {:id}", dbx.Params{"p": row.Person(), "id": row.ID()}, "from_date")
	if err != nil {
		return err
	}
	for _, o := range others {
		first, second := o, row
		if row.FromDate() < o.FromDate() {
			first, second = row, o
		}
		if first.FromDate() == second.FromDate() || first.LeftOn() != "" && first.LeftOn() >= second.FromDate() {
			return gate.RefuseField(records.EmploymentColFromDate, "employment.overlap", "from", o.FromDate())
		}
	}
	return e.Next()
}

// Bases are the pay bases of somebody, by the days from which they are in force.
func Bases(app core.App, person records.UserID) (out []incentive.Base, err error) {
	rows, err := records.Employments.All(app, "person = {:p}", dbx.Params{"p": person}, "from_date")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out = append(out, incentive.Base{From: r.FromDate(), Left: r.LeftOn(), Fen: r.BaseFen()})
	}
	return out, nil
}

// Standing is somebody's job grade, and his last day, as of a day; left is empty for who
// is with the company then.
func Standing(app core.App, person records.UserID, day string) (gradeSince, left string, err error) {
	row, found, err := records.Employments.First(app, "person = {:p} AND from_date <= {:d}", dbx.Params{"p": person, "d": day}, "from_date DESC")
	if err != nil || !found {
		return "", "", err
	}
	if row.LeftOn() != "" && row.LeftOn() <= day {
		left = row.LeftOn()
	}
	return row.GradeSince(), left, nil
}

// Employed are the days on which somebody was with the company; none of whom nobody has
// entered.
func Employed(app core.App, person records.UserID) (out []appraisal.Span, err error) {
	rows, err := records.Employments.All(app, "person = {:p}", dbx.Params{"p": person}, "from_date")
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		from := r.FromDate()
		if i == 0 && r.Joined() != "" {
			from = r.Joined()
		}
		to := forEver
		if i+1 < len(rows) {
			to = domain.AddDays(rows[i+1].FromDate(), -1)
		}
		if r.LeftOn() != "" {
			to = r.LeftOn()
		}
		out = append(out, appraisal.Span{From: from, To: to})
	}
	return out, nil
}

// forEver is the last day of who has not left.
const forEver = "2100-12-31"
