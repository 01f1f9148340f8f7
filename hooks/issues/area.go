package issues

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/hooks/kit"
)

// Area is what the area is made of.
func Area(cfg gate.Config) kit.Area {
	return kit.Area{
		Name:   "issues",
		Jobs:   Jobs(),
		Takes:  Routes(cfg),
		Bind:   func(app core.App) { Bind(app, cfg) },
		Before: kit.Before{Actions: Actions(cfg), Audited: Audited(), Keeps: Keeps(), Hangs: Hangs(), OpenWork: OpenWork()},
	}
}
