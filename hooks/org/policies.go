package org

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// States of a policy document. A version that is published stays as it is.
const (
	policyDraft     = "draft"
	policyPublished = "published"
	policyWithdrawn = "withdrawn"
)

func policySaved(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, policyDraft)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if e.Record.IsNew() && stateOf(e.Record) != policyDraft {
		return gate.RefuseField(fieldState, "field.locked")
	}
	locked := policyFilled
	if e.Record.IsNew() {
		locked = policyFilled[1:]
	}
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	if _, changed := gate.Difference(e.Record, policyText); !e.Record.IsNew() && stateOf(e.Record) != policyDraft && len(changed) > 0 {
		return gate.Refuse("policy.locked")
	}
	return e.Next()
}

func policyDelete(e *core.RecordEvent) error {
	if stateOf(e.Record) != policyDraft {
		return gate.Refuse("policy.locked")
	}
	return e.Next()
}

// publish takes no args: an administrator puts a version in force. Versions of
// the same code before it are withdrawn, and everybody is asked to read it.
func (s *service) publish(ctx context.Context, txApp core.App, doc *core.Record, raw jsontext.Value) error {
	if err := s.stepOfPolicy(ctx, doc, raw, policyDraft, "publish"); err != nil {
		return err
	}
	sum, err := fileSum(txApp, doc)
	if err != nil {
		return err
	}
	if sum == "" && strings.TrimSpace(doc.GetString("summary")) == "" {
		return gate.Refuse("policy.empty")
	}
	days, err := gate.SettingsNow(txApp).Whole("policy.ack_days")
	if err != nil {
		return err
	}
	former, err := txApp.FindAllRecords(policies, dbx.HashExp{"code": doc.GetString("code"), fieldState: policyPublished})
	if err != nil {
		return fmt.Errorf("failed to find the former version: %w", err)
	}
	for _, f := range former {
		setState(f, policyWithdrawn)
		if err := txApp.SaveWithContext(gate.AsServer(ctx), f); err != nil {
			return err
		}
	}
	setState(doc, policyPublished)
	doc.Set("sha256", sum)
	doc.Set("published_at", s.now())
	doc.Set("ack_due", domain.AddDays(max(doc.GetString("effective_from"), domain.BusinessDay(s.now())), days))
	if err := txApp.SaveWithContext(gate.AsServer(ctx), doc); err != nil {
		return err
	}
	return s.tellReaders(ctx, txApp, doc, "policy.published", s.now())
}

// withdrawPolicy takes no args.
func (s *service) withdrawPolicy(ctx context.Context, txApp core.App, doc *core.Record, raw jsontext.Value) error {
	if err := s.stepOfPolicy(ctx, doc, raw, policyPublished, "withdraw"); err != nil {
		return err
	}
	setState(doc, policyWithdrawn)
	return txApp.SaveWithContext(gate.AsServer(ctx), doc)
}

func (s *service) stepOfPolicy(ctx context.Context, doc *core.Record, raw jsontext.Value, from, step string) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if actor := gate.Of(ctx).User; actor == nil || roleOf(actor) != domain.RoleAdmin {
		return gate.Refuse("record.not_allowed")
	}
	if stateOf(doc) != from {
		return gate.Refuse("policy.state", "from", stateOf(doc), "action", step)
	}
	return nil
}

// fileSum is the SHA-256 of the document's file; empty without one.
func fileSum(app core.App, doc *core.Record) (sum string, err error) {
	name := doc.GetString("file")
	if name == "" {
		return "", nil
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return "", fmt.Errorf("failed to open the files: %w", err)
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	file, err := files.GetReader(doc.BaseFilesPath() + "/" + name)
	if err != nil {
		return "", fmt.Errorf("failed to open a document: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", fmt.Errorf("failed to read a document: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// ackCreate notes that somebody has read a version: himself, once.
func (s *service) ackCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, "manager", fieldDept, "version", "ack_at"); err != nil {
		return err
	}
	doc, err := e.App.FindRecordById(policies, e.Record.GetString("doc"))
	if err != nil || stateOf(doc) == policyDraft {
		return gate.RefuseField("doc", "policy.not_published")
	}
	reader := e.Record.GetString("user")
	if actor := gate.From(e).Author(); actor != nil && actor.Id != reader {
		return gate.Refuse("record.not_allowed")
	}
	user, err := e.App.FindRecordById(gate.Users, reader)
	if err != nil {
		return e.Next() // the relation's own validation refuses it
	}
	before, err := e.App.CountRecords(acks, dbx.HashExp{"doc": doc.Id, "user": reader})
	if err != nil {
		return fmt.Errorf("failed to look for an acknowledgement: %w", err)
	}
	if before > 0 {
		return gate.Refuse("policy.acked")
	}
	setLine(e.Record, user)
	e.Record.Set("version", doc.GetString("version"))
	e.Record.Set("ack_at", s.now())
	return e.Next()
}

// remindReaders tells once whoever has not read a document in time.
func (s *service) remindReaders(app core.App, now time.Time) error {
	return app.RunInTransaction(func(txApp core.App) error {
		docs, err := txApp.FindRecordsByFilter(policies, "state = 'published' && ack_due < {:today} && ack_due != ''", "id", 0, 0,
			dbx.Params{"today": domain.BusinessDay(now)})
		if err != nil {
			return fmt.Errorf("failed to read documents: %w", err)
		}
		for _, doc := range docs {
			if err := s.tellReaders(context.Background(), txApp, doc, "policy.unread", now); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellReaders tells those who have not acknowledged a document, once.
func (s *service) tellReaders(ctx context.Context, txApp core.App, doc *core.Record, kind string, now time.Time) error {
	var users []string
	err := txApp.DB().NewQuery(`SELECT id FROM users u WHERE active AND NOT EXISTS (SELECT 1 FROM policy_acks a WHERE a.doc = {:doc} AND a.user = u.id)
		AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.user = u.id AND n.kind = {:kind} AND n.link = {:link}) ORDER BY id`).
		Bind(dbx.Params{"doc": doc.Id, "kind": kind, "link": policies + "/" + doc.Id}).Column(&users)
	if err != nil {
		return fmt.Errorf("failed to find readers: %w", err)
	}
	for _, u := range users {
		n := gate.Notice{User: u, Kind: kind, Link: policies + "/" + doc.Id, Params: map[string]any{"name": nameOf(doc), "version": doc.GetString("version")}}
		if err := gate.Notify(ctx, txApp, now, n); err != nil {
			return err
		}
	}
	return nil
}
