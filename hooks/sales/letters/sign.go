package letters

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// signArgs are a signature as a phone took it.
type signArgs struct {
	SHA256    string                `json:"sha256"`    // of what was shown
	Signature records.BlobID        `json:"signature"` // as it was drawn; its bytes may come later
	At        time.Time             `json:"at"`
	Clock     *domain.ClockEvidence `json:"clock"`
}

// sign is the subject's signature.
func (s service) sign(ctx context.Context, tx core.App, letter records.TargetLetter, args signArgs) error {
	reading, err := s.accept(ctx, tx, letter, sales.LetterSign, args)
	if err != nil {
		return err
	}
	letter.SetSignedAt(reading.At)
	letter.SetSignedClock(reading.Grade)
	letter.SetSignedDevice(gate.Of(ctx).Device)
	letter.SetSignedSHA256(args.SHA256)
	letter.SetSignedBlob(args.Signature)
	return s.signed(ctx, tx, letter, letter.Superior(), "letter.signed")
}

// countersign is that of who leads him.
func (s service) countersign(ctx context.Context, tx core.App, letter records.TargetLetter, args signArgs) error {
	reading, err := s.accept(ctx, tx, letter, sales.LetterCountersign, args)
	if err != nil {
		return err
	}
	letter.SetCountersignedAt(reading.At)
	letter.SetCountersignedClock(reading.Grade)
	letter.SetCountersignedDevice(gate.Of(ctx).Device)
	letter.SetCountersignedSHA256(args.SHA256)
	letter.SetCountersignedBlob(args.Signature)
	return s.signed(ctx, tx, letter, letter.Subject(), "letter.countersigned")
}

// accept judges a signature, and says when it was given: never before the letter was sent.
func (s service) accept(ctx context.Context, tx core.App, letter records.TargetLetter, action string, args signArgs) (reading domain.ClockReading, err error) {
	by, err := parties(ctx, tx, letter)
	if err != nil {
		return reading, err
	}
	versions, err := versionsOf(tx, letter.Subject(), letter.Year())
	if err != nil {
		return reading, err
	}
	judged := sales.CheckLetterSignature(versions, versionOf(letter), action, args.SHA256)
	if side := map[string]domain.Party{sales.LetterSign: domain.PartyOwner, sales.LetterCountersign: domain.PartySuperior}[action]; judged != nil && len(by) > 0 && by[0] == side {
		return reading, gate.WrapError(judged)
	}
	if _, err := s.letters().Take(ctx, tx, letter.Raw(), action, nil); err != nil {
		return reading, err
	}
	if _, _, err := leads(tx, letter); err != nil {
		return reading, err
	}
	content, err := stated(letter)
	if err != nil {
		return reading, err
	}
	now, err := inForce(tx, letter.Subject(), letter.Year())
	if err != nil {
		return reading, err
	}
	if !content.SameTargets(now) {
		return reading, gate.Refuse(sales.LetterTargetsMoved)
	}
	blob, found, err := records.Blobs.Find(tx, args.Signature)
	if err != nil {
		return reading, err
	}
	if !found || blob.Purpose() != evidence.BlobSignature || string(blob.Owner()) != gate.Of(ctx).User.Id {
		return reading, gate.RefuseField("signature", "letter.signature_required")
	}
	reading, err = s.ReadStep(ctx, tx, args.At, args.Clock)
	if err == nil && reading.At.Before(letter.SentAt()) {
		reading.At = letter.SentAt()
	}
	return reading, err
}

// signed puts a letter in force once both have signed, and tells the other one.
func (s service) signed(ctx context.Context, tx core.App, letter records.TargetLetter, other records.UserID, kind string) error {
	state := sales.LetterAfter(!letter.SignedAt().IsZero(), !letter.CountersignedAt().IsZero())
	letter.SetState(records.TargetLetterState(state))
	if state != sales.LetterEffective {
		return s.tell(ctx, tx, other, kind, letter, map[string]any{"name": records.Users.Of(gate.Of(ctx).User).Name()})
	}
	letter.SetEffectiveAt(s.Now())
	versions, err := versionsOf(tx, letter.Subject(), letter.Year())
	if err != nil {
		return err
	}
	if err := s.end(ctx, tx, sales.LetterReplaced(versions, versionOf(letter))); err != nil {
		return err
	}
	subject, err := records.Users.Require(tx, letter.Subject())
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, other, "letter.effective", letter, map[string]any{"name": subject.Name()})
}

// because is why a letter is void: letter.reason_required.
type because struct {
	Reason string `json:"reason"`
}

// void takes a letter back.
func (s service) void(ctx context.Context, tx core.App, letter records.TargetLetter, args because) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("letter.reason_required")
	}
	letter.SetReason(args.Reason)
	letter.SetEndedAt(s.Now())
	if letter.SentAt().IsZero() {
		return nil
	}
	return s.tell(ctx, tx, letter.Subject(), "letter.void", letter, map[string]any{"reason": args.Reason})
}

// tell tells somebody of a letter.
func (s service) tell(ctx context.Context, tx core.App, whom records.UserID, kind string, letter records.TargetLetter, more map[string]any) error {
	params := map[string]any{"year": letter.Year(), "version": letter.Version()}
	for name, value := range more {
		params[name] = value
	}
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{User: string(whom), Kind: kind, Params: params, Link: records.TargetLetterTable + "/" + string(letter.ID())})
}
