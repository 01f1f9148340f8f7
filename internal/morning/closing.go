package morning

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

const finance = "finance.zhao"

// closeMonth has finance close last month, unless it is closed already: its figures are
// frozen then, and this month's are open.
func closeMonth(ctx context.Context, base string, c *console, now time.Time) error {
	o, err := signIn(ctx, base, finance)
	if err != nil {
		return err
	}
	today := now.In(shanghai)
	month := today.AddDate(0, 0, -today.Day()).Format("2006-01")
	err = o.call(ctx, http.MethodPost, "/api/ka/analysis/months/"+month+"/close", nil, nil)
	if a, refused := errors.AsType[*answerError](err); refused && strings.Contains(a.text, "analysis.month_frozen") {
		return nil
	}
	if err == nil {
		c.say("财务关账：%s 的经营指标已冻结", "finance closed %s: its figures are frozen", month)
	}
	return err
}
