package phone

import (
	"context"
	"fmt"
	"strings"

	"satchel/domain/numbers"
)

// draft makes an order's draft without lines.
func (s *script) draft(_ context.Context, args []string) error {
	account, err := s.find("accounts", "name", args[0])
	if err != nil {
		return err
	}
	return s.phone.draftOrder(s.phone.NewID(), Row{"account": account.Text("id"), "note": strings.Join(args[1:], " ")})
}

func (s *script) numbers(_ context.Context, args []string) error {
	left, err := s.phone.NumbersLeft(numbers.Order)
	if err == nil && fmt.Sprint(left) != args[0] {
		err = fmt.Errorf("the phone has %d numbers left, not %s", left, args[0])
	}
	return err
}

func (s *script) credit(_ context.Context, args []string) error {
	account, err := s.find("accounts", "name", args[0])
	if err != nil {
		return err
	}
	c, err := s.phone.Credit(account.Text("id"))
	if err == nil && fmt.Sprint(c.FreeFen) != args[1] {
		err = fmt.Errorf("%d may still be ordered, not %s: %+v", c.FreeFen, args[1], c)
	}
	return err
}

func (s *script) waste(context.Context, []string) error {
	no, err := s.phone.Number(numbers.Order)
	if err != nil {
		return err
	}
	return s.phone.DropNumber(no)
}
