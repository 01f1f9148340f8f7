package domain

// Settings holds every key that something of ours reads, area by area.
var Settings = settingCatalog(
	policySettings,
	orgSettings,
	keepingSettings,
	mediaSettings,
	fieldSettings,
	loginSettings,
	systemSettings,
)

// settingCatalog joins the areas' settings. A key belongs to one area.
func settingCatalog(areas ...[]Setting) map[string]Setting {
	all := map[string]Setting{}
	for _, settings := range areas {
		for _, s := range settings {
			if _, taken := all[s.Key]; taken {
				panic("two areas have the setting " + s.Key)
			}
			all[s.Key] = s
		}
	}
	return all
}
