package domain

import "maps"

// Words are what an area adds to the catalogues, from its own file.
type Words struct {
	Problems, Notices map[string]Texts
	Settings          []Setting
}

// declare adds an area's words. A code, a kind and a key belong to one area.
func declare(w Words) {
	maps.Copy(Problems, catalog(Problems, w.Problems))
	maps.Copy(Notices, catalog(Notices, w.Notices))
	added := settingCatalog(w.Settings)
	for key := range added {
		if _, taken := Settings[key]; taken {
			panic("two areas have the setting " + key)
		}
	}
	maps.Copy(Settings, added)
}
