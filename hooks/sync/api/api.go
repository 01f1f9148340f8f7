// Package api binds the sync engine to PocketBase: the routes that phones
// call, the capture of changes, and the fold that follows every write.
package api

import (
	"cmp"
	"sync"
	"sync/atomic"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/hooks/sync/issues"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// Config holds what the area takes from outside.
type Config struct {
	Now      func() time.Time
	Actions  gate.Actions // by "collection.action"
	Sessions Sessions
	Issues   *issues.Service // what becomes of refused work
	// Manual leaves folding and poking to the caller, for tests on virtual time.
	Manual bool
	// Limited holds each device to the rate of the settings. The clock must go on.
	Limited bool
	// Saw is told what requests show of devices; nil for nobody. It must not block.
	Saw func(gate.Sighting)
	// Full is told of the device of a push that was refused since its user has too
	// many open issues, each time; nil for nobody.
	Full func(app core.App, device *core.Record) error
	// Gone is told of rows that went, in the fold that sees it; nil for nobody.
	Gone func(tx dbx.Builder, gone []syncer.Gone) error
	// Batch is the most pushes that share a commit; 0 for the usual number.
	Batch int
	// SpoolMin is from how many bytes an answer can be resumed; 0 for the usual number.
	SpoolMin int
	// Planted is a fault for tests of the tests.
	Planted syncer.Planted
}

// Service is the area's state: the engine, its hub and the background loop.
type Service struct {
	cfg           Config
	app           core.App
	engine        *syncer.Engine
	hub           *syncer.Hub
	streams       *streams
	spools        *spools
	sending       sending
	commits       *committer
	known         known
	judge         judge
	limits        limits
	counts        counts
	firsts        firsts
	pulls         *queue
	pushes        *queue
	wrote, folded atomic.Int64 // writes that hooks saw, and how many of them a fold has read
	unfolded      atomic.Int64 // Unix milliseconds of the first write that no fold has read, 0 if none
	wake          chan struct{}
	stop          chan struct{}
	still         sync.RWMutex // held by answers while they read, and by Unseen
	working       sync.WaitGroup
}

// New makes the service, which serves once its area is bound.
func New(cfg Config) *Service {
	s := &Service{
		cfg:    cfg,
		engine: &syncer.Engine{Load: loadCatalog, Gone: cfg.Gone, Planted: cfg.Planted},
		hub:    syncer.NewHub(),
		pulls:  newQueue(pullsAtWork, pullsWaiting),
		pushes: newQueue(pushesTaken, 0),
		limits: limits{most: bucketsMost},
		counts: newCounts(),
		wake:   make(chan struct{}, 1),
	}
	s.streams = newStreams(s)
	s.spools = &spools{service: s}
	s.commits = &committer{service: s, most: cmp.Or(cfg.Batch, batchPushes)}
	return s
}

// Area is what phones call, and what they are told by.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name: "sync",
		Collections: []kit.Collection{
			rules(), s.devices(),
			{Name: records.UserTable, Rules: s.known.forgets(records.UserTable)},
			{Name: records.SettingTable, Rules: s.limits.follow()},
		},
		Jobs: s.jobs(),
		Bind: s.bind,
	}
}

// bind registers the routes, the capture of changes and the fold.
func (s *Service) bind(app core.App) {
	s.app = app
	bindCapture(app, s)
	bindFold(app, s)
	app.OnServe().Bind(gate.Named("syncRoutes", func(e *core.ServeEvent) error {
		if err := s.spools.open(e.App.DataDir()); err != nil {
			return err
		}
		// Devices are limited one by one: many phones share an address.
		sync := e.Router.Group("/api/sync").Unbind(apis.DefaultRateLimitMiddlewareId)
		sync.BindFunc(gate.OwnFaults)
		s.loadKnown(sync.POST("/pull", counting(s.counts.pulls, s.pull)))
		sync.GET("/spool/{id}", s.spools.get)
		sync.POST("/digest", s.digest)
		sync.POST("/repair", s.repair)
		sync.POST("/push", counting(s.counts.pushes, s.push))
		sync.GET("/poke", s.poke)
		sync.GET("/audit", s.audit).Bind(apis.RequireSuperuserAuth())
		return e.Next()
	}))
}

// Ways are what stays open after it was asked who comes.
func (s *Service) Ways() []gate.Way {
	return []gate.Way{
		{Name: "pokes", End: func(who gate.Ended) { s.hub.Drop(who.User, who.Device) }},
		{Name: "cut answers", End: s.spools.end},
		{Name: "slow answers", End: s.sending.end},
	}
}

// saw tells what a request showed of a device.
func (s *Service) saw(seen gate.Sighting) {
	if s.cfg.Saw != nil {
		seen.At = s.cfg.Now()
		s.cfg.Saw(seen)
	}
}
