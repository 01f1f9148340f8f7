package migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Whoever heads an account's department changed rows of before the account came
// to it, which he does not see. The department of the row decides, as for seeing.
func init() {
	names := []string{
		"account_scorecards", "opportunities", "account_plans", "communications", "negotiations", "account_competitors",
		"contracts", "care_dates", "value_services", "cases", "account_reviews",
	}
	swap := func(app core.App, from, to string) error {
		all, err := find(app, names...)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.UpdateRule == nil || !strings.Contains(*c.UpdateRule, from) {
				return fmt.Errorf("%s is not changed by whom it was", c.Name)
			}
			c.UpdateRule = rule(strings.ReplaceAll(*c.UpdateRule, from, to))
			if c.DeleteRule != nil {
				c.DeleteRule = rule(strings.ReplaceAll(*c.DeleteRule, from, to))
			}
		}
		return create(app, all...)
	}
	m.Register(func(app core.App) error { return swap(app, headOfAccount, head) }, func(app core.App) error { return swap(app, head, headOfAccount) })
}
