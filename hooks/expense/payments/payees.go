package payments

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// payees are made by finance; the account comes by a change.
func payees() kit.Collection {
	return kit.Collection{
		Name:   records.PayeeTable,
		Server: []string{records.PayeeColBank, records.PayeeColMasked},
		Once:   []string{records.PayeeColKind, records.PayeeColUser, records.PayeeColAccount},
		Audit:  gate.Audit{Fields: []string{records.PayeeColName, records.PayeeColBank, records.PayeeColMasked, records.PayeeColActive}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Payees, "payeeCreate", payeeSaved),
			kit.On(kit.Update, records.Payees, "payeeUpdate", payeeSaved),
		},
	}
}

func payeeSaved(e *kit.Change[records.Payee]) error {
	if err := expense.CheckPayee(string(e.Row.Kind()), string(e.Row.User()), string(e.Row.Account())); err != nil {
		return gate.WrapError(err)
	}
	return e.Next()
}

// payeeAccounts are full numbers; a change makes them.
func payeeAccounts() kit.Collection {
	return kit.Collection{Name: records.PayeeAccountTable, Rules: []kit.Rule{
		{On: kit.Create, Collection: records.PayeeAccountTable, Name: "payeeAccountCreate", Run: gate.OnlyServer},
		{On: kit.Update, Collection: records.PayeeAccountTable, Name: "payeeAccountUpdate", Run: gate.OnlyServer},
	}}
}

func (s *Service) payeeChanges() kit.Collection {
	return kit.Collection{
		Name:     records.PayeeChangeTable,
		Machine:  &expense.PayeeChangeMachine,
		Parties:  kit.Parties(records.PayeeChanges, changeParties),
		Personal: &kit.Personal{Stranger: "payee_change.not_yours"},
		Server:   []string{records.PayeeChangeColMasked, records.PayeeChangeColDecidedBy, records.PayeeChangeColDecidedAt, records.PayeeChangeColComment},
		Audit:    gate.Audit{Fields: []string{records.PayeeChangeColState, records.PayeeChangeColPayee, records.PayeeChangeColMasked, records.PayeeChangeColDecidedBy}, Create: true},
		Open:     kit.Open(records.PayeeChanges, "owner = {:user} AND state = 'asked'"),
		Rules:    []kit.Rule{kit.On(kit.Create, records.PayeeChanges, "payeeChangeCreate", changeAsked)},
	}
}

// changeAsked reads the number, and shows its end to whoever may not read it.
func changeAsked(e *kit.Change[records.PayeeChange]) error {
	number, err := expense.BankNumber(e.Row.Number())
	if err != nil {
		return gate.RefuseField(records.PayeeChangeColNumber, "payee_change.number_invalid")
	}
	author := gate.From(e.RecordEvent).Author()
	if !gate.ByServer(e.RecordEvent) && author != nil && records.Users.Of(author).Role() != people.RoleFinance {
		return gate.Refuse("payee_change.another_of_finance")
	}
	e.Row.SetNumber(number)
	e.Row.SetMasked(expense.MaskedNumber(number))
	return e.Next()
}

// changeParties: who asked, and another of finance, unless he is the payee himself.
func changeParties(ctx context.Context, tx core.App, row records.PayeeChange) ([]domain.Party, error) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return nil, nil
	}
	if author.Id == string(row.Owner()) {
		return []domain.Party{domain.PartyOwner}, nil
	}
	payee, err := records.Payees.Require(tx, row.Payee())
	if err != nil {
		return nil, err
	}
	if records.Users.Of(author).Role() != people.RoleFinance || author.Id == string(payee.User()) {
		return nil, nil
	}
	return []domain.Party{domain.PartyOffice}, nil
}

// said is what somebody says of a decision.
type said struct {
	Reason string `json:"reason"`
}

// confirm makes the account the payee's, in place of the one before.
func (s *Service) confirm(ctx context.Context, tx core.App, row records.PayeeChange, _ kit.None) error {
	payee, err := records.Payees.Require(tx, row.Payee())
	if err != nil {
		return err
	}
	before, found, err := accountOf(tx, payee.ID())
	if err != nil {
		return err
	}
	if found {
		before.SetActive(false)
		if err := gate.SaveChanged(ctx, tx, before.Raw()); err != nil {
			return err
		}
	}
	account, err := records.PayeeAccounts.New(tx)
	if err != nil {
		return err
	}
	account.SetPayee(payee.ID())
	account.SetChange(row.ID())
	account.SetHolder(row.Holder())
	account.SetBank(row.Bank())
	account.SetBankCode(row.BankCode())
	account.SetNumber(row.Number())
	account.SetActive(true)
	if err := gate.SaveChanged(ctx, tx, account.Raw()); err != nil {
		return err
	}
	payee.SetBank(row.Bank())
	payee.SetMasked(row.Masked())
	s.decided(ctx, row, "")
	return gate.SaveChanged(ctx, tx, payee.Raw())
}

func (s *Service) refuse(ctx context.Context, _ core.App, row records.PayeeChange, args said) error {
	s.decided(ctx, row, args.Reason)
	return nil
}

func (s *Service) giveUp(ctx context.Context, _ core.App, row records.PayeeChange, _ kit.None) error {
	s.decided(ctx, row, "")
	return nil
}

func (s *Service) decided(ctx context.Context, row records.PayeeChange, comment string) {
	row.SetDecidedBy(actor(ctx))
	row.SetDecidedAt(s.Now())
	row.SetComment(comment)
}

// accountOf is the account by which a payee is paid.
func accountOf(tx core.App, payee records.PayeeID) (records.PayeeAccount, bool, error) {
	return records.PayeeAccounts.First(tx, "payee = {:p} AND active = TRUE", dbx.Params{"p": payee}, "")
}

// actor is who acts; nobody for our own code.
func actor(ctx context.Context) records.UserID {
	if author := gate.Of(ctx).Author(); author != nil {
		return records.UserID(author.Id)
	}
	return ""
}
