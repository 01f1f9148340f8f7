package catalog

import (
	"slices"
	"strings"

	"satchel/domain"
)

// phoneSettings are the parameters that phones get: what a rep is shown, or what
// his phone must know without a network to fill a form as the server will take
// it. All others stay with administrators and auditors: by what a visit is
// judged, how logins and rates are bounded, where copies go.
var phoneSettings = []string{
	"account.important_tiers",
	"appraisal.grades", "appraisal.promotion", "appraisal.rater_weights",
	"budget.control", "budget.over_bp",
	"care.gift_fen", "care.gift_year_fen", "care.lead_days",
	"commission.gate",
	"communication.reply_hours",
	"contract.renew_days", "contract.reviewers",
	"expense.block_days", "expense.warn_days",
	"handover.checklist",
	"issue.levels", "issue.repeat_count", "issue.repeat_days", "issue.round_the_clock",
	"media.device_daily_bytes", "media.device_daily_count", "media.keep_until", "media.max_bytes", "media.step_photos", "media.watermark",
	"office.break_end", "office.break_start", "office.end", "office.start",
	"opportunity.confirm_fen", "opportunity.follow_up_days", "opportunity.major_fen",
	"order.max_discount_bp",
	"plan.due_day",
	"policy.ack_days",
	"report.day_hours", "report.month_hours", "report.week_hours",
	"request.hours",
	"review.account_weights", "review.day", "review.periods",
	"track.from", "track.to",
	"visit.auto_close_hours", "visit.first_geofence_m", "visit.frequency", "visit.geofence_m", "visit.missed_grace_days",
	"visit.planned_ahead_days", "visit.planned_back_days", "visit.prep_tiers", "visit.record_hours", "visit.warn_day",
}

// OnPhones reports whether phones get a parameter. What a company makes for
// itself they get unless it says otherwise.
func OnPhones(key string) bool {
	return strings.HasPrefix(key, domain.CustomSettings) || slices.Contains(phoneSettings, key) || domain.Settings[key].Phones
}
