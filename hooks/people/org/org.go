// Package org binds the rules of the organisation: people and departments, who
// stands in for whom, the department's year and months, what is to become
// better, and the policies that people read.
package org

import (
	"net/http"
	"time"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// service knows the time.
type service struct{ now func() time.Time }

// Area is what the organisation is.
func Area(cfg gate.Config) kit.Area {
	s := service{now: cfg.Now}
	return kit.Area{
		Name: "org",
		Collections: []kit.Collection{
			s.users(), departments(), plans(), reviews(), s.improvements(), policies(), s.acks(),
			{
				Name:  records.HolidayTable,
				Audit: gate.Audit{Fields: []string{records.HolidayColDate, records.HolidayColKind, records.HolidayColChecked}, Create: true},
			},
			{
				Name: records.SettingTable,
				Audit: gate.Audit{Fields: []string{
					records.SettingColKey, records.SettingColValue, records.SettingColEffectiveFrom, records.SettingColVersion, records.SettingColSecret,
				}, Create: true},
			},
		},
		Actions: []kit.Action{
			kit.Do(records.Users, "delegate", s.delegate),
			kit.Do(records.Departments, "appoint", s.appoint),
			kit.Do(records.BusinessReviews, people.BusinessReviewComplete, s.completeReview),
			kit.Do(records.ImprovementActions, people.ActionDone, s.done),
			kit.Do(records.ImprovementActions, people.ActionVerify, s.verify),
			kit.Do(records.ImprovementActions, people.ActionReopen, s.sendBack),
			kit.Do(records.ImprovementActions, people.ActionCancel, s.sendBack),
			kit.Do(records.PolicyDocs, people.PolicyPublish, s.publish),
			kit.Do(records.PolicyDocs, people.PolicyWithdraw, withdrawPolicy),
		},
		Approvals: []kit.Approval{planApproval()},
		Jobs: []gate.Job{
			{Name: "businessReviews", Schedule: "5 1 * * *", Run: s.remindReviews},
			{Name: "improvements", Schedule: "10 1 * * *", Run: s.remindImprovements},
			{Name: "policyAcks", Schedule: "15 1 * * *", Run: s.remindReaders},
		},
		Routes: []kit.Route{{Method: http.MethodGet, Path: "/api/ka/org/report", Who: kit.AnyReader(), Run: answerReport}},
	}
}
