package gate

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Job is work of the clock. Run does what is due at a given time; it may be
// called at any time and as often as one likes.
type Job struct {
	Name     string
	Schedule string // cron expression, UTC
	Run      func(app core.App, now time.Time) error
}

// Schedule puts the jobs on the app's clock.
func Schedule(app core.App, cfg Config, jobs []Job) {
	for _, j := range jobs {
		app.Cron().MustAdd(j.Name, j.Schedule, func() {
			if err := j.Run(app, cfg.Now()); err != nil {
				app.Logger().Error("Failed to run a job", "job", j.Name, "error", err)
			}
		})
	}
}
