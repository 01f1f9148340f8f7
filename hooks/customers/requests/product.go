package requests

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) product() kit.Collection {
	return kit.Collection{
		Name:    records.ProductRequestTable,
		Machine: &customers.ProductMachine,
		Parties: kit.Parties(records.ProductRequests, func(ctx context.Context, app core.App, row records.ProductRequest) ([]domain.Party, error) {
			return parties(ctx, app, row.Owner(), row.ToDept())
		}),
		Personal: &kit.Personal{Stranger: "request.not_party"},
		Server: []string{
			records.ProductRequestColSource, records.ProductRequestColVersionPromised, records.ProductRequestColPromisedOn, records.ProductRequestColOverdue,
			records.ProductRequestColHandledBy, records.ProductRequestColAnswer, records.ProductRequestColRank, records.ProductRequestColAsking,
			records.ProductRequestColToldAt, records.ProductRequestColToldNote, records.ProductRequestColTold,
		},
		Once: []string{records.ProductRequestColToDept},
		Audit: gate.Audit{Fields: []string{
			records.ProductRequestColState, records.ProductRequestColPriority, records.ProductRequestColVersionPromised, records.ProductRequestColPromisedOn,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ProductRequests, "productRequestCreate", s.productCreate),
			kit.On(kit.Update, records.ProductRequests, "productRequestUpdate", s.productUpdate),
		},
	}
}

// values are the accounts' sales behind product requests; they go with their account.
func values() kit.Collection {
	return kit.Collection{
		Name: records.ProductRequestValueTable,
		Server: []string{
			records.ProductRequestValueColRequest, records.ProductRequestValueColAccount, records.ProductRequestValueColDept,
			records.ProductRequestValueColRevenueFen, records.ProductRequestValueColAsOf,
		},
		Follows: kit.Always,
	}
}

func productLink(row records.ProductRequest) string {
	return records.ProductRequestTable + "/" + string(row.ID())
}

// productCreate asks the department that makes the goods, unless another is named.
func (s service) productCreate(e *kit.Change[records.ProductRequest]) error {
	if !gate.ByServer(e.RecordEvent) && e.Row.ToDept() == "" {
		makers, err := departments(e.App, "product")
		if err != nil {
			return err
		}
		if len(makers) == 0 {
			return gate.RefuseField(records.ProductRequestColToDept, "request.department")
		}
		e.Row.SetToDept(makers[0])
	}
	if err := s.weighed(e); err != nil {
		return err
	}
	return s.tell(e.Context, e.App, e.Row.ToDept(), "request.new", e.Row.Need(), productLink(e.Row))
}

// productUpdate lets the owner reword a request that nobody has taken up.
func (s service) productUpdate(e *kit.Change[records.ProductRequest]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if state := e.Row.State(); state != customers.ProductNew {
		return gate.Refuse("request.state", "from", string(state), "action", "edit")
	}
	return s.weighed(e)
}

// handle signs a step of the department's, and tells who asked.
func (s service) handle(ctx context.Context, tx core.App, row records.ProductRequest, _ stepArgs) error {
	row.SetHandledBy(records.UserID(gate.Of(ctx).Author().Id))
	return s.tellUser(ctx, tx, row.Owner(), "request.answered", row.Need(), productLink(row))
}

// decline says why it will not be: request.reason_required.
func (s service) decline(ctx context.Context, tx core.App, row records.ProductRequest, args stepArgs) error {
	if blank(args.Reason) {
		return gate.Refuse("request.reason_required")
	}
	row.SetAnswer(args.Reason)
	return s.handle(ctx, tx, row, args)
}
