package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// ruleFigures are what the access checks and the rules of visits cost.
type ruleFigures struct {
	lists         [][2]string // what a manager lists → milliseconds of a page of 100
	plain, visits float64     // mutations per second: visits that are only made, and whole ones
}

var benchLine = regexp.MustCompile(`(?m)^Benchmark(\w+)(?:/([\w-]+?))?(?:-\d+)?\s+\d+\s+([\d.]+) ns/op(.*)$`)

// rules runs the benchmarks that stand beside the rules: their companies are made
// there, in the process of the server.
func (r *report) rules(ctx context.Context) error {
	f := &r.rulesRun
	out, err := exec.CommandContext(ctx, "go", "test", "./hooks/field/visits", "./hooks/sync/api", "-run", "^$", "-bench", "^Benchmark(ManagersList|Push|PushVisits)$", "-benchtime", "2s").CombinedOutput()
	if err != nil {
		return fmt.Errorf("failed to run the rules' benchmarks: %w\n%s", err, out)
	}
	for _, m := range benchLine.FindAllStringSubmatch(string(out), -1) {
		ns, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			return err
		}
		var rate float64
		if at := strings.Index(m[4], "mutations/s"); at > 0 {
			words := strings.Fields(m[4][:at])
			if rate, err = strconv.ParseFloat(words[len(words)-1], 64); err != nil {
				return err
			}
		}
		switch m[1] {
		case "ManagersList":
			f.lists = append(f.lists, [2]string{m[2], fmt.Sprintf("%.1f", ns/1e6)})
		case "Push":
			if m[2] == "50" {
				f.plain = rate
			}
		case "PushVisits":
			f.visits = rate
		}
	}
	if len(f.lists) == 0 || f.plain == 0 || f.visits == 0 {
		return fmt.Errorf("the rules' benchmarks said nothing of use:\n%s", out)
	}
	return nil
}

func (f *ruleFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## What access checks and rules cost\n")
	line("A page of 100 visits, listed by a manager of 10 reps and 400 accounts over 200,000 visits (goal: 60 ms):\n")
	line("| | ms |\n|---|---|")
	for _, l := range f.lists {
		line("| %s | %s |", l[0], l[1])
	}
	line("")
	goal("a push of twelve whole visits (48 mutations: made, checked in, checked out, reported) against one of 50 visits that are only made (goal: 60 %)",
		f.visits >= 0.6*f.plain, "%.0f/s against %.0f/s, %.0f %%", f.visits, f.plain, 100*f.visits/f.plain)
}
