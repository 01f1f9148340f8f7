package evidence

import (
	"math"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Photo is one side of the view side by side.
type Photo struct {
	ID          string    `json:"id"`
	Owner       string    `json:"owner"`
	OwnerName   string    `json:"owner_name"`
	Account     string    `json:"account"`
	AccountName string    `json:"account_name"`
	Visit       string    `json:"visit"`
	Used        time.Time `json:"used"`     // check-in of its visit, else when it was announced
	TakenAt     string    `json:"taken_at"` // by its camera
	Thumb       string    `json:"thumb"`    // addresses
	Public      string    `json:"public"`

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
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	record, err := find(e.App, blobs, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	sees := func(r *core.Record) (bool, error) {
		return e.App.CanAccessRecord(r, info, r.Collection().ViewRule)
	}
	if record == nil {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	if ok, err := sees(record); err != nil || !ok {
		return gate.Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	}
	p := photo{record}
	if !reviews(e.Auth, p) {
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "record.not_allowed"}, nil)
	}
	all, err := pairsOf(e.App, p.Id)
	if err != nil {
		return err
	}
	ids := []string{p.Id}
	for _, pair := range all {
		ids = append(ids, pair.Other)
	}
	uses, err := usesOf(e.App, ids)
	if err != nil {
		return err
	}
	out := Matches{Matches: []Match{}}
	if out.Photo, err = s.side(e, p, uses[p.Id]); err != nil {
		return err
	}
	for _, pair := range all {
		other, err := find(e.App, blobs, pair.Other)
		if err != nil {
			return err
		}
		if other == nil {
			continue
		}
		if ok, err := sees(other); err != nil {
			return err
		} else if !ok {
			out.Hidden = true
			continue
		}
		m := Match{Kind: pair.Kind, Distance: pair.Distance, Mirrored: pair.Mirrored, Earlier: uses[other.Id].before(uses[p.Id])}
		if m.Photo, err = s.side(e, photo{other}, uses[other.Id]); err != nil {
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
func reviews(user *core.Record, p photo) bool {
	if user.IsSuperuser() {
		return true
	}
	switch roleOf(user) {
	case "ka_manager", "dept_manager", "finance", "auditor", "admin":
		return activeOf(user) && user.Id != p.owner()
	}
	return false
}

func (s *Service) side(e *core.RequestEvent, p photo, u use) (Photo, error) {
	out := Photo{ID: p.Id, Owner: p.owner(), Account: p.account(), Visit: p.visit(), Used: u.at().Time(), TakenAt: p.takenAt()}
	for id, into := range map[[2]string]*string{{gate.Users, out.Owner}: &out.OwnerName, {accounts, out.Account}: &out.AccountName} {
		record, err := find(e.App, id[0], id[1])
		if err != nil {
			return out, err
		}
		if record != nil {
			*into = nameOf(record)
			if id[0] == accounts {
				out.place = placeOf(record)
			}
		}
	}
	for variant, into := range map[string]*string{"thumb": &out.Thumb, "public": &out.Public} {
		address, err := s.cfg.Address(e, p.Id, variant)
		if err != nil {
			return out, err
		}
		*into = address
	}
	return out, nil
}
