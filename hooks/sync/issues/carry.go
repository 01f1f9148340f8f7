package issues

import (
	"encoding/json/jsontext"
	"slices"

	"satchel/domain/sync"
	"satchel/records"
	"satchel/syncer"
)

// carryUnit carries out all of a unit or nothing. corrected holds payloads by
// issue. A refusal is a *syncer.Problem that notes on each issue why.
func (q *inquiry) carryUnit(unit []records.SyncIssue, by records.User, corrected map[records.SyncIssueID]jsontext.Value, answer map[string]any) error {
	for _, issue := range unit {
		payload, ok := corrected[issue.ID()]
		if !ok {
			payload = issue.Payload()
		}
		// As the author's own: his edits on top of it are no conflict with it.
		r, err := q.carry(issue, by, payload, string(issue.Device()))
		if p, refused := syncer.IsProblem(err); refused {
			return refusedAgain(unit, issue, p, corrected)
		}
		if err != nil {
			return err
		}
		out := map[string]any{"status": r.Status}
		if issue.ID() == q.issue.ID() {
			for k, v := range answer {
				out[k] = v
			}
		}
		if err := q.settle(issue, r); err != nil {
			return err
		}
		if err := q.close(issue, by, sync.IssueResubmitted, out); err != nil {
			return err
		}
	}
	return nil
}

func refusedAgain(unit []records.SyncIssue, culprit records.SyncIssue, p *syncer.Problem, corrected map[records.SyncIssueID]jsontext.Value) error {
	again := *p
	again.Notes = slices.Clone(p.Notes)
	for _, issue := range unit {
		why := p
		if issue.ID() != culprit.ID() {
			why = &syncer.Problem{Code: "sync.group_refused", Params: map[string]any{"n": culprit.N()}}
		}
		again.Notes = append(again.Notes, syncer.Note{Issue: string(issue.ID()), Problem: why, Payload: corrected[issue.ID()]})
	}
	return &again
}

// carry carries out one mutation as its author's device sent it, on the answer
// of by. It counts as the change of device.
func (q *inquiry) carry(issue records.SyncIssue, by records.User, payload jsontext.Value, device string) (syncer.Result, error) {
	w, err := q.workOf(issue, by)
	if err != nil {
		return syncer.Result{}, err
	}
	w.Corrected = !sameWork(payload, issue.Payload())
	return q.run.Session.Carry(q.run.Device, device, w.Device, payload, q.service.engine.Applier(q.ctx, q.app, w))
}

// workOf is an issue's work as of when it arrived, with by answering for it.
func (q *inquiry) workOf(issue records.SyncIssue, by records.User) (w Work, err error) {
	author, err := records.Users.Require(q.app, issue.User())
	if err != nil {
		return w, err
	}
	device, found, err := records.SyncDevices.Find(q.app, issue.Device())
	if err != nil {
		return w, err
	}
	w = Work{User: author.Raw(), Device: syncer.Device{User: string(author.ID())}, Kept: issue.KeptAt(), Sent: issue.SentAt(), Run: q.run}
	if found { // else gone, and with it what it has seen
		w.Device.ID = string(device.ID())
	}
	if by.ID() != author.ID() {
		w.By = by.Raw()
	}
	w.Device.Cursor, err = q.service.engine.SeenBy(q.app, w.Device.ID, issue.Seen())
	w.Device.Schema = w.Device.Cursor.Schema
	return w, err
}
