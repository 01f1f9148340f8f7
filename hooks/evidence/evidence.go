// Package evidence judges photos when their bytes are here: by what was stored
// before, by what the camera noted and by what the phone says. It writes the
// reasons to the photo's row and keeps apart which photos they are about.
package evidence

import (
	"sync"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/media"
)

// Config holds what the area takes from outside.
type Config struct {
	// Address gives a path under which who asks reads one variant of a blob.
	Address func(e *core.RequestEvent, id, variant string) (string, error)
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

// Bind registers the area's events and its routes.
func Bind(app core.App, cfg Config) *Service {
	s := &Service{cfg: cfg}
	app.OnRecordCreateExecute(blobs).Bind(gate.Named("photoJudgedNew", gate.Atomic(s.blobSaved)))
	app.OnRecordUpdateExecute(blobs).Bind(gate.Named("photoJudged", gate.Atomic(s.blobSaved)))
	app.OnRecordDeleteExecute(blobs).Bind(gate.Named("photoForgotten", gate.Atomic(s.blobGone)))
	app.OnRecordUpdateExecute(visits).Bind(gate.Named("photosJudgedAgain", gate.Atomic(s.visitSaved)))
	app.OnServe().Bind(gate.Named("photoRoutes", func(e *core.ServeEvent) error {
		if err := s.Load(e.App); err != nil {
			return err
		}
		signedIn := apis.RequireAuth(gate.Users, core.CollectionNameSuperusers)
		e.Router.GET("/api/ka/blobs/{id}/matches", s.matches).Bind(signedIn)
		e.Router.GET("/api/ka/risk_texts", riskTexts).Bind(signedIn)
		return e.Next()
	}))
	return s
}

// blobSaved judges a blob that has just been stored.
func (s *Service) blobSaved(e *core.RecordEvent) error {
	now := photo{e.Record}
	arrived := now.stored() && (e.Type == core.ModelEventTypeCreate || !photo{e.Record.Original()}.stored())
	if err := e.Next(); err != nil || !arrived {
		return err
	}
	later, err := s.remember(e.App, now)
	if err != nil {
		return err
	}
	for _, id := range append(later, now.Id) {
		if err := judge(e, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) blobGone(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded {
		s.looks[photo{e.Record}.paper()].Remove(lookID(e.Record.Id))
	}
	return nil
}

// visitSaved judges the photos of a visit again whose times have become known:
// a photo may be here before its check-in, and before the visit ends.
func (s *Service) visitSaved(e *core.RecordEvent) error {
	before := e.Record.Original()
	moved := !visitFrom(e.Record).Equal(visitFrom(before)) || !visitTo(e.Record).Equal(visitTo(before))
	if err := e.Next(); err != nil || !moved {
		return err
	}
	ids, err := storedOf(e.App, e.Record.Id)
	if err != nil {
		return err
	}
	// Whoever used the same picture may be the later one now.
	others, err := matchedWith(e.App, ids)
	if err != nil {
		return err
	}
	for _, id := range append(ids, others...) {
		if err := judge(e, id); err != nil {
			return err
		}
	}
	return nil
}

// judge writes the reasons that a photo gives now, if they are others than before.
func judge(e *core.RecordEvent, id string) error {
	row, err := e.App.FindRecordById(blobs, id)
	if err != nil {
		return err
	}
	p := photo{row}
	rules, err := rulesOf(e.App)
	if err != nil {
		return err
	}
	facts, err := factsOf(e.App, p)
	if err != nil {
		return err
	}
	if !p.setSignals(domain.PhotoSignals(facts, rules)) {
		return nil
	}
	return e.App.SaveNoValidateWithContext(gate.AsServer(e.Context), row)
}

func rulesOf(app core.App) (domain.PhotoRules, error) {
	rules := domain.PhotoRules{}
	for key, standard := range domain.PhotoDefaults {
		n, err := gate.Setting(app, "risk."+key, standard)
		if err != nil {
			return nil, err
		}
		rules[key] = n
	}
	return rules, nil
}
