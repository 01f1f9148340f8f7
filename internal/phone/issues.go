package phone

import (
	"cmp"
	"context"
	"net/http"
	"slices"
)

// Corrections are what changes of a refused mutation when it is handed in again.
type Corrections struct {
	Set  Row      `json:"set,omitzero"`  // fields and their new values
	Args Row      `json:"args,omitzero"` // of an action
	Drop []string `json:"drop,omitzero"` // fields and arguments that go
	Base int64    `json:"base,omitzero"` // the version that the edit is made of by now
}

// Issues lists what waits for an answer, the user's own and his team's, oldest
// first. One that was answered on this phone is no longer among them.
func (p *Phone) Issues() ([]Row, error) {
	all, err := p.List("sync_issues")
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(all, func(r Row) bool { return r.Text("state") != "open" })
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Text("kept_at"), b.Text("kept_at")), cmp.Compare(a.Number("n"), b.Number("n")), cmp.Compare(a.Text("id"), b.Text("id")))
	})
	return out, nil
}

// Resubmit hands a rejected, held or quarantined mutation in again.
func (p *Phone) Resubmit(issue string, fix Corrections) error {
	return p.respond(issue, "resubmit", fix)
}

// Discard gives a mutation up for good.
func (p *Phone) Discard(issue, reason string) error {
	return p.respond(issue, "discard", map[string]string{"reason": reason})
}

// Acknowledge puts a report away.
func (p *Phone) Acknowledge(issue string) error { return p.respond(issue, "acknowledge", Row{}) }

// Choose answers a conflict that asks: "mine", "theirs", or "value" with one.
func (p *Phone) Choose(issue, take string, value any) error {
	args := Row{"take": take}
	if take == "value" {
		args["value"] = value
	}
	return p.respond(issue, "choose", args)
}

// AnswerNow answers an issue past the outbox, which needs a network: while the
// user has too many open ones nothing of the outbox is taken, answers included.
func (p *Phone) AnswerNow(ctx context.Context, issue, action string, args any) error {
	err := p.call(ctx, http.MethodPost, "/api/ka/sync_issues/"+issue+"/"+action, args, nil)
	if err == nil {
		p.waits = wait{} // there may be room by now
	}
	return err
}

// respond queues an answer to an issue that the phone holds.
func (p *Phone) respond(issue, action string, args any) error {
	if _, err := p.Get("sync_issues", issue); err != nil {
		return err
	}
	return p.Act("sync_issues", issue, action, args)
}
