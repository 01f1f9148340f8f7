package visits

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/kit"
)

// Area is what the area is made of.
func Area(cfg Config) kit.Area {
	return kit.Area{
		Name:   "visits",
		Jobs:   Jobs(cfg.Config),
		Bind:   func(app core.App) { Bind(app, cfg) },
		Before: kit.Before{Actions: Actions(cfg), Audited: Audited(), Keeps: Keeps(), Hangs: Hangs(cfg.Config)},
	}
}
