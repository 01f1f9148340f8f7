// Package morning is the demo: a company on a server of its own, and a rep's
// morning and evening played on it with the reference phone over HTTP.
package morning

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"satchel/internal/demo"
	"satchel/internal/phone"
)

const defaultPort = "8090"

// errDiffers says that the server does not hold what the phone captured.
var errDiffers = errors.New("手机与服务器不一致 / phone and server differ")

// Command is `satchel demo`. It takes PocketBase's --dir and the port from the
// environment variable PORT, and ends with an error if anything that the phone
// captured differs from what the server holds.
func Command(app *pocketbase.PocketBase) *cobra.Command {
	var exit bool
	cmd := &cobra.Command{
		Use:          "demo",
		Short:        "Starts a demo company on 127.0.0.1 (PORT, default 8090) and plays a rep's day on it",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			port := os.Getenv("PORT")
			if port == "" {
				port = defaultPort
			}
			return Run(cmd.Context(), app, Config{
				Address: "127.0.0.1:" + port, Out: cmd.OutOrStdout(), Now: time.Now, Seed: rand.Uint64(), Exit: exit,
			})
		},
	}
	cmd.Flags().BoolVar(&exit, "exit", false, "stop after the play instead of serving on")
	return cmd
}

// Config holds what the demo takes from outside.
type Config struct {
	Address string // host and port to listen on
	Out     io.Writer
	Now     func() time.Time
	Seed    uint64 // of the phone's ids and photos
	Exit    bool   // return after the play

	// PhotoLong is the long side of the photos in pixels, a multiple of 4; by
	// default that of a phone's camera, 1 to 3 MB.
	PhotoLong int

	// Company is what an empty directory is filled with; by default demo.Full.
	Company demo.Options
}

// Run plays the demo on a bootstrapped app and then serves until the app
// terminates, or returns if cfg.Exit. It fails if the address is taken, if the
// data directory is in use for anything but a demo, or if phone and server
// differ in the end.
func Run(ctx context.Context, app core.App, cfg Config) error {
	if cfg.Company == (demo.Options{}) {
		cfg.Company = demo.Full(cfg.Now())
	}
	if cfg.PhotoLong == 0 {
		cfg.PhotoLong = demo.PhotoLong
	}
	c := &console{out: cfg.Out}
	listener, err := listen(cfg.Address)
	if err != nil {
		return err
	}
	c.head("准备", "Getting ready")
	if err := settle(app, cfg.Company, c); err != nil {
		return errors.Join(err, listener.Close())
	}
	ended, err := serve(app, listener)
	if err != nil {
		return err
	}
	base := "http://" + listener.Addr().String()
	c.say("服务器已启动：%s", "the server is up: %s", base)
	if err := closeMonth(ctx, base, c, cfg.Now()); err != nil {
		return err
	}

	dir := filepath.Join(app.DataDir(), "demo_phone")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	mine, err := phone.OpenStore(filepath.Join(dir, rep+".db"))
	if err != nil {
		return err
	}
	his, err := phone.OpenStore(filepath.Join(dir, other+".db"))
	if err != nil {
		return errors.Join(err, mine.Close())
	}
	same, err := newPlay(base, c, mine, cfg, 0).run(ctx, newPlay(base, c, his, cfg, 1))
	err = errors.Join(err, mine.Close(), his.Close())
	if err != nil && (cfg.Exit || ctx.Err() != nil) {
		return err
	}
	if err != nil { // somebody else may be at work on the server by now: it goes on
		c.say("这一天没有演完：%v", "the day broke off: %v", err)
	}
	addresses(c, base)
	switch {
	case c.err != nil:
		return c.err
	case cfg.Exit && !same:
		return errDiffers
	case cfg.Exit:
		return nil
	}
	c.raw("\n  按 Ctrl-C 结束 / Ctrl-C stops the server")
	return <-ended
}
