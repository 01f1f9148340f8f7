package satisfaction

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/language"

	"satchel/domain"
	"satchel/domain/satisfaction"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// formMost is the longest form that is read, in bytes.
const formMost = 4 << 10

// view is what the page shows: a form, or what is said instead.
type view struct {
	Lang, Title, Lead, Note, Fault, Send string
	Said                                 []string
	Questions                            []asked
}

type asked struct {
	Key, Text string
	Choices   []choice
}

type choice struct {
	Value  int
	Text   string
	Chosen bool
}

var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// langOf is the language that a customer chose, else the one that his browser prefers.
func langOf(r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); lang == "zh" || lang == "en" {
		return lang
	}
	if _, at := language.MatchStrings(languages, r.Header.Get("Accept-Language")); at == 1 {
		return "en"
	}
	return "zh"
}

// show answers GET and HEAD of a link, as often as anybody opens it: nothing changes by
// that. Scanners of mails open links before their readers do.
func (s *Service) show(e *core.RequestEvent) error {
	invite, survey, err := s.opened(e)
	if err != nil || e.Written() {
		return err
	}
	return s.form(e, invite, survey, http.StatusOK, nil, "")
}

// take answers the POST of a link's answers, the first of which counts. Another one says
// thanks, and changes nothing.
func (s *Service) take(e *core.RequestEvent) error {
	invite, survey, err := s.opened(e)
	if err != nil || e.Written() {
		return err
	}
	lang := langOf(e.Request)
	questions, err := survey.Questions()
	if err != nil {
		return err
	}
	e.Request.Body = http.MaxBytesReader(e.Response, e.Request.Body, formMost)
	if err := e.Request.ParseForm(); err != nil {
		return s.say(e, http.StatusBadRequest, satisfaction.SaidUnread)
	}
	answers := make([]int, len(questions))
	for i, q := range questions {
		if value := e.Request.PostForm.Get(q.Key); value != "" {
			if answers[i], err = strconv.Atoi(value); err != nil {
				answers[i] = -1
			}
		}
	}
	if err := satisfaction.CheckAnswers(questions, answers); err != nil {
		p, ok := errors.AsType[domain.Problem](err)
		if !ok {
			return err
		}
		return s.form(e, invite, survey, http.StatusUnprocessableEntity, answers, p.Text(lang))
	}
	if _, err := s.answered(e, invite, answers); err != nil {
		return err
	}
	return s.say(e, http.StatusOK, satisfaction.SaidThanks)
}

// opened finds what a link opens, or answers with a sentence why it opens nothing. What
// is no link of ours never reaches the database.
func (s *Service) opened(e *core.RequestEvent) (invite records.SurveyInvite, survey records.SatisfactionSurvey, err error) {
	now, network := s.Now(), gate.Network(e.RealIP())
	mark, err := read(e.App, e.Request.PathValue("token"), now)
	switch {
	case errors.Is(err, errNoLink):
		if !s.guesses.take(network, now) {
			return invite, survey, s.say(e, http.StatusTooManyRequests, satisfaction.SaidWait)
		}
		return invite, survey, s.say(e, http.StatusNotFound, satisfaction.SaidNoLink)
	case errors.Is(err, errExpired):
		return invite, survey, s.say(e, http.StatusGone, satisfaction.SaidExpired)
	case err != nil:
		return invite, survey, err
	}
	if !s.visits.take(network, now) {
		return invite, survey, s.say(e, http.StatusTooManyRequests, satisfaction.SaidWait)
	}
	invite, found, err := records.SurveyInvites.First(e.App, "token_hash = {:h}", dbx.Params{"h": hashOfMark(mark)}, "")
	if err != nil {
		return invite, survey, err
	}
	if !found {
		return invite, survey, s.say(e, http.StatusNotFound, satisfaction.SaidNoLink)
	}
	if survey, err = records.SatisfactionSurveys.Require(e.App, invite.Survey()); err != nil {
		return invite, survey, err
	}
	switch {
	case invite.UsedOn() != "":
		return invite, survey, s.say(e, http.StatusOK, satisfaction.SaidThanks)
	case invite.State() == "void" || survey.State() != satisfaction.SurveyOpen:
		return invite, survey, s.say(e, http.StatusGone, satisfaction.SaidExpired)
	}
	return invite, survey, nil
}

// answered keeps a set of answers, unless the link was used: of two at once one is kept.
// The use of a link leaves its day and no trace in the row's times.
func (s *Service) answered(e *core.RequestEvent, invite records.SurveyInvite, answers []int) (kept bool, err error) {
	day := domain.BusinessDay(s.Now())
	err = e.App.RunInTransaction(func(tx core.App) error {
		used, err := tx.DB().NewQuery(`UPDATE survey_invites SET used_on = {:day} WHERE id = {:id} AND used_on = ''
				AND EXISTS (SELECT 1 FROM satisfaction_surveys s WHERE s.id = survey_invites.survey AND s.state = 'open')`).
			Bind(dbx.Params{"day": day, "id": invite.ID()}).Execute()
		if err != nil {
			return fmt.Errorf("use a link: %w", err)
		}
		n, err := used.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		kept = true
		row, err := records.SatisfactionResponses.New(tx)
		if err != nil {
			return err
		}
		row.SetSurvey(invite.Survey())
		row.SetInvite(invite.ID())
		row.SetAccount(invite.Account())
		row.SetSubject(invite.Subject())
		row.SetDept(invite.Dept())
		row.SetTier(records.SatisfactionResponseTier(invite.Tier()))
		row.SetAnswers(answers)
		row.SetScoreBp(satisfaction.HalfUp(satisfaction.Score(answers), 2))
		row.SetDay(day)
		if err := tx.SaveWithContext(gate.AsServer(e.Request.Context()), row.Raw()); err != nil {
			return fmt.Errorf("keep answers: %w", err)
		}
		return nil
	})
	return kept, err
}

// form shows the questions, with what was chosen already.
func (s *Service) form(e *core.RequestEvent, invite records.SurveyInvite, survey records.SatisfactionSurvey, status int, answers []int, fault string) error {
	lang := langOf(e.Request)
	subject, err := records.Users.Require(e.App, invite.Subject())
	if err != nil {
		return err
	}
	questions, err := survey.Questions()
	if err != nil {
		return err
	}
	words := satisfaction.Page
	v := view{
		Lang: lang, Title: words.Title.In(lang), Note: words.Note.In(lang), Send: words.Send.In(lang), Fault: fault,
		Lead: words.Lead.With(map[string]any{"company": e.App.Settings().Meta.AppName, "name": subject.Name()}).In(lang),
	}
	for i, q := range questions {
		a := asked{Key: q.Key, Text: q.Text.In(lang)}
		for n, text := range satisfaction.Scale {
			value := satisfaction.Worst + n
			a.Choices = append(a.Choices, choice{value, text.In(lang), answers != nil && answers[i] == value})
		}
		v.Questions = append(v.Questions, a)
	}
	return write(e, status, v)
}

// say shows a sentence in both languages, the customer's own first.
func (s *Service) say(e *core.RequestEvent, status int, said domain.Texts) error {
	lang := langOf(e.Request)
	other := "en"
	if lang == "en" {
		other = "zh"
	}
	return write(e, status, view{Lang: lang, Title: satisfaction.Page.Title.In(lang), Said: []string{said.In(lang), said.In(other)}})
}

func write(e *core.RequestEvent, status int, v view) error {
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	h := e.Response.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	return e.HTML(status, out.String())
}
