package analysis

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Frozen reports whether a month (YYYY-MM) is frozen: what is learnt of it later
// counts in an open month, and says which one it corrects.
func Frozen(app core.App, month string) (is bool, err error) {
	err = app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM analysis_months WHERE month = {:m})").Bind(dbx.Params{"m": month}).Row(&is)
	if err != nil {
		return false, fmt.Errorf("ask whether a month is frozen: %w", err)
	}
	return is, nil
}

// freeze closes a month for good; by is empty if the clock does. The month must be
// over: today's is open, for what is corrected goes there.
func freeze(tx core.App, month string, at time.Time, by records.UserID) error {
	_, err := tx.DB().Insert("analysis_months", dbx.Params{"month": month, "frozen_at": gate.Stamp(at), "frozen_by": by}).Execute()
	if err != nil {
		return fmt.Errorf("freeze a month: %w", err)
	}
	return nil
}
