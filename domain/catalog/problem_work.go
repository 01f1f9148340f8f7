package catalog

import (
	"satchel/domain"
)

// Refusals of field days, tracks, consents, reports and surveys.
var workTexts = map[string]domain.Texts{
	"work.not_owner":         {"只有本人可以操作。", "Only the person himself may do this."},
	"work.session_taken":     {"当天的外勤已开始。", "The field day has begun already."},
	"work.day_implausible":   {"外勤日期不能晚于今天或早于一年前。", "A field day is neither to come nor over a year ago."},
	"work.session_over":      {"外勤已结束。", "The field day is over."},
	"work.end_before_start":  {"结束时间早于开始时间。", "The end lies before the start."},
	"track.no_session":       {"没有进行中的外勤,不记录轨迹。", "Without a field day no track is kept."},
	"track.outside_session":  {"轨迹点不在外勤时间内。", "The point lies outside the field day."},
	"track.outside_hours":    {"轨迹只在 {from} 至 {to} 记录。", "Tracks are kept from {from} to {to} only."},
	"track.no_consent":       {"本人未同意记录位置。", "The person has not agreed to be located."},
	"track.not_superior":     {"只有上级可以查看轨迹。", "Only a superior may look at a track."},
	"consent.withdrawn":      {"该同意已撤回。", "This consent was withdrawn already."},
	"report.period_invalid":  {"汇报期间 {period} 无效。", "The period {period} is not valid."},
	"report.exists":          {"该期间的汇报已存在。", "There is a report of this period already."},
	"report.submitted":       {"汇报已提交,不能再修改。", "The report was handed in and can no longer be changed."},
	"report.text_required":   {"请填写总结。", "Give the summary."},
	"report.not_superior":    {"只有上级可以批注。", "Only a superior comments."},
	"report.not_submitted":   {"汇报尚未提交。", "The report was not handed in yet."},
	"survey.closed":          {"该调研不在开放时间内。", "The survey is not open."},
	"survey.answers_invalid": {"缺少问题 {question} 的有效回答。", "The question {question} has no valid answer."},
}
