package deals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// contractKind is how contracts are reviewed (H-CON-1): by all the departments
// that the setting names for the type, at once; a rep's by his manager before,
// a major one by the head and the management after. An edit makes all review
// anew (H-CON-2).
func contractKind() kit.Approval {
	return kit.Approval{
		Collection: contracts,
		States: kit.States{
			Draft: domain.ContractDraft, Submitted: domain.ContractInReview, Approved: domain.ContractApproved,
			Rejected: domain.ContractDraft, Returned: domain.ContractDraft,
		},
		Content: contractContent, EditResets: true, Oversight: "finance",
		Title: titleOf,
		Route: contractRoute,
		OnSubmit: func(_ context.Context, _ core.App, contract *core.Record) error {
			setVersion(contract, max(1, versionOf(contract)))
			return nil
		},
		OnRejected: nextVersion, OnReturned: nextVersion,
	}
}

func nextVersion(_ context.Context, _ core.App, contract *core.Record) error {
	setVersion(contract, versionOf(contract)+1)
	return nil
}

func contractRoute(txApp core.App, contract *core.Record) ([]domain.ApprovalStep, error) {
	settings := gate.SettingsNow(txApp)
	reviewers := map[string][]string{}
	if err := settings.Decode("contract.reviewers", &reviewers); err != nil {
		return nil, err
	}
	major, err := settings.Whole("opportunity.major_fen")
	if err != nil {
		return nil, err
	}
	owner, err := txApp.FindRecordById(gate.Users, ownerOf(contract))
	if err != nil {
		return nil, gate.RefuseField("owner", "record.not_found")
	}
	var steps []domain.ApprovalStep
	if roleOf(owner) == "rep" {
		steps = append(steps, domain.ApprovalStep{Key: "manager", By: domain.BySuperior})
	}
	steps = append(steps, domain.ApprovalStep{Key: "review", By: domain.ByDepts, Depts: reviewers[typeOf(contract)]})
	if amountOf(contract) >= major {
		steps = append(steps, domain.ApprovalStep{Key: "head", By: domain.ByHead}, domain.ApprovalStep{Key: "management", By: domain.ByRole, Role: "executive", Any: true})
	}
	return steps, nil
}

// contractSaved checks dates and amount, keeps what actions write, and takes the
// signed file with its hash once the review is over (H-CON-3).
func contractSaved(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, contractFilled...); err != nil {
		return err
	}
	if e.Record.IsNew() {
		author := gate.From(e).Author()
		setOwner(e.Record, author)
		if author != nil && ownerOf(e.Record) != author.Id { // who decides follows from the owner
			return gate.RefuseField("owner", "field.locked")
		}
	}
	switch start, end := datesOf(e.Record); {
	case !domain.IsDay(start) || !domain.IsDay(end) || end < start:
		return gate.RefuseField("end_date", "contract.dates_invalid")
	case amountOf(e.Record) < 0:
		return gate.RefuseField("amount_fen", "contract.amount_invalid")
	}
	if state := stateOf(e.Record.Original()); !e.Record.IsNew() && state != domain.ContractDraft && state != domain.ContractInReview {
		if fixed := changedOf(e.Record, contractContent); fixed != "" {
			return gate.Refuse("contract.locked", "from", state)
		}
	}
	if err := takeSigned(e); err != nil {
		return err
	}
	return e.Next()
}

// takeSigned computes the hash of a new signed file, and compares it with the
// one that came along.
func takeSigned(e *core.RecordEvent) error {
	files := e.Record.GetUnsavedFiles("signed")
	if len(files) == 0 {
		return gate.LockFields(e, "signed", "signed_sha256")
	}
	if state := stateOf(e.Record.Original()); state != domain.ContractApproved && state != domain.ContractSigning {
		return gate.Refuse("contract.state", "from", state, "action", "upload")
	}
	reader, err := files[0].Reader.Open()
	if err != nil {
		return fmt.Errorf("failed to open the signed file: %w", err)
	}
	defer func() { _ = reader.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, reader); err != nil {
		return fmt.Errorf("failed to read the signed file: %w", err)
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	if given := e.Record.GetString("signed_sha256"); given != "" && given != e.Record.Original().GetString("signed_sha256") && given != hash {
		return gate.RefuseField("signed_sha256", "contract.hash_mismatch")
	}
	e.Record.Set("signed_sha256", hash)
	return nil
}

// contractArgs: renew names the contract that follows, terminate its reason.
type contractArgs struct {
	Reason string `json:"reason"`
	Next   string `json:"next"`
}

func (a actions) contractStep(step string) gate.Action {
	return func(ctx context.Context, txApp core.App, contract *core.Record, raw jsontext.Value) error {
		if _, err := gate.MustBeInLine(txApp, gate.Of(ctx).User, contract); err != nil {
			return gate.Refuse("contract.not_line")
		}
		var args contractArgs
		if err := gate.Args(raw, &args); err != nil {
			return err
		}
		next, err := domain.ContractMove(stateOf(contract), step)
		if err != nil {
			return gate.WrapError(err)
		}
		switch step {
		case domain.ContractSign:
			if signedOf(contract) == "" {
				return gate.Refuse("contract.file_required")
			}
			contract.Set("effective_at", a.now())
		case domain.ContractTerminate:
			if strings.TrimSpace(args.Reason) == "" {
				return gate.Refuse("contract.reason_required")
			}
			setEnd(contract, a.now(), args.Reason)
		case domain.ContractRenew:
			follower, err := txApp.FindRecordById(contracts, args.Next)
			if err != nil || accountOf(follower) != accountOf(contract) || follower.Id == contract.Id {
				return gate.RefuseField("next", "record.not_found")
			}
			contract.Set("renewed_by", follower.Id)
		}
		setState(contract, next)
		return txApp.SaveWithContext(gate.AsServer(ctx), contract)
	}
}
