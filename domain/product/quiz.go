package product

import (
	"fmt"
	"slices"
	"strings"

	"satchel/domain"
)

// Question is one of a quiz. It does not say what is right.
type Question struct {
	Key      string   `json:"key"`
	Text     string   `json:"text"`
	Options  []string `json:"options"`
	Multiple bool     `json:"multiple,omitzero"` // several options may be right
}

// Answers are the options chosen, or right, by the keys of their questions; the
// first option is 0.
type Answers map[string][]int

// Bounds of a quiz.
const (
	mostQuestions = 100
	mostOptions   = 20
)

// CheckQuiz judges questions: training.quiz_invalid {question}, by its key or place.
func CheckQuiz(quiz []Question) error {
	if len(quiz) > mostQuestions {
		return quizInvalid(fmt.Sprint(mostQuestions + 1))
	}
	keys := map[string]bool{}
	for i, q := range quiz {
		switch {
		case blank(q.Key), keys[q.Key]:
			return quizInvalid(fmt.Sprint(i + 1))
		case blank(q.Text), len(q.Options) < 2, len(q.Options) > mostOptions, slices.ContainsFunc(q.Options, blank):
			return quizInvalid(q.Key)
		}
		keys[q.Key] = true
	}
	return nil
}

func quizInvalid(question string) error {
	return domain.Problem{Code: "training.quiz_invalid", Params: map[string]any{"question": question}}
}

// CheckAnswers judges a choice of options, of all questions or some: training.answers_invalid
// {question}. What is not answered is no fault here.
func CheckAnswers(quiz []Question, given Answers) error {
	known := map[string]bool{}
	for _, q := range quiz {
		known[q.Key] = true
		chosen := given[q.Key]
		outside := slices.ContainsFunc(chosen, func(option int) bool { return option < 0 || option >= len(q.Options) })
		if outside || len(chosen) > 1 && !q.Multiple || len(set(chosen)) != len(chosen) {
			return answersInvalid(q.Key)
		}
	}
	for key := range given {
		if !known[key] {
			return answersInvalid(key)
		}
	}
	return nil
}

func answersInvalid(question string) error {
	return domain.Problem{Code: "training.answers_invalid", Params: map[string]any{"question": question}}
}

// Answered reports whether right answers are known of every question.
func Answered(quiz []Question, right Answers) bool {
	return CheckAnswers(quiz, right) == nil && !slices.ContainsFunc(quiz, func(q Question) bool { return len(right[q.Key]) == 0 })
}

// Score is the share of questions answered rightly, in basis points, rounded down:
// all right options of a question and no other.
func Score(quiz []Question, right, given Answers) int {
	if len(quiz) == 0 {
		return 0
	}
	n := 0
	for _, q := range quiz {
		if chosen := set(given[q.Key]); len(chosen) > 0 && slices.Equal(chosen, set(right[q.Key])) {
			n++
		}
	}
	return n * 10_000 / len(quiz)
}

// set sorts options, each once.
func set(options []int) []int { return slices.Compact(slices.Sorted(slices.Values(options))) }

func blank(text string) bool { return strings.TrimSpace(text) == "" }
