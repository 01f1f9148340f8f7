package org

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) acks() kit.Collection {
	return kit.Collection{
		Name: records.PolicyAckTable,
		Keep: &gate.Keep{Log: true}, // who read a policy has read it
		Rules: []kit.Rule{
			kit.On(kit.Create, records.PolicyAcks, "ackCreate", s.ackCreate),
			kit.On(kit.Update, records.PolicyAcks, "ackUpdate", ackUpdate),
			kit.On(kit.Delete, records.PolicyAcks, "ackDelete", func(*kit.Change[records.PolicyAck]) error { return gate.Refuse("policy.kept") }),
		},
	}
}

// ackCreate notes that somebody has read a version: himself, once.
func (s service) ackCreate(e *kit.Change[records.PolicyAck]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	err := gate.LockFields(e.RecordEvent, records.PolicyAckColManager, records.PolicyAckColDept, records.PolicyAckColVersion, records.PolicyAckColAckAt)
	if err != nil {
		return err
	}
	doc, found, err := records.PolicyDocs.Find(e.App, e.Row.Doc())
	if err != nil {
		return err
	}
	if !found || doc.State() == people.PolicyDraft {
		return gate.RefuseField(records.PolicyAckColDoc, "policy.not_published")
	}
	if author := gate.From(e.RecordEvent).Author(); author != nil && author.Id != string(e.Row.User()) {
		return gate.Refuse("record.not_allowed")
	}
	reader, found, err := records.Users.Find(e.App, e.Row.User())
	if err != nil {
		return err
	}
	if !found {
		return e.Next() // the relation's own validation refuses it
	}
	before, err := records.PolicyAcks.Count(e.App, "doc = {:d} AND user = {:u}", dbx.Params{"d": doc.ID(), "u": reader.ID()})
	if err != nil {
		return err
	}
	if before > 0 {
		return gate.Refuse("policy.acked")
	}
	setLine(e.Row, reader)
	e.Row.SetVersion(doc.Version())
	e.Row.SetAckAt(s.now())
	return e.Next()
}

func ackUpdate(e *kit.Change[records.PolicyAck]) error {
	if !gate.ByServer(e.RecordEvent) {
		return gate.Refuse("policy.kept")
	}
	return e.Next()
}

// remindReaders tells once whoever has not read a document in time.
func (s service) remindReaders(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		docs, err := records.PolicyDocs.All(tx, "state = 'published' AND ack_due < {:today} AND ack_due <> ''", dbx.Params{"today": domain.BusinessDay(now)}, "id")
		if err != nil {
			return fmt.Errorf("find documents that are to be read: %w", err)
		}
		for _, doc := range docs {
			if err := tellReaders(ctx, tx, doc, "policy.unread", now); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellReaders tells those who have not acknowledged a document, once.
func tellReaders(ctx context.Context, tx core.App, doc records.PolicyDoc, kind string, now time.Time) error {
	link := records.PolicyDocTable + "/" + string(doc.ID())
	readers, err := records.Users.All(tx, `active = TRUE AND NOT EXISTS (SELECT 1 FROM policy_acks a WHERE a.doc = {:doc} AND a.user = users.id)
		AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.user = users.id AND n.kind = {:kind} AND n.link = {:link})`,
		dbx.Params{"doc": doc.ID(), "kind": kind, "link": link}, "id")
	if err != nil {
		return fmt.Errorf("find readers: %w", err)
	}
	for _, reader := range readers {
		n := gate.Notice{User: string(reader.ID()), Kind: kind, Link: link, Params: map[string]any{"name": doc.Name(), "version": doc.Version()}}
		if err := gate.Notify(ctx, tx, now, n); err != nil {
			return err
		}
	}
	return nil
}
