package satisfaction_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// kept are the answers that are there.
func (d desk) kept() []*core.Record {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("satisfaction_responses", "id != ''", "@rowid", 0, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

// policy: R6.5 single use
//
// TestOpeningALinkChangesNothing: scanners of mails open links by GET and HEAD, as often
// as they like. Only the POST of answers uses one up, and a second one says thanks.
func TestOpeningALinkChangesNothing(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.drawn()
	invite := d.invites("rep.chen")[0]
	link := d.link(invite)
	before := d.row(invite.Id)
	for i := range 50 {
		method := []string{"GET", "HEAD"}[i%2]
		got := d.ask(method, link, "zh", nil)
		if got.Code != http.StatusOK || method == "GET" && !strings.Contains(got.Body.String(), "<form") {
			t.Fatalf("%s %d: %d %s", method, i, got.Code, got.Body)
		}
		d.Clock.Advance(time.Minute)
	}
	if after := d.row(invite.Id); after != before || len(d.kept()) != 0 {
		t.Errorf("%s, then %s; %d answers", before, after, len(d.kept()))
	}
	if got := d.ask("POST", link, "zh", answers("54545")); !both(got, "谢谢", "Thank you") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	for _, method := range []string{"POST", "GET", "HEAD", "POST"} {
		got := d.ask(method, link, "en", answers("11111"))
		if got.Code != http.StatusOK || method != "HEAD" && !both(got, "谢谢", "Thank you") {
			t.Errorf("%s: %d %s", method, got.Code, got.Body)
		}
	}
	rows := d.kept()
	if len(rows) != 1 || rows[0].GetInt("score_bp") != 9000 || rows[0].GetString("answers") != "[5,4,5,4,5]" || rows[0].GetString("invite") != invite.Id {
		t.Errorf("%v", rows)
	}
}

// row is an invite as it is stored, all of it.
func (d desk) row(id string) string {
	d.t.Helper()
	var row dbx.NullStringMap
	if err := d.DB().NewQuery("SELECT * FROM survey_invites WHERE id = {:id}").Bind(dbx.Params{"id": id}).One(&row); err != nil {
		d.t.Fatal(err)
	}
	return fmt.Sprint(row)
}

// TestAnswersKeepNoTrace of who gave them: a day, and neither moment nor address, and the
// row of the link does not say that it was used, except for its hidden day.
func TestAnswersKeepNoTrace(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.drawn()
	invite := d.Fresh(d.invites("rep.chen")[0])
	link := d.link(invite)
	invite = d.Fresh(invite)
	d.Clock.Advance(3 * time.Hour)
	d.ask("POST", link, "zh", answers("54545"))
	after := d.Fresh(invite)
	if after.GetString("used_on") != "2031-04-05" || !after.GetDateTime("updated").Equal(invite.GetDateTime("updated")) || after.GetString("state") != invite.GetString("state") {
		t.Errorf("%v", after)
	}
	for _, f := range d.kept()[0].Collection().Fields {
		switch f.(type) {
		case *core.DateField, *core.AutodateField:
			t.Errorf("answers have a moment: %s", f.GetName())
		}
	}
	var row dbx.NullStringMap
	if err := d.DB().NewQuery("SELECT * FROM satisfaction_responses").One(&row); err != nil {
		t.Fatal(err)
	}
	for column, value := range row {
		if strings.Contains(value.String, "192.0.2") || strings.Contains(value.String, ":") {
			t.Errorf("%s: %s", column, value.String)
		}
	}
}

// TestOfTwoAtOnceOneCounts, and both are thanked.
func TestOfTwoAtOnceOneCounts(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.drawn()
	link := d.link(d.invites("rep.chen")[0])
	d.Handler()
	var wg sync.WaitGroup
	var thanks atomic.Int64
	for i := range 8 {
		wg.Go(func() {
			got := d.ask("POST", link, "zh", answers(strings.Repeat(fmt.Sprint(1+i%5), 5)))
			if got.Code == http.StatusOK && both(got, "谢谢", "Thank you") {
				thanks.Add(1)
			}
		})
	}
	wg.Wait()
	if len(d.kept()) != 1 || thanks.Load() != 8 {
		t.Errorf("%d sets of answers, %d thanks", len(d.kept()), thanks.Load())
	}
}

// TestALinkThatOpensNothingSaysSo in both languages: one that expired, was cut or tampered
// with, is of another key or method, or of a survey that was closed or a contact who was
// forgotten.
func TestALinkThatOpensNothingSaysSo(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AABB", 2)
	survey := d.drawn()
	invites := d.invites("rep.chen")
	link := d.link(invites[0])
	token := strings.TrimPrefix(link, "/s/")
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	forged := func(method jwt.SigningMethod, key any) string {
		text, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	unsigned := forged(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType)
	tokens := []string{
		"x", "eyJ", token[:len(token)-1], token + "A", token + "=", strings.ToUpper(token), token[:len(token)/2], unsigned, unsigned + token[strings.LastIndex(token, ".")+1:],
		forged(jwt.SigningMethodHS256, []byte("")), forged(jwt.SigningMethodHS256, []byte("secret")), strings.Repeat("a", 5000), url.PathEscape("' OR 1=1 --"), d.Token("rep.chen"),
	}
	for at := range token { // each character on its own
		other := byte('A')
		if token[at] == 'A' {
			other = 'B'
		}
		tokens = append(tokens, token[:at]+string(other)+token[at+1:])
	}
	for i, bad := range tokens {
		for _, method := range []string{"GET", "POST"} {
			d.Clock.Advance(time.Minute)
			if got := d.ask(method, "/s/"+bad, "en", answers("55555")); got.Code != http.StatusNotFound || !both(got, "链接无效", "no valid link") {
				t.Fatalf("%s %d %.80s: %d %.300s", method, i, bad, got.Code, got.Body)
			}
		}
	}
	ended := func(what, link string) {
		t.Helper()
		for _, method := range []string{"GET", "POST"} {
			if got := d.ask(method, link, "zh", answers("55555")); got.Code != http.StatusGone || !both(got, "已经结束", "is over") {
				t.Errorf("%s: %s: %d %s", what, method, got.Code, got.Body)
			}
		}
	}
	gone := d.Row("contacts", invites[1].GetString("contact"))
	goneLink := d.link(invites[1])
	d.Must(d.Act("admin.fang", gone, "forget", `{"reason":"本人要求"}`))
	ended("forgotten", goneLink)
	d.Clock.Advance(13 * 24 * time.Hour)
	if got := d.ask("GET", link, "zh", nil); got.Code != http.StatusOK {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	d.Clock.Advance(2 * 24 * time.Hour)
	ended("expired", link)
	d.Clock.Advance(-10 * 24 * time.Hour)
	d.Must(d.Act("service.qian", survey, "close", ""))
	ended("closed", link)
	if len(d.kept()) != 0 {
		t.Errorf("%d answers", len(d.kept()))
	}
}

// TestAFormThatIsNotWholeIsShownAgain, with what was chosen, and uses nothing up.
func TestAFormThatIsNotWholeIsShownAgain(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.drawn()
	link := d.link(d.invites("rep.chen")[0])
	for values, want := range map[string]string{
		"54-21": "Please answer: Professionalism", "-----": "Please answer: Service attitude", "54921": "Please choose from 1 to 5: Professionalism",
		"5432x": "Please choose from 1 to 5: Reliability", "5432": "", "0----": "Please answer: Service attitude",
	} {
		form := answers((values + "-")[:5])
		got := d.ask("POST", link, "en-GB", form)
		if got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), want) {
			t.Errorf("%s: %d %s", values, got.Code, got.Body)
		}
		if checked := strings.Count(got.Body.String(), " checked"); checked > len(form) || values == "54-21" && checked != 4 {
			t.Errorf("%s: %d are chosen", values, checked)
		}
	}
	if got := d.ask("POST", link, "en", url.Values{"attitude": {strings.Repeat("5", 10_000)}}); got.Code != http.StatusBadRequest || !both(got, "未能读取", "could not be read") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if len(d.kept()) != 0 {
		t.Errorf("%d answers", len(d.kept()))
	}
	if got := d.ask("POST", link, "en", answers("54321")); got.Code != http.StatusOK || len(d.kept()) != 1 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// TestThePageIsSmallAndSpeaksBothLanguages: by Accept-Language, or as it was switched; it
// has no script, nothing inline, and a few thousand bytes.
func TestThePageIsSmallAndSpeaksBothLanguages(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.drawn()
	link := d.link(d.invites("rep.chen")[0])
	for _, c := range []struct{ query, accepts, want string }{
		{"", "", "zh"},
		{"", "zh-CN,zh;q=0.9,en;q=0.8", "zh"},
		{"", "en-US,en;q=0.5", "en"},
		{"", "zh-TW", "zh"},
		{"", "fr", "zh"},
		{"", "fr,en;q=0.1", "en"},
		{"?lang=en", "zh", "en"},
		{"?lang=zh", "en", "zh"},
		{"?lang=xx", "en", "en"},
		{"", "\x00;;;q=", "zh"},
	} {
		got := d.ask("GET", link+c.query, c.accepts, nil)
		body := got.Body.String()
		has := map[string]string{"zh": "服务态度", "en": "Service attitude"}
		for lang, text := range has {
			if strings.Contains(body, text) != (lang == c.want) {
				t.Errorf("%+v: %s", c, body)
			}
		}
		if len(body) > 6<<10 || strings.Contains(body, "<script") || strings.Contains(body, "<style") || strings.Contains(body, " style=") || strings.Contains(body, " on") && strings.Contains(body, "onclick") {
			t.Errorf("%d bytes: %s", len(body), body)
		}
		if got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v", got.Header())
		}
	}
	name := d.As("rep.chen").GetString("name")
	if got := d.ask("GET", link, "zh", nil); !strings.Contains(got.Body.String(), name) {
		t.Errorf("it does not say who is rated: %s", got.Body)
	}
}

// TestTheTextsOfNamesAreNoMarkup.
func TestTheTextsOfNamesAreNoMarkup(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.exec("UPDATE users SET name = '<b>陈</b>' WHERE id = {:id}", dbx.Params{"id": d.As("rep.chen").Id})
	d.drawn()
	if got := d.ask("GET", d.link(d.invites("rep.chen")[0]), "zh", nil); strings.Contains(got.Body.String(), "<b>") {
		t.Errorf("%s", got.Body)
	}
}

// TestGuessesReachNoDatabase: whoever tries links gets in nowhere, is told to wait, and takes
// nobody's time: a link that is none asks the database nothing, and a customer behind the
// same address is answered all the while.
func TestGuessesReachNoDatabase(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.drawn()
	link := d.link(d.invites("rep.chen")[0])
	if err := d.Bound.Sync.Fold(d.App); err != nil { // what was drawn is told to phones before statements are counted
		t.Fatal(err)
	}
	var statements atomic.Int64
	var last atomic.Value
	for _, db := range []dbx.Builder{d.ConcurrentDB(), d.NonconcurrentDB()} {
		db.(*dbx.DB).QueryLogFunc = func(_ context.Context, _ time.Duration, text string, _ *sql.Rows, _ error) {
			if !strings.Contains(text, "_sync_") { // the fold looks by itself
				statements.Add(1)
				last.Store(text)
			}
		}
		db.(*dbx.DB).ExecLogFunc = func(context.Context, time.Duration, string, sql.Result, error) { statements.Add(1) }
	}
	codes := map[int]int{}
	for i := range 1000 {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{ID: fmt.Sprint(i), ExpiresAt: jwt.NewNumericDate(d.Clock.Now().Add(time.Hour))}).SignedString([]byte{byte(i)})
		if err != nil {
			t.Fatal(err)
		}
		d.Clock.Advance(10 * time.Millisecond)
		got := d.ask([]string{"GET", "POST"}[i%2], "/s/"+token, "zh", answers("11111"))
		if codes[got.Code]++; strings.Contains(got.Body.String(), "<form") {
			t.Fatal("a guess got in")
		}
	}
	if n := statements.Load(); n > 0 {
		t.Errorf("%d statements for guesses: %v", n, last.Load())
	}
	if codes[http.StatusTooManyRequests] < 900 || codes[http.StatusNotFound] < 20 || len(codes) != 2 {
		t.Errorf("%v", codes)
	}
	if got := d.ask("GET", link, "zh", nil); got.Code != http.StatusOK || statements.Load() == 0 {
		t.Errorf("a customer beside them: %d, %d statements", got.Code, statements.Load())
	}
	if got := d.ask("POST", link, "zh", answers("55555")); got.Code != http.StatusOK || len(d.kept()) != 1 {
		t.Errorf("%d", got.Code)
	}
}

// TestALinkIsMailed in both languages, through the queue, in which it does not lie itself;
// who has answered meanwhile is not written to.
func TestALinkIsMailed(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.Settings().Meta.AppURL = "https://ka.example.com/"
	d.drawn()
	var queued []string
	if err := d.DB().NewQuery("SELECT payload FROM dispatches WHERE event = 'satisfaction.invite'").Column(&queued); err != nil || len(queued) == 0 {
		t.Fatalf("%v %v", queued, err)
	}
	if all := strings.Join(queued, ""); strings.Contains(all, "eyJ") || strings.Contains(all, "/s/") {
		t.Errorf("links lie in the queue: %s", all)
	}
	mails := map[string]*core.Record{}
	for _, who := range []string{"rep.chen", "manager.wu"} {
		for _, invite := range d.invites(who) {
			if invite.GetString("channel") == "mail" {
				mails[invite.Id] = invite
			}
		}
	}
	if len(mails) != len(queued) {
		t.Errorf("%d mails, %d queued", len(mails), len(queued))
	}
	for _, invite := range mails {
		d.answer(invite, "55555")
		delete(mails, invite.Id)
		break
	}
	d.Job("dispatches")
	sent := d.TestMailer.Messages()
	if len(sent) != len(mails) {
		t.Fatalf("%d mails of %d", len(sent), len(mails))
	}
	for _, m := range sent {
		at := strings.Index(m.Text, "https://ka.example.com/s/eyJ")
		if at < 0 || !strings.Contains(m.Text, "请您评价") || !strings.Contains(m.Text, "5 questions") || !strings.HasSuffix(m.To[0].Address, "@customer.test") {
			t.Fatalf("%+v", m)
		}
		link, _, _ := strings.Cut(strings.TrimPrefix(m.Text[at:], "https://ka.example.com"), "\n")
		if got := d.ask("GET", link, "zh", nil); got.Code != http.StatusOK {
			t.Errorf("%s: %d", link, got.Code)
		}
	}
}

// TestTheListOfLinks is for who runs the survey, is noted, and opens the pages.
func TestTheListOfLinks(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	survey := d.drawn()
	path := "/api/ka/satisfaction_surveys/" + survey.Id + "/links"
	for _, who := range []string{"service.qian", "director.lin", "admin.fang"} {
		got := d.Do(who, "GET", path, "")
		links := strings.Count(got.Body.String(), "/s/eyJ")
		if got.Code != http.StatusOK || links != survey.GetInt("drawn") {
			t.Errorf("%s: %d, %d links", who, got.Code, links)
		}
	}
	if got := d.Do("auditor.jin", "GET", path, ""); got.Code != http.StatusForbidden {
		t.Errorf("%d", got.Code)
	}
	if n := d.count("SELECT COUNT(*) FROM access_log WHERE what = 'export'", nil); n != 3 {
		t.Errorf("noted %d times", n)
	}
	if n := d.count("SELECT COUNT(*) FROM survey_invites WHERE state = 'drawn'", nil); n > 0 {
		t.Errorf("%d links did not go out", n)
	}
}
