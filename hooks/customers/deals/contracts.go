package deals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// contractContent is what reviewers put their names to.
var contractContent = []string{
	records.ContractColNo, records.ContractColType, records.ContractColTitle, records.ContractColAmountFen,
	records.ContractColStartDate, records.ContractColEndDate, records.ContractColTerms, records.ContractColNegotiation,
	records.ContractColDraft, records.ContractColAccount,
}

func contracts() kit.Collection {
	return kit.Collection{
		Name:    records.ContractTable,
		Machine: &customers.ContractMachine,
		Parties: kit.Parties(records.Contracts, func(ctx context.Context, tx core.App, contract records.Contract) ([]domain.Party, error) {
			return parties(ctx, tx, contract.Account())
		}),
		Hung: true,
		Server: []string{
			records.ContractColVersion, records.ContractColEffectiveAt, records.ContractColEndedAt, records.ContractColEndReason,
			records.ContractColRenewedBy, records.ContractColRenewalToldAt,
		},
		Audit: gate.Audit{
			Fields: []string{records.ContractColState, records.ContractColAmountFen, records.ContractColEndDate, records.ContractColSignedSHA256}, Create: true,
		},
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Contracts, "contractCreate", contractSaved),
			kit.On(kit.Update, records.Contracts, "contractUpdate", contractSaved),
		},
	}
}

// contractSaved checks dates and amount, and takes the signed file with its hash
// once the review is over (H-CON-3).
func contractSaved(e *kit.Change[records.Contract]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if author := gate.From(e.RecordEvent).Author(); author != nil && e.Row.IsNew() {
		if e.Row.Owner() == "" {
			e.Row.SetOwner(records.UserID(author.Id))
		}
		if string(e.Row.Owner()) != author.Id { // who decides follows from the owner
			return gate.RefuseField(records.ContractColOwner, "field.locked")
		}
	}
	switch start, end := e.Row.StartDate(), e.Row.EndDate(); {
	case !domain.IsDay(start) || !domain.IsDay(end) || end < start:
		return gate.RefuseField(records.ContractColEndDate, "contract.dates_invalid")
	case e.Row.AmountFen() < 0:
		return gate.RefuseField(records.ContractColAmountFen, "contract.amount_invalid")
	}
	if state := e.Before().State(); !e.Row.IsNew() && state != customers.ContractDraft && state != customers.ContractInReview {
		if changed, _ := gate.Difference(e.Row.Raw(), contractContent); len(changed) > 0 {
			return gate.Refuse("contract.locked", "from", string(state))
		}
	}
	if err := takeSigned(e); err != nil {
		return err
	}
	return e.Next()
}

// takeSigned computes the hash of a new signed file, and compares it with the
// one that came along.
func takeSigned(e *kit.Change[records.Contract]) error {
	files := e.Row.Attached(records.ContractColSigned)
	if len(files) == 0 {
		return gate.LockFields(e.RecordEvent, records.ContractColSigned, records.ContractColSignedSHA256)
	}
	before := e.Before()
	if state := before.State(); state != customers.ContractApproved && state != customers.ContractSigning {
		return gate.Refuse("contract.state", "from", string(state), "action", "upload")
	}
	reader, err := files[0].Reader.Open()
	if err != nil {
		return fmt.Errorf("open the signed file: %w", err)
	}
	defer func() { _ = reader.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, reader); err != nil {
		return fmt.Errorf("read the signed file: %w", err)
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	if given := e.Row.SignedSHA256(); given != "" && given != before.SignedSHA256() && given != hash {
		return gate.RefuseField(records.ContractColSignedSHA256, "contract.hash_mismatch")
	}
	e.Row.SetSignedSHA256(hash)
	return nil
}

// contractArgs: renew names the contract that follows, terminate its reason.
type contractArgs struct {
	Reason string             `json:"reason"`
	Next   records.ContractID `json:"next"`
}

// contractStep is a step whose guards know what comes with it.
func contractStep(verb string, run func(context.Context, core.App, records.Contract, contractArgs) error) kit.Action {
	return kit.Guarded(records.Contracts, kit.Do(records.Contracts, verb, run),
		func(ctx context.Context, _ core.App, contract records.Contract) (func(string) bool, error) {
			var args contractArgs
			if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil {
				return nil, err
			}
			return customers.ContractFacts{Signed: contract.Signed() != "", Reason: args.Reason}.Holds, nil
		})
}

func contractMoved(context.Context, core.App, records.Contract, contractArgs) error { return nil }

func (d desk) signed(_ context.Context, _ core.App, contract records.Contract, _ contractArgs) error {
	contract.SetEffectiveAt(d.now())
	return nil
}

func (d desk) terminated(_ context.Context, _ core.App, contract records.Contract, args contractArgs) error {
	contract.SetEndedAt(d.now())
	contract.SetEndReason(args.Reason)
	return nil
}

// renewed links the contract of the same account that follows.
func renewed(_ context.Context, tx core.App, contract records.Contract, args contractArgs) error {
	next, found, err := records.Contracts.Find(tx, args.Next)
	if err != nil {
		return err
	}
	if !found || next.Account() != contract.Account() || next.ID() == contract.ID() {
		return gate.RefuseField("next", "record.not_found")
	}
	contract.SetRenewedBy(next.ID())
	return nil
}
