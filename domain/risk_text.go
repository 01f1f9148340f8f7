package domain

// RiskTexts holds every reason's texts by its code.
var RiskTexts = catalog(photoRiskTexts)

// Text renders the reason for a person, in "zh" or "en"; a code without a text
// is shown as it is.
func (r RiskReason) Text(locale string) string { return render(RiskTexts, r.Code, r.Params, locale) }
