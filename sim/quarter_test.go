package sim

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/cron"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/field"
	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

var (
	shanghai     = time.FixedZone("CST", 8*3600)
	quarterStart = time.Date(2026, 4, 1, 0, 0, 0, 0, shanghai)
	quarterEnd   = time.Date(2026, 7, 1, 12, 0, 0, 0, shanghai)
)

// quarter is three months of 40 reps with ten key accounts each, on virtual
// time, all jobs running by their own schedules.
type quarter struct {
	*told
	team   map[string]string // of those whose months are told: id → name
	others []string          // teams that dice play: "account" and "name" of their notices
	due    []event           // what is still to happen, by time
}

// machinery begins the names of the jobs that no policy knows of.
var machinery = []string{"sync", "upload", "fleet", "dispatches"}

type event struct {
	at  time.Time
	run func() error
}

// TestQuarter plays what testdata/quarter says of one team, and compares what
// the clock's jobs made of it, to the minute, with what was written down by
// hand. The other teams' visits are dice; their coverage is counted anew.
//
// policy: R3.3a H-VIS-FREQ R3.3b R3.3d H-CARE R3.3e H-ISS-ESC R3.2f H-CON-4 R4.3
func TestQuarter(t *testing.T) {
	effort.Late(t)
	q := newQuarter(t)
	began := time.Now()
	q.dice()
	q.read("testdata/quarter/calls.txt", q.calls)
	q.read("testdata/quarter/events.txt", q.event)
	q.live()
	t.Logf("a quarter of 40 reps and 400 accounts took %s", time.Since(began).Round(time.Millisecond))
	q.compare("testdata/quarter/coverage.txt", q.coverage())
	q.compare("testdata/quarter/told.txt", q.notices())
	q.recount()
	refused, err := q.w.app.FindAllRecords("sync_issues")
	q.w.must(err)
	for _, r := range refused {
		t.Errorf("%s %s of %s was refused: %s", r.GetString("collection"), r.GetString("op"), q.team[r.GetString("user")], r.GetString("code"))
	}
}

func newQuarter(t *testing.T) *quarter {
	w := &world{t: t, rng: rand.New(rand.NewPCG(2026, 0x0a))}
	none := demo.Options{Seed: 6, Today: testapp.Start, Products: 3, CheapLogin: true}
	w.app = testapp.New(t, testapp.Company(none), testapp.Hooks(func(c *hooks.Config) { c.Manual = true }))
	w.app.Clock.Set(quarterStart)
	w.server = w.app.Handler()
	q := &quarter{told: newTeller(w), team: map[string]string{}}
	q.people()
	w.fold()
	return q
}

// people hires 28 reps more, a manager for twelve of them, and gives each rep
// ten accounts: two of tier A, four of B, four of C. Those of the told team are
// called by the rep's letter, such as h3.
func (q *quarter) people() {
	app := q.w.app
	for _, name := range []string{"manager.wu", "rep.chen", "rep.he", "rep.zhou", "rep.zheng", "director.lin", "executive.sun"} {
		_, short, _ := strings.Cut(name, ".")
		q.team[app.As(name).Id] = short
	}
	q.others = append(q.others, app.As("manager.xu").GetString("name"), app.As("manager.hu").GetString("name"))
	managers := []*core.Record{app.As("manager.xu"), app.As("manager.hu"), q.hire("ka_manager", 0, app.As("director.lin"))}
	for i := range 28 {
		q.hire("rep", i+1, managers[(i+8)/12])
	}
	reps, err := app.FindRecordsByFilter("users", "role = 'rep' && active = true", "email", 0, 0)
	q.w.must(err)
	letters := map[string]string{"chen": "c", "he": "h", "zhou": "z", "zheng": "g"}
	var pairs []string
	for i, rep := range reps {
		for n := range 10 {
			name := fmt.Sprintf("%s%d", letters[q.team[rep.Id]], n+1)
			if q.team[rep.Id] == "" {
				name = fmt.Sprintf("other-%d-%d", i, n+1)
				q.others = append(q.others, name)
			}
			pairs = append([]string{"$" + name, q.account(rep, name, n, i)}, pairs...) // $c10 before $c1
		}
	}
	q.names = strings.NewReplacer(append(pairs, castIDs(q.w)...)...)
}

func (q *quarter) hire(role string, n int, manager *core.Record) *core.Record {
	coll, err := q.w.app.FindCollectionByNameOrId("users")
	q.w.must(err)
	r := core.NewRecord(coll)
	name := fmt.Sprintf("%s.%02d", role, n)
	r.Load(map[string]any{
		"email": demo.Email(name), "name": name, "emp_no": "Q" + name, "role": role, "department": manager.GetString("department"),
		"manager": manager.Id, "active": true, "verified": true, "locale": "en",
	})
	r.SetRaw("password", manager.GetRaw("password")) // a hash is dear to make
	q.w.must(q.w.app.Save(r))
	q.others = append(q.others, name)
	return r
}

func (q *quarter) account(rep *core.Record, name string, n, place int) string {
	coll, err := q.w.app.FindCollectionByNameOrId("accounts")
	q.w.must(err)
	r := core.NewRecord(coll)
	r.Load(map[string]any{
		"name": name, "kind": "ka", "stage": customers.StageContracted, "status": "active", "tier": string("AABBBBCCCC"[n]),
		"owner": rep.Id, "manager": rep.GetString("manager"), "dept": rep.GetString("department"),
		"lat": 31 + float64(place)/10, "lng": 121 + float64(n)/10, "geofence_m": 300,
	})
	q.put(r)
	_, err = q.w.app.NonconcurrentDB().NewQuery("UPDATE accounts SET created = '2026-03-15 00:00:00.000Z' WHERE id = {:id}").Bind(dbx.Params{"id": r.Id}).Execute()
	q.w.must(err)
	return r.Id
}

// put saves a record as the server does.
func (q *quarter) put(r *core.Record) {
	q.w.must(q.w.app.SaveWithContext(gate.AsServer(q.w.t.Context()), r))
}

// dice lets the other teams call, or not, at each of their accounts.
func (q *quarter) dice() {
	accounts, err := q.w.app.FindRecordsByFilter("accounts", "name ~ 'other-%'", "name", 0, 0)
	q.w.must(err)
	coll, err := q.w.app.FindCollectionByNameOrId("visits")
	q.w.must(err)
	for _, a := range accounts {
		for range q.w.rng.IntN(8) {
			at := quarterStart.Add(time.Duration(q.w.rng.IntN(91*24*60)) * time.Minute)
			counts := q.w.rng.IntN(8) > 0
			q.due = append(q.due, event{at, func() error {
				r := core.NewRecord(coll)
				r.Load(map[string]any{
					"account": a.Id, "owner": a.GetString("owner"), "manager": a.GetString("manager"), "dept": a.GetString("dept"),
					"type": "unplanned", "state": field.VisitReported, "in_at": at, "out_at": at.Add(time.Hour), "counts": counts,
				})
				return q.w.app.SaveWithContext(gate.AsServer(q.w.t.Context()), r)
			}})
		}
	}
}

// read hands a file's lines, split into words, to whoever understands them.
func (q *quarter) read(file string, line func(at time.Time, words []string) error) {
	f, err := os.Open(file)
	q.w.must(err)
	defer f.Close()
	scan := bufio.NewScanner(f)
	for n := 1; scan.Scan(); n++ {
		words := strings.Fields(scan.Text())
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		at, err := time.ParseInLocation("2006-01-02", "2026-"+words[0], shanghai)
		if err == nil {
			err = line(at, words[1:])
		}
		if err != nil {
			q.w.fail("%s:%d: %v", file, n, err)
		}
	}
	q.w.must(scan.Err())
}

// calls reads "REP ACCOUNT ...": half an hour at each from nine o'clock, one an
// hour, and the day's report at six. It is handed in unless the line ends in "unreported".
func (q *quarter) calls(day time.Time, words []string) error {
	rep, accounts := words[0], words[1:]
	date := day.Format(time.DateOnly)
	if n := len(accounts) - 1; accounts[n] == "unreported" {
		accounts = accounts[:n]
	} else {
		q.script(day.Add(18*time.Hour), rep,
			"create work_reports owner=@"+rep+" kind=day period="+date+" text=done state=draft", "act work_reports period="+date+" submit", "sync")
	}
	for i, account := range accounts {
		at := day.Add(time.Duration(9+i) * time.Hour)
		q.script(at, rep, "visit "+account, "checkin here")
		q.script(at.Add(30*time.Minute), rep, "checkout here", "report agreed", "sync")
	}
	return nil
}

// event reads "HH:MM WHO: LINE", a line of a story, or "HH:MM archive: COLLECTION
// FIELD=VALUE ...", a record that is there already.
func (q *quarter) event(day time.Time, words []string) error {
	clock, err := time.Parse("15:04", words[0])
	if err != nil {
		return err
	}
	who, ok := strings.CutSuffix(words[1], ":")
	if !ok {
		return fmt.Errorf("%q is nobody", words[1])
	}
	at := day.Add(time.Duration(clock.Hour()*60+clock.Minute()) * time.Minute)
	if who == "archive" {
		return q.archive(strings.Fields(q.names.Replace(strings.Join(words[2:], " "))))
	}
	q.script(at, who, strings.Join(words[2:], " "))
	return nil
}

func (q *quarter) archive(words []string) error {
	coll, err := q.w.app.FindCollectionByNameOrId(words[0])
	if err != nil {
		return err
	}
	r := core.NewRecord(coll)
	for _, word := range words[1:] {
		field, value, _ := strings.Cut(word, "=")
		r.Set(field, value)
	}
	return q.w.app.SaveWithContext(gate.AsServer(q.w.t.Context()), r)
}

func (q *quarter) script(at time.Time, who string, lines ...string) {
	for _, line := range lines {
		q.due = append(q.due, event{at, func() error {
			if err := q.line(who + ": " + line); err != nil {
				return fmt.Errorf("%s %s: %s: %w", at.Format("01-02 15:04"), who, line, err)
			}
			return nil
		}})
	}
}

// live moves the clock from one thing to the next: what people do, and the jobs
// of each minute in which more is due than what runs every minute.
func (q *quarter) live() {
	slices.SortStableFunc(q.due, func(a, b event) int { return a.at.Compare(b.at) })
	jobs := slices.DeleteFunc(slices.Clone(q.w.app.Bound.Jobs), func(j gate.Job) bool {
		return slices.ContainsFunc(machinery, func(m string) bool { return strings.HasPrefix(j.Name, m) })
	})
	plans := make([]*cron.Schedule, len(jobs))
	for i, j := range jobs {
		plan, err := cron.NewSchedule(j.Schedule)
		q.w.must(err)
		plans[i] = plan
	}
	for at := quarterStart; at.Before(quarterEnd); at = at.Add(time.Minute) {
		for len(q.due) > 0 && !q.due[0].at.After(at) {
			q.w.app.Clock.Set(q.due[0].at)
			q.w.must(q.due[0].run())
			q.due = q.due[1:]
		}
		moment := cron.NewMoment(at.UTC())
		q.w.app.Clock.Set(at)
		for i, j := range jobs {
			if j.Schedule != "* * * * *" && plans[i].IsDue(moment) {
				q.w.must(j.Run(context.Background(), q.w.app, at.UTC()))
			}
		}
	}
}

// notices are the lines of what the team was told, but for what of other teams
// went to those above.
func (q *quarter) notices() (out []string) {
	rows, err := q.w.app.FindRecordsByFilter("notifications", "at > {:from}", "at", 0, 0, dbx.Params{"from": gate.Stamp(quarterStart)})
	q.w.must(err)
	for _, r := range rows {
		var params map[string]any
		q.w.must(r.UnmarshalJSONField("params", &params))
		account, _ := params["account"].(string)
		name, _ := params["name"].(string)
		who, ours := q.team[r.GetString("user")]
		if r.GetString("kind") == "visit.audit" { // drawn by the visit's id
			continue
		}
		if !ours || slices.Contains(q.others, account) || slices.Contains(q.others, name) {
			continue
		}
		at := r.GetDateTime("at").Time().In(shanghai).Format("01-02 15:04")
		out = append(out, at+" "+who+": "+domain.NoticeText(r.GetString("kind"), params, "en"))
	}
	slices.Sort(out)
	return out
}

// coverage has a line for each account of the team: "c1 A 2026-04 2/2 met …".
func (q *quarter) coverage() (out []string) {
	accounts, err := q.w.app.FindRecordsByFilter("accounts", "manager = {:m}", "name", 0, 0, dbx.Params{"m": q.w.app.As("manager.wu").Id})
	q.w.must(err)
	for _, a := range accounts {
		rows, err := q.w.app.FindRecordsByFilter("account_coverage", "account = {:a} && from_date < '2026-07-01'", "period", 0, 0, dbx.Params{"a": a.Id})
		q.w.must(err)
		line := a.GetString("name") + " " + a.GetString("tier")
		for _, r := range rows {
			line += fmt.Sprintf(" | %s %d/%d %s", r.GetString("period"), r.GetInt("done"), r.GetInt("required"), r.GetString("state"))
		}
		out = append(out, line)
	}
	return out
}

// compare wants the lines of a file, no more and no fewer; # begins a comment.
func (q *quarter) compare(file string, got []string) {
	q.w.t.Helper()
	text, err := os.ReadFile(file)
	q.w.must(err)
	var want []string
	for line := range strings.Lines(string(text)) {
		if line = strings.Join(strings.Fields(line), " "); line != "" && line[0] != '#' {
			want = append(want, line)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	for _, line := range want {
		if !slices.Contains(got, line) {
			q.w.t.Errorf("%s: missing: %s", file, line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			q.w.t.Errorf("%s: too much: %s", file, line)
		}
	}
	if !q.w.t.Failed() && len(want) != len(got) {
		q.w.t.Errorf("%s has %d lines, there are %d", file, len(want), len(got))
	}
}

// recount counts the visits of the other teams' accounts by itself, and judges
// each period of theirs by the words of the policy.
func (q *quarter) recount() {
	var rows []struct {
		Name, State, From, To, Tier string
		Required, Done, Counted     int
	}
	err := q.w.app.DB().NewQuery(`SELECT a.name, c.state, c.from_date AS "from", c.to_date AS "to", c.tier, c.required, c.done,
		(SELECT COUNT(*) FROM visits v WHERE v.account = a.id AND v.counts
			AND date(v.in_at, '+8 hours') BETWEEN c.from_date AND c.to_date) AS counted
		FROM account_coverage c JOIN accounts a ON a.id = c.account WHERE a.name LIKE 'other-%' AND c.to_date < '2026-07-01'`).All(&rows)
	q.w.must(err)
	breaches := 0
	for _, r := range rows {
		want := "met"
		if r.Counted < r.Required {
			want = "breach"
			breaches++
		}
		if r.State != want || r.Done != r.Counted {
			q.w.t.Errorf("%s %s %s to %s: %s with %d of %d, should be %s with %d", r.Name, r.Tier, r.From, r.To, r.State, r.Done, r.Required, want, r.Counted)
		}
	}
	if months, quarters := 36*6*3, 36*4; len(rows) != months+quarters || breaches < 50 || breaches > len(rows)-50 {
		q.w.t.Errorf("%d periods, %d breaches", len(rows), breaches)
	}
}
