package api

import (
	"database/sql"
	"errors"
	"maps"
	"regexp"
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"
)

// questionsMost bounds the questions kept; collections have about a hundred rules.
const questionsMost = 1000

// judge decides API rules as core.App's CanAccessRecord does, and keeps the
// query that PocketBase makes of a rule: to make it costs four times as much as
// to ask it.
//
// A question holds no decision and nothing of a user or a row: both are bound
// when it is asked, in the caller's transaction. It depends on collections only,
// and PocketBase makes all of those anew when one changes, so a question is of
// the present exactly if its collection is the very object now cached.
type judge struct {
	mu        sync.Mutex
	questions map[questionKey]*question
}

type questionKey struct {
	coll, users *core.Collection
	rule        string
}

// question is a rule as a query.
type question struct {
	sql    string
	params dbx.Params // by name, without who asks and of what
	who    []string   // names that take the user's id
	what   []string   // names that take the record's id
}

// Stand-ins for the ids while a question is made; no text of a rule holds them.
const (
	standInUser   = "\x00user"
	standInRecord = "\x00record"
)

var (
	atWord = regexp.MustCompile(`@[\w.:]*`)
	// ofUser is what of a request does not change the query: PocketBase reads all
	// but the ids of the user from the table when it is asked.
	ofUser     = regexp.MustCompile(`^@request\.auth\.\w`)
	userValues = regexp.MustCompile(`^@request\.auth\.(email|emailVisibility|verified)\b`)
)

// general reports whether a rule's query is the same for all users and requests.
func general(rule string) bool {
	for _, word := range atWord.FindAllString(rule, -1) {
		if !ofUser.MatchString(word) || userValues.MatchString(word) {
			return false
		}
	}
	return true
}

// of returns the question for a rule; nil if PocketBase itself must be asked.
func (j *judge) of(app core.App, user *core.Record, coll *core.Collection, rule string) (*question, error) {
	if user == nil || user.IsSuperuser() || !general(rule) {
		return nil, nil
	}
	key := questionKey{coll, user.Collection(), rule}
	for _, c := range []*core.Collection{key.coll, key.users} {
		if now, err := app.FindCachedCollectionByNameOrId(c.Id); err != nil || now != c {
			return nil, nil
		}
	}
	j.mu.Lock()
	q, ok := j.questions[key]
	j.mu.Unlock()
	if ok {
		return q, nil
	}
	q, err := newQuestion(app, key)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.questions == nil || len(j.questions) >= questionsMost {
		j.questions = map[questionKey]*question{}
	}
	j.questions[key] = q
	return q, nil
}

// newQuestion builds the query of CanAccessRecord. nil for a rule that does
// something to an id before it compares it.
func newQuestion(app core.App, key questionKey) (*question, error) {
	user := core.NewRecord(key.users)
	user.Id = standInUser
	query := app.RecordQuery(key.coll).Select("(1)").AndWhere(dbx.HashExp{key.coll.Name + ".id": standInRecord})
	resolver := core.NewRecordFieldResolver(app, key.coll, &core.RequestInfo{Context: core.RequestInfoContextDefault, Auth: user}, true)
	expr, err := search.FilterData(key.rule).BuildExpr(resolver)
	if err != nil {
		return nil, err
	}
	if err := resolver.UpdateQuery(query); err != nil {
		return nil, err
	}
	built := query.AndWhere(expr).Limit(1).Build()
	q := &question{sql: built.SQL(), params: dbx.Params{}}
	for name, value := range built.Params() {
		text, _ := value.(string)
		switch {
		case text == standInUser:
			q.who = append(q.who, name)
		case text == standInRecord:
			q.what = append(q.what, name)
		case strings.ContainsRune(text, 0):
			return nil, nil
		default:
			q.params[name] = value
		}
	}
	return q, nil
}

// asked holds the queries of one transaction by their text: dbx reads each text
// once, which takes as long as to run it.
type asked map[string]*dbx.Query

// query returns the query of a text. All its parameters must be bound each time.
func (a asked) query(tx dbx.Builder, text string) *dbx.Query {
	if a[text] == nil {
		a[text] = tx.NewQuery(text)
	}
	return a[text]
}

// ask puts the question.
func (q *question) ask(tx dbx.Builder, before asked, user, record string) (bool, error) {
	bind := maps.Clone(q.params)
	for _, name := range q.who {
		bind[name] = user
	}
	for _, name := range q.what {
		bind[name] = record
	}
	var yes int
	err := before.query(tx, q.sql).Bind(bind).Row(&yes)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return yes > 0, err
}
