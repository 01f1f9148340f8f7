package phone

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
)

// bundled is a line that waits for the end of its group.
type bundled struct {
	verb string
	run  func(s *script, ctx context.Context, args []string) error
	args []string
}

// fields reads FIELD=TEXT words, and FIELD:=JSON for what is no text.
func (s *script) fields(words []string) (Row, error) {
	out := Row{}
	for _, word := range words {
		field, text, ok := strings.Cut(word, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not FIELD=TEXT", word)
		}
		if name, value := strings.CutSuffix(field, ":"); value {
			var v any
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				return nil, fmt.Errorf("%q is not FIELD:=JSON: %w", word, err)
			}
			if list, ok := v.([]any); ok {
				for i, member := range list {
					if text, ok := member.(string); ok {
						id, err := s.id(text)
						if err != nil {
							return nil, err
						}
						list[i] = id
					}
				}
			}
			out[name] = v
			continue
		}
		id, err := s.id(text)
		if err != nil {
			return nil, err
		}
		out[field] = id
	}
	return out, nil
}

// id is the text itself or, if it begins with ^, the id of the record that it names;
// with .FIELD behind the collection, what that field says.
func (s *script) id(text string) (string, error) {
	named, other := strings.CutPrefix(text, "^")
	if !other {
		return text, nil
	}
	head, condition, _ := strings.Cut(named, ":")
	collection, field, some := strings.Cut(head, ".")
	if !some {
		field = "id"
	}
	row, err := s.first(collection, condition)
	if err != nil {
		return "", err
	}
	return row.Text(field), nil
}

// first finds a record as find does; this is the visit on which the script is.
func (s *script) first(collection, condition string) (Row, error) {
	if condition == "this" {
		return s.phone.Get(collection, s.visit)
	}
	return s.find(collection, "name", condition)
}

func (s *script) take(_ context.Context, args []string) error {
	visit, err := s.first("visits", args[0])
	if err != nil {
		return err
	}
	s.visit, s.account = visit.Text("id"), visit.Text("account")
	return nil
}

func (s *script) act(_ context.Context, args []string) error {
	row, err := s.first(args[0], args[1])
	if err != nil {
		return err
	}
	values, err := s.fields(args[3:])
	if err != nil {
		return err
	}
	return s.phone.Act(args[0], row.Text("id"), args[2], values)
}

func (s *script) set(_ context.Context, args []string) error {
	row, err := s.find(args[0], "name", args[1])
	if err != nil {
		return err
	}
	changes, err := s.fields(args[2:])
	if err != nil {
		return err
	}
	return s.phone.Update(args[0], row.Text("id"), changes)
}

func (s *script) create(_ context.Context, args []string) error {
	row, err := s.fields(args[1:])
	if err != nil {
		return err
	}
	return s.phone.Create(args[0], s.phone.NewID(), row)
}

func (s *script) done(ctx context.Context, _ []string) error {
	lines := s.bundle
	s.bundle, s.open = nil, false
	return s.phone.Group(func() error {
		for _, l := range lines {
			if err := l.run(s, ctx, l.args); err != nil {
				return fmt.Errorf("%s: %w", l.verb, err)
			}
		}
		return nil
	})
}

func (s *script) push(ctx context.Context, _ []string) error {
	p, err := s.phone.Push(ctx)
	if err != nil {
		return err
	}
	return s.say("pushed: %d applied, %d merged, %d rejected, %d held, %d quarantined", p.Applied, p.Merged, p.Rejected, p.Held, p.Quarantined)
}

func (s *script) issues(context.Context, []string) error {
	all, err := s.phone.Issues()
	if err != nil {
		return err
	}
	for _, i := range all {
		text := i.Text("kind") + " " + i.Text("code") + " " + i.Text("collection") + " " + i.Text("record") + " " + i.Text("field")
		if err := s.say("%s  %s", i.Text("id"), strings.TrimSpace(text)); err != nil {
			return err
		}
	}
	return nil
}

// issue finds an open issue by id, or the first of a collection, kind or code.
func (s *script) issue(word string) (Row, error) {
	all, err := s.phone.Issues()
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if slices.Contains([]string{i.Text("id"), i.Text("collection"), i.Text("kind"), i.Text("code")}, word) {
			return i, nil
		}
	}
	return nil, fmt.Errorf("%w: an open issue %s", ErrNoRow, word)
}

func (s *script) resubmit(_ context.Context, args []string) error {
	issue, err := s.issue(args[0])
	if err != nil {
		return err
	}
	changes, err := s.fields(args[1:])
	if err != nil {
		return err
	}
	var fix Corrections
	if payload, _ := issue["payload"].(map[string]any); payload["op"] == "action" {
		fix.Args = changes
	} else {
		fix.Set = changes
	}
	return s.phone.Resubmit(issue.Text("id"), fix)
}

func (s *script) discard(_ context.Context, args []string) error {
	issue, err := s.issue(args[0])
	if err != nil {
		return err
	}
	return s.phone.Discard(issue.Text("id"), strings.Join(args[1:], " "))
}

func (s *script) acknowledge(_ context.Context, args []string) error {
	issue, err := s.issue(args[0])
	if err != nil {
		return err
	}
	return s.phone.Acknowledge(issue.Text("id"))
}

func (s *script) choose(_ context.Context, args []string) error {
	issue, err := s.issue(args[0])
	if err != nil {
		return err
	}
	if text, given := strings.CutPrefix(args[1], "="); given {
		return s.phone.Choose(issue.Text("id"), "value", text)
	}
	return s.phone.Choose(issue.Text("id"), args[1], nil)
}

// submit hands an order in.
func (s *script) submit(_ context.Context, args []string) error {
	row, err := s.first("orders", args[0])
	if err != nil {
		return err
	}
	values, err := s.fields(args[1:])
	if err != nil {
		return err
	}
	return s.phone.SubmitOrder(row.Text("id"), values)
}
