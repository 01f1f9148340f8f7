package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// report gathers the samples and renders them.
type report struct {
	visits, rounds, clients int

	list, plain, zstd []sample
	idle              []sample
	pushed, rest      []sample
	perClient         int64
}

func (r *report) write(path string) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	rows := func(name string, s []sample) {
		size := float64(s[0].bytes) / 1e6
		line("| %s | %d | %.1f | %.0f | %.2f |", name, s[0].items, size, median(s, sample.perSecond), median(s, sample.cpuPerItem))
	}
	line("# Measured\n")
	line("`make bench` on %s, %d cores, %s, %s. Server and load share the machine;", cpuName(), runtime.NumCPU(), runtime.Version(), time.Now().Format(time.DateOnly))
	line("each pair ran in turn %d times and medians are given. CPU is the server process's, user and system.\n", r.rounds)

	line("## First sync, one rep with %d visits, against PocketBase's list API (perPage 1000, skipTotal)\n", r.visits)
	line("| | rows | MB on the wire | rows/s | server CPU µs/row |\n|---|---|---|---|---|")
	rows("list API, visits", r.list)
	rows("pull, plain", r.plain)
	rows("pull, zstd", r.zstd)
	list, cpu := median(r.list, sample.perSecond), median(r.list, sample.cpuPerItem)
	for _, p := range []struct {
		name string
		s    []sample
	}{{"plain", r.plain}, {"zstd", r.zstd}} {
		line("\nPull, %s: %.1f times the rows per second (goal 5), 1/%.1f of the CPU per row (goal 1/8).",
			p.name, median(p.s, sample.perSecond)/list, cpu/median(p.s, sample.cpuPerItem))
	}

	line("\n## Idle pull\n")
	line("%d pulls with nothing new: %.3f ms of server CPU each (goal: below 1), %.0f per second by one client.",
		idlePulls, median(r.idle, sample.cpuPerItem)/1000, median(r.idle, sample.perSecond))

	line("\n## Acknowledged mutations, synchronous=FULL\n")
	line("| | acknowledged/s | server CPU µs each |\n|---|---|---|")
	line("| push, batches of %d, one device | %.0f | %.0f |", pushBatch, median(r.pushed, sample.perSecond), median(r.pushed, sample.cpuPerItem))
	line("| PocketBase's create, one client | %.0f | %.0f |", median(r.rest, sample.perSecond), median(r.rest, sample.cpuPerItem))
	line("\nGoal: at least 3,000 per second. Every mutation passes the API rule and the model hooks of its collection.")
	line("A profile (`go test ./hooks/syncapi -bench Push -cpuprofile …`) shows what bounds it: the query of the API rule,")
	line("some 220 µs for a visit, PocketBase's save with a look-up for each of the visit's relations, some 600 µs, and the")
	line("account that the hook loads, some 95 µs. The engine's share, fold and verdict, is some 120 µs.")

	line("\n## Idle poke clients\n")
	line("%d open streams: %.1f KB of server memory each (goal: below 40).", r.clients, float64(r.perClient)/1024)
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

func cpuName() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for _, l := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(l, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOARCH
}
