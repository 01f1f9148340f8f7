package appraisal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"satchel/domain"
)

// Kinds of ratings.
const (
	RatingSelf     = "self"
	RatingSuperior = "superior" // who leads him at cut-off
	RatingEarlier  = "earlier"  // who led him before
)

// States of a rating.
const (
	RatingDraft     = "draft"
	RatingSubmitted = "submitted"
	RatingLapsed    = "lapsed" // the deadline came first
)

// Actions on a rating.
const (
	RatingSubmit = "submit"
	RatingLapse  = "lapse" // the server's
)

// Codes of ratings that rules and tests name.
const (
	RatingState    = "appraisal_rating.state"
	RatingLocked   = "appraisal_rating.locked"
	RatingNotRater = "appraisal_rating.not_rater"
	RatingTwice    = "appraisal_rating.item_twice"
	RatingLong     = "appraisal_rating.comment_long"
)

// RatingMachine is the life of a form (R6.3, R6.4): its rater writes it until he hands it
// in, offline too.
var RatingMachine = domain.Machine{
	Collection: "appraisal_ratings",
	States:     []string{RatingDraft, RatingSubmitted, RatingLapsed},
	Refusal:    RatingState,
	Locked:     RatingLocked,
	Steps: []domain.Step{
		{
			Action: RatingSubmit, From: []string{RatingDraft}, To: []string{RatingSubmitted}, By: []domain.Party{domain.PartyOwner}, Stranger: RatingNotRater,
			Leads: []string{"it stays as it is", "a self-rating is shown to the superior"},
		},
		{Action: RatingLapse, From: []string{RatingDraft}, To: []string{RatingLapsed}},
	},
}

// commentMost bounds a comment, in characters.
const commentMost = 500

// Question is a rated item as its rater is asked it.
type Question struct {
	Item  string       `json:"ind"`
	Name  domain.Texts `json:"name"`
	Group string       `json:"group"`
	Hints []string     `json:"hints,omitempty"` // metrics that stand beside it
}

// Hint is a fact beside a rated item; nothing is known of an empty value.
type Hint struct {
	Metric string       `json:"metric"`
	Name   domain.Texts `json:"name"`
	Value  string       `json:"value"`
}

// Questions are the rated items of a scheme, those without weight left out.
func (s Scheme) Questions() (out []Question) {
	for _, item := range s.Items {
		if item.Kind == IndicatorRated && item.Weight.IsPositive() {
			out = append(out, Question{Item: item.Code, Name: item.Name, Group: item.Group, Hints: item.Hints})
		}
	}
	return out
}

// CheckDraft judges what a rater has written so far: items of the scheme, each once, with
// scores of 0 to 100 and at most two places.
func (s Scheme) CheckDraft(items []Rating) error {
	questions, seen := s.Questions(), map[string]bool{}
	for _, item := range items {
		asked := slices.ContainsFunc(questions, func(q Question) bool { return q.Item == item.Item })
		code := ""
		switch {
		case !asked:
			code = ItemUnknown
		case seen[item.Item]:
			code = RatingTwice
		case item.Score != nil && (item.Score.Exponent() < -2 || item.Score.Exponent() > 2 || item.Score.IsNegative() || item.Score.GreaterThan(hundred)):
			code = RatingInvalid
		case utf8.RuneCountInString(item.Comment) > commentMost:
			code = RatingLong
		}
		if code != "" {
			return domain.Problem{Code: code, Params: map[string]any{"item": item.Item, "most": commentMost}}
		}
		seen[item.Item] = true
	}
	return nil
}

// CheckHandedIn judges a rating as it is handed in.
func (s Scheme) CheckHandedIn(items []Rating) error {
	if err := s.CheckDraft(items); err != nil {
		return err
	}
	trimmed := slices.Clone(items)
	for i := range trimmed {
		trimmed[i].Comment = strings.TrimSpace(trimmed[i].Comment)
	}
	return CheckForm(s, Form{Scores: trimmed})
}

// FormOf is what a rating says, as it is reckoned: without its comments.
func FormOf(rater string, atCutoff bool, days int, items []Rating) Form {
	form := Form{Rater: rater, At: atCutoff, Days: days}
	for _, item := range items {
		form.Scores = append(form.Scores, Rating{Item: item.Item, Score: item.Score})
	}
	slices.SortFunc(form.Scores, func(a, b Rating) int { return strings.Compare(a.Item, b.Item) })
	return form
}
