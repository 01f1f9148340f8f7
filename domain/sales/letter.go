package sales

import (
	"cmp"
	"slices"
	"time"

	"satchel/domain"
)

// States of a target letter.
const (
	LetterDraft      = "draft"
	LetterSent       = "sent"       // its content stands, and both may sign it
	LetterSigned     = "signed"     // by its subject
	LetterEffective  = "effective"  // by both: it holds
	LetterVoid       = "void"       // taken back
	LetterSuperseded = "superseded" // a later version was sent before it held, or holds in its place
)

// Actions on a target letter.
const (
	LetterSend        = "send"
	LetterSign        = "sign"
	LetterCountersign = "countersign"
	LetterVoids       = "void"
	LetterSupersede   = "supersede"
)

// Codes of letters that the rules and their tests name.
const (
	LetterState        = "letter.state"
	LetterNotSuperior  = "letter.not_superior"
	letterNotOwner     = "letter.not_owner"
	letterSignedTwice  = "letter.signed_twice"
	letterVersionOld   = "letter.version_old"
	letterHashOther    = "letter.hash_other"
	LetterSubjectLeft  = "letter.subject_left"
	LetterSuperiorMove = "letter.superior_changed"
	LetterTargetsMoved = "letter.targets_changed"
)

// LetterMachine is the life of a target letter (R4.2): who leads somebody sends him
// his targets as they are; both sign, in whichever order their phones are heard of.
var LetterMachine = domain.Machine{
	Collection: "target_letters",
	States:     []string{LetterDraft, LetterSent, LetterSigned, LetterEffective, LetterVoid, LetterSuperseded},
	Refusal:    LetterState,
	Locked:     "letter.locked",
	Steps: []domain.Step{
		{
			Action: LetterSend, From: []string{LetterDraft}, To: []string{LetterSent}, By: []domain.Party{domain.PartySuperior, domain.PartyHead}, Stranger: LetterNotSuperior,
			Leads: []string{"its content and hash stand", "versions before it that do not hold are superseded", "its subject is told"},
		},
		{
			Action: LetterSign, From: []string{LetterSent}, To: []string{LetterSigned, LetterEffective}, By: []domain.Party{domain.PartyOwner}, Stranger: letterNotOwner,
			Leads: []string{"with both signatures it holds, and the version before it no longer", "the other one is told"},
		},
		{
			Action: LetterCountersign, From: []string{LetterSent, LetterSigned}, To: []string{LetterSent, LetterEffective}, By: []domain.Party{domain.PartySuperior}, Stranger: LetterNotSuperior,
			Leads: []string{"with both signatures it holds, and the version before it no longer", "the other one is told"},
		},
		{
			Action: LetterVoids, From: []string{LetterDraft, LetterSent, LetterSigned}, To: []string{LetterVoid}, By: []domain.Party{domain.PartySuperior, domain.PartyHead}, Stranger: LetterNotSuperior,
			Leads: []string{"its subject is told, if it was sent"},
		},
		{
			Action: LetterVoids, From: []string{LetterEffective}, To: []string{LetterVoid}, By: []domain.Party{domain.PartyHead}, Stranger: LetterNotSuperior,
			Leads: []string{"its subject is told"},
		},
		{
			Action: LetterSupersede, From: []string{LetterDraft, LetterSent, LetterSigned, LetterEffective}, To: []string{LetterSuperseded},
			Leads: []string{"a later version was sent before it held, or holds in its place"},
		},
	},
}

// LetterVersion is what the rules know of one version of somebody's letter of a year.
type LetterVersion struct {
	ID                    string
	Version               int
	State, SHA256         string
	Signed, Countersigned time.Time // when by whom; zero if not
}

// by reports whether a side has signed.
func (l LetterVersion) by(action string) bool {
	if action == LetterSign {
		return !l.Signed.IsZero()
	}
	return !l.Countersigned.IsZero()
}

// LetterHolds is the version that is in force: the one with both signatures. Of none
// or several, which is a fault of who stored them, the latest.
func LetterHolds(versions []LetterVersion) (holds LetterVersion, found bool) {
	for _, v := range versions {
		if v.State == LetterEffective && (!found || v.Version > holds.Version) {
			holds, found = v, true
		}
	}
	return holds, found
}

// LetterReplaced are the versions that end when another is sent, or holds: those before
// it that do not hold, and then the one that does as well.
func LetterReplaced(versions []LetterVersion, by LetterVersion) (out []LetterVersion) {
	for _, v := range versions {
		open := v.State == LetterDraft || v.State == LetterSent || v.State == LetterSigned
		if v.Version < by.Version && (open || v.State == LetterEffective && by.State == LetterEffective) {
			out = append(out, v)
		}
	}
	return out
}

// CheckLetterSignature judges a signature, of the action sign or countersign, under a
// version by somebody whose it is to sign, who was shown the content of a hash. Problems
// letter.version_old: version, letter, sha256 of what is to be signed in its place;
// letter.signed_twice; letter.hash_other: sha256 of what it says.
func CheckLetterSignature(versions []LetterVersion, letter LetterVersion, action, shown string) error {
	sent := slices.DeleteFunc(slices.Clone(versions), func(v LetterVersion) bool {
		return v.Version <= letter.Version || !slices.Contains([]string{LetterSent, LetterSigned, LetterEffective}, v.State)
	})
	if len(sent) > 0 {
		newest := slices.MaxFunc(sent, func(a, b LetterVersion) int { return cmp.Compare(a.Version, b.Version) })
		return domain.Problem{Code: letterVersionOld, Params: map[string]any{"version": newest.Version, "letter": newest.ID, "sha256": newest.SHA256}}
	}
	if letter.by(action) {
		return domain.Problem{Code: letterSignedTwice}
	}
	if (letter.State == LetterSent || letter.State == LetterSigned) && shown != letter.SHA256 {
		return domain.Problem{Code: letterHashOther, Params: map[string]any{"sha256": letter.SHA256}}
	}
	return nil
}

// LetterAfter is the state of a letter that has been signed by these.
func LetterAfter(signed, countersigned bool) string {
	switch {
	case signed && countersigned:
		return LetterEffective
	case signed:
		return LetterSigned
	}
	return LetterSent
}
