package devices

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// worst is the order of the list.
var worst = []string{isStopped, isOverLimit, isFull, isUnsynced, isUnpushed, isNew, isOK, isDisabled, isRevoked}

// list answers {now, limit, states: {state: devices}, devices: […], lanes: […]}, those that need
// somebody first; lanes, the targets of messages that fault, to superusers and
// administrators only. Devices: all devices to superusers, administrators and
// auditors, and to others those of who reports to them or is of the department
// they manage. ?state= picks one state.
func (s *Service) list(e *core.RequestEvent) error {
	where, bind, err := within(e.Auth)
	if err != nil {
		return err
	}
	if err := s.Flush(e.App); err != nil {
		return err
	}
	now := s.now()
	found, err := read(e.App, now, where, bind)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, f := range found {
		counts[f.State]++
	}
	if only := e.Request.URL.Query().Get("state"); only != "" {
		found = slices.DeleteFunc(found, func(f figures) bool { return f.State != only })
	}
	slices.SortStableFunc(found, func(a, b figures) int {
		if a.State != b.State {
			return slices.Index(worst, a.State) - slices.Index(worst, b.State)
		}
		return strings.Compare(gate.Stamp(a.synced().Time()), gate.Stamp(b.synced().Time()))
	})
	if found == nil {
		found = []figures{}
	}
	for i := range found {
		if f := &found[i]; f.State == isOverLimit {
			if f.Largest, err = syncer.LargestOf(e.App.ConcurrentDB(), f.User); err != nil {
				return err
			}
		}
	}
	limit, err := gate.SettingsNow(e.App).SyncMaxScopeRows()
	if err != nil {
		return err
	}
	lanes := []lane{}
	if e.Auth.IsSuperuser() || records.Users.Of(e.Auth).Role() == people.RoleAdmin {
		if lanes, err = readLanes(e.App); err != nil {
			return err
		}
	}
	return e.JSON(http.StatusOK, map[string]any{"now": gate.Stamp(now), "limit": limit, "states": counts, "devices": found, "lanes": lanes})
}

// within is the part of the fleet that somebody may see; 403 for who leads nobody.
func within(who *core.Record) (string, dbx.Params, error) {
	if who.IsSuperuser() {
		return "TRUE", nil, nil
	}
	user := records.Users.Of(who)
	if user.Active() {
		switch user.Role() {
		case people.RoleAdmin, "auditor":
			return "TRUE", nil, nil
		case people.RoleDeptManager:
			return "(u.manager = {:me} OR ({:dept} <> '' AND u.department = {:dept}))", dbx.Params{"me": user.ID(), "dept": user.Department()}, nil
		case people.RoleKAManager:
			return "u.manager = {:me}", dbx.Params{"me": user.ID()}, nil
		}
	}
	return "", nil, gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
}
