package requests

import (
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// reader is somebody who has read a report, or is to.
type reader struct {
	User records.UserID `json:"user"`
	Name string         `json:"name"`
	At   string         `json:"at,omitzero"` // RFC 3339, UTC; when he said that he read it
	Note string         `json:"note,omitzero"`
}

// answerReaders lists who has read a report, and who of those that it was sent down to
// has not.
func (s service) answerReaders(e *core.RequestEvent) error {
	found, err := gate.Shown(e, records.IntelReportTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	row := records.IntelReports.Of(found)
	if e.Auth.Collection().Name == gate.Users && !seesReaders(e.Auth, row) {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
	}
	out := struct {
		Read   []reader `json:"read"`
		Unread []reader `json:"unread"`
	}{[]reader{}, []reader{}}
	acks, err := acksOf(row)
	if err != nil {
		return err
	}
	for _, a := range acks {
		user, err := records.Users.Require(e.App, a.User)
		if err != nil {
			return err
		}
		out.Read = append(out.Read, reader{a.User, user.Name(), a.At, a.Note})
	}
	if row.Direction() == field.IntelDown {
		unread, err := unreadBy(e.App, row)
		if err != nil {
			return err
		}
		for _, user := range unread {
			out.Unread = append(out.Unread, reader{User: user.ID(), Name: user.Name()})
		}
	}
	return e.JSON(http.StatusOK, out)
}

// seesReaders reports whether somebody sees to it that a report is read: its author,
// market, who heads a department that it went to, and who oversees all.
func seesReaders(user *core.Record, row records.IntelReport) bool {
	who := records.Users.Of(user)
	return who.ID() == row.Owner() || slices.Contains([]records.UserRole{people.RoleMarket, people.RoleAdmin, "auditor"}, who.Role()) ||
		slices.ContainsFunc(row.Routed(), func(dept records.DepartmentID) bool { return gate.Heads(user, string(dept)) })
}
