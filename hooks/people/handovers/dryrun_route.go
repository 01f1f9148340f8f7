package handovers

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// plan is the body of a handover that is not saved.
type plan struct {
	From     records.UserID      `json:"from_rep"`
	To       records.UserID      `json:"to_rep"`
	Accounts []records.AccountID `json:"accounts"`
	Date     string              `json:"planned_date"`
	Reason   string              `json:"reason"`
}

// dryRunPlanned forecasts a handover that is still to come: 404
// record.not_found, 403 handover.not_superior, 400 handover.state.
func (s *Service) dryRunPlanned(e *core.RequestEvent) error {
	row, err := gate.Shown(e, records.AccountHandoverTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	handover := records.AccountHandovers.Of(row)
	from, to, err := planners(e, handover.FromRep(), handover.ToRep())
	if err != nil {
		return err
	}
	if state := handover.State(); state != people.HandoverPlanned {
		return gate.Refuse("handover.state", "from", string(state), "action", "dry_run")
	}
	var list []records.AccountID // an account that went elsewhere meanwhile will stay there
	err = e.App.DB().NewQuery("SELECT id FROM accounts WHERE owner = {:from} AND id IN (SELECT value FROM json_each({:accounts})) ORDER BY id").
		Bind(dbx.Params{"from": from.ID, "accounts": jsonList(handover.Accounts())}).Column(&list)
	if err != nil {
		return fmt.Errorf("find the accounts of a handover: %w", err)
	}
	return s.answerForecast(e, from, to, list, handover.PlannedDate())
}

// dryRunDraft forecasts the handover in the body and refuses whatever its
// creation would refuse.
func (s *Service) dryRunDraft(e *core.RequestEvent) error {
	var p plan
	body := http.MaxBytesReader(e.Response, e.Request.Body, 1<<20)
	if err := json.UnmarshalRead(body, &p, json.RejectUnknownMembers(true)); err != nil {
		return gate.Answer(http.StatusBadRequest, domain.Problem{Code: "body_malformed"}, nil)
	}
	from, to, err := planners(e, p.From, p.To)
	if err != nil {
		return err
	}
	if err := people.CheckReassignment(from, to, p.Date, s.today()); err != nil {
		return gate.WrapError(err)
	}
	list := slices.Compact(slices.Sorted(slices.Values(p.Accounts)))
	if err := checkAccounts(e.App, list, p.From, p.Date); err != nil {
		return err
	}
	return s.answerForecast(e, from, to, list, p.Date)
}

func (s *Service) answerForecast(e *core.RequestEvent, from, to people.Staff, list []records.AccountID, day string) error {
	out, err := s.forecast(e.App, from, to, list, day)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// planners reads both people and asks whether who requests may plan this. Whoever
// may not is told nothing of whether they exist.
func planners(e *core.RequestEvent, fromID, toID records.UserID) (from, to people.Staff, err error) {
	from, to, err = findBoth(e.App, fromID, toID)
	if _, _, unknown := gate.ProblemOf(err); err != nil && !unknown {
		return from, to, err
	}
	if e.HasSuperuserAuth() {
		return from, to, err
	}
	who := acting(e.Auth)
	if who.Active && who.Role == "admin" || err == nil && from.ID != "" && who.MayReassign(from, to) {
		return from, to, err
	}
	return from, to, gate.Answer(http.StatusForbidden, domain.Problem{Code: "handover.not_superior"}, nil)
}
