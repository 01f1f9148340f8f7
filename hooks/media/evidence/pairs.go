package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain/evidence"
	"satchel/media"
	"satchel/records"
)

// mostMatches bounds what is kept of one photo, the nearest first.
const mostMatches = 20

// Load reads what all stored photos look like, once.
func (s *Service) Load(app core.App) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(app)
}

func (s *Service) load(app core.App) error {
	if s.loaded {
		return nil
	}
	s.looks = map[bool]*media.Index{false: {}, true: {}}
	rows, err := app.DB().NewQuery(`SELECT id, purpose, phash, colours FROM blobs WHERE phash <> '' AND state IN ('stored', 'durable')`).Rows()
	if err != nil {
		return fmt.Errorf("read what photos look like: %w", err)
	}
	defer func() { _ = rows.Close() }() // it was only read
	for rows.Next() {
		var id records.BlobID
		var purpose, light, colours string
		if err := rows.Scan(&id, &purpose, &light, &colours); err != nil {
			return err
		}
		if look, ok := lookOf(light, colours); ok {
			s.looks[purpose != evidence.BlobVisitPhoto].Append(lookID(id), look)
		}
	}
	s.loaded = rows.Err() == nil
	return rows.Err()
}

// remember finds the stored photos that this one is the same as, keeps the pairs
// and puts it among them. It returns those that were used later than this one,
// although their bytes came first. Photos and papers are not compared with each
// other: a bill on the table may well be in the photo of a visit.
func (s *Service) remember(app core.App, p photo) (later []records.BlobID, err error) {
	found, err := sameBytes(app, p)
	if err != nil {
		return nil, err
	}
	if look, ok := p.look(); ok {
		s.mu.Lock()
		if err = s.load(app); err == nil {
			id, index := lookID(p.ID()), s.looks[p.paper()]
			for _, near := range index.Near(look, 2*mostMatches) {
				other := records.BlobID(near.ID[:])
				if _, same := found[other]; !same && near.ID != id {
					found[other] = evidence.PhotoMatch{Kind: evidence.MatchSimilar, Distance: near.Distance, Mirrored: near.Mirrored}
				}
			}
			index.Put(id, look)
		}
		s.mu.Unlock()
		if err != nil {
			return nil, err
		}
	}
	return keep(app, p, found)
}

// sameBytes finds stored rows of the same file.
func sameBytes(app core.App, p photo) (map[records.BlobID]evidence.PhotoMatch, error) {
	var ids []records.BlobID
	err := app.DB().NewQuery(`SELECT id FROM blobs WHERE sha256 = {:hash} AND id <> {:id} AND state IN ('stored', 'durable')
			AND (purpose = {:photo}) = {:isPhoto} ORDER BY created, id LIMIT {:n}`).
		Bind(dbx.Params{"hash": p.SHA256(), "id": p.ID(), "photo": evidence.BlobVisitPhoto, "isPhoto": !p.paper(), "n": mostMatches}).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("find the same bytes: %w", err)
	}
	found := map[records.BlobID]evidence.PhotoMatch{}
	for _, id := range ids {
		found[id] = evidence.PhotoMatch{Kind: evidence.MatchBytes}
	}
	return found, nil
}

// keep writes the pairs whose other row is there. Two pictures of one shelf in
// one visit are alike for a good reason.
func keep(app core.App, p photo, found map[records.BlobID]evidence.PhotoMatch) (later []records.BlobID, err error) {
	ids := make([]records.BlobID, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	uses, err := usesOf(app, append(ids, p.ID()))
	if err != nil {
		return nil, err
	}
	known, err := matchedWith(app, []records.BlobID{p.ID()})
	if err != nil {
		return nil, err
	}
	have := map[records.BlobID]bool{}
	for _, id := range known {
		have[id] = true
	}
	mine, kept := uses[p.ID()], 0
	for _, use := range sorted(uses, found) {
		m := found[use.ID]
		if m.Kind == evidence.MatchSimilar && use.sameVisit(mine) || kept == mostMatches {
			continue
		}
		kept++
		if mine.before(use) && !use.sameVisit(mine) {
			later = append(later, use.ID)
		}
		if have[use.ID] {
			continue
		}
		if err := pair(app, p.ID(), use.ID, m); err != nil {
			return nil, fmt.Errorf("keep a pair of photos: %w", err)
		}
	}
	return later, nil
}

func pair(app core.App, blob, other records.BlobID, m evidence.PhotoMatch) error {
	row, err := records.PhotoMatches.New(app)
	if err != nil {
		return err
	}
	row.SetBlob(blob)
	row.SetOther(other)
	row.SetKind(records.PhotoMatchKind(m.Kind))
	row.SetDistance(m.Distance)
	row.SetMirrored(m.Mirrored)
	return app.SaveNoValidate(row.Raw())
}

// use is when and where a photo was used. Row data of its own, since it is read
// for many at once.
type use struct {
	ID      records.BlobID  `db:"id"`
	Visit   records.VisitID `db:"visit"`
	Created types.DateTime  `db:"created"`
	InAt    types.DateTime  `db:"in_at"`
}

// at is the check-in of its visit, else when it was announced.
func (u use) at() types.DateTime {
	if !u.InAt.IsZero() {
		return u.InAt
	}
	return u.Created
}

func (u use) before(other use) bool {
	if a, b := u.at().Time(), other.at().Time(); !a.Equal(b) {
		return a.Before(b)
	}
	return u.ID < other.ID
}

func (u use) sameVisit(other use) bool { return u.Visit != "" && u.Visit == other.Visit }

// usesOf reads the uses of stored rows, and of the one that is being stored.
func usesOf(app core.App, ids []records.BlobID) (map[records.BlobID]use, error) {
	bind, names := dbx.Params{}, make([]string, len(ids))
	for i, id := range ids {
		name := fmt.Sprintf("i%d", i)
		bind[name], names[i] = id, "{:"+name+"}"
	}
	var rows []use
	err := app.DB().NewQuery(`SELECT b.id, b.visit, b.created, COALESCE(v.in_at, '') AS in_at FROM blobs b LEFT JOIN visits v ON v.id = b.visit
		WHERE b.id IN (` + strings.Join(names, ", ") + `) AND b.state IN ('stored', 'durable')`).Bind(bind).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read uses of photos: %w", err)
	}
	out := map[records.BlobID]use{}
	for _, u := range rows {
		out[u.ID] = u
	}
	return out, nil
}

// matchedWith returns the photos that any of these makes a pair with.
func matchedWith(app core.App, ids []records.BlobID) (out []records.BlobID, err error) {
	for _, id := range ids {
		var others []records.BlobID
		err := app.DB().NewQuery("SELECT other FROM photo_matches WHERE blob = {:id} UNION SELECT blob FROM photo_matches WHERE other = {:id}").
			Bind(dbx.Params{"id": id}).Column(&others)
		if err != nil {
			return nil, fmt.Errorf("read pairs of photos: %w", err)
		}
		out = append(out, others...)
	}
	return out, nil
}

// pairOf is one pair, seen from one of its photos.
type pairOf struct {
	Other    records.BlobID `db:"o"`
	Kind     string         `db:"kind"`
	Distance int            `db:"distance"`
	Mirrored bool           `db:"mirrored"`
}

func pairsOf(app core.App, id records.BlobID) (out []pairOf, err error) {
	err = app.DB().NewQuery(`SELECT CASE WHEN blob = {:id} THEN other ELSE blob END AS o, kind, distance, mirrored FROM photo_matches
			WHERE blob = {:id} OR other = {:id} ORDER BY kind, distance, o`).Bind(dbx.Params{"id": id}).All(&out)
	if err != nil {
		return nil, fmt.Errorf("read pairs of photos: %w", err)
	}
	return out, nil
}

// earlier lists the uses of the same picture before this one, at other visits.
func earlier(app core.App, p photo) (out []evidence.PhotoMatch, err error) {
	all, err := pairsOf(app, p.ID())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := []records.BlobID{p.ID()}
	for _, pair := range all {
		ids = append(ids, pair.Other)
	}
	uses, err := usesOf(app, ids)
	if err != nil {
		return nil, err
	}
	mine := uses[p.ID()]
	for _, pair := range all {
		if u, there := uses[pair.Other]; there && u.before(mine) && !u.sameVisit(mine) {
			out = append(out, evidence.PhotoMatch{Kind: pair.Kind, Distance: pair.Distance, Mirrored: pair.Mirrored})
		}
	}
	return out, nil
}

// storedOf lists the photos of a visit that are here.
func storedOf(app core.App, visit records.VisitID) (ids []records.BlobID, err error) {
	err = app.DB().NewQuery("SELECT id FROM blobs WHERE visit = {:visit} AND state IN ('stored', 'durable') ORDER BY id").
		Bind(dbx.Params{"visit": visit}).Column(&ids)
	return ids, err
}

// sorted puts the same bytes first and then the nearest.
func sorted(uses map[records.BlobID]use, found map[records.BlobID]evidence.PhotoMatch) (out []use) {
	for id := range found {
		if u, there := uses[id]; there {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b use) int {
		ma, mb := found[a.ID], found[b.ID]
		return cmp.Or(strings.Compare(ma.Kind, mb.Kind), cmp.Compare(ma.Distance, mb.Distance), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Len is how many pictures are known by their looks.
func (s *Service) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks[false].Len() + s.looks[true].Len()
}
