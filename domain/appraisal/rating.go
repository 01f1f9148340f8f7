package appraisal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

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
	RatingState         = "appraisal_rating.state"
	RatingLocked        = "appraisal_rating.locked"
	RatingNotRater      = "appraisal_rating.not_rater"
	RatingItemUnknown   = "appraisal_rating.item_unknown"
	RatingItemTwice     = "appraisal_rating.item_twice"
	RatingScoreRange    = "appraisal_rating.score_range"
	RatingScoreMissing  = "appraisal_rating.score_missing"
	RatingCommentNeeded = "appraisal_rating.comment_needed"
	RatingCommentLong   = "appraisal_rating.comment_long"
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

// Rated is an item as a rater writes it.
type Rated struct {
	Item    string           `json:"ind"`
	Score   *decimal.Decimal `json:"score"` // none: not rated
	Comment string           `json:"comment,omitzero"`
}

// Question is a rated item as its rater is asked it.
type Question struct {
	Item  string       `json:"ind"`
	Name  domain.Texts `json:"name"`
	Group string       `json:"group"`
	Hints []string     `json:"hints,omitempty"` // metrics that stand beside it
}

// Hint is a fact beside a rated item.
type Hint struct {
	Metric string       `json:"metric"`
	Name   domain.Texts `json:"name"`
	Value  string       `json:"value"` // empty if nothing is known
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

var hundred = decimal.NewFromInt(100)

// CheckDraft judges what a rater has written so far: items of the scheme, each once, with
// scores of 0 to 100 and at most two places.
func (s Scheme) CheckDraft(items []Rated) error {
	questions, seen := s.Questions(), map[string]bool{}
	for _, item := range items {
		asked := slices.ContainsFunc(questions, func(q Question) bool { return q.Item == item.Item })
		code := ""
		switch {
		case !asked:
			code = RatingItemUnknown
		case seen[item.Item]:
			code = RatingItemTwice
		case item.Score != nil && (item.Score.Exponent() < -2 || item.Score.Exponent() > 2 || item.Score.IsNegative() || item.Score.GreaterThan(hundred)):
			code = RatingScoreRange
		case utf8.RuneCountInString(item.Comment) > commentMost:
			code = RatingCommentLong
		}
		if code != "" {
			return domain.Problem{Code: code, Params: map[string]any{"item": item.Item, "most": commentMost}}
		}
		seen[item.Item] = true
	}
	return nil
}

// CheckHandedIn judges a rating as it is handed in: each item has a score, or a comment
// that says why not; a score below or above the scheme's bounds has a comment.
func (s Scheme) CheckHandedIn(items []Rated) error {
	if err := s.CheckDraft(items); err != nil {
		return err
	}
	for _, q := range s.Questions() {
		at := slices.IndexFunc(items, func(r Rated) bool { return r.Item == q.Item })
		params := map[string]any{"item": q.Item, "zh": q.Name.ZH, "en": q.Name.EN, "below": s.Comments.Below.String(), "above": s.Comments.Above.String()}
		if at < 0 || items[at].Score == nil && strings.TrimSpace(items[at].Comment) == "" {
			return domain.Problem{Code: RatingScoreMissing, Params: params}
		}
		score := items[at].Score
		if score != nil && (score.LessThan(s.Comments.Below) || score.GreaterThan(s.Comments.Above)) && strings.TrimSpace(items[at].Comment) == "" {
			return domain.Problem{Code: RatingCommentNeeded, Params: params}
		}
	}
	return nil
}

// FormOf is what a rating says, as it is reckoned.
func FormOf(rater string, atCutoff bool, days int, items []Rated) Form {
	form := Form{Rater: rater, At: atCutoff, Days: days}
	for _, item := range items {
		form.Scores = append(form.Scores, Rating{Item: item.Item, Score: item.Score})
	}
	slices.SortFunc(form.Scores, func(a, b Rating) int { return strings.Compare(a.Item, b.Item) })
	return form
}
