// Package quality binds the rules of service to accounts: who answers them on
// which channel, what is promised to all, and how a quarter's promises were kept.
package quality

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/service"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// desk knows today.
type desk struct{ now func() time.Time }

// Area is what service to accounts is.
func Area(cfg gate.Config) kit.Area {
	d := desk{now: cfg.Now}
	return kit.Area{
		Name:        "quality",
		Collections: []kit.Collection{d.channels(), namedOwners(), d.standards(), d.evaluations()},
		Actions: []kit.Action{
			kit.Do(records.ServiceStandards, service.StandardEnforce, d.enforce),
			kit.Guarded(records.ServiceStandards, kit.Do(records.ServiceStandards, service.StandardWithdraw, withdraw), d.begun),
			kit.Do(records.ServiceEvaluations, service.EvaluationEvaluate, d.evaluate),
			kit.Guarded(records.ServiceEvaluations, kit.Do(records.ServiceEvaluations, service.EvaluationClose, d.close), improving),
		},
		Jobs: []gate.Job{
			{Name: "serviceStandards", Schedule: "1 16 * * *", Run: replaceStandards}, // 00:01 in Shanghai
			{Name: "serviceChannels", Schedule: "21 17 * * *", Run: missChannels},
			{Name: "serviceEvaluations", Schedule: "23 17 * * *", Run: openEvaluations},
			{Name: "serviceEvaluationsOverdue", Schedule: "25 17 * * *", Run: remindEvaluations},
		},
	}
}

// heads is the party of who heads the service.
func heads(ctx context.Context, tx core.App, _ *core.Record) ([]domain.Party, error) {
	actor := gate.Of(ctx).User
	if actor == nil {
		return nil, nil
	}
	yes, err := gate.HeadsKind(tx, actor, people.DeptService)
	if err != nil || !yes {
		return nil, err
	}
	return []domain.Party{domain.PartyHead}, nil
}

// headOfService is who heads the service; nobody if there is none.
func headOfService(app core.App) (records.UserID, error) {
	dept, found, err := records.Departments.First(app, "kind = {:k} AND head <> ''", dbx.Params{"k": people.DeptService}, "id")
	if err != nil || !found {
		return "", err
	}
	return dept.Head(), nil
}
