package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// report gathers the samples and renders them.
type report struct {
	visits, large, rounds, clients, photos int
	only                                   string // parts to measure, empty for all

	list, listSuper, plain, zstd, floor, floorZstd []sample
	idle, idleManager                              []sample
	hundredSmall, hundredLarge                     []sample
	pushed, rest, pushed64                         []sample
	crowd, stormed, loggedIn                       []sample
	toldToWait, peak                               int64
	movedWrite, movedOut, movedIn                  []sample
	poked                                          []sample
	perClient                                      int64
	writerAlone, writerBeside                      float64
	alone, shared                                  float64 // pushes per second
	mediaRun                                       mediaFigures
	papersRun                                      paperFigures
	qrRun                                          []qrFigures
	photoRun                                       photoFigures
	rulesRun                                       ruleFigures
	attackRun                                      attackFigures
	orderRun                                       orderFigures
	targetRun                                      targetFigures
	analysisRun                                    analysisFigures
	budgetRun                                      budgetFigures
	invoiceRun                                     invoiceFigures
	claimRun                                       claimFigures
}

func millis(s []sample) float64 {
	return median(s, func(s sample) float64 { return float64(s.wall.Microseconds()) / 1000 })
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "**missed**"
}

func rate(s []sample) float64 { return median(s, sample.perSecond) }
func cpu(s []sample) float64  { return median(s, sample.cpuPerItem) }

// page is the report as it is written.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { p.WriteString(fmt.Sprintf(format, args...) + "\n") }

func (p *page) goal(what string, met bool, format string, args ...any) {
	p.line("- %s: %s, %s", what, fmt.Sprintf(format, args...), verdict(met))
}

func (r *report) write(path string) error {
	var b page
	line, goal := b.line, b.goal
	rows := func(name string, s []sample) {
		line("| %s | %d | %.1f | %.0f | %.2f |", name, s[0].items, float64(s[0].bytes)/1e6, rate(s), cpu(s))
	}
	line("# Measured\n")
	line("`make bench` on %s, %d cores, %s, %s. Server and load share the machine;", cpuName(), runtime.NumCPU(), runtime.Version(), time.Now().Format(time.DateOnly))
	line("each pair ran in turn %d times and medians are given. CPU is the server process's, user and system.\n", r.rounds)

	line("No limit is switched off: every phone of a crowd has a user, a login and an address of its own (%d users beside the company's),", fleetSize)
	line("and what one phone asks again and again is spread over phones of its user and over time. The rep below holds more rows than a phone")
	line("usually may, so `sync.max_scope_rows` is %d for him.\n", r.visits+moreRows)

	line("## First sync, one rep with %d visits\n", r.visits)
	line("The list API reads the visits by pages of %d with skipTotal; the floor is a program of its own that writes the stored", pageSize)
	line("JSON of the visits from SQLite to the socket.\n")
	line("| | rows | MB on the wire | rows/s | server CPU µs/row |\n|---|---|---|---|---|")
	rows("list API, rep", r.list)
	rows("list API, superuser", r.listSuper)
	rows("pull, plain", r.plain)
	rows("floor, plain", r.floor)
	rows("pull, zstd", r.zstd)
	rows("floor, zstd", r.floorZstd)
	line("")
	for _, p := range []struct {
		name        string
		pull, floor []sample
	}{{"plain", r.plain, r.floor}, {"zstd", r.zstd, r.floorZstd}} {
		for _, l := range []struct {
			name string
			s    []sample
		}{{"rep", r.list}, {"superuser", r.listSuper}} {
			times, part := rate(p.pull)/rate(l.s), cpu(l.s)/cpu(p.pull)
			goal(p.name+", rows/s against the list API as "+l.name+" (goal: 8 times)", times >= 8, "%.1f times", times)
			goal(p.name+", CPU per row against it (goal: 1/12)", part >= 12, "1/%.1f", part)
		}
		of := 100 * rate(p.pull) / rate(p.floor)
		goal(p.name+", rows/s of the floor's (goal: 50 %)", of >= 50, "%.0f %%", of)
	}

	line("\n## %d phones at once, each from nothing\n", crowdSize)
	each := r.crowd[0].items / crowdSize
	line("%d rows each, of which %d are products that all share; zstd; %.1f MB in all.\n", each, fieldProducts, float64(r.crowd[0].bytes)/1e6)
	goal("CPU per row against the single first sync's, zstd (goal: 1/3)", cpu(r.crowd) <= cpu(r.zstd)/3, "%.2f µs against %.2f µs, 1/%.1f", cpu(r.crowd), cpu(r.zstd), cpu(r.zstd)/cpu(r.crowd))

	line("\n## A pull with 100 changes\n")
	goal(fmt.Sprintf("time with %d more rows of others in the system against without (goal: 1.3 times)", r.large), millis(r.hundredLarge) <= 1.3*millis(r.hundredSmall),
		"%.1f ms against %.1f ms, %.2f times", millis(r.hundredLarge), millis(r.hundredSmall), millis(r.hundredLarge)/millis(r.hundredSmall))

	line("\n## Idle pull\n")
	goal("server CPU, a rep (goal: 0.3 ms)", cpu(r.idle) <= 300, "%.3f ms, %.0f per second by one client", cpu(r.idle)/1000, rate(r.idle))
	goal(fmt.Sprintf("server CPU, a manager with %d accounts (goal: 0.3 ms)", fieldAccounts), cpu(r.idleManager) <= 300, "%.3f ms", cpu(r.idleManager)/1000)
	line("\nThat it asks the database nothing is a test (`hooks/sync/api/idle_test.go`).")

	line("")
	r.writePush(&b)

	line("\n## Pokes, %d idle clients\n", r.clients)
	goal("one commit reaches the last client (goal: 250 ms)", millis(r.poked) <= 250, "%.0f ms", millis(r.poked))
	goal("another writer's rate while ten commits a second poke all (goal: 70 %)", r.writerBeside >= 0.7*r.writerAlone,
		"%.0f/s against %.0f/s without the clients, %.0f %%", r.writerBeside, r.writerAlone, 100*r.writerBeside/r.writerAlone)
	goal("memory per client (goal: 30 KB)", r.perClient <= 30<<10, "%.1f KB", float64(r.perClient)/1024)

	line("\n## %d accounts with %d visits given to another rep\n", movedAccounts, movedAccounts*movedVisits)
	goal("the write (goal: 20 ms)", millis(r.movedWrite) <= 20, "%.1f ms", millis(r.movedWrite))
	goal("the pull of who loses them (goal: 150 ms)", millis(r.movedOut) <= 150, "%.0f ms, %d rows", millis(r.movedOut), r.movedOut[0].items)
	goal("the pull of who gets them (goal: 150 ms)", millis(r.movedIn) <= 150, "%.0f ms, %d rows", millis(r.movedIn), r.movedIn[0].items)

	line("\n## Reconnect storm: %d phones, 30 mutations and a pull each\n", stormSize)
	line("%d mutations acknowledged and all pulls answered in %.1f s, no error; told to come again: %d requests; peak memory %.0f MB.",
		r.stormed[0].items, r.stormed[0].wall.Seconds(), r.toldToWait, float64(r.peak)/(1<<20))
	line("The %d logins by password before it: %.0f per second one after the other, %.1f ms of server CPU each. A hash of this company costs", r.loggedIn[0].items, rate(r.loggedIn), cpu(r.loggedIn)/1000)
	line("1 ms to check; PocketBase's own costs some 80 ms more, whatever else the server does.")
	r.mediaRun.write(line, goal)
	r.papersRun.write(line)
	writeQRs(r.qrRun, line, goal)
	r.photoRun.write(line, goal)
	r.rulesRun.write(line, goal)
	r.orderRun.write(line, goal)
	r.targetRun.write(line, goal)
	r.analysisRun.write(line, goal)
	r.budgetRun.write(line, goal)
	r.invoiceRun.write(line, goal)
	r.claimRun.write(line, goal)
	r.attackRun.write(line, goal)
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// print writes the medians of what was measured.
func (r *report) print(w io.Writer) {
	for _, l := range []struct {
		name string
		s    []sample
	}{
		{"list, rep", r.list},
		{"list, superuser", r.listSuper},
		{"pull, plain", r.plain},
		{"floor, plain", r.floor},
		{"pull, zstd", r.zstd},
		{"floor, zstd", r.floorZstd},
		{"idle pull, rep", r.idle},
		{"idle pull, manager", r.idleManager},
		{"100 changes", r.hundredSmall},
		{"100 changes, large", r.hundredLarge},
		{"push, one device", r.pushed},
		{"push, 64 devices", r.pushed64},
		{"create by REST", r.rest},
		{"first syncs at once", r.crowd},
		{"handover, write", r.movedWrite},
		{"handover, out", r.movedOut},
		{"handover, in", r.movedIn},
		{"poke to the last", r.poked},
		{"logins", r.loggedIn},
		{"storm", r.stormed},
	} {
		if len(l.s) > 0 {
			_, _ = fmt.Fprintf(w, "%-20s %8d items %10.0f/s %9.2f CPU µs each %9.2f ms\n", l.name, l.s[0].items,
				median(l.s, sample.perSecond), median(l.s, sample.cpuPerItem), millis(l.s))
		}
	}
	if r.wants("group") {
		_, _ = fmt.Fprintf(w, "group commit: %.0f/s shared, %.0f/s alone\n", r.shared, r.alone)
	}
	line := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) } //nolint:errcheck // a terminal
	goal := func(what string, met bool, format string, args ...any) {
		line("- %s: %s, %s", what, fmt.Sprintf(format, args...), verdict(met))
	}
	if r.wants("media") {
		r.mediaRun.write(line, goal)
	}
	if r.wants("papers") {
		r.papersRun.write(line)
	}
	if r.wants("qr") {
		writeQRs(r.qrRun, line, goal)
	}
	if r.wants("photos") {
		r.photoRun.write(line, goal)
	}
	if r.wants("rules") {
		r.rulesRun.write(line, goal)
	}
	if r.wants("orders") {
		r.orderRun.write(line, goal)
	}
	if r.wants("targets") {
		r.targetRun.write(line, goal)
	}
	if r.wants("analysis") {
		r.analysisRun.write(line, goal)
	}
	if r.wants("budgets") {
		r.budgetRun.write(line, goal)
	}
	if r.wants("invoices") {
		r.invoiceRun.write(line, goal)
	}
	if r.wants("claims") {
		r.claimRun.write(line, goal)
	}
	if r.wants("attack") {
		r.attackRun.write(line, goal)
	}
	if r.wants("poke") {
		_, _ = fmt.Fprintf(w, "poke: %.1f KB per client, another writer %.0f/s beside, %.0f/s alone\n", float64(r.perClient)/1024, r.writerBeside, r.writerAlone)
	}
}

// writePush is what `-only push` measures.
func (r *report) writePush(p *page) {
	p.line("## Acknowledged mutations, synchronous=FULL\n")
	p.line("| | acknowledged/s | server CPU µs each |\n|---|---|---|")
	p.line("| push of visits, %d a request, one device | %.0f | %.0f |", pushBatch, rate(r.pushed), cpu(r.pushed))
	p.line("| push of visits, %d a request, 64 devices | %.0f | %.0f |", pushBatch, rate(r.pushed64), cpu(r.pushed64))
	p.line("| PocketBase's create of visits, one client | %.0f | %.0f |\n", rate(r.rest), cpu(r.rest))
	p.goal("one device (goal: 3,000/s)", rate(r.pushed) >= 3000, "%.0f/s", rate(r.pushed))
	p.goal("64 devices (goal: 5,000/s)", rate(r.pushed64) >= 5000, "%.0f/s", rate(r.pushed64))
	p.line("\nEvery mutation passes the API rule and the model hooks of its collection, and there is one writer. A profile")
	p.line("(`go test ./hooks/sync/api -bench Push -cpuprofile …`) shows what bounds it: PocketBase's save, with the text of its")
	p.line("insert, a look-up for each of a visit's relations and the patterns of its texts; the fold and the API rule come after.")
	p.line("\n## Group commit: pushes of one mutation from 256 devices, a disk that takes 2 ms to sync\n")
	p.goal("against a commit for each (goal: 5 times)", r.shared >= 5*r.alone, "%.0f/s against %.0f/s, %.1f times", r.shared, r.alone, r.shared/r.alone)
	p.line("\nWith the fsync shared, what is left of a push is the CPU of the one writer, as above.")
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
