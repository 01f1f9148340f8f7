// Command bench measures the built server over loopback, side by side with
// PocketBase's own list API and with a floor program on the same data, and
// writes what came out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
	"satchel/internal/store"
)

func main() {
	store.Private() // as the server's own command
	binary := flag.String("binary", "bin/satchel", "the server to measure")
	out := flag.String("out", "bench/RESULTS.md", "where the report goes")
	visits := flag.Int("visits", 50_000, "visits of the rep whose phone syncs")
	large := flag.Int("large", 2_000_000, "rows in the large system")
	rounds := flag.Int("rounds", 5, "rounds of each pair; medians are reported")
	clients := flag.Int("clients", 3000, "idle poke clients")
	only := flag.String("only", "", "measure these parts and print them: group, first, idle, hundred, push, moved, crowd, poke, storm, media, papers, qr, photos, rules, orders, targets, analysis, budgets, invoices, claims, attack, with commas between")
	photos := flag.Int("photos", 1000, "photos that are uploaded and developed")
	floorDir := flag.String("floor", "", "serve the stored rows of this data directory, and nothing else")
	address := flag.String("address", "", "where the floor listens")
	photo := flag.String("develop", "", "develop this photo some times, print what it cost, and nothing else")
	way := flag.String("way", wayWhole, "of developing it: whole or plain")
	flag.Parse()
	r := &report{visits: *visits, large: *large, rounds: *rounds, clients: *clients}
	var err error
	switch {
	case *floorDir != "":
		err = floor(*floorDir, *address)
	case *photo != "":
		err = develop(*photo, *way)
	default:
		r.only, r.photos = *only, *photos
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
	parts   []string
	company demo.Options
	rows    int // that a phone may hold, 0 for the usual number
	more    func(app core.App) error
	play    func(ctx context.Context, r *report, s *server, dir string) error
}

func scenes(r *report) []scene {
	few := demo.Options{Seed: 3, Today: time.Now(), Accounts: 48, Products: 24, CheapLogin: true}
	return []scene{
		{fmt.Sprintf("one rep with %d visits", r.visits), []string{"first", "idle", "hundred", "push"}, demo.Bench(time.Now(), r.visits), r.visits + moreRows, nil, playOne},
		{"the field", []string{"idle", "moved", "crowd", "poke"}, few, 0, field, playField},
		{"the storm", []string{"storm"}, few, 0, field, func(ctx context.Context, r *report, s *server, _ string) error { return r.storm(ctx, s) }},
		{fmt.Sprintf("%d rows", r.large), []string{"hundred"}, demo.Bench(time.Now(), r.visits), r.visits + moreRows, others(r.large), func(ctx context.Context, r *report, s *server, dir string) error {
			rep, err := register(ctx, s, "rep.chen")
			if err != nil {
				return err
			}
			return r.hundred(ctx, s, dir, rep, &r.hundredLarge)
		}},
		{"the photos", []string{"photos"}, few, 0, nil, playPhotos},
		{"orders", []string{"orders"}, demo.Options{Seed: 3, Today: time.Now(), Accounts: 48, Products: 60, Days: 20, PerDay: 3, Customers: true, CheapLogin: true}, 0, trade, playOrders},
		{"targets", []string{"targets"}, few, 0, manyPeople, playTargets},
		{"sales of two years", []string{"analysis"}, demo.Options{Seed: 3, Today: time.Now(), Accounts: 480, Products: 300, CheapLogin: true}, 0, soldForYears, playAnalysis},
		{"a department's budget", []string{"budgets"}, demo.Options{Seed: 3, Today: time.Now(), Accounts: 48, Products: 24, Customers: true, CheapLogin: true}, 0, spendForYears, playBudgets},
		{"claims", []string{"claims"}, demo.Options{Seed: 3, Today: time.Now(), Accounts: 48, Products: 24, Customers: true, CheapLogin: true}, 0, claimsForYears, playClaims},
	}
}

func run(binary, out string, r *report) error {
	bin, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if r.wants("group") {
		fmt.Fprintln(os.Stderr, "measuring group commit …")
		if err := r.groupCommit(ctx); err != nil {
			return err
		}
	}
	if r.wants("media") {
		fmt.Fprintln(os.Stderr, "measuring a photo …")
		if err := r.media(ctx); err != nil {
			return err
		}
	}
	if r.wants("papers") {
		fmt.Fprintln(os.Stderr, "measuring papers …")
		if err := r.papers(); err != nil {
			return err
		}
	}
	if r.wants("qr") {
		fmt.Fprintln(os.Stderr, "measuring the QR reader …")
		if err := r.qrs(); err != nil {
			return err
		}
	}
	if r.wants("rules") {
		fmt.Fprintln(os.Stderr, "measuring what rules cost …")
		if err := r.rules(ctx); err != nil {
			return err
		}
	}
	if r.wants("invoices") {
		fmt.Fprintln(os.Stderr, "measuring invoices …")
		if err := r.invoices(ctx); err != nil {
			return err
		}
	}
	if r.wants("attack") {
		if err := r.attacks(ctx, bin); err != nil {
			return err
		}
	}
	for _, sc := range scenes(r) {
		if !r.wants(sc.parts...) {
			continue
		}
		fmt.Fprintln(os.Stderr, "building", sc.name, "…")
		if err := sc.run(ctx, r, bin); err != nil {
			return fmt.Errorf("%s: %w", sc.name, err)
		}
	}
	if r.only != "" {
		r.print(os.Stdout)
		return nil
	}
	return r.write(out)
}

// wants reports whether one of the parts is asked for.
func (r *report) wants(parts ...string) bool {
	asked := strings.Split(r.only, ",")
	return r.only == "" || slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(asked, p) })
}

// step is one part of a scene.
type step struct {
	part string
	run  func() error
}

func (r *report) steps(steps []step) error {
	for _, s := range steps {
		if r.wants(s.part) {
			if err := s.run(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (sc scene) run(ctx context.Context, r *report, bin string) error {
	dir, err := os.MkdirTemp("", "satchel-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	data := filepath.Join(dir, "data")
	if err := prepare(data, sc.company, sc.rows, sc.more); err != nil {
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
	return r.steps([]step{
		{"first", func() error { return r.firstSync(ctx, s, lowest, rep, office) }},
		{"idle", func() error { return r.idlePull(ctx, s, "rep.chen", &r.idle) }},
		{"hundred", func() error { return r.hundred(ctx, s, dir, rep, &r.hundredSmall) }},
		{"push", func() error { return r.push(ctx, s, rep) }},
		{"push", func() error { return r.pushes(ctx, s) }},
	})
}

func playField(ctx context.Context, r *report, s *server, dir string) error {
	var people []*client
	for _, name := range []string{"rep.chen", "rep.he"} {
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
	return r.steps([]step{
		{"poke", func() error { return r.pokes(ctx, s, office) }},
		{"idle", func() error { return r.idlePull(ctx, s, "manager.wu", &r.idleManager) }},
		{"moved", func() error { return r.moved(ctx, s, dir, people[0], people[1]) }},
		{"crowd", func() error { return r.firstSyncs(ctx, s) }},
	})
}
