package cases

import (
	"cmp"
	"context"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// attribution says whose fault an issue was, and which colleague answers for one
// of our own.
type attribution struct {
	Fault       string         `json:"fault"`
	Responsible records.UserID `json:"responsible"`
	Note        string         `json:"note"`
}

// attribute decides who was at fault. Another decision later says why, and is nobody's
// who was found responsible himself: customer_issue.reason_required, customer_issue.own_fault.
func (a actions) attribute(ctx context.Context, tx core.App, issue records.Case, args attribution) error {
	if err := customers.CheckFault(args.Fault, string(args.Responsible)); err != nil {
		return gate.WrapError(err)
	}
	if args.Responsible != "" {
		_, found, err := records.Users.Find(tx, args.Responsible)
		if err != nil {
			return err
		}
		if !found {
			return gate.RefuseField(records.CaseColResponsible, "record.not_found")
		}
	}
	if issue.Fault() != "" && strings.TrimSpace(args.Note) == "" {
		return gate.Refuse("customer_issue.reason_required")
	}
	former, author := issue.Responsible(), records.UserID(gate.Of(ctx).User.Id)
	if former == author && args.Responsible != former {
		return gate.Refuse("customer_issue.own_fault")
	}
	issue.SetFault(records.CaseFault(args.Fault))
	issue.SetResponsible(args.Responsible)
	issue.SetResponsibleBy(author)
	issue.SetResponsibleAt(a.now())
	issue.SetResponsibleNote(args.Note)
	letRead(issue, []records.UserID{args.Responsible})
	if err := a.log(ctx, tx, issue, customers.CaseAttribute, cmp.Or(args.Note, args.Fault)); err != nil {
		return err
	}
	if former == args.Responsible {
		return nil
	}
	account, err := records.Accounts.Require(tx, issue.Account())
	if err != nil {
		return err
	}
	return gate.Notify(ctx, tx, a.now(),
		gate.Notice{User: string(args.Responsible), Kind: "issue.attributed", Link: linkOf(issue), Params: params(issue, account)},
		gate.Notice{User: string(former), Kind: "issue.relieved", Link: linkOf(issue), Params: params(issue, account)})
}
