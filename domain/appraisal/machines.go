package appraisal

import "satchel/domain"

// States of a scheme.
const (
	SchemeDraft     = "draft"
	SchemePublished = "published" // cycles that open take it; it stays as it is
	SchemeRetired   = "retired"   // replaced by a later version, or no longer used
)

// Actions on a scheme.
const (
	SchemePublish = "publish"
	SchemeRetire  = "retire"
	SchemeReplace = "replace" // the server's: a later version was published
)

// Codes of schemes that rules and tests name.
const (
	SchemeState   = "appraisal_scheme.state"
	SchemeLocked  = "appraisal_scheme.locked"
	SchemeNotHead = "appraisal_scheme.not_head"
)

// SchemeMachine is the life of a version of a scheme (R2.3): published it stays as it is.
var SchemeMachine = domain.Machine{
	Collection: "appraisal_schemes",
	States:     []string{SchemeDraft, SchemePublished, SchemeRetired},
	Refusal:    SchemeState,
	Locked:     SchemeLocked,
	Steps: []domain.Step{
		{
			Action: SchemePublish, From: []string{SchemeDraft}, To: []string{SchemePublished}, By: []domain.Party{domain.PartyHead}, Stranger: SchemeNotHead,
			Leads: []string{"cycles that open take it", "the version before it is retired"},
		},
		{Action: SchemeRetire, From: []string{SchemePublished}, To: []string{SchemeRetired}, By: []domain.Party{domain.PartyHead}, Stranger: SchemeNotHead},
		{Action: SchemeReplace, From: []string{SchemePublished}, To: []string{SchemeRetired}},
	},
}

// States of a cycle.
const (
	CyclePlanned     = "planned"
	CycleCollecting  = "collecting"  // self and customers
	CycleRating      = "rating"      // superiors
	CycleCalibration = "calibration" // the head
	CyclePublished   = "published"   // the window of confirmations and appeals
	CycleLocked      = "locked"
	CycleArchived    = "archived"
)

// Actions on a cycle. Those of the clock are the server's own.
const (
	CycleCollect   = "collect"
	CycleRate      = "rate"
	CycleCalibrate = "calibrate"
	CycleAdvance   = "advance" // the head does not wait for the deadline
	CyclePublish   = "publish"
	CycleLock      = "lock"
	CycleArchive   = "archive"
)

// Codes of cycles that rules and tests name.
const (
	CycleState   = "appraisal_cycle.state"
	CycleHeld    = "appraisal_cycle.locked"
	CycleNotHead = "appraisal_cycle.not_head"
)

// CycleMachine is the life of a cycle (R6.2).
var CycleMachine = domain.Machine{
	Collection: "appraisal_cycles",
	States:     []string{CyclePlanned, CycleCollecting, CycleRating, CycleCalibration, CyclePublished, CycleLocked, CycleArchived},
	Refusal:    CycleState,
	Locked:     CycleHeld,
	Steps: []domain.Step{
		{Action: CycleCollect, From: []string{CyclePlanned}, To: []string{CycleCollecting}, Leads: []string{"schemes are copied into it and stay so", "everybody's appraisal is made", "all are told"}},
		{Action: CycleRate, From: []string{CycleCollecting}, To: []string{CycleRating}, Leads: []string{"superiors are told"}},
		{Action: CycleCalibrate, From: []string{CycleRating}, To: []string{CycleCalibration}, Leads: []string{"composites are reckoned"}},
		{Action: CycleAdvance, From: []string{CycleCollecting}, To: []string{CycleRating}, By: []domain.Party{domain.PartyHead}, Stranger: CycleNotHead, Leads: []string{"superiors are told"}},
		{Action: CycleAdvance, From: []string{CycleRating}, To: []string{CycleCalibration}, By: []domain.Party{domain.PartyHead}, Stranger: CycleNotHead, Leads: []string{"composites are reckoned"}},
		{Action: CyclePublish, From: []string{CycleCalibration}, To: []string{CyclePublished}, By: []domain.Party{domain.PartyHead}, Stranger: CycleNotHead, Leads: []string{"everybody sees his own, and may appeal"}},
		{Action: CycleLock, From: []string{CyclePublished}, To: []string{CycleLocked}, Leads: []string{"results stay as they are"}},
		{Action: CycleArchive, From: []string{CycleLocked}, To: []string{CycleArchived}},
	},
}

// States of one person's appraisal.
const (
	StateOpen       = "open"
	StateSelfDone   = "self_done"
	StateRated      = "rated"     // by the superior
	StateComposite  = "composite" // reckoned
	StateCalibrated = "calibrated"
	StatePublished  = "published"
	StateConfirmed  = "confirmed" // by the person, agreeing or not
	StateNoted      = "noted"     // the window ended in silence
	StateAppealed   = "appealed"
	StateDecided    = "decided"
	StateLocked     = "locked"
)

// Actions on an appraisal.
const (
	StepSelfDone  = "self_done"
	StepRate      = "rate"
	StepCompute   = "compute"
	StepCalibrate = "calibrate"
	StepPublish   = "publish"
	StepConfirm   = "confirm"
	StepNote      = "note_silence"
	StepAppeal    = "appeal"
	StepDecide    = "decide"
	StepLock      = "lock"
	StepReopen    = "reopen"
)

// Codes of appraisals that rules and tests name.
const (
	AppraisalState      = "appraisal.state"
	AppraisalNotHead    = "appraisal.not_head"
	AppraisalNotSubject = "appraisal.not_subject"
)

// AppraisalMachine is the life of one person's appraisal (R6.3 to R6.6). Who is head for
// the head's own is over him: nobody takes a step of a head in his own appraisal.
var AppraisalMachine = domain.Machine{
	Collection: "appraisals",
	States: []string{
		StateOpen, StateSelfDone, StateRated, StateComposite, StateCalibrated, StatePublished,
		StateConfirmed, StateNoted, StateAppealed, StateDecided, StateLocked,
	},
	Open:    []string{},
	Refusal: AppraisalState,
	Steps: []domain.Step{
		{Action: StepSelfDone, From: []string{StateOpen}, To: []string{StateSelfDone}},
		{Action: StepRate, From: []string{StateOpen, StateSelfDone}, To: []string{StateRated}},
		{Action: StepCompute, From: []string{StateOpen, StateSelfDone, StateRated, StateComposite}, To: []string{StateComposite}, Leads: []string{"score, grade and trace stand"}},
		{Action: StepCalibrate, From: []string{StateComposite, StateCalibrated}, To: []string{StateCalibrated}, By: []domain.Party{domain.PartyHead}, Stranger: AppraisalNotHead},
		{Action: StepPublish, From: []string{StateComposite, StateCalibrated}, To: []string{StatePublished}, Leads: []string{"the person sees it and is told"}},
		{Action: StepConfirm, From: []string{StatePublished}, To: []string{StateConfirmed}, By: []domain.Party{domain.PartyOwner}, Stranger: AppraisalNotSubject, Leads: []string{"time, hash and whether he agrees are kept"}},
		{Action: StepNote, From: []string{StatePublished}, To: []string{StateNoted}},
		{Action: StepAppeal, From: []string{StatePublished, StateConfirmed}, To: []string{StateAppealed}, By: []domain.Party{domain.PartyOwner}, Stranger: AppraisalNotSubject, Leads: []string{"who decides is told"}},
		{Action: StepDecide, From: []string{StateAppealed}, To: []string{StateDecided}, By: []domain.Party{domain.PartyHead}, Stranger: AppraisalNotHead, Leads: []string{"the person is told"}},
		{Action: StepLock, From: []string{StateConfirmed, StateNoted, StateDecided}, To: []string{StateLocked}},
		{Action: StepReopen, From: []string{StateLocked}, To: []string{StateComposite}, By: []domain.Party{domain.PartyHead}, Stranger: AppraisalNotHead, Leads: []string{"reason and what stood before are audited", "the person is told"}},
	},
}
