package domain

// RiskReason is one reason why a person should look at a visit or a photo.
// Code is a key of the settings below "risk."; Params fill its text.
type RiskReason struct {
	Code   string         `json:"code"`
	Points int            `json:"points"`
	Params map[string]any `json:"params,omitempty"`
}

// RiskScore adds the points of all reasons. Nothing is blocked by a score.
func RiskScore(reasons []RiskReason) (points int) {
	for _, r := range reasons {
		points += r.Points
	}
	return points
}

// Text renders the reason for a person, in "zh" or "en"; a code without a text
// is shown as it is.
func (r RiskReason) Text(locale string) string { return render(RiskTexts, r.Code, r.Params, locale) }
