package deals

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// contractReview is how contracts are reviewed (H-CON-1): by all the departments
// that the setting names for the type, at once; a rep's by his manager before,
// a major one by the head and the management after. An edit makes all review
// anew (H-CON-2).
func contractReview() kit.Approval {
	return kit.Approval{
		Collection: records.ContractTable,
		States: kit.States{
			Draft: customers.ContractDraft, Submitted: customers.ContractInReview, Approved: customers.ContractApproved,
			Rejected: customers.ContractDraft, Returned: customers.ContractDraft,
		},
		Content: contractContent, EditResets: true, Oversight: "finance",
		Title: func(subject *core.Record) string { return titleOf(records.Contracts.Of(subject)) },
		Route: contractRoute,
		OnSubmit: func(_ context.Context, _ core.App, subject *core.Record) error {
			contract := records.Contracts.Of(subject)
			contract.SetVersion(max(1, contract.Version()))
			return nil
		},
		OnRejected: nextVersion, OnReturned: nextVersion,
	}
}

func titleOf(contract records.Contract) string { return contract.No() + " " + contract.Title() }

func nextVersion(_ context.Context, _ core.App, subject *core.Record) error {
	contract := records.Contracts.Of(subject)
	contract.SetVersion(contract.Version() + 1)
	return nil
}

func contractRoute(tx core.App, subject *core.Record) ([]people.ApprovalStep, error) {
	contract := records.Contracts.Of(subject)
	settings := gate.SettingsNow(tx)
	reviewers, err := settings.ContractReviewers()
	if err != nil {
		return nil, err
	}
	major, err := settings.OpportunityMajorFen()
	if err != nil {
		return nil, err
	}
	owner, found, err := records.Users.Find(tx, contract.Owner())
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, gate.RefuseField(records.ContractColOwner, "record.not_found")
	}
	var steps []people.ApprovalStep
	if owner.Role() == people.RoleRep {
		steps = append(steps, people.ApprovalStep{Key: "manager", By: people.BySuperior})
	}
	steps = append(steps, people.ApprovalStep{Key: "review", By: people.ByDepts, Depts: reviewers[string(contract.Type())]})
	if contract.AmountFen() >= major {
		steps = append(steps, people.ApprovalStep{Key: "head", By: people.ByHead}, people.ApprovalStep{Key: "management", By: people.ByRole, Role: people.RoleExecutive, Any: true})
	}
	return steps, nil
}
