package gate_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// TestWorker: it goes on as long as there is something, rests until it is nudged or
// has been idle for long, and has ended when the server has.
func TestWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
		app.OnServe().UnbindAll() // its own need a database
		app.OnTerminate().UnbindAll()
		waiting, looks := 3, 0
		w := gate.NewWorker(time.Minute)
		w.Bind(app, "test", 1, func(context.Context, core.App) bool {
			looks++
			waiting = max(0, waiting-1)
			return waiting > 0
		})
		expect := func(when string, wait, looked int) {
			t.Helper()
			synctest.Wait()
			if waiting != wait || looks != looked {
				t.Errorf("%s: %d wait and it looked %d times, want %d and %d", when, waiting, looks, wait, looked)
			}
		}
		if err := app.OnServe().Trigger(&core.ServeEvent{App: app}); err != nil {
			t.Fatal(err)
		}
		expect("begun", 0, 3)
		waiting = 2
		expect("not told", 2, 3)
		w.Nudge()
		expect("nudged", 0, 5)
		waiting = 1
		time.Sleep(time.Minute)
		expect("idle", 0, 6)
		if err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}); err != nil {
			t.Fatal(err)
		}
		waiting = 1
		w.Nudge()
		time.Sleep(time.Hour)
		expect("ended", 1, 6)
	})
}
