package sim

import (
	"cmp"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
	"satchel/internal/phone"
	"satchel/internal/testapp"
)

// TestStories plays what is told in testdata/stories, a line after the other.
//
//	chen: LINE                       a line of the phone's script (he, wu, xu, fang, lin, zhao, sun likewise)
//	chen: ! CODE LINE                the line fails, and the error names the code (the office's likewise)
//	office: give ACCOUNT NAME        an account goes to a rep
//	office: disable NAME | enable NAME
//	office: revoke NAME | restore NAME REASON   the person's phone
//	office: password NAME            another password
//	office: login NAME               the person gives the password to the phone
//	office: wait HOURS
//	office: clock NAME HOURS     the person's phone is so many hours ahead
//	office: rule COLLECTION FIELD=POLICY
//	office: job NAME                 what runs by the clock
//	office: clone NAME OTHER         a copy of all that the person's phone holds runs on another
//	office: restored NAME OTHER      the same of a backup, which does not hold which installation it is of
//	office: make COLLECTION FIELD=VALUE ...
//	office: set COLLECTION FIELD=VALUE ... where FIELD=VALUE ...
//	office: act COLLECTION STEP JSON by NAME where FIELD=VALUE ...   at a desk
//	office: file COLLECTION FIELD TEXT where FIELD=VALUE ...   a file that the rep uploads at his desk
//	office: expect COUNT COLLECTION FIELD=VALUE ...
//	office: figure KEY MONTH by NAME     the figure of a month, which is what it was when it was last asked for
//	office: corrects KEY MONTH by NAME   the open month's figure says that it corrects another
//
// $chen is the first account of rep.chen, @chen his id.
func TestStories(t *testing.T) {
	for i, file := range storyFiles(t) {
		if i%effort.Times(4, 1) > 0 { // some of them, while one works
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newTold(t)
			for n, line := range strings.Split(string(text), "\n") {
				if err := attempt(func() { s.w.must(s.line(line)) }); err != nil {
					t.Fatalf("%s:%d: %s\n%v", file, n+1, line, err)
				}
			}
		})
	}
}

// told is a story on its way.
type told struct {
	w       *world
	phones  map[string]*device
	tellers map[string]*phone.Teller
	lost    map[string]string // devices that were revoked, by name
	figures map[string]string // answers, by figure and month
	names   *strings.Replacer
}

var cast = map[string]string{
	"chen": "rep.chen", "chens_other": "rep.chen", "he": "rep.he", "ma": "rep.ma", "wu": "manager.wu", "xu": "manager.xu", "lin": "director.lin", "fang": "admin.fang",
	"zhou": "rep.zhou", "zheng": "rep.zheng", "qian": "service.qian", "shen": "reviewer.shen", "tang": "market.tang", "guo": "product.guo", "zhao": "finance.zhao", "sun": "executive.sun", "luo": "ops.luo", "bai": "ops.bai",
}

func newTold(t *testing.T) *told {
	s := newTeller(newStory(t, 7))
	var pairs []string
	for _, name := range []string{"chen", "he", "ma"} {
		pairs = append(pairs, "$"+name, s.w.app.AccountOf(cast[name]).Id)
	}
	s.names = strings.NewReplacer(append(pairs, castIDs(s.w)...)...)
	return s
}

func newTeller(w *world) *told {
	return &told{w: w, phones: map[string]*device{}, tellers: map[string]*phone.Teller{}, figures: map[string]string{}}
}

// castIDs pairs @name with the id of each of the cast, longer names first.
func castIDs(w *world) (pairs []string) {
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(cast))) {
		pairs = append(pairs, "@"+name, w.app.As(cast[name]).Id)
	}
	return pairs
}

func (s *told) line(line string) error {
	who, rest, ok := strings.Cut(s.names.Replace(strings.TrimSpace(line)), ": ")
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	if !ok {
		return fmt.Errorf("%q does not say who", line)
	}
	s.w.fold()
	code := ""
	if text, fails := strings.CutPrefix(rest, "! "); fails {
		code, rest, _ = strings.Cut(text, " ")
	}
	err := s.does(who, rest)
	if code == "" {
		return err
	}
	if err == nil || !strings.Contains(err.Error(), code) {
		return fmt.Errorf("should fail with %s: %w", code, err)
	}
	return nil
}

func (s *told) does(who, rest string) error {
	if who == "office" {
		return s.office(strings.Fields(rest))
	}
	if s.phones[who] == nil {
		d := s.w.newDevice(cast[who], uint64(len(s.phones)+40))
		s.phones[who], s.tellers[who] = d, phone.NewTeller(d.Phone, d.network, io.Discard)
	}
	return s.tellers[who].Line(context.Background(), rest)
}

func (s *told) office(words []string) error {
	w := s.w
	switch words[0] {
	case "give":
		r := w.record("accounts", words[1])
		r.Set("owner", w.app.As(cast[words[2]]).Id)
		return w.app.Save(r)
	case "disable", "enable":
		r := w.app.As(cast[words[1]])
		r.Set("active", words[0] == "enable")
		return w.app.Override(r) // at once, whatever he has open
	case "revoke", "restore":
		id, err := s.phones[words[1]].Device()
		if err != nil {
			return err
		}
		if s.lost == nil {
			s.lost = map[string]string{}
		}
		id = cmp.Or(id, s.lost[words[1]]) // a phone that was wiped does not know
		s.lost[words[1]] = id
		who, args := cast[words[1]], "{}"
		if words[0] == "restore" {
			who, args = "admin.fang", fmt.Sprintf(`{"reason":%q}`, strings.Join(words[2:], " "))
		}
		return s.answered(w.app.Do(who, "POST", "/api/ka/sync_devices/"+id+"/"+words[0], args))
	case "password":
		r := w.app.As(cast[words[1]])
		r.SetPassword("another password of " + words[1])
		return w.app.Save(r)
	case "login":
		return w.signIn(s.phones[words[1]])
	case "clone", "restored":
		d := s.w.cloneOf(s.phones[words[1]], filepath.Join(w.t.TempDir(), words[2]+".db"))
		if words[0] == "restored" {
			w.must(d.store.LoseInstall())
		}
		s.phones[words[2]], s.tellers[words[2]] = d, phone.NewTeller(d.Phone, d.network, io.Discard)
		return nil
	case "wait":
		n, err := strconv.Atoi(words[1])
		w.app.Clock.Advance(time.Duration(n) * time.Hour)
		return err
	case "clock":
		n, err := strconv.Atoi(words[2])
		s.phones[words[1]].skew = time.Duration(n) * time.Hour
		return err
	case "restart":
		d := s.phones[words[1]]
		d.boots++
		d.up = w.app.Clock.Now()
		return nil
	case "deaf": // a client that goes on with the anchor that it has
		s.phones[words[1]].deaf = true
		return nil
	case "lie": // its clock and its counter say that it is so many hours ago
		n, err := strconv.Atoi(words[2])
		d := s.phones[words[1]]
		d.skew, d.up = d.skew-time.Duration(n)*time.Hour, testapp.Start.Add(time.Duration(n)*time.Hour)
		return err
	case "rule":
		r, err := w.app.FindFirstRecordByData("sync_rules", "name", words[1])
		if err != nil {
			return err
		}
		field, policy, _ := strings.Cut(words[2], "=")
		r.Set("policy", map[string]string{field: policy})
		return w.app.Save(r)
	case "job":
		for _, j := range w.app.Bound.Jobs {
			if j.Name == words[1] {
				return j.Run(context.Background(), w.app, w.app.Clock.Now())
			}
		}
		return fmt.Errorf("there is no job %s", words[1])
	case "make":
		coll, err := w.app.FindCollectionByNameOrId(words[1])
		if err != nil {
			return err
		}
		made := core.NewRecord(coll)
		for _, word := range words[2:] {
			field, value, _ := strings.Cut(word, "=")
			made.Set(field, value)
		}
		return w.app.Save(made)
	case "set":
		at := slices.Index(words, "where")
		found, err := s.find(words[1], words[at+1:])
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%d rows, %w", len(found), err)
		}
		for _, word := range words[2:at] {
			field, value, _ := strings.Cut(word, "=")
			found[0].Set(field, value)
		}
		return w.app.Save(found[0])
	case "act":
		by, at := slices.Index(words, "by"), slices.Index(words, "where")
		found, err := s.find(words[1], words[at+1:])
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%d rows, %w", len(found), err)
		}
		return s.answered(w.app.Do(cast[words[by+1]], "POST", "/api/ka/"+words[1]+"/"+found[0].Id+"/"+words[2], strings.Join(words[3:by], " ")))
	case "file":
		found, err := s.find(words[1], words[5:])
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%d rows, %w", len(found), err)
		}
		file, err := filesystem.NewFileFromBytes([]byte(words[3]), "signed.pdf")
		if err != nil {
			return err
		}
		found[0].Set(words[2], file)
		return w.app.SaveWithContext(gate.With(context.Background(), gate.Actor{User: w.record("users", found[0].GetString("owner"))}), found[0])
	case "expect":
		found, err := s.find(words[2], words[3:])
		if err == nil && strconv.Itoa(len(found)) != words[1] {
			issues, _ := w.app.FindAllRecords("sync_issues")
			for _, r := range issues {
				w.note("an issue: %s %s %s %s %s", r.GetString("kind"), r.GetString("state"), r.GetString("code"), r.GetString("collection"), r.GetString("params"))
			}
			err = fmt.Errorf("there are %d, not %s", len(found), words[1])
		}
		return err
	case "figure", "corrects":
		return s.figure(words[0] == "corrects", words[1], words[2], words[4])
	}
	return fmt.Errorf("the office does not know %q", words[0])
}

// figure asks for a month's figure, which does not move, or for what of today's month
// corrects that one.
func (s *told) figure(corrects bool, key, month, who string) error {
	of := month
	if corrects {
		of = domain.Month(domain.BusinessDay(s.w.app.Clock.Now()))
	}
	var answer struct {
		Total       jsontext.Value
		Corrections []struct{ Month string }
	}
	got := s.w.app.Do(cast[who], "GET", "/api/ka/analysis/"+key+"?from="+of+"&to="+of, "")
	if err := cmp.Or(s.answered(got), json.Unmarshal(got.Body.Bytes(), &answer, json.MatchCaseInsensitiveNames(true))); err != nil {
		return err
	}
	if corrects {
		for _, c := range answer.Corrections {
			if c.Month == month {
				return nil
			}
		}
		return fmt.Errorf("it corrects %v", answer.Corrections)
	}
	was, asked := s.figures[key+month]
	s.figures[key+month] = string(answer.Total)
	if asked && was != string(answer.Total) {
		return fmt.Errorf("it was %s and is %s", was, answer.Total)
	}
	return nil
}

func (s *told) answered(a *httptest.ResponseRecorder) error {
	if a.Code >= 300 {
		return fmt.Errorf("%d %s", a.Code, a.Body)
	}
	return nil
}

// find lists the records whose fields have these values.
func (s *told) find(collection string, conditions []string) (out []*core.Record, err error) {
	all, err := s.w.app.FindAllRecords(collection)
	for _, r := range all {
		fits := true
		for _, c := range conditions {
			field, value, _ := strings.Cut(c, "=")
			fits = fits && r.GetString(field) == value
		}
		if fits {
			out = append(out, r)
		}
	}
	return out, err
}
