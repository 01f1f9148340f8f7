package gate_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// scheduled is an app of which nothing but its clock is used.
func scheduled(t *testing.T, jobs ...gate.Job) (app core.App, clock *gate.Clock, run func(name string)) {
	t.Helper()
	app = core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	clock = gate.Schedule(app, gate.Config{Now: time.Now}, jobs)
	return app, clock, func(name string) {
		for _, j := range app.Cron().Jobs() {
			if j.Id() == name {
				j.Run()
			}
		}
	}
}

// TestAJobAtWorkIsNotBegunAgain, and how often it was due is counted.
func TestAJobAtWorkIsNotBegunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, side := 0, 0
		goOn := make(chan struct{})
		wait := func(n *int) func(context.Context, core.App, time.Time) error {
			return func(context.Context, core.App, time.Time) error {
				*n++
				<-goOn
				return nil
			}
		}
		_, clock, run := scheduled(t, gate.Job{Name: "slow", Schedule: "* * * * *", Run: wait(&begun)}, gate.Job{Name: "lanes", Schedule: "* * * * *", Run: wait(&side), Overlaps: true})
		for _, name := range []string{"slow", "lanes"} {
			for range 3 {
				go run(name)
				synctest.Wait()
			}
		}
		if begun != 1 || clock.Skipped()["slow"] != 2 {
			t.Errorf("begun %d times, %d skipped", begun, clock.Skipped()["slow"])
		}
		if side != 3 || clock.Skipped()["lanes"] != 0 {
			t.Errorf("what sees to itself: %d times, %d skipped", side, clock.Skipped()["lanes"])
		}
		close(goOn)
		synctest.Wait()
		run("slow")
		if begun != 2 {
			t.Error("it is not begun when it has ended")
		}
	})
}

// TestJobsEndBeforeTheServer: those at work are cancelled and waited for, though
// not for ever, and none begins any more.
func TestJobsEndBeforeTheServer(t *testing.T) {
	for _, stubborn := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			begun, ended := 0, false
			app, _, run := scheduled(t, gate.Job{Name: "slow", Schedule: "* * * * *", Run: func(ctx context.Context, _ core.App, _ time.Time) error {
				begun++
				<-ctx.Done()
				if stubborn {
					time.Sleep(time.Hour)
				}
				time.Sleep(time.Second) // what it has begun
				ended = true
				return ctx.Err()
			}})
			go run("slow")
			synctest.Wait()
			from, whole := time.Now(), false
			err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(*core.TerminateEvent) error {
				whole = ended
				return nil
			})
			if err != nil || whole == stubborn || time.Since(from) > 10*time.Second {
				t.Errorf("stubborn %v: ended %v after %v, %v", stubborn, whole, time.Since(from), err)
			}
			run("slow")
			if begun != 1 {
				t.Error("one began in a server that ends")
			}
			time.Sleep(2 * time.Hour)
		})
	}
}
