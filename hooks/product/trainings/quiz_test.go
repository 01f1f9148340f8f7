package trainings_test

import (
	"encoding/json/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// policy: R5.5 training_records
//
// TestAttendanceIsTheTrainersWordAndTheScoreTheServers: in either order, since both
// may be away; the best of three tries counts.
func TestAttendanceIsTheTrainersWordAndTheScoreTheServers(t *testing.T) {
	d := open(t)
	row := d.published(map[string]any{"pass_bp": 9000})
	part := d.part(t, row, "rep.chen")
	d.Expect("before its day", d.Act("product.guo", part, "attend", ""), "training.too_early")
	d.Clock.Set(time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC))
	for _, c := range []struct{ who, action, args, want, state string }{
		{"rep.chen", "attend", "", "training.not_trainer", "invited"},
		{"manager.wu", "attend", "", "training.not_trainer", "invited"},
		{"rep.he", "submit", allRight, "record.not_found", "invited"},
		{"manager.wu", "submit", allRight, "training.not_trainee", "invited"},
		{"product.guo", "submit", allRight, "training.not_trainee", "invited"},
		{"rep.chen", "submit", `{"answers":{"q3":[1]}}`, "training.answers_invalid", "invited"},
		{"rep.chen", "submit", `{"answers":{"q1":[2]}}`, "training.answers_invalid", "invited"},
		{"rep.chen", "submit", halfWay, "", "submitted"},
		{"product.guo", "attend", "", "", "submitted"},
		{"rep.chen", "submit", allWrong, "", "submitted"},
	} {
		d.Expect(c.action+" by "+c.who, d.Act(c.who, part, c.action, c.args), c.want)
		if state := d.state(part); state != c.state {
			t.Errorf("%s by %s leads to %s", c.action, c.who, state)
		}
	}
	now := d.Fresh(part)
	if now.GetInt("score_bp") != 5000 || now.GetBool("passed") || now.GetInt("tries") != 2 || !now.GetBool("attended") || now.GetBool("late") {
		t.Errorf("half way, then all wrong: %v", now.PublicExport())
	}
	d.Must(d.Act("rep.chen", part, "submit", allWrong))
	d.Expect("a fourth try", d.Act("rep.chen", part, "submit", allRight), "training.tries_over")

	passed := d.part(t, row, "rep.he")
	d.Must(d.Act("product.guo", passed, "attend", ""))
	d.Expect("again", d.Act("product.guo", passed, "attend", ""), "training.state")
	d.Must(d.Act("rep.he", passed, "submit", allRight))
	if now := d.Fresh(passed); now.GetInt("score_bp") != 10_000 || !now.GetBool("passed") || now.GetString("state") != "submitted" {
		t.Errorf("all right: %v", now.PublicExport())
	}
	d.Expect("after he passed", d.Act("rep.he", passed, "submit", allWrong), "training.passed")
	plain := d.draft("product.guo", nil)
	d.Must(d.Act("product.guo", plain, "publish", ""))
	d.Expect("where there is no quiz", d.Act("rep.chen", d.part(t, plain, "rep.chen"), "submit", `{"answers":{}}`), "training.no_quiz")
}

// TestALateQuizIsKept, of a training that is closed too; a phone's clock that nothing
// proves makes no quiz early.
func TestALateQuizIsKept(t *testing.T) {
	d := open(t)
	row := d.published(map[string]any{"quiz_due": "2026-03-20"})
	at := func(day int) { d.Clock.Set(time.Date(2026, 3, day, 2, 0, 0, 0, time.UTC)) }
	at(20)
	d.Must(d.Act("product.guo", row, "hold", ""))
	d.Must(d.Act("product.guo", row, "close", ""))
	d.Must(d.Act("rep.he", d.part(t, row, "rep.he"), "submit", allRight))
	at(25)
	d.Must(d.Act("rep.chen", d.part(t, row, "rep.chen"), "submit", allRight))
	d.Must(d.Act("rep.zhou", d.part(t, row, "rep.zhou"), "submit", strings.Replace(allRight, "{", `{"at":"2026-03-19T01:00:00Z",`, 1)))
	for who, want := range map[string]bool{"rep.he": false, "rep.chen": true, "rep.zhou": true} {
		if part := d.part(t, row, who); part.GetBool("late") != want || !part.GetBool("passed") {
			t.Errorf("%s: %v", who, part.PublicExport())
		}
	}
}

// TestTheRightAnswersAreShownAtTheEnd: nobody who may still answer, and nobody who
// sees his part, gets them or what others chose; he gets them when he is through.
func TestTheRightAnswersAreShownAtTheEnd(t *testing.T) {
	d := open(t)
	row := d.published(nil)
	part := d.part(t, row, "rep.chen")
	const chosen = `"q2":[`
	answers := func(who string, part *core.Record) string {
		return d.Do(who, http.MethodGet, "/api/ka/training_records/"+part.Id+"/answers", "").Body.String()
	}
	d.Must(d.Act("rep.he", d.part(t, row, "rep.he"), "submit", allRight)) // what he chose is right
	for _, who := range []string{"rep.chen", "manager.wu", "director.lin", "auditor.jin", "service.qian"} {
		for _, path := range []string{"training_keys/records", "training_records/records?expand=training,training.training_keys_via_training", "trainings/records?expand=training_keys_via_training"} {
			got := d.Do(who, http.MethodGet, "/api/collections/"+path, "").Body.String()
			if strings.Contains(got, chosen) {
				t.Errorf("%s reads answers in %s", who, path)
			}
		}
		phone := d.Phone(d.Token(who), "phone"+who)
		if pulled := phone.Pull(); len(pulled.Puts["trainings"]) == 0 || len(pulled.Puts["training_keys"]) > 0 || strings.Contains(phone.Last, chosen) {
			t.Errorf("the phone of %s holds answers, or no training", who)
		}
	}
	for _, c := range []struct{ who, want string }{{"rep.chen", "training.answers_closed"}, {"manager.wu", "training.answers_closed"}, {"rep.zhou", "record.not_found"}} {
		if got := answers(c.who, part); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.who, got)
		}
	}
	d.Must(d.Act("rep.chen", part, "submit", halfWay))
	if got := answers("rep.chen", part); !strings.Contains(got, "training.answers_closed") {
		t.Errorf("with tries left: %s", got)
	}
	d.Must(d.Act("rep.chen", part, "submit", allRight))
	var got struct {
		Answers map[string][]int `json:"answers"`
		Right   map[string][]int `json:"right"`
	}
	if err := json.Unmarshal([]byte(answers("rep.chen", part)), &got); err != nil || len(got.Right["q2"]) != 2 || len(got.Answers["q2"]) != 2 {
		t.Errorf("when he passed: %v %v", got, err)
	}
	if got := answers("manager.wu", part); !strings.Contains(got, "training.answers_closed") {
		t.Errorf("to his manager: %s", got)
	}
}

// TestAnswersAreNotGuessedByFilters: what is not shown cannot be asked for either.
func TestAnswersAreNotGuessedByFilters(t *testing.T) {
	d := open(t)
	d.published(nil)
	for _, filter := range []string{
		`training_keys_via_training.answers ~ 'q1'`, `training_keys_via_training.answers.q1:each ?= 1`, `training_keys_via_training.id != ''`,
	} {
		path := "/api/collections/trainings/records?filter=" + strings.NewReplacer(" ", "%20", "'", "%27").Replace("("+filter+")")
		answer := d.Do("rep.chen", http.MethodGet, path, "")
		var list struct {
			Items []struct{} `json:"items"`
		}
		if answer.Code == http.StatusOK && (json.Unmarshal(answer.Body.Bytes(), &list) != nil || len(list.Items) > 0) {
			t.Errorf("%s finds %s", filter, answer.Body)
		}
	}
	answer := d.Do("rep.chen", http.MethodGet, "/api/collections/training_records/records?filter=(answers~%27q1%27)", "")
	if answer.Code == http.StatusOK {
		t.Errorf("hidden answers are asked: %s", answer.Body)
	}
}
