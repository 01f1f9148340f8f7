package product

import (
	"errors"
	"testing"

	"satchel/domain"
)

var quiz = []Question{
	{Key: "q1", Text: "保质期", Options: []string{"6 个月", "12 个月"}},
	{Key: "q2", Text: "卖点", Options: []string{"无糖", "低脂", "进口"}, Multiple: true},
	{Key: "q3", Text: "规格", Options: []string{"500 毫升", "1 升"}},
}

var right = Answers{"q1": {1}, "q2": {0, 1}, "q3": {0}}

func TestAQuizHasQuestionsWithOptions(t *testing.T) {
	with := func(change func(q []Question) []Question) []Question {
		return change(append([]Question(nil), quiz...))
	}
	for name, c := range map[string]struct {
		quiz []Question
		want string // the question that is wrong
	}{
		"none":          {nil, ""},
		"as it is":      {quiz, ""},
		"without a key": {with(func(q []Question) []Question { q[1].Key = " "; return q }), "2"},
		"a key twice":   {with(func(q []Question) []Question { q[2].Key = "q1"; return q }), "3"},
		"no text":       {with(func(q []Question) []Question { q[0].Text = ""; return q }), "q1"},
		"one option":    {with(func(q []Question) []Question { q[0].Options = []string{"是"}; return q }), "q1"},
		"blank option":  {with(func(q []Question) []Question { q[2].Options = []string{"是", " "}; return q }), "q3"},
		"many options":  {with(func(q []Question) []Question { q[2].Options = make([]string, 21); return q }), "q3"},
		"too many":      {make([]Question, 101), "101"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, CheckQuiz(c.quiz), "training.quiz_invalid", c.want) })
	}
}

func TestAnswersChooseOptionsThatAreThere(t *testing.T) {
	for name, c := range map[string]struct {
		given Answers
		want  string
	}{
		"none":            {nil, ""},
		"some":            {Answers{"q1": {0}}, ""},
		"all":             {right, ""},
		"none of these":   {Answers{"q1": {}}, ""},
		"beyond the last": {Answers{"q1": {2}}, "q1"},
		"below the first": {Answers{"q2": {-1}}, "q2"},
		"two of one":      {Answers{"q3": {0, 1}}, "q3"},
		"one twice":       {Answers{"q2": {1, 1}}, "q2"},
		"another":         {Answers{"q9": {0}}, "q9"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, CheckAnswers(quiz, c.given), "training.answers_invalid", c.want) })
	}
}

func refuses(t *testing.T, err error, code, question string) {
	t.Helper()
	if question == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	p, _ := errors.AsType[domain.Problem](err)
	if p.Code != code || p.Params["question"] != question {
		t.Errorf("%v, want %s of %s", err, code, question)
	}
}

func TestAQuestionIsRightWhole(t *testing.T) {
	for name, c := range map[string]struct {
		given Answers
		want  int
	}{
		"nothing":       {nil, 0},
		"all":           {right, 10_000},
		"another order": {Answers{"q1": {1}, "q2": {1, 0}, "q3": {0}}, 10_000},
		"two of three":  {Answers{"q1": {1}, "q2": {0, 1}, "q3": {1}}, 6_666},
		"a part of q2":  {Answers{"q2": {0}}, 0},
		"more than q2":  {Answers{"q2": {0, 1, 2}}, 0},
	} {
		if got := Score(quiz, right, c.given); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if Score(nil, nil, nil) != 0 {
		t.Error("a quiz without questions has a score")
	}
	for name, keys := range map[string]Answers{"none": nil, "one left": {"q1": {1}, "q2": {0}}, "no option": {"q1": {1}, "q2": {}, "q3": {0}}, "outside": {"q1": {7}, "q2": {0}, "q3": {0}}} {
		if Answered(quiz, keys) {
			t.Errorf("%s: the answers are whole", name)
		}
	}
	if !Answered(quiz, right) {
		t.Error("the answers are not whole")
	}
}

func TestAnAudience(t *testing.T) {
	rep := Member{ID: "rep", Role: "rep", Departments: []string{"ka1", "ka", "top"}}
	for name, c := range map[string]struct {
		audience Audience
		want     bool
	}{
		"nobody":                    {Audience{}, false},
		"his department":            {Audience{Departments: []string{"ka1"}}, true},
		"one above his":             {Audience{Departments: []string{"top"}}, true},
		"another":                   {Audience{Departments: []string{"ka2"}}, false},
		"his role":                  {Audience{Roles: []string{"rep"}}, true},
		"his role elsewhere":        {Audience{Departments: []string{"ka2"}, Roles: []string{"rep"}}, false},
		"another role of his":       {Audience{Departments: []string{"ka1"}, Roles: []string{"service"}}, false},
		"both":                      {Audience{Departments: []string{"ka"}, Roles: []string{"rep", "service"}}, true},
		"by name":                   {Audience{People: []string{"rep"}}, true},
		"by name, beside others":    {Audience{Departments: []string{"ka2"}, People: []string{"rep"}}, true},
		"another is named, not him": {Audience{People: []string{"boss"}}, false},
	} {
		if got := c.audience.Has(rep); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !(Audience{}).Empty() || (Audience{Roles: []string{"rep"}}).Empty() {
		t.Error("who is meant")
	}
}

func TestAttendanceAndAnswersComeInEitherOrder(t *testing.T) {
	trainer, trainee := []domain.Party{domain.PartyAuthor}, []domain.Party{domain.PartyOwner}
	yes := func(string) bool { return true }
	for _, c := range []struct {
		state, action string
		by            []domain.Party
		to, code      string
	}{
		{PartInvited, PartAttend, trainer, PartAttended, ""},
		{PartInvited, PartSubmit, trainee, PartSubmitted, ""},
		{PartSubmitted, PartAttend, trainer, PartSubmitted, ""},
		{PartAttended, PartSubmit, trainee, PartSubmitted, ""},
		{PartSubmitted, PartSubmit, trainee, PartSubmitted, ""},
		{PartAttended, PartAttend, trainer, "", "training.state"},
		{PartInvited, PartAttend, trainee, "", "training.not_trainer"},
		{PartInvited, PartSubmit, trainer, "", "training.not_trainee"},
	} {
		step, err := PartMachine.Take(c.state, c.action, c.by, yes)
		if domain.CodeOf(err) != c.code || c.code == "" && step.Next(c.state) != c.to {
			t.Errorf("%s from %s by %v: %q, %v", c.action, c.state, c.by, step.Next(c.state), err)
		}
	}
	for _, c := range []struct {
		passed bool
		tries  int
		want   bool
	}{{false, 0, false}, {false, 2, false}, {false, 3, true}, {true, 1, true}} {
		if got := PartOver(c.passed, c.tries, 3); got != c.want {
			t.Errorf("%v: %v", c, got)
		}
	}
}
