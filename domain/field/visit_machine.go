package field

import (
	"satchel/domain"
)

// visitBegun are the states of a visit at which somebody was, as far as nobody
// proved a fraud.
var visitBegun = []string{VisitInProgress, VisitCheckedOut, VisitAutoClosed, VisitReported, VisitQuestioned, VisitAccepted}

// VisitMachine is the life of a visit (R4.3). What a phone did without a network
// arrives after a job has called the visit missed or closed it, so both can be
// made good.
var VisitMachine = domain.Machine{
	Collection: "visits",
	States: []string{
		VisitDraft, VisitPlanned, VisitApproved, VisitMissed, VisitInProgress, VisitAutoClosed, VisitCheckedOut,
		VisitReported, VisitQuestioned, VisitAccepted, VisitVoidFraud, VisitCancelled,
	},
	Begin:   []string{VisitPlanned, VisitDraft},
	Open:    []string{VisitDraft, VisitPlanned, VisitApproved, VisitInProgress, VisitCheckedOut, VisitMissed, VisitAutoClosed},
	Refusal: "visit.state",
	Steps: []domain.Step{
		byOwner(VisitPlan, []string{VisitDraft}, VisitPlanned),
		byOwner(VisitCheckIn, []string{VisitDraft, VisitPlanned, VisitApproved, VisitMissed}, VisitInProgress,
			"preparation is asked for (H-VIS-PREP)", "place, clock and phone are judged"),
		byOwner(VisitCheckOut, []string{VisitInProgress, VisitAutoClosed}, VisitCheckedOut,
			"required steps are asked for", "the stay is measured"),
		byOwner(VisitReport, []string{VisitCheckedOut, VisitAutoClosed}, VisitReported,
			"what hangs on the visit is locked", "a late record is noted (H-VIS-REC)"),
		byOwner(VisitCancel, []string{VisitDraft, VisitPlanned, VisitApproved, VisitMissed}, VisitCancelled),
		byOwner(VisitAnswer, []string{VisitQuestioned}, VisitReported),
		{
			Action: VisitReopen, From: []string{VisitReported, VisitQuestioned}, To: []string{VisitCheckedOut, VisitAutoClosed},
			By: []domain.Party{domain.PartyOwner}, Stranger: "visit.not_owner", Guards: []string{"visit.void_pending"},
			Leads: []string{"report and verdict are taken back", "its manager is told"},
		},
		{
			Action: VisitReopen, From: []string{VisitAccepted}, To: []string{VisitCheckedOut, VisitAutoClosed},
			By: []domain.Party{domain.PartySuperior}, Stranger: "visit.not_superior", Guards: []string{"visit.void_pending"},
			Leads: []string{"report and verdict are taken back", "its owner is told"},
		},
		bySuperior(VisitAccept, []string{VisitReported, VisitQuestioned}, []string{VisitAccepted}, "it counts whatever its score"),
		bySuperior(VisitQuestion, []string{VisitReported}, []string{VisitQuestioned}, "its owner is asked"),
		bySuperior(VisitVoid, []string{VisitAccepted, VisitQuestioned}, nil, "it does not count", "the head of the department is asked"),
		byHead(VisitConfirmVoid, []string{VisitVoidFraud}),
		byHead(VisitRefuseVoid, nil, "it is as doubtful as before"),

		{Action: VisitApprove, From: []string{VisitDraft, VisitPlanned}, To: []string{VisitApproved}},
		{Action: VisitMiss, From: []string{VisitPlanned, VisitApproved}, To: []string{VisitMissed}, Leads: []string{"its owner is told"}},
		{Action: VisitCloseAlone, From: []string{VisitInProgress}, To: []string{VisitAutoClosed}},
		{Action: VisitDoubt, From: []string{VisitReported}, To: []string{VisitQuestioned}, Leads: []string{"its owner is asked"}},
		{Action: VisitCheckInAgain, From: visitBegun},
		{Action: VisitPlace, From: append([]string{VisitVoidFraud}, visitBegun...), Leads: []string{"its place is judged anew"}},
		{Action: VisitLatePart, From: []string{VisitReported, VisitQuestioned, VisitAccepted}},
		{Action: VisitOverride, From: []string{VisitReported, VisitQuestioned, VisitAccepted, VisitVoidFraud, VisitCancelled}},
	},
}

func byOwner(action string, from []string, to string, leads ...string) domain.Step {
	return domain.Step{Action: action, From: from, To: []string{to}, By: []domain.Party{domain.PartyOwner}, Stranger: "visit.not_owner", Leads: leads}
}

func bySuperior(action string, from, to []string, leads ...string) domain.Step {
	return domain.Step{Action: action, From: from, To: to, By: []domain.Party{domain.PartySuperior}, Stranger: "visit.not_superior", Leads: leads}
}

// byHead is what the second of two says who void a visit.
func byHead(action string, to []string, leads ...string) domain.Step {
	return domain.Step{
		Action: action, From: []string{VisitAccepted, VisitQuestioned}, To: to, By: []domain.Party{domain.PartyHead}, Stranger: "visit.not_head",
		Guards: []string{"visit.void_missing"}, Leads: leads,
	}
}
