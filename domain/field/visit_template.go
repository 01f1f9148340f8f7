package field

import (
	"strings"

	"satchel/domain"
)

// TemplateStep is one step that a visit's template asks for.
type TemplateStep struct {
	Key      string `json:"key"`
	Kind     string `json:"kind"`
	Required bool   `json:"required"`
	Min      int    `json:"min"` // least number of such steps, 0 counts as 1
}

// StepsDone returns visit.step_required with the keys of required steps that
// are missing; done counts the visit's steps by key.
func StepsDone(steps []TemplateStep, done map[string]int) error {
	var missing []string
	for _, s := range steps {
		if s.Required && done[s.Key] < max(1, s.Min) {
			missing = append(missing, s.Key)
		}
	}
	if len(missing) > 0 {
		return domain.Problem{Code: "visit.step_required", Params: map[string]any{"missing": strings.Join(missing, ", ")}}
	}
	return nil
}

// VisitTemplate is a list of steps for accounts of a tier and visits of a type;
// an empty one of both fits all.
type VisitTemplate struct{ ID, Tier, Type string }

// ChooseTemplate returns the template that fits best: the type counts more than
// the tier, a named one more than one for all. Of equals the first; false if none fits.
func ChooseTemplate(templates []VisitTemplate, tier, visitType string) (best VisitTemplate, ok bool) {
	rank := -1
	for _, t := range templates {
		n := 0
		switch t.Type {
		case visitType:
			n += 2
		case "":
		default:
			continue
		}
		switch t.Tier {
		case tier:
			n++
		case "":
		default:
			continue
		}
		if n > rank {
			best, rank, ok = t, n, true
		}
	}
	return best, ok
}
