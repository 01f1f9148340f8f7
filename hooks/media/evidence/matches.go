package evidence

import (
	"math"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Photo is one side of the view side by side.
type Photo struct {
	ID          records.BlobID    `json:"id"`
	Owner       records.UserID    `json:"owner"`
	OwnerName   string            `json:"owner_name"`
	Account     records.AccountID `json:"account"`
	AccountName string            `json:"account_name"`
	Visit       records.VisitID   `json:"visit"`
	Used        time.Time         `json:"used"`     // check-in of its visit, else when it was announced
	TakenAt     string            `json:"taken_at"` // by its camera
	Thumb       string            `json:"thumb"`    // addresses
	Public      string            `json:"public"`

	place domain.Position // of the account
}

// Match is another photo that is the same or looks the same.
type Match struct {
	Kind     string `json:"kind"` // bytes or similar
	Distance int    `json:"distance"`
	Mirrored bool   `json:"mirrored"`
	Earlier  bool   `json:"earlier"`          // it was used before the one asked for
	AwayM    *int   `json:"away_m,omitempty"` // metres between the two accounts, if both places are known
	Photo    Photo  `json:"photo"`
}

// Matches is the answer of the route. Hidden tells that there is another photo
// that the reader may not see; nothing else is told of it, nor how many there are.
type Matches struct {
	Photo   Photo   `json:"photo"`
	Matches []Match `json:"matches"`
	Hidden  bool    `json:"hidden"`
}

// matches answers what a photo is the same as, to whoever looks at the work of
// others: never to its owner, whom it would teach.
func (s *Service) matches(e *core.RequestEvent) error {
	info, err := gate.Info(e)
	if err != nil {
		return err
	}
	row, found, err := records.Blobs.Find(e.App, records.BlobID(e.Request.PathValue("id")))
	if err != nil {
		return err
	}
	sees := func(r records.Blob) (bool, error) {
		return e.App.CanAccessRecord(r.Raw(), info, r.Raw().Collection().ViewRule)
	}
	if found {
		if found, err = sees(row); err != nil {
			return err
		}
	}
	if !found {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	p := photo{row}
	if !reviews(e.Auth, p) {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
	}
	all, err := pairsOf(e.App, p.ID())
	if err != nil {
		return err
	}
	ids := []records.BlobID{p.ID()}
	for _, pair := range all {
		ids = append(ids, pair.Other)
	}
	uses, err := usesOf(e.App, ids)
	if err != nil {
		return err
	}
	out := Matches{Matches: []Match{}}
	if out.Photo, err = s.side(e, p, uses[p.ID()]); err != nil {
		return err
	}
	for _, pair := range all {
		other, found, err := records.Blobs.Find(e.App, pair.Other)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if ok, err := sees(other); err != nil {
			return err
		} else if !ok {
			out.Hidden = true
			continue
		}
		m := Match{Kind: pair.Kind, Distance: pair.Distance, Mirrored: pair.Mirrored, Earlier: uses[other.ID()].before(uses[p.ID()])}
		if m.Photo, err = s.side(e, photo{other}, uses[other.ID()]); err != nil {
			return err
		}
		if a, b := out.Photo.place, m.Photo.place; a.Known() && b.Known() {
			metres := int(math.Round(domain.DistanceM(a, b)))
			m.AwayM = &metres
		}
		out.Matches = append(out.Matches, m)
	}
	return e.JSON(http.StatusOK, out)
}

// reviews tells who may ask: those over the photo's owner, and who audits.
func reviews(auth *core.Record, p photo) bool {
	if auth.IsSuperuser() {
		return true
	}
	user := records.Users.Of(auth)
	switch user.Role() {
	case "ka_manager", "dept_manager", "finance", "auditor", "admin":
		return user.Active() && user.ID() != p.Owner()
	}
	return false
}

func (s *Service) side(e *core.RequestEvent, p photo, u use) (Photo, error) {
	out := Photo{ID: p.ID(), Owner: p.Owner(), Account: p.Account(), Visit: p.Visit(), Used: u.at().Time(), TakenAt: p.TakenAt()}
	owner, found, err := records.Users.Find(e.App, out.Owner)
	if err != nil {
		return out, err
	}
	if found {
		out.OwnerName = owner.Name()
	}
	account, found, err := records.Accounts.Find(e.App, out.Account)
	if err != nil {
		return out, err
	}
	if found {
		out.AccountName, out.place = account.Name(), placeOf(account)
	}
	for variant, into := range map[string]*string{"thumb": &out.Thumb, "public": &out.Public} {
		address, err := s.cfg.Address(e, p.ID(), variant)
		if err != nil {
			return out, err
		}
		*into = address
	}
	return out, nil
}
