// Command bench measures the built server over loopback, side by side with
// PocketBase's own list API and with a floor program on the same data, and
// writes what came out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
)

func main() {
	binary := flag.String("binary", "bin/satchel", "the server to measure")
	out := flag.String("out", "bench/RESULTS.md", "where the report goes")
	visits := flag.Int("visits", 50_000, "visits of the rep whose phone syncs")
	large := flag.Int("large", 2_000_000, "rows in the large system")
	rounds := flag.Int("rounds", 5, "rounds of each pair; medians are reported")
	clients := flag.Int("clients", 3000, "idle poke clients")
	only := flag.String("only", "", `"push" for the parts about pushes alone, printed instead of written`)
	floorDir := flag.String("floor", "", "serve the stored rows of this data directory, and nothing else")
	address := flag.String("address", "", "where the floor listens")
	flag.Parse()
	r := &report{visits: *visits, large: *large, rounds: *rounds, clients: *clients}
	var err error
	switch {
	case *floorDir != "":
		err = floor(*floorDir, *address)
	case *only == "push":
		err = runPush(*binary, r)
	case *only != "":
		err = fmt.Errorf("there is no part %q", *only)
	default:
		err = run(*binary, *out, r)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// scene is a data directory and what is measured on it.
type scene struct {
	name    string
	company demo.Options
	more    func(app core.App) error
	play    func(ctx context.Context, r *report, s *server, dir string) error
}

func scenes(r *report) []scene {
	few := demo.Options{Seed: 3, Today: time.Now(), Accounts: 48, Products: 24, CheapLogin: true}
	return []scene{
		{fmt.Sprintf("one rep with %d visits", r.visits), demo.Bench(time.Now(), r.visits), nil, playOne},
		{"the field", few, field, playField},
		{"the storm", few, field, func(ctx context.Context, r *report, s *server, _ string) error { return r.storm(ctx, s) }},
		{fmt.Sprintf("%d rows", r.large), demo.Bench(time.Now(), r.visits), others(r.large), func(ctx context.Context, r *report, s *server, dir string) error {
			rep, err := register(ctx, s, "rep.chen")
			if err != nil {
				return err
			}
			return r.hundred(ctx, s, dir, rep, &r.hundredLarge)
		}},
	}
}

func run(binary, out string, r *report) error {
	bin, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	ctx := context.Background()
	fmt.Fprintln(os.Stderr, "measuring group commit …")
	if err := r.groupCommit(ctx); err != nil {
		return err
	}
	for _, sc := range scenes(r) {
		fmt.Fprintln(os.Stderr, "building", sc.name, "…")
		if err := sc.run(ctx, r, bin); err != nil {
			return fmt.Errorf("%s: %w", sc.name, err)
		}
	}
	return r.write(out)
}

// runPush measures pushes alone.
func runPush(binary string, r *report) error {
	bin, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if err := r.groupCommit(ctx); err != nil {
		return err
	}
	sc := scene{"one rep", demo.Bench(time.Now(), r.visits), nil, func(ctx context.Context, r *report, s *server, _ string) error {
		rep, err := register(ctx, s, "rep.chen")
		if err != nil {
			return err
		}
		return errors.Join(r.push(ctx, s, rep), r.pushes(ctx, s))
	}}
	if err := sc.run(ctx, r, bin); err != nil {
		return err
	}
	var p page
	r.writePush(&p)
	_, err = os.Stdout.WriteString(p.String())
	return err
}

func (sc scene) run(ctx context.Context, r *report, bin string) error {
	dir, err := os.MkdirTemp("", "satchel-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	data := filepath.Join(dir, "data")
	if err := prepare(data, sc.company, sc.more); err != nil {
		return err
	}
	s, err := startServer(bin, data)
	if err != nil {
		return err
	}
	defer s.stop()
	fmt.Fprintln(os.Stderr, "measuring", sc.name, "…")
	return sc.play(ctx, r, s, data)
}

func playOne(ctx context.Context, r *report, s *server, dir string) error {
	rep, err := register(ctx, s, "rep.chen")
	if err != nil {
		return err
	}
	office, err := superuser(ctx, s)
	if err != nil {
		return err
	}
	lowest, err := startFloor(dir)
	if err != nil {
		return err
	}
	defer lowest.stop()
	for _, step := range []func() error{
		func() error { return r.firstSync(ctx, s, lowest, rep, office) },
		func() error { return r.idlePull(ctx, s, rep, &r.idle) },
		func() error { return r.hundred(ctx, s, dir, rep, &r.hundredSmall) },
		func() error { return r.push(ctx, s, rep) },
		func() error { return r.pushes(ctx, s) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func playField(ctx context.Context, r *report, s *server, dir string) error {
	var people []*client
	for _, name := range []string{"manager.wu", "rep.chen", "rep.he"} {
		c, err := register(ctx, s, name)
		if err != nil {
			return err
		}
		people = append(people, c)
	}
	office, err := superuser(ctx, s)
	if err != nil {
		return err
	}
	if _, _, err := people[0].pull(ctx, "", "zstd"); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return r.idlePull(ctx, s, people[0], &r.idleManager) },
		func() error { return r.moved(ctx, s, dir, people[1], people[2]) },
		func() error { return r.firstSyncs(ctx, s) },
		func() error { return r.pokes(ctx, s, office) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
