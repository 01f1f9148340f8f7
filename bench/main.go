// Command bench measures the built server over loopback, side by side with
// PocketBase's own list API on the same data, and writes what came out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	binary := flag.String("binary", "bin/satchel", "the server to measure")
	out := flag.String("out", "bench/RESULTS.md", "where the report goes")
	visits := flag.Int("visits", 50_000, "visits of the rep whose phone syncs")
	rounds := flag.Int("rounds", 5, "rounds of each pair; medians are reported")
	clients := flag.Int("clients", 1000, "idle poke clients")
	flag.Parse()
	if err := run(*binary, *out, *visits, *rounds, *clients); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(binary, out string, visits, rounds, clients int) error {
	dir, err := os.MkdirTemp("", "satchel-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	fmt.Fprintf(os.Stderr, "building %d visits …\n", visits)
	rep, err := prepare(filepath.Join(dir, "data"), visits)
	if err != nil {
		return err
	}
	bin, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	server, err := startServer(bin, filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	defer server.stop()
	ctx := context.Background()
	client, err := register(ctx, server, rep)
	if err != nil {
		return err
	}
	report := &report{visits: visits, rounds: rounds, clients: clients}
	for _, step := range []struct {
		name string
		fn   func() error
	}{
		{"first sync", func() error { return report.firstSync(ctx, server, client) }},
		{"idle pull", func() error { return report.idlePull(ctx, server, client) }},
		{"push", func() error { return report.push(ctx, server, client) }},
		{"idle poke clients", func() error { return report.pokes(ctx, server, client) }},
	} {
		fmt.Fprintln(os.Stderr, "measuring", step.name, "…")
		if err := step.fn(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return report.write(out)
}
