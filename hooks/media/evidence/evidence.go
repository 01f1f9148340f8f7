// Package evidence judges photos when their bytes are here: by what was stored
// before, by what the camera noted and by what the phone says. It writes the
// reasons to the photo's row and keeps apart which photos they are about.
package evidence

import (
	"context"
	"net/http"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/media"
	"satchel/records"
)

// Config holds what the area takes from outside.
type Config struct {
	// Address gives a path under which who asks reads one variant of a blob.
	Address func(e *core.RequestEvent, id records.BlobID, variant string) (string, error)
}

// Service is the area's state.
type Service struct {
	cfg Config

	// mu guards what the photos look like, which is read once and kept current
	// by the transactions that store photos. A look whose transaction was rolled
	// back stays: what is found is held to the rows.
	mu     sync.Mutex
	loaded bool
	looks  map[bool]*media.Index // by whether they are of papers
}

// New makes the area's state.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Area is how photos are judged: after what visits count of them.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name: "evidence",
		Collections: []kit.Collection{
			{Name: records.BlobTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.Blobs, "photoJudgedNew", s.blobSaved),
				kit.On(kit.UpdateExecute, records.Blobs, "photoJudged", s.blobSaved),
				kit.On(kit.DeleteExecute, records.Blobs, "photoForgotten", s.blobGone),
			}},
			{Name: records.VisitTable, Rules: []kit.Rule{kit.On(kit.UpdateExecute, records.Visits, "photosJudgedAgain", s.visitSaved)}},
		},
		Routes: []kit.Route{
			{Method: http.MethodGet, Path: "/api/ka/blobs/{id}/matches", Who: kit.AnyReader(), Run: s.matches},
			{Method: http.MethodGet, Path: "/api/ka/risk_texts", Who: kit.AnyReader(), Run: riskTexts},
		},
		Bind: func(app core.App) {
			app.OnServe().Bind(gate.Named("photosKnown", func(e *core.ServeEvent) error {
				if err := s.Load(e.App); err != nil {
					return err
				}
				return e.Next()
			}))
		},
	}
}

// blobSaved judges a blob that has just been stored.
func (s *Service) blobSaved(e *kit.Change[records.Blob]) error {
	now := photo{e.Row}
	arrived := now.stored() && (e.Type == core.ModelEventTypeCreate || !photo{e.Before()}.stored())
	if err := e.Next(); err != nil || !arrived {
		return err
	}
	later, err := s.remember(e.App, now)
	if err != nil {
		return err
	}
	return judge(e.Context, e.App, append(later, now.ID()))
}

func (s *Service) blobGone(e *kit.Change[records.Blob]) error {
	if err := e.Next(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded {
		s.looks[photo{e.Row}.paper()].Remove(lookID(e.Row.ID()))
	}
	return nil
}

// visitSaved judges the photos of a visit again whose times have become known:
// a photo may be here before its check-in, and before the visit ends.
func (s *Service) visitSaved(e *kit.Change[records.Visit]) error {
	before := e.Before()
	moved := !e.Row.InAt().Equal(before.InAt()) || !e.Row.OutAt().Equal(before.OutAt())
	if err := e.Next(); err != nil || !moved {
		return err
	}
	ids, err := storedOf(e.App, e.Row.ID())
	if err != nil {
		return err
	}
	// Whoever used the same picture may be the later one now.
	others, err := matchedWith(e.App, ids)
	if err != nil {
		return err
	}
	return judge(e.Context, e.App, append(ids, others...))
}

// judge writes the reasons that photos give now, of those that give others than before.
func judge(ctx context.Context, app core.App, ids []records.BlobID) error {
	for _, id := range ids {
		row, err := records.Blobs.Require(app, id)
		if err != nil {
			return err
		}
		rules, err := rulesOf(app)
		if err != nil {
			return err
		}
		facts, err := factsOf(app, photo{row})
		if err != nil {
			return err
		}
		changed, err := photo{row}.say(evidence.PhotoSignals(facts, rules))
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		if err := app.SaveNoValidateWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
			return err
		}
	}
	return nil
}

// rulesOf reads the numbers by which photos are judged.
func rulesOf(app core.App) (evidence.PhotoRules, error) {
	settings, rules := gate.SettingsNow(app), evidence.PhotoRules{}
	for key := range evidence.PhotoDefaults {
		n, err := settings.Whole("risk." + key)
		if err != nil {
			return nil, err
		}
		rules[key] = n
	}
	return rules, nil
}
