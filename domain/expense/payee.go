package expense

import (
	"strings"

	"satchel/domain"
)

// Kinds of payees.
const (
	PayeeEmployee = "employee"
	PayeeSupplier = "supplier"
	PayeeCustomer = "customer"
)

// States of a change of a payee's account.
const (
	PayeeChangeAsked     = "asked"
	PayeeChangeConfirmed = "confirmed"
	PayeeChangeRefused   = "refused"
	PayeeChangeCancelled = "cancelled"
)

// Steps with a change of a payee's account.
const (
	PayeeChangeConfirm = "confirm"
	PayeeChangeRefuse  = "refuse"
	PayeeChangeCancel  = "cancel"
)

// PayeeChangeMachine is the life of a change of a payee's account: one of finance asks,
// another confirms (R7.5). What was asked stays as it is.
var PayeeChangeMachine = domain.Machine{
	Collection: "payee_changes",
	States:     []string{PayeeChangeAsked, PayeeChangeConfirmed, PayeeChangeRefused, PayeeChangeCancelled},
	Open:       []string{},
	Refusal:    "payee_change.state",
	Locked:     "payee_change.locked",
	Steps: []domain.Step{
		{
			Action: PayeeChangeConfirm, From: []string{PayeeChangeAsked}, To: []string{PayeeChangeConfirmed}, By: []domain.Party{domain.PartyOffice},
			Stranger: "payee_change.another_of_finance", Leads: []string{"the payee is paid by this account"},
		},
		{
			Action: PayeeChangeRefuse, From: []string{PayeeChangeAsked}, To: []string{PayeeChangeRefused}, By: []domain.Party{domain.PartyOffice},
			Stranger: "payee_change.another_of_finance",
		},
		{Action: PayeeChangeCancel, From: []string{PayeeChangeAsked}, To: []string{PayeeChangeCancelled}, By: []domain.Party{domain.PartyOwner}, Stranger: "payee_change.not_yours"},
	},
}

// BankNumber reads the number of a bank account as it is typed. Problem
// payee_change.number_invalid, which does not repeat it.
func BankNumber(typed string) (string, error) {
	number := strings.NewReplacer(" ", "", "-", "").Replace(NormalText(typed))
	if !digits(number) || len(number) < 8 || len(number) > 32 {
		return "", domain.Problem{Code: "payee_change.number_invalid"}
	}
	return number, nil
}

// MaskedNumber is what others read of the number of a bank account.
func MaskedNumber(number string) string {
	return "****" + number[max(0, len(number)-4):]
}

// CheckPayee judges a payee by itself: an employee's names the person, a customer's the
// account, a supplier's neither. Problem payee.whose.
func CheckPayee(kind, user, account string) error {
	if (kind == PayeeEmployee) != (user != "") || (kind == PayeeCustomer) != (account != "") {
		return domain.Problem{Code: "payee.whose"}
	}
	return nil
}
