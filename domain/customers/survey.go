package customers

import (
	"slices"

	"satchel/domain"
)

// Question is one question of a survey.
type Question struct {
	Key      string   `json:"key"`
	Kind     string   `json:"kind"` // text, number, choice or flag
	Required bool     `json:"required"`
	Choices  []string `json:"choices,omitzero"`
}

// CheckAnswers returns survey.answers_invalid with the first question that has
// no answer of its kind; one that is not required may have none.
func CheckAnswers(questions []Question, given map[string]any) error {
	for _, q := range questions {
		v, answered := given[q.Key]
		if !answered && !q.Required {
			continue
		}
		ok := false
		switch q.Kind {
		case "number":
			_, ok = v.(float64)
		case "flag":
			_, ok = v.(bool)
		case "choice":
			text, _ := v.(string)
			ok = slices.Contains(q.Choices, text)
		default:
			text, isText := v.(string)
			ok = isText && (text != "" || !q.Required)
		}
		if !ok {
			return domain.Problem{Code: "survey.answers_invalid", Params: map[string]any{"question": q.Key}}
		}
	}
	return nil
}
