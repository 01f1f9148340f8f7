package evidence

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// riskTexts answers what each reason of a visit or a photo says, in both
// languages, by its code: {"outside": {"zh": "…{metres}…", "en": "…"}}. The
// params of a reason fill the places in braces.
func riskTexts(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "private, max-age=3600")
	return e.JSON(http.StatusOK, domain.RiskTexts)
}
