package approvals

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/records"
)

func linkOf(r records.Approval) string { return records.ApprovalTable + "/" + string(r.ID()) }

func rowsOf(rows []records.Approval) (out []people.ApprovalRow) {
	for _, r := range rows {
		out = append(out, people.ApprovalRow{ID: string(r.ID()), Step: r.Step(), Any: r.Any(), State: string(r.State())})
	}
	return out
}

// chain finds the rows of a subject's round, by step.
func chain(app core.App, collection, id string, round int) ([]records.Approval, error) {
	return records.Approvals.All(app, "ref_collection = {:c} AND ref_id = {:i} AND round = {:r}", dbx.Params{"c": collection, "i": id, "r": round}, "step, id")
}

// chainOf finds those of the subject's present round.
func chainOf(app core.App, subject *core.Record) ([]records.Approval, error) {
	return chain(app, subject.Collection().Name, subject.Id, roundOf(subject))
}

// roundsOf finds the rows of all rounds of a subject.
func roundsOf(app core.App, subject *core.Record) ([]records.Approval, error) {
	return records.Approvals.All(app, "ref_collection = {:c} AND ref_id = {:i}", dbx.Params{"c": subject.Collection().Name, "i": subject.Id}, "round, step, id")
}

// open starts a row's time.
func open(r records.Approval, at, due time.Time) {
	r.SetState(people.ApprovalPending)
	r.SetOpenedAt(at)
	r.SetDueAt(due)
}

// sign writes a decision.
func sign(r records.Approval, content, data map[string]any, decision, comment string, at time.Time) {
	r.SetComment(comment)
	r.SetAt(at)
	if data != nil {
		r.SetData(data)
	}
	r.SetSignatureHash(people.Signature{
		Subject: r.RefCollection() + "/" + r.RefID(), Round: r.Round(), Content: content, Decision: decision, Comment: comment,
		Approver: string(r.Approver()), Delegated: string(r.DelegatedFrom()), At: at, Data: data,
	}.Hash())
}
