package visits

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// riskRules reads the numbers by which visits are judged.
func riskRules(app core.App) (domain.RiskRules, error) {
	rules := domain.RiskRules{}
	for key, otherwise := range domain.RiskDefaults {
		n, err := gate.Setting(app, "risk."+key, otherwise)
		if err != nil {
			return nil, err
		}
		rules[key] = n
	}
	return rules, nil
}

// prepTiers are the tiers whose planned visits are prepared (H-VIS-PREP).
func prepTiers(core.App) []string { return []string{"A", "B"} }
