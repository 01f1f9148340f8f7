package handovers

import (
	"encoding/json/v2"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// bindDryRun tells those who may plan a handover what it will do.
func bindDryRun(app core.App, s *Service) {
	app.OnServe().Bind(gate.Named("handoverDryRun", func(e *core.ServeEvent) error {
		ask := apis.RequireAuth(gate.Users, core.CollectionNameSuperusers)
		e.Router.GET("/api/ka/"+handovers+"/{id}/dry_run", s.dryRunPlanned).Bind(ask)
		e.Router.POST("/api/ka/"+handovers+"/dry_run", s.dryRunDraft).Bind(ask)
		return e.Next()
	}))
}

// plan is the body of a handover that is not saved.
type plan struct {
	From     string   `json:"from_rep"`
	To       string   `json:"to_rep"`
	Accounts []string `json:"accounts"`
	Date     string   `json:"planned_date"`
	Reason   string   `json:"reason"`
}

// dryRunPlanned forecasts a handover that is still to come: 404
// record.not_found, 403 handover.not_superior, 400 handover.state.
func (s *Service) dryRunPlanned(e *core.RequestEvent) error {
	handover, err := e.App.FindRecordById(handovers, e.Request.PathValue("id"))
	if err == nil {
		var info *core.RequestInfo
		if info, err = e.RequestInfo(); err != nil {
			return err
		}
		var visible bool
		if visible, err = e.App.CanAccessRecord(handover, info, handover.Collection().ViewRule); err == nil && !visible {
			handover = nil
		}
	}
	if err != nil || handover == nil {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	from, to, err := s.planners(e, fromOf(handover), toOf(handover))
	if err != nil {
		return err
	}
	if stateOf(handover) != domain.HandoverPlanned {
		return gate.Refuse("handover.state", "from", stateOf(handover), "action", "dry_run")
	}
	var list []string // an account that went elsewhere meanwhile will stay there
	err = e.App.DB().NewQuery("SELECT id FROM accounts WHERE owner = {:from} AND id IN (SELECT value FROM json_each({:accounts})) ORDER BY id").
		Bind(dbx.Params{"from": from.ID, "accounts": jsonList(accountsOf(handover))}).Column(&list)
	if err != nil {
		return err
	}
	return s.answerForecast(e, from, to, list, dateOf(handover))
}

// dryRunDraft forecasts the handover in the body and refuses whatever its
// creation would refuse.
func (s *Service) dryRunDraft(e *core.RequestEvent) error {
	var p plan
	body := http.MaxBytesReader(e.Response, e.Request.Body, 1<<20)
	if err := json.UnmarshalRead(body, &p, json.RejectUnknownMembers(true)); err != nil {
		return gate.Answer(http.StatusBadRequest, domain.Problem{Code: "body_malformed"}, nil)
	}
	from, to, err := s.planners(e, p.From, p.To)
	if err != nil {
		return err
	}
	if err := domain.CheckReassignment(from, to, p.Date, s.today()); err != nil {
		return gate.WrapError(err)
	}
	list := slices.Compact(slices.Sorted(slices.Values(p.Accounts)))
	if err := checkAccounts(e.App, list, from.ID, p.Date); err != nil {
		return err
	}
	return s.answerForecast(e, from, to, list, p.Date)
}

func (s *Service) answerForecast(e *core.RequestEvent, from, to domain.Staff, list []string, day string) error {
	out, err := s.forecast(e.App, from, to, list, day)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// planners reads both people and asks whether who requests may plan this. Whoever
// may not is told nothing of whether they exist.
func (s *Service) planners(e *core.RequestEvent, fromID, toID string) (from, to domain.Staff, err error) {
	refused := gate.Answer(http.StatusForbidden, domain.Problem{Code: "handover.not_superior"}, nil)
	from, fromErr := findStaff(e.App, fieldFrom, fromID)
	to, toErr := findStaff(e.App, fieldTo, toID)
	switch {
	case e.HasSuperuserAuth() || (fromErr == nil && toErr == nil && from.ID != "" && staff(e.Auth).MayReassign(from, to)):
	case staff(e.Auth).Role == "admin" && staff(e.Auth).Active:
	default:
		return from, to, refused
	}
	if fromErr != nil {
		return from, to, fromErr
	}
	return from, to, toErr
}
