package domain

import "maps"

// The catalogues: every refusal's code, every kind of notice and every reason
// for doubt with its texts, and every setting. The package catalog fills them.
var (
	Problems  = map[string]Texts{}
	Notices   = map[string]Texts{}
	RiskTexts = map[string]Texts{}
	Settings  = map[string]Setting{}
)

// Words are what an area adds to the catalogues.
type Words struct {
	Problems, Notices, Risks map[string]Texts
	Settings                 []Setting
}

// Declare adds words. A code, a kind and a key belong to one area.
func Declare(all ...Words) {
	for _, w := range all {
		join(Problems, w.Problems)
		join(Notices, w.Notices)
		join(RiskTexts, w.Risks)
		for _, s := range w.Settings {
			join(Settings, map[string]Setting{s.Key: s})
		}
	}
}

func join[V any](all, more map[string]V) {
	for key := range more {
		if _, taken := all[key]; taken {
			panic("two areas declare " + key)
		}
	}
	maps.Copy(all, more)
}
