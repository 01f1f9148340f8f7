package keeping

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	communications = "communications"
	valueServices  = "value_services"
)

// communicationFilled is what the server writes.
var communicationFilled = []string{"by", "needs_reply_by", "replied_at", "replied_late", "reply_told_at", "campaign"}

func contactOf(r *core.Record) string           { return r.GetString("contact") }
func inbound(r *core.Record) bool               { return r.GetString("direction") == "in" }
func momentOf(r *core.Record) time.Time         { return r.GetDateTime("at").Time() }
func replyDue(r *core.Record) time.Time         { return r.GetDateTime("needs_reply_by").Time() }
func setReplyDue(r *core.Record, at time.Time)  { r.Set("needs_reply_by", at) }
func setReplyTold(r *core.Record, at time.Time) { r.Set("reply_told_at", at) }
func summaryOf(r *core.Record) string           { return r.GetString("summary") }

func awaitsReply(r *core.Record) bool {
	return !r.GetDateTime("needs_reply_by").IsZero() && r.GetDateTime("replied_at").IsZero()
}

func setReplied(r *core.Record, at time.Time) {
	r.Set("replied_at", at)
	r.Set("replied_late", at.After(r.GetDateTime("needs_reply_by").Time()))
}

func setBy(r, author *core.Record) {
	if author != nil {
		r.Set("by", author.Id)
	}
}
