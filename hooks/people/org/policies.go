package org

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func policies() kit.Collection {
	return kit.Collection{
		Name:    records.PolicyDocTable,
		Machine: &people.PolicyMachine,
		Parties: kit.Parties(records.PolicyDocs, func(ctx context.Context, _ core.App, _ records.PolicyDoc) ([]domain.Party, error) {
			if administrates(gate.Of(ctx).User) {
				return []domain.Party{domain.PartyOffice}, nil
			}
			return nil, nil
		}),
		Server: []string{records.PolicyDocColSHA256, records.PolicyDocColPublishedAt, records.PolicyDocColAckDue, records.PolicyDocColRemindedAt},
		Audit:  gate.Audit{Fields: []string{records.PolicyDocColState, records.PolicyDocColVersion, records.PolicyDocColSHA256}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Update, records.PolicyDocs, "policyUpdate", policyUpdate),
			kit.On(kit.Delete, records.PolicyDocs, "policyDelete", policyDelete),
		},
	}
}

// policyUpdate keeps the text of what was published.
func policyUpdate(e *kit.Change[records.PolicyDoc]) error {
	_, changed := gate.Difference(e.Record, []string{
		records.PolicyDocColCode, records.PolicyDocColName, records.PolicyDocColVersion, records.PolicyDocColSummary,
		records.PolicyDocColEffectiveFrom, records.PolicyDocColFile,
	})
	if !gate.ByServer(e.RecordEvent) && e.Row.State() != people.PolicyDraft && len(changed) > 0 {
		return gate.Refuse("policy.locked")
	}
	return e.Next()
}

func policyDelete(e *kit.Change[records.PolicyDoc]) error {
	if e.Row.State() != people.PolicyDraft {
		return gate.Refuse("policy.locked")
	}
	return e.Next()
}

// publish puts a version in force: policy.empty. Versions of the same code before
// it are withdrawn, and everybody is asked to read it.
func (s service) publish(ctx context.Context, tx core.App, doc records.PolicyDoc, _ kit.None) error {
	sum, err := fileSum(tx, doc)
	if err != nil {
		return err
	}
	if sum == "" && strings.TrimSpace(doc.Summary()) == "" {
		return gate.Refuse("policy.empty")
	}
	days, err := gate.SettingsNow(tx).PolicyAckDays()
	if err != nil {
		return err
	}
	former, err := records.PolicyDocs.All(tx, "code = {:c} AND state = 'published'", dbx.Params{"c": doc.Code()}, "")
	if err != nil {
		return err
	}
	for _, f := range former {
		f.SetState(people.PolicyWithdrawn)
		if err := tx.SaveWithContext(gate.AsServer(ctx), f.Raw()); err != nil {
			return err
		}
	}
	doc.SetSHA256(sum)
	doc.SetPublishedAt(s.now())
	doc.SetAckDue(domain.AddDays(max(doc.EffectiveFrom(), domain.BusinessDay(s.now())), days))
	return tellReaders(ctx, tx, doc, "policy.published", s.now())
}

// withdrawPolicy takes a version out of force.
func withdrawPolicy(context.Context, core.App, records.PolicyDoc, kit.None) error { return nil }

// fileSum is the SHA-256 of the document's file; empty without one.
func fileSum(app core.App, doc records.PolicyDoc) (sum string, err error) {
	if doc.File() == "" {
		return "", nil
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return "", fmt.Errorf("open the files: %w", err)
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	file, err := files.GetReader(doc.Raw().BaseFilesPath() + "/" + doc.File())
	if err != nil {
		return "", fmt.Errorf("open a document: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", fmt.Errorf("read a document: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
