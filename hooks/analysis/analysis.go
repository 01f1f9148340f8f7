// Package analysis binds the company's figures: the facts that they are counted
// of, who may ask for them, months that are frozen, and the route that answers.
package analysis

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/analysis"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	Planted syncer.Planted // a fault, for tests of the tests
	// Write writes a list of texts and numbers as a file, csv or xlsx, with a watermark.
	Write func(w io.Writer, format, mark string, heads []string, rows [][]any) error
	// Turn lets somebody ask only so many questions at once, Page gives each its time.
	Turn, Page func(e *core.RequestEvent, ask func() error) error
}

// Service counts figures.
type Service struct {
	cfg     Config
	store   *store
	builder *gate.Worker
	sources map[analysis.Source]source
}

// New makes the service of an app.
func New(cfg Config) *Service {
	return &Service{cfg: cfg, store: newStore(), builder: gate.NewWorker(catchUp), sources: map[analysis.Source]source{
		analysis.FromSales:  fromSales{cfg.Planted},
		analysis.FromEvents: events{},
	}}
}

// Area is what analysis is.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name:        "analysis",
		Collections: append(s.collections(), snapshots(), reviewed(), s.definitions(), runs()),
		Jobs: []gate.Job{
			{Name: "analysisClose", Schedule: "23 17 * * *", Run: s.closeMonths}, // 01:23 in Shanghai
			{Name: "reportRuns", Schedule: "53 17 * * *", Run: s.runReports},
		},
		Routes: []kit.Route{
			{Method: http.MethodGet, Path: "/api/ka/analysis", Run: s.define},
			{Method: http.MethodGet, Path: "/api/ka/analysis/{key}", Run: s.answer},
			{Method: http.MethodPost, Path: "/api/ka/analysis/months/{month}/close", Run: s.answerClose},
		},
		Bind: s.build,
	}
}

// source counts the cells of its figures over a query's period, by its dimensions
// and through its filters, of rows that the viewer may see. Ranks, shares,
// comparisons, labels and limits are not its matter.
type source interface {
	cells(ctx context.Context, from reading, q analysis.Query, v viewer) (analysis.Cells, error)
}

// reading is the company as it is at one moment: all that one answer is made of is
// read of db, and of the facts as db has them. app is for settings and the like.
type reading struct {
	app   core.App
	db    dbx.Builder
	now   time.Time
	facts analysis.View
	seq   int64 // of the last fact
}
