package visits

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Settings of the area.
const (
	recordHoursKey = "visit.record_hours"
	geofenceKey    = "visit.geofence_m"
	firstFenceKey  = "visit.first_geofence_m"
	prepTiersKey   = "visit.prep_tiers"
	graceKey       = "visit.missed_grace_days"
	autoCloseKey   = "visit.auto_close_hours"
	sampleKey      = "audit.sample_bp"

	plannedBackKey  = "visit.planned_back_days"
	plannedAheadKey = "visit.planned_ahead_days"
)

// riskRules reads the numbers by which visits are judged.
func riskRules(app core.App) (domain.RiskRules, error) {
	settings, rules := gate.SettingsNow(app), make(domain.RiskRules, len(domain.RiskDefaults))
	for key := range domain.RiskDefaults {
		n, err := settings.Whole("risk." + key)
		if err != nil {
			return nil, err
		}
		rules[key] = n
	}
	return rules, nil
}
