package satisfaction_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/satisfaction"
)

// policy: R6.5 H-APR-2
//
// TestHAPR2TheSystemDrawsTheSample of contacts whom somebody met or served, with at least
// 60 % of his A and B accounts, out of a frame and with a seed by which anybody who may
// see them draws the same again.
func TestHAPR2TheSystemDrawsTheSample(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AABBBCCC", 3)
	served := d.serve("rep.he", "AB", 2)
	d.exec("UPDATE contacts SET optout = TRUE WHERE account = {:a} AND email = ''", dbx.Params{"a": served[0]})
	d.exec("UPDATE contacts SET phone = '', wechat = '' WHERE account = {:a} AND email = ''", dbx.Params{"a": served[1]})
	survey := d.drawn()
	if survey.GetInt("drawn") == 0 || survey.GetInt("frame") == 0 || !survey.GetDateTime("expires_at").Time().Equal(d.Clock.Now().AddDate(0, 0, 14)) {
		t.Fatalf("%v", survey.PublicExport())
	}
	var excluded map[string]int
	if err := survey.UnmarshalJSONField("excluded", &excluded); err != nil || excluded["opted_out"] != 1 || excluded["no_way"] != 1 {
		t.Errorf("%v %v", excluded, err)
	}
	for _, who := range []string{"rep.chen", "rep.he", "manager.wu"} {
		var frame []satisfaction.Candidate
		err := d.DB().NewQuery("SELECT contact, account, tier, asked FROM _survey_frames WHERE survey = {:s} AND subject = {:u}").
			Bind(dbx.Params{"s": survey.Id, "u": d.As(who).Id}).All(&frame)
		if err != nil {
			t.Fatal(err)
		}
		again := satisfaction.Draw(frame, survey.GetInt("seed"), d.As(who).Id, satisfaction.Plan{Size: 10, KeyBp: 6_000, AskedN: 2})
		var want, got []string
		key, asked := map[string]bool{}, map[string]bool{}
		for _, c := range frame {
			if c.Tier == "A" || c.Tier == "B" {
				key[c.Account] = true
			}
		}
		for _, c := range again {
			want = append(want, c.Contact)
			if key[c.Account] {
				asked[c.Account] = true
			}
		}
		for _, invite := range d.invites(who) {
			got = append(got, invite.GetString("contact"))
		}
		slices.Sort(got)
		if len(got) == 0 || !reflect.DeepEqual(want, got) || len(asked)*10 < len(key)*6 {
			t.Errorf("%s: drew %v, again %v; %d of %d key accounts", who, got, want, len(asked), len(key))
		}
	}
	if n := d.count("SELECT COUNT(*) FROM (SELECT contact FROM survey_invites GROUP BY contact HAVING COUNT(*) > 2)", nil); n > 0 {
		t.Errorf("%d contacts are asked about more than two people", n)
	}
	if n := d.count("SELECT COUNT(*) FROM survey_invites WHERE subject = {:u}", dbx.Params{"u": d.As("director.lin").Id}); n > 0 {
		t.Error("who manages the department is rated in its own survey")
	}
}

// TestManagersOfDepartmentsAreRatedApart in a survey without a department, which the
// service makes alone.
func TestManagersOfDepartmentsAreRatedApart(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AAB", 2)
	row := d.plan(map[string]any{"dept": ""})
	d.Must(d.SaveBy("service.qian", row))
	d.Expect("by whom it rates", d.Act("director.lin", row, "draw", ""), "record.not_found")
	d.Must(d.Act("service.qian", row, "draw", ""))
	if d.count("SELECT COUNT(*) FROM survey_invites WHERE subject <> {:u}", dbx.Params{"u": d.As("director.lin").Id}) > 0 || len(d.invites("director.lin")) == 0 {
		t.Errorf("%d invites", len(d.invites("director.lin")))
	}
	if got := d.Do("director.lin", "GET", "/api/collections/survey_invites/records", ""); strings.Contains(got.Body.String(), `"subject"`) {
		t.Error("he sees whom they asked about him")
	}
}

// policy: R6.5 H-APR-2
// policy: R1.2 satisfaction_responses
//
// TestHAPR2WhoIsRatedNeitherChoosesNorReads: not by a route, a filter, the log, an export,
// a notice or a refusal, and nobody edits what customers said.
func TestHAPR2WhoIsRatedNeitherChoosesNorReads(t *testing.T) {
	d := open(t)
	accounts := d.serve("rep.chen", "AABB", 2)
	for _, who := range []string{"rep.chen", "manager.wu"} {
		if _, refused := d.Create(who, "satisfaction_surveys", map[string]any{"name": "x", "dept": d.As(who).GetString("department"), "from_date": "2031-03-01", "to_date": "2031-03-31"}); refused == "" {
			t.Errorf("%s made a survey", who)
		}
	}
	row := d.plan()
	d.Expect("his own seed", d.SaveBy("service.qian", d.plan(map[string]any{"seed": 1})), "field.locked seed")
	d.Must(d.SaveBy("service.qian", row))
	for _, who := range []string{"rep.chen", "manager.wu", "market.tang", "executive.sun"} {
		d.Expect(who+" draws", d.Run(who, row, "draw", ""), "satisfaction.not_office")
	}
	d.Must(d.Act("service.qian", row, "draw", ""))
	for i, invite := range d.invites("rep.chen") {
		if d.answer(invite, "54321"); i == 3 {
			break
		}
	}
	invite := d.invites("rep.chen")[0]
	response, err := d.FindFirstRecordByFilter("satisfaction_responses", "account = {:a} || account != ''", dbx.Params{"a": accounts[0]})
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"rep.chen", "rep.he", "manager.wu", "finance.zhao", "market.tang", "executive.sun"} {
		for _, path := range []string{
			"/api/collections/satisfaction_surveys/records", "/api/collections/survey_invites/records", "/api/collections/satisfaction_responses/records",
			"/api/collections/accounts/records?expand=survey_invites_via_account&perPage=1", "/api/collections/contacts/records?filter=" + "survey_invites_via_contact.channel='mail'",
			"/api/collections/accounts/records?filter=satisfaction_responses_via_account.score_bp>0",
		} {
			got := d.Do(who, "GET", path, "")
			if strings.Contains(got.Body.String(), `"items":[{`) && !strings.Contains(path, "expand") || strings.Contains(got.Body.String(), invite.Id) {
				t.Errorf("%s: %s: %.300s", who, path, got.Body)
			}
		}
		for _, path := range []string{
			"/api/collections/survey_invites/records/" + invite.Id, "/api/collections/satisfaction_responses/records/" + response.Id, "/api/collections/satisfaction_surveys/records/" + row.Id,
			"/api/ka/survey_invites/" + invite.Id + "/qr", "/api/ka/satisfaction_surveys/" + row.Id + "/links",
		} {
			if got := d.Do(who, "GET", path, ""); got.Code < 400 {
				t.Errorf("%s: %s: %d", who, path, got.Code)
			}
		}
		for _, told := range []string{"satisfaction.opened", "satisfaction.closed"} {
			if d.Told(who, told) > 0 {
				t.Errorf("%s was told %s", who, told)
			}
		}
	}
	seed := fmt.Sprint(d.Fresh(row).GetInt("seed"))
	for _, who := range []string{"service.qian", "director.lin", "auditor.jin", "admin.fang"} {
		got := d.Do(who, "GET", "/api/collections/satisfaction_surveys/records/"+row.Id, "")
		if got.Code != http.StatusOK || strings.Contains(got.Body.String(), seed) || strings.Contains(got.Body.String(), "frame_hash") {
			t.Errorf("%s: %d %s", who, got.Code, got.Body)
		}
		if got := d.Do(who, "GET", "/api/collections/survey_invites/records/"+invite.Id, ""); got.Code != http.StatusOK || strings.Contains(got.Body.String(), "used_on") || strings.Contains(got.Body.String(), "token_hash") {
			t.Errorf("%s: %d %s", who, got.Code, got.Body)
		}
	}
	for _, who := range []string{"rep.chen", "service.qian", "director.lin", "admin.fang", ""} {
		fresh := d.Fresh(response)
		fresh.Set("score_bp", 10_000)
		if got := d.SaveBy(who, fresh); got != "satisfaction.own_rows" && got != "record.unchanging" {
			t.Errorf("%q edits an answer: %q", who, got)
		}
		if got := d.DeleteBy(who, response); got == "" {
			t.Errorf("%q deletes an answer", who)
		}
	}
	if n := d.count("SELECT COUNT(*) FROM audit_log WHERE collection IN ('survey_invites', 'satisfaction_responses')", nil); n > 0 {
		t.Errorf("the log has %d entries of who was asked", n)
	}
}

// TestFiguresAreToldOfEnough, and when nobody answers any more: to whom they rate, to who
// is over him, and to who runs surveys.
func TestFiguresAreToldOfEnough(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AAB", 2)
	d.serve("rep.he", "AB", 1)
	survey := d.drawn()
	path := "/api/ka/satisfaction_surveys/" + survey.Id + "/figures"
	for i, invite := range d.invites("rep.chen") {
		d.answer(invite, []string{"55555", "44444", "33333", "22222", "11111", "55555"}[i])
	}
	d.answer(d.invites("rep.he")[0], "11111")
	d.Expect("while customers answer", codeOf(d.Do("rep.chen", "GET", path, "").Body.Bytes()), "satisfaction.not_closed")
	d.Must(d.Act("service.qian", survey, "close", ""))
	figures := func(who string) map[string]map[string]any {
		var out struct {
			Figures []map[string]any `json:"figures"`
		}
		got := d.Do(who, "GET", path, "")
		if err := json.Unmarshal(got.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		by := map[string]map[string]any{}
		for _, f := range out.Figures {
			by[f["name"].(string)] = f
		}
		return by
	}
	chen, he := d.As("rep.chen").GetString("name"), d.As("rep.he").GetString("name")
	if got := figures("rep.chen"); len(got) != 1 || got[chen]["enough"] != true || got[chen]["score"] == nil || len(got[chen]["questions"].([]any)) != 5 {
		t.Errorf("%v", got)
	}
	if got := figures("rep.he"); len(got) != 1 || got[he]["enough"] != false || got[he]["score"] != nil || got[he]["questions"] != nil {
		t.Errorf("one answer is told: %v", got)
	}
	if got := figures("manager.wu"); got[chen] == nil || got[he]["score"] != nil {
		t.Errorf("%v", got)
	}
	if got := figures("manager.xu"); got[chen] != nil {
		t.Errorf("of another team: %v", got)
	}
	if got := figures("service.qian"); got[chen] == nil || got[he] == nil {
		t.Errorf("%v", got)
	}
	if got := d.Do("market.tang", "GET", path, ""); got.Code != http.StatusNotFound {
		t.Errorf("%d", got.Code)
	}
}

func codeOf(body []byte) string {
	var out struct {
		Data struct {
			Code string `json:"code"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return err.Error()
	}
	return out.Data.Code
}

// TestASurveyIsPlannedWhole, and one that is drawn stays as it is.
func TestASurveyIsPlannedWhole(t *testing.T) {
	d := open(t)
	for name, c := range map[string]struct {
		values map[string]any
		want   string
	}{
		"ends before it begins": {map[string]any{"to_date": "2031-02-28"}, "satisfaction.period_invalid to_date"},
		"no day":                {map[string]any{"from_date": "2031-02-30"}, "satisfaction.period_invalid to_date"},
		"opens too early":       {map[string]any{"open_on": "2031-03-31"}, "satisfaction.open_too_early open_on"},
		"lives too long":        {map[string]any{"days": 93}, "satisfaction.days_invalid days"},
		"state":                 {map[string]any{"state": "open"}, "field.locked state"},
	} {
		d.Expect(name, d.SaveBy("service.qian", d.plan(c.values)), c.want)
	}
	late := d.plan(map[string]any{"to_date": "2031-04-05"})
	d.Must(d.SaveBy("director.lin", late))
	d.Expect("before its period is over", d.Act("director.lin", late, "draw", ""), "satisfaction.period_open")
	empty := d.plan(map[string]any{"from_date": "2019-03-01", "to_date": "2019-03-31"})
	d.Must(d.SaveBy("director.lin", empty))
	d.Expect("nobody was served", d.Act("director.lin", empty, "draw", ""), "satisfaction.nobody")
	d.serve("rep.chen", "A", 2)
	row := d.plan()
	d.Must(d.SaveBy("director.lin", row))
	d.Must(d.Act("director.lin", row, "draw", ""))
	d.Expect("twice", d.Act("director.lin", row, "draw", ""), "satisfaction.state")
	d.Expect("edited", d.Set("director.lin", row, "name", "x"), "satisfaction.locked")
	if got := d.DeleteBy("director.lin", row); got == "" {
		t.Error("deleted")
	}
}

// TestTheClockOpensAndEnds surveys on their days.
func TestTheClockOpensAndEnds(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	row := d.plan(map[string]any{"open_on": "2031-04-06", "days": 3})
	d.Must(d.SaveBy("service.qian", row))
	for _, step := range []struct {
		hours int
		want  string
	}{{0, "planned"}, {24, "open"}, {24, "open"}, {47, "open"}, {1, "closed"}, {5, "closed"}} {
		d.Clock.Advance(time.Duration(step.hours) * time.Hour)
		d.Job("satisfaction")
		if got := d.Fresh(row).GetString("state"); got != step.want {
			t.Fatalf("%s at %v, want %s", got, d.Clock.Now(), step.want)
		}
	}
	if d.Told("service.qian", "satisfaction.opened") != 1 || d.Told("service.qian", "satisfaction.closed") != 1 {
		t.Error("nobody was told")
	}
}
