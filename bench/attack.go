package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"satchel/internal/attack"
	"satchel/internal/demo"
)

const (
	attackIdle  = 6 * time.Second // of an honest rep alone, before each load
	attackTime  = 12 * time.Second
	attackTimes = 5                     // how much longer than idle an honest rep may wait
	attackLeast = 50 * time.Millisecond // or this
	attackBytes = 300 << 20             // that server and workers may take above idle
)

// attackFigures are what an honest rep met beside each load.
type attackFigures []attackFigure

type attackFigure struct {
	name        string
	idle, under attack.Figures
	bytes       int64  // of server and workers together above idle
	fault       string // what the load shows to be wrong
}

// attacks lets an honest rep work, first alone and then beside each load, each
// time on a fresh server of its own: a copy of one company.
func (r *report) attacks(ctx context.Context, binary string) error {
	dir, err := os.MkdirTemp("", "satchel-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	company := filepath.Join(dir, "company")
	if err := prepare(company, demo.Small(time.Now()), 0, nil); err != nil {
		return err
	}
	for i, load := range attack.Loads() {
		fmt.Fprintln(os.Stderr, "measuring", load.Name, "…")
		figure, err := attackedOn(ctx, binary, company, filepath.Join(dir, fmt.Sprint(i)), load)
		if err != nil {
			return fmt.Errorf("%s: %w", load.Name, err)
		}
		r.attackRun = append(r.attackRun, figure)
	}
	return nil
}

func attackedOn(ctx context.Context, binary, company, data string, load attack.Load) (attackFigure, error) {
	if err := os.CopyFS(data, os.DirFS(company)); err != nil {
		return attackFigure{}, err
	}
	s, err := startServer(binary, data)
	if err != nil {
		return attackFigure{}, err
	}
	defer s.stop()
	return attackedBy(ctx, s, load)
}

func attackedBy(ctx context.Context, s *server, load attack.Load) (attackFigure, error) {
	ctx, over := context.WithCancel(ctx)
	defer over()
	figure := attackFigure{name: load.Name}
	scene := attack.NewScene(s.base)
	rep, err := attack.NewHonest(ctx, scene)
	if err != nil {
		return figure, err
	}
	if load.Prepare != nil {
		if err := load.Prepare(ctx, scene); err != nil {
			figure.fault = err.Error() // the others are measured all the same
			return figure, nil
		}
	}
	alone, cancel := context.WithTimeout(ctx, attackIdle)
	figure.idle = rep.Work(alone)
	cancel()
	pid := s.cmd.Process.Pid
	idle := attack.Resident(pid)
	memory := attack.Watch(pid)
	beside, cancel := context.WithTimeout(ctx, attackTime)
	defer cancel()
	done := make(chan attack.Figures)
	go func() { done <- rep.Work(beside) }()
	if err := load.Run(beside, scene); err != nil {
		figure.fault = err.Error()
	}
	figure.under = <-done
	if n := min(len(figure.under.Push), len(figure.under.Pull)); n < attack.Least && figure.fault == "" {
		figure.fault = fmt.Sprintf("the honest rep got only %d rounds done", n)
	}
	figure.bytes = memory.Peak() - idle
	return figure, nil
}

func (f attackFigures) write(line func(format string, args ...any), goal func(what string, met bool, format string, args ...any)) {
	if len(f) == 0 {
		return
	}
	line("\n## An honest rep beside somebody who wants to stop the server\n")
	line("One phone pushes a contact and pulls, in turn, with 100 ms between; first alone for %.0f s, then %.0f s beside each load (`internal/attack`),", attackIdle.Seconds(), attackTime.Seconds())
	line("each on a fresh server of the small company. Times are p95; memory is that of the server and its workers together above idle.\n")
	line("| load | push, idle | push, beside | pull, idle | pull, beside | told to wait | MB above idle |\n|---|---|---|---|---|---|---|")
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
	for _, a := range f {
		line("| %s | %s | %s | %s | %s | %d | %d |", a.name, ms(attack.P95(a.idle.Push)), ms(attack.P95(a.under.Push)),
			ms(attack.P95(a.idle.Pull)), ms(attack.P95(a.under.Pull)), a.under.Told, a.bytes>>20)
	}
	line("")
	for _, a := range f {
		for _, l := range []struct {
			what        string
			idle, under []time.Duration
		}{{"push", a.idle.Push, a.under.Push}, {"pull", a.idle.Pull, a.under.Pull}} {
			most := max(attackTimes*attack.P95(l.idle), attackLeast)
			met := len(l.under) > 0 && attack.P95(l.under) <= most
			goal(fmt.Sprintf("%s, %s (goal: the more of %d times idle and %s)", a.name, l.what, attackTimes, attackLeast), met, "%s of %s", ms(attack.P95(l.under)), ms(most))
		}
		goal(a.name+", memory (goal: 300 MB above idle)", a.bytes <= attackBytes, "%d MB", a.bytes>>20)
		wrong := len(a.under.Wrong)
		goal(a.name+", answers that are neither done nor a wait (goal: none)", wrong == 0, "%d", wrong)
		if a.fault != "" {
			goal(a.name+", what the load is to meet", false, "%.200s", a.fault)
		}
	}
}
