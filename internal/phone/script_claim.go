package phone

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"satchel/domain"
)

// claim drafts a claim, with the next number that the phone has.
func (s *script) claim(_ context.Context, args []string) error {
	row, err := s.fields(args[1:])
	if err != nil {
		return err
	}
	row["title"] = args[0]
	_, err = s.phone.NewClaim(row)
	return err
}

// receipt photographs a paper.
func (s *script) receipt(_ context.Context, args []string) error {
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	told, err := s.fields(args[1:])
	if err != nil {
		return err
	}
	_, err = s.phone.AddReceipt(data, told)
	return err
}

// check fails unless the phone finds just these codes of a draft: what rules say, then what
// would refuse it.
func (s *script) check(_ context.Context, args []string) error {
	row, err := s.first("expense_claims", args[0])
	if err != nil {
		return err
	}
	found, err := s.phone.CheckClaim(row.Text("id"), false)
	if err != nil {
		return err
	}
	codes := []string{}
	for _, h := range found.Hits {
		codes = append(codes, h.Code)
	}
	if found.Problem != nil {
		codes = append(codes, domain.CodeOf(found.Problem))
	}
	if !slices.Equal(codes, args[1:]) {
		return fmt.Errorf("the phone finds %s", strings.Join(codes, " "))
	}
	return nil
}

// hand hands a claim in.
func (s *script) hand(_ context.Context, args []string) error {
	row, err := s.first("expense_claims", args[0])
	if err != nil {
		return err
	}
	values, err := s.fields(args[1:])
	if err != nil {
		return err
	}
	return s.phone.SubmitClaim(row.Text("id"), values)
}
